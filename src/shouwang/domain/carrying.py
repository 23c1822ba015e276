"""Who carries how much: alerts taken, doors gone to, rounds walked, at night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

# From here to there somebody is woken; local time.
NIGHT = (time(22), time(6))
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Somebody did something about an alert; ``is_at_door``: they stood there."""

    member: int
    alert: int
    at: datetime
    is_at_door: bool = False


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Somebody looked up on a round of one local date."""

    member: int
    round: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one person carried; ``night_count`` is how many alerts fell into the night."""

    member: int
    taken_count: int
    door_count: int
    night_count: int
    walk_count: int


def is_night(at: datetime, zone: tzinfo) -> bool:
    """Return whether ``at`` is from ten in the evening until before six, local time."""
    local = at.astimezone(zone).time()
    return local >= NIGHT[0] or local < NIGHT[1]


def loads_of(
    deeds: Iterable[Deed], walks: Iterable[Walk], *, zone: tzinfo
) -> list[Load]:
    """Return what each person carried, who carried most first.

    An alert, a door and a round of a day count once for each person who had to do
    with it, however often they wrote something down.
    """
    taken: defaultdict[int, set[int]] = defaultdict(set)
    doors: defaultdict[int, set[int]] = defaultdict(set)
    nights: defaultdict[int, set[int]] = defaultdict(set)
    for deed in deeds:
        taken[deed.member].add(deed.alert)
        if deed.is_at_door:
            doors[deed.member].add(deed.alert)
        if is_night(deed.at, zone):
            nights[deed.member].add(deed.alert)
    walked: defaultdict[int, set[tuple[int, date]]] = defaultdict(set)
    for walk in walks:
        walked[walk.member].add((walk.round, walk.on))
    loads = [
        Load(
            member=member,
            taken_count=len(taken[member]),
            door_count=len(doors[member]),
            night_count=len(nights[member]),
            walk_count=len(walked[member]),
        )
        for member in {*taken, *walked}
    ]
    return sorted(
        loads,
        key=lambda row: (
            -row.taken_count,
            -row.door_count,
            -row.walk_count,
            row.member,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class RoundTime:
    """A round and the local time at which it begins."""

    round: int
    at: time


def walk_of(
    rounds: tuple[RoundTime, ...], *, member: int, seen_at: datetime, zone: tzinfo
) -> Walk | None:
    """Return the round to which a look belongs: the one that began nearest to it.

    ``rounds`` are those past the home that was looked at. Just after midnight a look
    may belong to the round of the evening before.
    """
    if not rounds:
        return None
    local = seen_at.astimezone(zone)
    round_id, days = _nearest(rounds, local.hour * 60 + local.minute)
    on = local.date() + timedelta(days=days) if days else local.date()
    return Walk(member=member, round=round_id, on=on)


# Tens of thousands of looks fall on the same minutes of the same rounds.
@lru_cache(maxsize=8192)
def _nearest(rounds: tuple[RoundTime, ...], minute: int) -> tuple[int, int]:
    """Return the round that began nearest to a local minute, and how many days off."""
    begun = [
        (abs(minute - row.at.hour * 60 - row.at.minute - days * DAY_MINUTES), row, days)
        for row in rounds
        for days in (-1, 0, 1)
    ]
    _far, nearest, days = min(begun, key=lambda entry: (entry[0], entry[1].round))
    return nearest.round, days
