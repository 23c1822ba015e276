"""Who must know something about a need gets a row, and a message found from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, members_list, roles_of
from shouwang.apps.dispatch.models import Notice, Says
from shouwang.apps.duty.selectors import members_of, on_duty
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.domain.needs import Urgency

ABOUT = "dispatch"
# After every first word about a home; what is urgent before the rest.
URGENT, ORDINARY = 40, 60


def priority_of(need: Need) -> int:
    """Return the place of a message about a need in the queue; less goes first."""
    return URGENT if need.urgency == Urgency.URGENT.value else ORDINARY


def notice_write(
    *,
    need: Need,
    to: Iterable[Member],
    says: Says,
    now: datetime,
    about: Member | None = None,
    note: str = "",
) -> None:
    """Tell some people something, each in a message of their own."""
    rows = [
        Notice.objects.of(need.community_id).create(
            community_id=need.community_id,
            need=need,
            member=member,
            says=says.value,
            about=about,
            note=note[:300],
            at=now,
        )
        for member in to
    ]
    messages_queue(_message(row, need, now) for row in rows)


def _message(row: Notice, need: Need, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        community_id=row.community_id,
        subject=row,
        home_id=need.home_id,
        key=f"dispatch-notice:{row.pk}",
        to_member_id=row.member_id,
        about=ABOUT,
        ask=row.says,
        priority=priority_of(need),
        queued_at=now,
        next_at=now,
    )


def desk_of(need: Need, *, now: datetime) -> list[Member]:
    """Return who at the desk is told: who is on duty, else everybody who sits there."""
    duty = on_duty(need.community, at=now)
    found = list(members_of(need.community, duty.members).values())
    if found:
        return found
    people = members_list(community=need.community)
    return [row for row in people if not roles_of(row).isdisjoint(DESK_ROLES)]
