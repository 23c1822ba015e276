"""Volunteers: what they can do, when they can be asked, what is on file, and their hours.

Days and times of day are local ones: what somebody promised is said in the words of
the neighbourhood, "Tuesdays from two to five", and not in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from shouwang.domain.errors import VolunteerError


class Skill(StrEnum):
    """The built-in skills; a community adds its own by data."""

    BARBER = "barber"
    NURSE = "nurse"
    ELECTRICIAN = "electrician"
    PLUMBER = "plumber"
    DRIVER = "driver"
    PAPERWORK = "paperwork"
    DIALECT = "dialect"
    COMPANY = "company"
    READING = "reading"
    ERRANDS = "errands"


class Training(StrEnum):
    """What somebody was taught."""

    FIRST_AID = "first_aid"
    CONFIDENTIALITY = "confidentiality"
    OTHER = "other"


# What everybody who goes to a door should have been taught.
EXPECTED = (Training.CONFIDENTIALITY, Training.FIRST_AID)
# Long enough to find a course before it lapses.
LAPSES_SOON = timedelta(days=30)
# 29 February is a day like another.
_LEAP_YEAR = 2024
MINUTES_MOST = 24 * 60
HOURS_BACK_MOST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, order=True)
class MonthDay:
    """A day of any year. Refuses what no year has (``ValueError``)."""

    month: int
    day: int

    def __post_init__(self) -> None:
        date(_LEAP_YEAR, self.month, self.day)


@dataclass(frozen=True, kw_only=True)
class FreeTime:
    """Free on a local ``weekday`` (0 is Monday) from (inside) to (outside)."""

    weekday: int
    from_time: time
    to_time: time

    def covers(self, at_local: datetime) -> bool:
        """Return whether a local moment lies in it."""
        return (
            at_local.weekday() == self.weekday
            and self.from_time <= at_local.time() < self.to_time
        )


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Cannot be asked from one local day to another, both inside; or until they say."""

    from_on: date
    until_on: date | None = None

    def covers(self, on: date) -> bool:
        """Return whether a local day lies in it."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """Somebody who can be asked to help, as the choice of whom to ask sees them.

    ``member`` is the person by number; ``skills`` are codes, built-in or own;
    ``buildings`` and ``knows`` are numbers of buildings and homes. No buildings means
    everywhere, no times any time, no season all year, ``a_week`` ``None`` no limit of
    tasks in a week. ``may`` says that they were approved, their consent is on file and
    they have not left; pauses go by the day, so they are asked in ``can_at``.
    """

    member: int
    name: str
    skills: frozenset[str] = frozenset()
    buildings: frozenset[int] = frozenset()
    times: tuple[FreeTime, ...] = ()
    season: tuple[MonthDay, MonthDay] | None = None
    a_week: int | None = None
    knows: frozenset[int] = frozenset()
    pauses: tuple[Pause, ...] = ()
    may: bool = True


def in_season(season: tuple[MonthDay, MonthDay] | None, on: date) -> bool:
    """Return whether a day lies in a season, both ends inside.

    A season may reach over New Year: from 20 December to 10 January.
    """
    if season is None:
        return True
    first, last = season
    day = MonthDay(month=on.month, day=on.day)
    return first <= day <= last if first <= last else day >= first or day <= last


def is_paused(helper: Helper, on: date) -> bool:
    """Return whether somebody said that they cannot be asked on a local day."""
    return any(pause.covers(on) for pause in helper.pauses)


def can_at(helper: Helper, at_local: datetime) -> bool:
    """Return whether somebody may be asked for a moment, given in local time.

    What it does not ask: whether they are free of other promises, and what they can do.
    """
    return (
        helper.may
        and not is_paused(helper, at_local.date())
        and in_season(helper.season, at_local.date())
        and (not helper.times or any(row.covers(at_local) for row in helper.times))
    )


def goes_to(helper: Helper, building: int) -> bool:
    """Return whether somebody goes to a building."""
    return not helper.buildings or building in helper.buildings


def times_tidied(times: Iterable[FreeTime]) -> tuple[FreeTime, ...]:
    """Return free times in order, those that touch or overlap made one.

    Raises
    ------
    VolunteerError
        ``unknown_weekday``, or ``ends_before_it_begins``.
    """
    tidied: list[FreeTime] = []
    for row in sorted(times, key=lambda row: (row.weekday, row.from_time)):
        _require_time(row)
        last = tidied[-1] if tidied else None
        if last and last.weekday == row.weekday and row.from_time <= last.to_time:
            end = max(last.to_time, row.to_time)
            tidied[-1] = FreeTime(
                weekday=row.weekday, from_time=last.from_time, to_time=end
            )
        else:
            tidied.append(row)
    return tuple(tidied)


def _require_time(row: FreeTime) -> None:
    if not 0 <= row.weekday <= 6:
        raise VolunteerError("unknown_weekday")
    if row.to_time <= row.from_time:
        raise VolunteerError("ends_before_it_begins")


class Gap(StrEnum):
    """How something that should be on file falls short."""

    MISSING = "missing"
    LAPSED = "lapsed"
    LAPSING = "lapsing"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Somebody was taught something; ``valid_until`` (inside) ``None`` is for good."""

    what: Training
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What is missing or lapsing, and when; ``what`` ``None`` is the consent."""

    what: Training | None
    gap: Gap
    on: date | None = None


def lacks(
    *, has_consent: bool, trained: Collection[Trained], today: date
) -> tuple[Lack, ...]:
    """Return what is missing, has lapsed or will lapse soon, the consent first."""
    found = [] if has_consent else [Lack(what=None, gap=Gap.MISSING)]
    for what in EXPECTED:
        lack = _lack(what, [row for row in trained if row.what is what], today)
        if lack is not None:
            found.append(lack)
    return tuple(found)


def _lack(what: Training, rows: Collection[Trained], today: date) -> Lack | None:
    if not rows:
        return Lack(what=what, gap=Gap.MISSING)
    ends = [row.valid_until for row in rows if row.valid_until is not None]
    if len(ends) < len(rows):
        return None
    last = max(ends)
    if last < today:
        return Lack(what=what, gap=Gap.LAPSED, on=last)
    if last <= today + LAPSES_SOON:
        return Lack(what=what, gap=Gap.LAPSING, on=last)
    return None


def require_hours(*, minutes: int, on: date, today: date) -> None:
    """Refuse hours nobody can have given.

    Raises
    ------
    VolunteerError
        ``no_such_length`` (1 minute to 24 hours), ``in_the_future`` or ``too_long_ago``.
    """
    if not 1 <= minutes <= MINUTES_MOST:
        raise VolunteerError("no_such_length")
    if on > today:
        raise VolunteerError("in_the_future")
    if today - on > HOURS_BACK_MOST:
        raise VolunteerError("too_long_ago")


def hours_in(minutes: int) -> Decimal:
    """Return minutes as hours of two decimals, half a hundredth rounded up.

    Sums are made of these, so that a page and a file agree to the last digit.
    """
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
