"""A home's story: what happened, in time order, with why, and quiet days folded.

Pure composition of entries that others have read; what they say is theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

# One quiet day is said as it is; more are folded into a line.
QUIET_LEAST = 1


class StoryKind(StrEnum):
    """What an entry of a story is about; of one instant the first is told first."""

    SIGNAL = "signal"
    ALERT = "alert"
    VISIT = "visit"
    NEED = "need"
    ACTIVITY = "activity"
    ABSENCE = "absence"
    AGREEMENT = "agreement"
    CONSENT = "consent"
    RISK = "risk"
    WATCH = "watch"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why something happened: the key of the entry it came of, and its words.

    ``url`` leads there where that entry may be of another month.
    """

    key: str
    words: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened; ``key`` is unique in the story, as ``alert:5``."""

    key: str
    kind: StoryKind
    at: datetime
    title: str
    detail: str = ""
    by: str = ""
    url: str = ""
    because: tuple[Cause, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryDay:
    """A local day on which something happened, or that was not well; oldest first."""

    on: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class QuietDays:
    """Days in a row, both ends inside, on which she was well and nothing happened."""

    first_on: date
    last_on: date
    count: int


def story_of(
    entries: Iterable[Entry], well_by_day: Mapping[date, bool], *, zone: tzinfo
) -> list[StoryDay | QuietDays]:
    """Return the days of a story, the oldest first, each entry once.

    ``well_by_day`` says of each day on which something was agreed whether all of it was
    well. Days on which nothing was agreed and nothing happened are left out, and keep
    no quiet days apart: nobody was to look.
    """
    by_day: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(_once(entries), key=_place):
        by_day[entry.at.astimezone(zone).date()].append(entry)
    told: list[StoryDay | QuietDays] = []
    quiet: list[date] = []
    for on in sorted({*by_day, *well_by_day}):
        if not by_day[on] and well_by_day.get(on, False):
            quiet.append(on)
            continue
        told += _folded(quiet)
        quiet = []
        told.append(StoryDay(on=on, entries=tuple(by_day[on])))
    return told + _folded(quiet)


def _place(row: Entry) -> tuple[datetime, int, str]:
    """Return the order of telling: what is seen before what came of it at once."""
    return row.at, [*StoryKind].index(row.kind), row.key


def _once(entries: Iterable[Entry]) -> Collection[Entry]:
    return {row.key: row for row in entries}.values()


def _folded(days: Sequence[date]) -> list[StoryDay | QuietDays]:
    if len(days) < QUIET_LEAST:
        return []
    return [QuietDays(first_on=days[0], last_on=days[-1], count=len(days))]


def only(entries: Iterable[Entry], kinds: Collection[StoryKind]) -> list[Entry]:
    """Return the entries of some kinds; of none asked for, all."""
    return [row for row in entries if not kinds or row.kind in kinds]
