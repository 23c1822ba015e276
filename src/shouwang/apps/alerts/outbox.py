"""Messages are rows first and sent after, at least once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import MessageState, OutboxMessage
from shouwang.apps.alerts.words import ask_words, kind_words
from shouwang.domain.ladder import AlertState
from shouwang.notify.channels import UnknownChannelError, channel_named
from shouwang.notify.message import Message, SendingError

logger = logging.getLogger(__name__)

SEND_AT_ONCE = 200
RETRY_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
)
ATTEMPTS_MOST = 50


def outbox_send_due(*, now: datetime) -> int:
    """Send what is due, the first alert of a home first; return how many went out."""
    due = (
        OutboxMessage.objects.across("the sender serves every community")
        .filter(next_at__lte=now)
        .select_related(
            "to_member", "to_contact", "alert__home", "alert__round", "alert__community"
        )
        .order_by("priority", "next_at", "pk")[:SEND_AT_ONCE]
    )
    return sum(_send(row, now) for row in due)


def _send(row: OutboxMessage, now: datetime) -> bool:
    # Claimed by moving it on: a sender that dies here leaves it to be tried again.
    claimed = (
        OutboxMessage.objects.of(row.community_id)
        .filter(pk=row.pk, next_at=row.next_at)
        .update(
            next_at=now + _wait(row.attempt_count), attempt_count=row.attempt_count + 1
        )
    )
    if not claimed:
        return False
    if row.ask and row.alert.state == AlertState.CLOSED.value:
        # What it asks was done meanwhile: nobody is sent up for nothing.
        _over(row)
        return False
    try:
        channel_named(row.channel).send(message_of(row))
    except (SendingError, UnknownChannelError) as error:
        _failed(row, error)
        return False
    OutboxMessage.objects.of(row.community_id).filter(pk=row.pk).update(
        state=MessageState.SENT, sent_at=now, next_at=None, error=""
    )
    return True


def _over(row: OutboxMessage) -> None:
    OutboxMessage.objects.of(row.community_id).filter(pk=row.pk).update(
        state=MessageState.OVER, next_at=None
    )


def _wait(attempts: int) -> timedelta:
    return RETRY_AFTER[min(attempts, len(RETRY_AFTER) - 1)]


def _failed(row: OutboxMessage, error: SendingError | UnknownChannelError) -> None:
    permanent = not isinstance(error, SendingError) or error.permanent
    rows = OutboxMessage.objects.of(row.community_id).filter(pk=row.pk)
    if permanent or row.attempt_count + 1 >= ATTEMPTS_MOST:
        logger.error("Message %s given up: %s", row.key, error)
        rows.update(state=MessageState.GIVEN_UP, next_at=None, error=str(error)[:200])
    else:
        rows.update(state=MessageState.FAILED, error=str(error)[:200])


def message_of(row: OutboxMessage) -> Message:
    """Return a row as the channel sends it."""
    person = row.to_member or row.to_contact
    alert = row.alert
    place = alert.home or alert.round or alert.community
    words = kind_words().get(row.about, row.about)
    asked = ask_words().get(row.ask, "")
    text = _("%(place)s: %(words)s. %(asked)s") % {
        "place": place,
        "words": words,
        "asked": asked,
    }
    return Message(
        key=row.key,
        to_name=str(person),
        to_phone=person.phone if person else "",
        text=text.strip(),
    )
