"""Activities: on which days a series falls, who is asked, who has a place, who came.

Local time is used only to find a day and its hours, as in ``schedule``; every instant
that leaves this module is aware and in UTC.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from shouwang.domain.errors import ActivityError
from shouwang.domain.facts import Absence
from shouwang.domain.schedule import DAY, instant

Key = TypeVar("Key")

WEEK = timedelta(weeks=1)
# Of the month; "the fifth Tuesday" is rare, so it is called the last one.
LAST = -1
NTHS = (1, 2, 3, 4, LAST)
# A series is written out to its end, so it has one; a year can be looked over.
SERIES_MOST = timedelta(days=366)
LONGEST = timedelta(hours=12)
# Whoever opens the room sees people before it begins, and some stay behind.
SEEN_AROUND = timedelta(hours=2)
# When whoever brings somebody is reminded, on the local day before.
EVE_AT = time(18)
# Six weekly meetings missed are no longer by chance.
LONG = timedelta(weeks=6)


class Rhythm(StrEnum):
    """How a series comes back."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_DATE = "monthly_date"


class Reply(StrEnum):
    """What somebody who was invited says; empty while she has said nothing."""

    NONE = ""
    YES = "yes"
    NO = "no"


class Attended(StrEnum):
    """Who came; empty while nobody has said."""

    NONE = ""
    CAME = "came"
    ABSENT = "absent"
    EXCUSED = "excused"


class Group(StrEnum):
    """Whom to invite in one go."""

    HOMES = "homes"
    BUILDING = "building"
    RISK = "risk"
    LONG_UNSEEN = "long_unseen"
    ALL = "all"


class WhyNot(StrEnum):
    """Why a home is not invited."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    AWAY = "away"


# --- on which days ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How a series repeats from ``first_on`` to ``until_on``, both days inside.

    ``days`` (0 is Monday) are the weekdays of a weekly or fortnightly series; empty is
    that of the first day. ``nth`` is which weekday of the month (-1 is the last), for a
    series by weekday; empty is as the first day falls. A series by date falls on the
    last day of a month that is too short.
    """

    rhythm: Rhythm
    first_on: date
    until_on: date
    days: frozenset[int] = frozenset()
    nth: int | None = None

    @property
    def weekdays(self) -> frozenset[int]:
        """Return the weekdays on which it falls, where it goes by weekdays."""
        return self.days or frozenset({self.first_on.weekday()})

    @property
    def nth_weekday(self) -> int:
        """Return which weekday of the month it is; the fifth is the last."""
        return self.nth or nth_of(self.first_on)


def nth_of(on: date) -> int:
    """Return which one of its weekday in the month a date is: 1 to 4, -1 for a fifth."""
    place = (on.day - 1) // 7 + 1
    return place if place in NTHS else LAST


def pattern_problem(pattern: Pattern) -> ActivityError | None:
    """Return what keeps a series from being written out; ``None`` when sound."""
    if pattern.until_on < pattern.first_on:
        return ActivityError("series_ends_before_it_begins")
    if pattern.until_on - pattern.first_on > SERIES_MOST:
        return ActivityError("series_too_long")
    if not all(0 <= day <= 6 for day in pattern.days) or pattern.nth not in {
        None,
        *NTHS,
    }:
        return ActivityError("unknown_day")
    if not dates_of(pattern):
        return ActivityError("series_without_a_day")
    return None


def dates_of(pattern: Pattern) -> list[date]:
    """Return the local dates of a series, the earliest first."""
    return [
        on
        for on in _dates_around(pattern)
        if pattern.first_on <= on <= pattern.until_on
    ]


def _dates_around(pattern: Pattern) -> Iterator[date]:
    match pattern.rhythm:
        case Rhythm.WEEKLY:
            return _by_weeks(pattern, 1)
        case Rhythm.BIWEEKLY:
            return _by_weeks(pattern, 2)
        case Rhythm.MONTHLY_WEEKDAY:
            return (_nth_in(pattern, *month) for month in _months(pattern))
        case Rhythm.MONTHLY_DATE:
            return (_dated_in(pattern, *month) for month in _months(pattern))


def _by_weeks(pattern: Pattern, every: int) -> Iterator[date]:
    monday = pattern.first_on - timedelta(days=pattern.first_on.weekday())
    while monday <= pattern.until_on:
        yield from (monday + timedelta(days=day) for day in sorted(pattern.weekdays))
        monday += every * WEEK


def _months(pattern: Pattern) -> Iterator[tuple[int, int]]:
    first = pattern.first_on.year * 12 + pattern.first_on.month - 1
    last = pattern.until_on.year * 12 + pattern.until_on.month - 1
    for number in range(first, last + 1):
        yield number // 12, number % 12 + 1


def _nth_in(pattern: Pattern, year: int, month: int) -> date:
    weekday = min(pattern.weekdays)
    length = calendar.monthrange(year, month)[1]
    if pattern.nth_weekday == LAST:
        last = date(year, month, length)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    ahead = (weekday - first.weekday()) % 7
    return first + timedelta(days=ahead) + (pattern.nth_weekday - 1) * WEEK


def _dated_in(pattern: Pattern, year: int, month: int) -> date:
    length = calendar.monthrange(year, month)[1]
    return date(year, month, min(pattern.first_on.day, length))


def hours_of(
    on: date, begins: time, ends: time, zone: tzinfo
) -> tuple[datetime, datetime]:
    """Return when an activity of a local day begins and ends, the end after the begin.

    Where local time skips its hours, it begins at the skip and lasts as long as its
    hours say.

    Raises
    ------
    ActivityError
        ``ends_before_it_begins``: it must end on its own day; ``too_long``.
    """
    lasts = datetime.combine(on, ends) - datetime.combine(on, begins)
    if lasts <= timedelta(0):
        raise ActivityError("ends_before_it_begins")
    if lasts > LONGEST:
        raise ActivityError("too_long")
    begins_at, ends_at = instant(on, begins, zone), instant(on, ends, zone)
    return begins_at, ends_at if ends_at > begins_at else begins_at + lasts


def eve_of(begins_at: datetime, zone: tzinfo) -> datetime:
    """Return when whoever brings somebody is reminded: the evening before."""
    return instant(begins_at.astimezone(zone).date() - DAY, EVE_AT, zone)


# --- who is asked, and who has a place ----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class HomeStanding:
    """What decides whether a home is invited."""

    consent_withdrawn: bool = False
    absences: tuple[Absence, ...] = ()


def why_not(
    home: HomeStanding, begins_at: datetime, ends_at: datetime
) -> WhyNot | None:
    """Return why a home is not invited to an activity, or ``None``.

    A home that is away for a part of it is away: nobody stands before a locked door
    with a paper in the hand.
    """
    if home.consent_withdrawn:
        return WhyNot.CONSENT_WITHDRAWN
    away = any(
        row.from_at < ends_at and (row.until_at is None or row.until_at > begins_at)
        for row in home.absences
    )
    return WhyNot.AWAY if away else None


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Who has a place and who waits, each in the order in which they said yes."""

    coming: tuple[int, ...]
    waiting: tuple[int, ...]

    def number_of(self, guest: int) -> int | None:
        """Return the place of a guest on the waiting list, from 1."""
        return self.waiting.index(guest) + 1 if guest in self.waiting else None


def seats(yes_at: Mapping[int, datetime], places: int | None) -> Seats:
    """Return who has a place: whoever said yes first; ``None`` places is no limit."""
    order = tuple(sorted(yes_at, key=lambda guest: (yes_at[guest], guest)))
    cut = len(order) if places is None else places
    return Seats(coming=order[:cut], waiting=order[cut:])


def moved_up(before: Seats, after: Seats) -> tuple[int, ...]:
    """Return who waited before and has a place now, in their order."""
    return tuple(guest for guest in after.coming if guest in before.waiting)


# --- who came -----------------------------------------------------------------------


def seen_problem(
    seen_at: datetime, begins_at: datetime, ends_at: datetime, *, now: datetime
) -> ActivityError | None:
    """Return why nobody can have been seen at an activity at ``seen_at``, or ``None``."""
    if seen_at > now:
        return ActivityError("seen_in_the_future")
    if not begins_at - SEEN_AROUND <= seen_at <= ends_at + SEEN_AROUND:
        return ActivityError("seen_at_another_time")
    return None


def attendance_problem(
    attended: Attended, begins_at: datetime, *, now: datetime, cancelled: bool
) -> ActivityError | None:
    """Return why that cannot be written down of somebody yet, or ``None``.

    An excuse may come days before; who came and who did not is known only there.
    """
    if attended in {Attended.EXCUSED, Attended.NONE}:
        return None
    if cancelled:
        return ActivityError("activity_cancelled")
    if now < begins_at - SEEN_AROUND:
        return ActivityError("not_yet")
    return None


def long_unseen(
    last_at: Mapping[Key, datetime | None],
    since: Mapping[Key, datetime],
    *,
    now: datetime,
) -> list[Key]:
    """Return who has not come for ``LONG``, who never came first, then the longest.

    ``since`` is from when on somebody could have come: nobody who is new is reproached
    with having stayed away.
    """
    out = [key for key in since if now - (last_at.get(key) or since[key]) >= LONG]
    return sorted(
        out,
        key=lambda key: (last_at.get(key) is not None, last_at.get(key) or since[key]),
    )


def minutes_most(begins_at: datetime, ends_at: datetime) -> int:
    """Return the most minutes anybody can have helped: it, and as long before and after."""
    lasts = ends_at - begins_at + 2 * SEEN_AROUND
    return int(lasts.total_seconds() // 60)
