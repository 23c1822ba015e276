"""Who is on duty: turns that repeat each week, and what was changed for one day.

Local time is used only to find a day and its turns, as in ``schedule``; a shift is a
span in UTC whose begin is inside and whose end is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from shouwang.domain.schedule import DAY, EVERY_DAY, instant

# A turn lasts a day at most, and local time may repeat an hour: what runs at a moment
# began on one of these local days around it.
_REACH = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Somebody is on duty on some days (0 is Monday), from and to a local time.

    An end at or before the begin lies on the next day. ``valid_from`` and ``valid_to``
    are the first and the last day on which it begins.
    """

    id: int
    member: int
    begins: time
    ends: time
    valid_from: date
    valid_to: date | None = None
    days: frozenset[int] = EVERY_DAY

    def is_on(self, on: date) -> bool:
        """Return whether the turn begins on a local date."""
        return (
            on.weekday() in self.days
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )


class ChangeKind(StrEnum):
    """What was changed for one day."""

    GIVE = "give"
    EXTRA = "extra"
    CANNOT = "cannot"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change for one local date, in the order in which they were written.

    ``give``: ``member`` takes over the turn ``turn``. ``extra``: ``member`` is on duty
    besides, from ``begins`` to ``ends``. ``cannot``: ``member`` takes no turn that
    begins on that date, and the turns they have stand empty until somebody takes them.
    """

    id: int
    kind: ChangeKind
    on: date
    member: int
    turn: int | None = None
    begins: time | None = None
    ends: time | None = None


@dataclass(frozen=True, kw_only=True)
class Rota:
    """The turns and changes of a community, and who may be on duty at all.

    ``officers`` are the duty officers who are there; a turn of anybody else counts as
    empty. Without a single turn no rota is kept, and every officer is on duty always.
    """

    zone: tzinfo
    officers: tuple[int, ...]
    turns: tuple[Turn, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def begins_on(self) -> date | None:
        """Return the first day of the rota; ``None`` where none is kept."""
        return min((row.valid_from for row in self.turns), default=None)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A turn on one date as it came out; ``member`` is ``None`` when it stands empty.

    ``planned`` is whose turn it is on ordinary days; ``change`` the change that gave it
    to somebody else, or that made it an extra turn.
    """

    on: date
    begins_at: datetime
    ends_at: datetime
    member: int | None
    planned: int
    turn: int | None = None
    change: int | None = None


class DutyState(StrEnum):
    """Whether somebody is on duty."""

    NO_ROTA = "no_rota"
    ON_DUTY = "on_duty"
    GAP = "gap"


@dataclass(frozen=True, kw_only=True)
class OnDuty:
    """Who is told as "the duty officer" at a moment, and why it is them.

    ``until`` is when that may change; ``None`` where no rota is kept.
    """

    state: DutyState
    members: tuple[int, ...]
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A span in which the rota names nobody; its end is outside."""

    begins_at: datetime
    ends_at: datetime


def shifts_between(rota: Rota, begin: datetime, end: datetime) -> list[Shift]:
    """Return every shift that overlaps ``begin`` (inside) to ``end`` (outside)."""
    first = begin.astimezone(rota.zone).date() - _REACH
    last = end.astimezone(rota.zone).date() + DAY
    found = [
        row
        for offset in range((last - first).days + 1)
        for row in _shifts_on(rota, first + timedelta(days=offset))
        if row.begins_at < end and row.ends_at > begin
    ]
    return sorted(found, key=lambda row: (row.begins_at, row.ends_at, row.planned))


def shift_of(rota: Rota, turn: int, on: date) -> Shift | None:
    """Return one turn on one local date as it came out; ``None`` if it is not then."""
    rows = (row for row in _shifts_on(rota, on) if row.turn == turn)
    return next(rows, None)


def _shifts_on(rota: Rota, on: date) -> Iterator[Shift]:
    changes = [row for row in rota.changes if row.on == on]
    away = {row.member for row in changes if row.kind is ChangeKind.CANNOT}
    for turn in rota.turns:
        if turn.is_on(on):
            yield _shift(rota, turn, on, changes, away)
    for row in changes:
        if row.kind is ChangeKind.EXTRA and row.begins and row.ends:
            begins_at, ends_at = _span(on, row.begins, row.ends, rota.zone)
            yield Shift(
                on=on,
                begins_at=begins_at,
                ends_at=ends_at,
                member=_there(rota, row.member, away),
                planned=row.member,
                change=row.id,
            )


def _shift(
    rota: Rota, turn: Turn, on: date, changes: Sequence[Change], away: Collection[int]
) -> Shift:
    given = [
        row for row in changes if row.kind is ChangeKind.GIVE and row.turn == turn.id
    ]
    holder = given[-1].member if given else turn.member
    begins_at, ends_at = _span(on, turn.begins, turn.ends, rota.zone)
    return Shift(
        on=on,
        begins_at=begins_at,
        ends_at=ends_at,
        member=_there(rota, holder, away),
        planned=turn.member,
        turn=turn.id,
        change=given[-1].id if given else None,
    )


def _there(rota: Rota, member: int, away: Collection[int]) -> int | None:
    return member if member in rota.officers and member not in away else None


def _span(
    on: date, begins: time, ends: time, zone: tzinfo
) -> tuple[datetime, datetime]:
    ends_on = on + DAY if ends <= begins else on
    begins_at = instant(on, begins, zone)
    return begins_at, max(instant(ends_on, ends, zone), begins_at)


def on_duty(rota: Rota, *, at: datetime) -> OnDuty:
    """Return who is told as "the duty officer" at ``at``.

    Without a rota, and in a gap of one, that is every duty officer: nobody whose alert
    falls into a gap is left untold.
    """
    if not _is_kept(rota, at):
        return OnDuty(state=DutyState.NO_ROTA, members=rota.officers)
    near = shifts_between(rota, at, at + DAY)
    now = [row for row in near if row.begins_at <= at and row.member is not None]
    edges = [edge for row in near for edge in (row.begins_at, row.ends_at)]
    until = min((edge for edge in edges if edge > at), default=at + DAY)
    if not now:
        return OnDuty(state=DutyState.GAP, members=rota.officers, until=until)
    members = dict.fromkeys(row.member for row in now if row.member is not None)
    return OnDuty(state=DutyState.ON_DUTY, members=tuple(members), until=until)


def _is_kept(rota: Rota, at: datetime) -> bool:
    begins_on = rota.begins_on
    return begins_on is not None and instant(begins_on, time(0), rota.zone) <= at


def gaps(rota: Rota, begin: datetime, end: datetime) -> list[Gap]:
    """Return every span from ``begin`` to ``end`` in which the rota names nobody.

    Before its first day there is no rota, and so no gap; a rota whose last turn has
    ended is one gap, for nobody has said that it should end there.
    """
    begins_on = rota.begins_on
    if begins_on is None:
        return []
    covered_to = max(begin, instant(begins_on, time(0), rota.zone))
    found = []
    for row in shifts_between(rota, begin, end):
        if row.member is None or row.ends_at <= covered_to:
            continue
        if row.begins_at > covered_to:
            found.append(Gap(begins_at=covered_to, ends_at=row.begins_at))
        covered_to = max(covered_to, row.ends_at)
    if covered_to < end:
        found.append(Gap(begins_at=covered_to, ends_at=end))
    return found
