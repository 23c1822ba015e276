"""Hours as they stand: what was corrected is counted once, as corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.volunteers.models import HoursRow, HoursSource
from shouwang.common.errors import NotFoundError
from shouwang.domain.volunteers import hours_in


@dataclass(frozen=True, kw_only=True)
class PersonHours:
    """What one person gave in a month; ``hours`` is the sum of the lines exported."""

    member: Member
    team: str
    count: int
    hours: Decimal


def hours_standing(community: Community | int) -> QuerySet[HoursRow]:
    """Return the hours that count, oldest first: not replaced, and of some length."""
    return (
        HoursRow.objects.of(community)
        .filter(replaced_by__isnull=True, minutes__gt=0)
        .select_related("member__volunteer__team", "by")
        .order_by("on", "from_time", "pk")
    )


def hours_of_month(*, community: Community, month: date) -> list[HoursRow]:
    """Return the hours that count of the month that begins on ``month``."""
    return list(
        hours_standing(community).filter(on__gte=month, on__lt=month_after(month))
    )


def hours_by_person(rows: Iterable[HoursRow]) -> list[PersonHours]:
    """Return what each person gave, by name."""
    by_member: dict[int, list[HoursRow]] = {}
    for row in rows:
        by_member.setdefault(row.member_id, []).append(row)
    found = [
        PersonHours(
            member=lines[0].member,
            team=team_name(lines[0].member),
            count=len(lines),
            hours=hours_sum(lines),
        )
        for lines in by_member.values()
    ]
    return sorted(found, key=lambda row: (row.member.display_name, row.member.pk))


def hours_sum(rows: Iterable[HoursRow]) -> Decimal:
    """Return the hours of some rows, each rounded as it is exported."""
    return sum((hours_in(row.minutes) for row in rows), Decimal(0))


def hours_of_person(member: Member, *, of: Member) -> list[HoursRow]:
    """Return the hours of somebody that count, newest first, to who may see them.

    The desk may see anybody's; everybody else their own.
    """
    if member.pk != of.pk and not has_role(member, DESK_ROLES):
        return []
    rows = hours_standing(of.community_id).filter(member=of)
    return list(rows.order_by("-on", "-from_time", "-pk"))


def hours_for(member: Member, row_id: int) -> HoursRow:
    """Return hours the reader may correct, else "not found".

    A coordinator may correct everybody's; others what they wrote down themselves.
    """
    rows = hours_standing(member.community_id).filter(pk=row_id)
    if not has_role(member, {"coordinator"}):
        if not has_role(member, LOOKING_ROLES):
            rows = rows.none()
        rows = rows.filter(member=member, source=HoursSource.SELF)
    row = rows.first()
    if row is None:
        raise NotFoundError("unknown_hours", _("There are no such hours here."))
    return row


def team_name(member: Member) -> str:
    """Return the team of somebody, read with ``hours_standing``; empty without one."""
    row = getattr(member, "volunteer", None)
    return row.team.name if row is not None and row.team else ""


def month_of(on: date) -> date:
    """Return the first day of the month of a day."""
    return on.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the month after the one that begins on ``month``."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """Return the first day of the month before the one that begins on ``month``."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
