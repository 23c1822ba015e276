"""The group report: how everyone is, in one line, exceptions first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from shouwang.domain.schedule import instant


class Part(StrEnum):
    """What is said of a home in a report, the most urgent first."""

    NEEDS = "needs"
    VISITED = "visited"
    UNSEEN = "unseen"
    WAITING = "waiting"
    AWAY = "away"
    WELL = "well"


ORDER = tuple(Part)
# What stands by name in a report; the others are only counted.
NAMED = (Part.NEEDS, Part.VISITED, Part.UNSEEN)
_OF_STATUS: Mapping[str, Part] = {
    "help": Part.NEEDS,
    "missed": Part.NEEDS,
    "unproven": Part.NEEDS,
    "unclear": Part.UNSEEN,
    "not_looked": Part.UNSEEN,
    "scheduled": Part.WAITING,
    "open": Part.WAITING,
    "grace": Part.WAITING,
    "excused": Part.AWAY,
    "well": Part.WELL,
    "presumed": Part.WELL,
}


@dataclass(frozen=True, kw_only=True)
class HomeLine:
    """A home as it stands: ``status`` of its worst current check, and who is going.

    ``status`` is a check's status, with ``presumed`` apart from ``well``; a home
    without a running check is ``unwatched`` and stands in no report.
    """

    key: int
    status: str
    is_visited: bool = False


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A report: the homes in its order, what each is, and how many there are of each."""

    parts: tuple[tuple[int, Part], ...]

    @property
    def counts(self) -> Mapping[Part, int]:
        """Return how many homes there are of each part."""
        return Counter(part for _key, part in self.parts)

    @property
    def named(self) -> tuple[tuple[int, Part], ...]:
        """Return the homes that stand by name, in order."""
        return tuple(row for row in self.parts if row[1] in NAMED)

    @property
    def is_nobody_left_out(self) -> bool:
        """Return whether everybody was looked at: nobody unseen, nobody waited for."""
        counts = self.counts
        return not (counts[Part.UNSEEN] or counts[Part.WAITING])


def digest_of(homes: Sequence[HomeLine]) -> Digest:
    """Return the report of some homes; within a part they keep their order.

    A visit says more than the status that it answers; it never hides that somebody
    is well or away.
    """
    placed = [(row.key, _part_of(row)) for row in homes if row.status in _OF_STATUS]
    return Digest(parts=tuple(sorted(placed, key=lambda row: ORDER.index(row[1]))))


def _part_of(row: HomeLine) -> Part:
    part = _OF_STATUS[row.status]
    if row.is_visited and part in {Part.NEEDS, Part.UNSEEN, Part.WAITING}:
        return Part.VISITED
    return part


def next_time(at: time, *, after: datetime, zone: tzinfo) -> datetime:
    """Return the first instant later than ``after`` at which it is ``at`` in ``zone``."""
    on = after.astimezone(zone).date()
    return next(
        found
        for days in range(3)
        if (found := instant(on + timedelta(days=days), at, zone)) > after
    )
