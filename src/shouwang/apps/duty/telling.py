"""Who takes over a turn of duty is told, with what to do if they cannot; and who had it.

Whoever did it themselves is not told what they did.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.duty.models import DutyChange
from shouwang.apps.duty.words import day_title, hours_words
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.common.clock import local_day

ABOUT = "duty"
# Behind everything about an alert and a need: it is about a day to come.
PRIORITY = 120
GIVEN, TAKEN_BACK, CANNOT = "given", "taken_back", "cannot"
# A turn that runs past midnight is over on the next day.
OVER_AFTER = timedelta(days=1)


def change_tell(
    row: DutyChange,
    *,
    says: str,
    to: Collection[int | None],
    by: Member,
    now: datetime,
) -> None:
    """Queue a message to each who must know of a change, in the caller's transaction."""
    community = row.community_id
    people = Member.objects.of(community).filter(
        pk__in=[key for key in to if key is not None], left_at__isnull=True
    )
    messages_queue(
        OutboxMessage(
            community_id=community,
            subject=row,
            key=f"duty:{row.pk}:{says}:{member.pk}",
            to_member_id=member.pk,
            about=ABOUT,
            ask=says,
            priority=PRIORITY,
            queued_at=now,
            next_at=now,
        )
        for member in people.exclude(pk=by.pk)
    )


def changes_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each message says; what is over, or was changed again, is ``None``."""
    changes = (
        DutyChange.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("community", "member", "turn__member")
        .in_bulk()
    )
    return {row.pk: _content(changes[row.subject_id], row, now) for row in rows}


def _content(row: DutyChange, message: OutboxMessage, now: datetime) -> Content | None:
    is_past = row.on < local_day(now, row.community.zone) - OVER_AFTER
    was_taken_back = message.ask != TAKEN_BACK and row.withdrawn_at is not None
    if row.turn is None or is_past or was_taken_back:
        return None
    words = _words(row, message)
    path = reverse("duty:rota") + f"?week={row.on}"
    link = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""
    return Content(
        text=words,
        place="",
        words=words,
        # Each turn is told by itself: several are not "homes".
        building=f"duty {row.pk}",
        title=row.community.name,
        link=link,
        page=link,
        values={"place": "", "words": words, "asked": "", "link": link},
    )


def _words(row: DutyChange, message: OutboxMessage) -> str:
    assert row.turn is not None
    given = {
        "day": day_title(row.on),
        "hours": hours_words(row.turn.begins, row.turn.ends),
        "name": row.member,
        "of": row.turn.member,
    }
    if message.ask == TAKEN_BACK:
        words = _("Duty on %(day)s, %(hours)s, is with %(of)s again, not %(name)s.")
    elif message.ask == CANNOT:
        words = _(
            "%(name)s cannot be on duty on %(day)s, %(hours)s, instead of %(of)s. "
            "Nobody is on duty then until somebody takes it."
        )
    elif message.to_member_id == row.member_id:
        words = _(
            "You are on duty on %(day)s, %(hours)s, instead of %(of)s. If you cannot, "
            "say so on the page of duty, or phone the desk; then both of you are told."
        )
    else:
        words = _("%(name)s is on duty on %(day)s, %(hours)s, instead of %(of)s.")
    return words % given
