"""Messages are rows first and sent after, at least once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert, MessageState, OutboxMessage
from shouwang.apps.alerts.words import ask_words, kind_words
from shouwang.apps.rounds.models import Offer
from shouwang.apps.rounds.selectors.covering import cover_on
from shouwang.domain.ladder import AlertState
from shouwang.notify.channels import UnknownChannelError, channel_of
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
            "to_member",
            "to_contact",
            "alert__home",
            "alert__round",
            "alert__community",
            "offer__round__community",
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
    if _is_over(row):
        # What it asks was done meanwhile: nobody is sent up for nothing.
        _over(row)
        return False
    try:
        channel_of(row.channel).send(message_of(row), {})
    except (SendingError, UnknownChannelError) as error:
        _failed(row, error)
        return False
    OutboxMessage.objects.of(row.community_id).filter(pk=row.pk).update(
        state=MessageState.SENT, sent_at=now, next_at=None, error=""
    )
    return True


def _is_over(row: OutboxMessage) -> bool:
    """Return whether what a message asks was done or answered before it went out."""
    if row.alert is not None:
        return bool(row.ask) and row.alert.state == AlertState.CLOSED.value
    offer = row.offer
    if offer is None or offer.reply:
        return True
    return bool(cover_on(offer.round, offer.on).cover.walkers)


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
    text = _alert_words(row, row.alert) if row.alert else _offer_words(row.offer)
    return Message(
        key=row.key,
        to_name=str(person),
        address=person.phone if person else "",
        text=text.strip(),
    )


def _alert_words(row: OutboxMessage, alert: Alert) -> str:
    return _("%(place)s: %(words)s. %(asked)s") % {
        "place": alert.home or alert.round or alert.community,
        "words": kind_words().get(row.about, row.about),
        "asked": ask_words().get(row.ask, ""),
    }


def _offer_words(offer: Offer | None) -> str:
    if offer is None:
        return ""
    walked = offer.round
    return _(
        "%(round)s, %(day)s at %(at)s: nobody walks this round. Can you? "
        "Answer on the phone page, or tell the desk."
    ) % {"round": walked, "day": f"{offer.on:%m-%d}", "at": f"{walked.at:%H:%M}"}
