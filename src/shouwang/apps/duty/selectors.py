"""Reads of the rota: who is on duty, where nobody is; permission is inside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import has_role, members_with_role
from shouwang.apps.duty.models import DutyChange, DutyTurn
from shouwang.apps.residents.selectors import days_of
from shouwang.common.clock import local_day
from shouwang.common.errors import NotFoundError
from shouwang.domain import duty
from shouwang.domain.duty import Change, ChangeKind, Gap, OnDuty, Rota, Shift, Turn
from shouwang.domain.schedule import instant

# Changes are read a little beyond the days that are asked for: a turn runs over
# midnight, and local days differ from those of UTC.
AROUND = timedelta(days=3)
WARNED_AHEAD = timedelta(hours=24)
WEEK = timedelta(days=7)


def rota_of(community: Community, *, first: date, last: date) -> Rota:
    """Return the rota with what was changed near local dates ``first`` to ``last``.

    Three questions to the database, whatever is asked of the rota after.
    """
    turns = DutyTurn.objects.of(community).filter(struck_at__isnull=True)
    changes = DutyChange.objects.of(community).filter(
        withdrawn_at__isnull=True, on__gte=first - AROUND, on__lte=last + AROUND
    )
    officers = members_with_role(community, Role.DUTY_OFFICER)
    return Rota(
        zone=community.zone,
        officers=tuple(row.pk for row in officers),
        turns=tuple(_turn(row) for row in turns),
        changes=tuple(_change(row) for row in changes.order_by("pk")),
    )


def _turn(row: DutyTurn) -> Turn:
    return Turn(
        id=row.pk,
        member=row.member_id,
        days=days_of(row.days),
        begins=row.begins,
        ends=row.ends,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _change(row: DutyChange) -> Change:
    return Change(
        id=row.pk,
        kind=ChangeKind(row.kind),
        on=row.on,
        member=row.member_id,
        turn=row.turn_id,
        begins=row.begins,
        ends=row.ends,
    )


def rota_near(community: Community, *, at: datetime) -> Rota:
    """Return the rota as it is read around ``at``."""
    today = local_day(at, community.zone)
    return rota_of(community, first=today, last=today)


def on_duty(community: Community, *, at: datetime) -> OnDuty:
    """Return who is told as "the duty officer" at ``at``, and why it is them."""
    return duty.on_duty(rota_near(community, at=at), at=at)


def gaps(community: Community, begin: datetime, end: datetime) -> list[Gap]:
    """Return every span from ``begin`` to ``end`` in which the rota names nobody."""
    zone = community.zone
    rota = rota_of(community, first=local_day(begin, zone), last=local_day(end, zone))
    return duty.gaps(rota, begin, end)


@dataclass(frozen=True, kw_only=True)
class DutyToday:
    """What the board says of duty at ``now``; ``coming`` are the gaps of the next day."""

    now: OnDuty
    people: tuple[Member, ...]
    coming: tuple[Gap, ...]


def duty_today(*, community: Community, now: datetime) -> DutyToday:
    """Return who is on duty and every gap that is nearer than ``WARNED_AHEAD``."""
    today = local_day(now, community.zone)
    rota = rota_of(community, first=today, last=today + WARNED_AHEAD)
    state = duty.on_duty(rota, at=now)
    people = members_of(community, state.members)
    return DutyToday(
        now=state,
        people=tuple(people[key] for key in state.members),
        coming=tuple(duty.gaps(rota, now, now + WARNED_AHEAD)),
    )


def members_of(community: Community, ids: Collection[int]) -> dict[int, Member]:
    """Return people by their id, those who have left too."""
    rows = Member.objects.of(community).filter(pk__in=ids)
    return {row.pk: row for row in rows}


@dataclass(frozen=True, kw_only=True)
class DutyDay:
    """A local date of the rota; its gaps are cut at midnight."""

    on: date
    shifts: tuple[Shift, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True)
class DutyWeek:
    """Seven local dates from ``first``, with everybody and every change they name."""

    rota: Rota
    first: date
    days: tuple[DutyDay, ...]
    people: dict[int, Member]
    changes: dict[int, DutyChange]


def duty_week(*, community: Community, first: date) -> DutyWeek:
    """Return the rota of seven days."""
    last = first + WEEK - timedelta(days=1)
    rota = rota_of(community, first=first, last=last)
    zone = community.zone
    begin, end = instant(first, time(0), zone), instant(first + WEEK, time(0), zone)
    shifts = duty.shifts_between(rota, begin, end)
    days = []
    for offset in range(7):
        on = first + timedelta(days=offset)
        from_at = instant(on, time(0), zone)
        to_at = instant(on + timedelta(days=1), time(0), zone)
        days.append(
            DutyDay(
                on=on,
                shifts=tuple(row for row in shifts if row.on == on),
                gaps=tuple(duty.gaps(rota, from_at, to_at)),
            )
        )
    changes = changes_standing(community=community, first=first, last=last)
    return DutyWeek(
        rota=rota,
        first=first,
        days=tuple(days),
        people={row.pk: row for row in Member.objects.of(community)},
        changes={row.pk: row for row in changes},
    )


def changes_standing(
    *, community: Community, first: date, last: date
) -> QuerySet[DutyChange]:
    """Return what was changed for local dates ``first`` to ``last``, by date."""
    return (
        DutyChange.objects.of(community)
        .filter(withdrawn_at__isnull=True, on__gte=first, on__lte=last)
        .select_related("member", "by", "turn__member")
        .order_by("on", "pk")
    )


def turns_running(*, community: Community, on: date) -> list[DutyTurn]:
    """Return the turns that run on ``on`` or begin later, by their hour."""
    rows = DutyTurn.objects.of(community).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), struck_at__isnull=True
    )
    return list(rows.select_related("member").order_by("begins", "pk"))


def turn_for(member: Member, turn_id: int) -> DutyTurn:
    """Return a turn of the reader's community, else "not found"."""
    row = (
        DutyTurn.objects.of(member.community_id)
        .filter(pk=turn_id, struck_at__isnull=True)
        .select_related("member", "community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_turn", _("There is no such turn of duty here."))
    return row


def change_for(member: Member, change_id: int) -> DutyChange:
    """Return a change that the reader may take back, else "not found".

    A coordinator may take back any; others what they wrote, and what is about them.
    """
    rows = DutyChange.objects.of(member.community_id).filter(withdrawn_at__isnull=True)
    if not has_role(member, {Role.COORDINATOR}):
        rows = rows.filter(Q(member=member) | Q(by=member) | Q(turn__member=member))
    row = rows.filter(pk=change_id).select_related("community").first()
    if row is None:
        raise NotFoundError("unknown_change", _("There is no such change for you."))
    return row


def may_give(member: Member, shift: Shift) -> bool:
    """Return whether the reader may give a turn of one day to somebody else."""
    own = member.pk in {shift.member, shift.planned}
    return shift.turn is not None and (own or has_role(member, {Role.COORDINATOR}))
