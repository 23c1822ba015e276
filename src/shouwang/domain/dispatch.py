"""Whom a need is offered to: who fits and why, and in which order.

The order is a sum of a few plain points, so that it can be told in words: somebody she
knows comes first, then who is near, then who carries little and was not asked of late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from shouwang.domain.needs import DONE_WITHIN, NeedKind, Urgency
from shouwang.domain.volunteers import (
    Helper,
    Skill,
    can_at,
    goes_to,
    in_season,
    is_paused,
)

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Whoever was asked within this time comes later, unless it is urgent.
ASKED_LATELY = timedelta(days=3)
# How far back a promise that was not kept weighs at all.
NO_SHOW_WEIGHS = timedelta(days=180)
# A promise for an hour is kept free from this long before it: the way there.
ON_THE_WAY = timedelta(minutes=30)
# Free times further ahead than this decide nothing.
AHEAD_MOST_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a kind of need asks of whoever goes.

    Of ``needs`` they must have one, where there are any; one of ``likes`` is welcome.
    ``length`` is how long it usually takes at the door.
    """

    needs: frozenset[str] = frozenset()
    likes: frozenset[str] = frozenset()
    length: timedelta = timedelta(minutes=60)


def _wish(
    minutes: int, likes: Iterable[Skill] = (), needs: Iterable[Skill] = ()
) -> Wish:
    return Wish(
        needs=frozenset(row.value for row in needs),
        likes=frozenset(row.value for row in likes),
        length=timedelta(minutes=minutes),
    )


WISHES: Mapping[str, Wish] = {
    NeedKind.MEDICINE.value: _wish(45, [Skill.ERRANDS, Skill.NURSE]),
    NeedKind.MEAL.value: _wish(30, [Skill.ERRANDS]),
    NeedKind.SHOPPING.value: _wish(60, [Skill.ERRANDS]),
    NeedKind.HOSPITAL.value: _wish(180, [Skill.DRIVER, Skill.NURSE]),
    NeedKind.REPAIR.value: _wish(60, needs=[Skill.ELECTRICIAN, Skill.PLUMBER]),
    NeedKind.HAIRCUT.value: _wish(45, needs=[Skill.BARBER]),
    NeedKind.PAPERWORK.value: _wish(60, [Skill.PAPERWORK, Skill.READING]),
    NeedKind.COMPANY.value: _wish(60, [Skill.COMPANY, Skill.DIALECT]),
}


def wish_of(kind: str, *, skill: str | None = None) -> Wish:
    """Return what a kind asks for; a community's own ``skill`` replaces the built-in.

    An empty ``skill`` says that anybody can do it.
    """
    wish = WISHES.get(kind, Wish())
    if skill is None:
        return wish
    needs = frozenset({skill} if skill else ())
    return Wish(needs=needs, likes=wish.likes, length=wish.length)


@dataclass(frozen=True, kw_only=True)
class Span:
    """From (inside) to (outside), in UTC."""

    from_at: datetime
    to_at: datetime

    def meets(self, other: Span) -> bool:
        """Return whether two spans share a moment."""
        return self.from_at < other.to_at and other.from_at < self.to_at


def is_whole_day(wanted_by: datetime, zone: tzinfo) -> bool:
    """Return whether only the day was said: it is wanted by the end of that day."""
    return wanted_by.astimezone(zone).time() == time(0)


def promised_span(
    wanted_by: datetime | None, *, length: timedelta, zone: tzinfo
) -> Span | None:
    """Return when whoever takes it is bound, the way included.

    ``None`` where no hour was said: then they choose the moment themselves.
    """
    if wanted_by is None or is_whole_day(wanted_by, zone):
        return None
    return Span(from_at=wanted_by - ON_THE_WAY, to_at=wanted_by + length)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A need as the choice of whom to ask sees it; ``hour`` where one was said.

    ``until`` is the last moment at which it helps; without an hour any free moment
    until then will do.
    """

    need: int
    home: int
    building: int
    entrance: str
    urgency: Urgency
    wish: Wish
    until: datetime
    hour: datetime | None = None

    @property
    def span(self) -> Span | None:
        """Return when whoever takes it is bound, or ``None``."""
        if self.hour is None:
            return None
        return Span(from_at=self.hour - ON_THE_WAY, to_at=self.hour + self.wish.length)


def until_of(
    wanted_by: datetime | None, urgency: Urgency, *, now: datetime
) -> datetime:
    """Return until when somebody should be free for it."""
    if wanted_by is not None and wanted_by > now:
        return wanted_by
    return now + DONE_WITHIN[urgency]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something somebody has taken on; ``span`` where it binds them to an hour."""

    need: int
    span: Span | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could be asked, and what they carry and did.

    ``week_count`` are the tasks they took in the last seven days; ``entrances`` and
    ``passes`` are where they walk or have a task: ``(building, entrance)`` and
    buildings. ``no_show_count`` counts only those that still weigh.
    """

    helper: Helper
    promises: tuple[Promise, ...] = ()
    week_count: int = 0
    last_asked_at: datetime | None = None
    said_no: bool = False
    gave_back: bool = False
    no_show_count: int = 0
    was_here: bool = False
    knows_her: bool = False
    entrances: frozenset[tuple[int, str]] = frozenset()
    passes: frozenset[int] = frozenset()


class For(StrEnum):
    """Why somebody is asked sooner, or later, than others."""

    KNOWS_HER = "knows_her"
    WAS_HERE = "was_here"
    SAME_ENTRANCE = "same_entrance"
    NEAR = "near"
    HAS_SKILL = "has_skill"
    LIKES_IT = "likes_it"
    WEEK = "week"
    ASKED_LATELY = "asked_lately"
    DID_NOT_COME = "did_not_come"
    CHOSEN = "chosen"


class Against(StrEnum):
    """Why somebody is not asked at all."""

    MAY_NOT = "may_not"
    PAUSED = "paused"
    NO_SKILL = "no_skill"
    NOT_THERE = "not_there"
    NOT_THEN = "not_then"
    FULL_WEEK = "full_week"
    SAID_NO = "said_no"
    GAVE_BACK = "gave_back"
    PROMISED = "promised"


# What each reason weighs; a week's tasks and missed promises count each.
WEIGHT: Mapping[For, int] = {
    For.KNOWS_HER: 40,
    For.WAS_HERE: 20,
    For.SAME_ENTRANCE: 20,
    For.NEAR: 10,
    For.HAS_SKILL: 0,
    For.LIKES_IT: 10,
    For.WEEK: -10,
    For.ASKED_LATELY: -15,
    For.DID_NOT_COME: -5,
}
NO_SHOWS_MOST = 2


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason and, where it counts something, how many."""

    why: For
    count: int = 1

    @property
    def points(self) -> int:
        """Return what it adds to the place of whoever it is about."""
        return WEIGHT.get(self.why, 0) * self.count


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether somebody fits, how well, and why; ``with_need`` is the other promise."""

    member: int
    reasons: tuple[Reason, ...] = ()
    against: Against | None = None
    with_need: int | None = None
    last_asked_at: datetime | None = None

    @property
    def fits(self) -> bool:
        """Return whether they can be asked."""
        return self.against is None

    @property
    def points(self) -> int:
        """Return the sum of the reasons; more is asked sooner."""
        return sum(row.points for row in self.reasons)


def verdict(job: Job, who: Candidate, *, now: datetime, zone: tzinfo) -> Verdict:
    """Return whether somebody fits a need, and why or why not."""
    clash = clashing(job.span, who.promises, need=job.need)
    against = _against(job, who, clash is not None, now=now, zone=zone)
    return Verdict(
        member=who.helper.member,
        reasons=() if against else _reasons(job, who, now=now),
        against=against,
        with_need=clash.need if clash and against is Against.PROMISED else None,
        last_asked_at=who.last_asked_at,
    )


def clashing(
    span: Span | None, promises: Iterable[Promise], *, need: int
) -> Promise | None:
    """Return another promise of the same time, or ``None``."""
    if span is None:
        return None
    found = [
        row
        for row in promises
        if row.need != need and row.span is not None and row.span.meets(span)
    ]
    return min(found, key=lambda row: row.need, default=None)


def _against(
    job: Job, who: Candidate, clashes: bool, *, now: datetime, zone: tzinfo
) -> Against | None:
    helper = who.helper
    is_full = helper.a_week is not None and who.week_count >= helper.a_week
    lacks = bool(job.wish.needs) and job.wish.needs.isdisjoint(helper.skills)
    # The first that holds is told, what lasts before what passes.
    checks = {
        Against.MAY_NOT: not helper.may,
        Against.NO_SKILL: lacks,
        Against.NOT_THERE: not goes_to(helper, job.building),
        Against.SAID_NO: who.said_no,
        Against.GAVE_BACK: who.gave_back,
        Against.PAUSED: _is_away(job, helper, now=now, zone=zone),
        Against.NOT_THEN: not _is_free(job, helper, now=now, zone=zone),
        Against.PROMISED: clashes,
        Against.FULL_WEEK: is_full,
    }
    return next((why for why, holds in checks.items() if holds), None)


def _days(job: Job, now: datetime, zone: tzinfo) -> list[datetime]:
    """Return a local moment of each day that will do: the hour, or now and mornings."""
    if job.hour is not None:
        return [job.hour.astimezone(zone)]
    first, last = now.astimezone(zone), job.until.astimezone(zone)
    count = min((last.date() - first.date()).days, AHEAD_MOST_DAYS)
    later = [first.replace(hour=0, minute=0) + DAY * (n + 1) for n in range(count)]
    return [first, *(day for day in later if day < last)]


def _is_away(job: Job, helper: Helper, *, now: datetime, zone: tzinfo) -> bool:
    return all(
        is_paused(helper, day.date()) or not in_season(helper.season, day.date())
        for day in _days(job, now, zone)
    )


def _is_free(job: Job, helper: Helper, *, now: datetime, zone: tzinfo) -> bool:
    if job.hour is not None:
        return can_at(helper, job.hour.astimezone(zone))
    last = job.until.astimezone(zone)
    moments = [
        max(day, day.replace(hour=row.from_time.hour, minute=row.from_time.minute))
        for day in _days(job, now, zone)
        for row in helper.times
        if row.weekday == day.weekday()
    ]
    if not helper.times:
        moments = _days(job, now, zone)
    return any(at < last and can_at(helper, at) for at in moments)


def _reasons(job: Job, who: Candidate, *, now: datetime) -> tuple[Reason, ...]:
    helper = who.helper
    at_entrance = bool(job.entrance) and ((job.building, job.entrance) in who.entrances)
    is_near = job.building in who.passes | helper.buildings
    lately = who.last_asked_at is not None and now - who.last_asked_at < ASKED_LATELY
    holds: Mapping[For, int] = {
        For.KNOWS_HER: int(who.knows_her or job.home in helper.knows),
        For.WAS_HERE: int(who.was_here),
        For.SAME_ENTRANCE: int(at_entrance),
        For.NEAR: int(is_near and not at_entrance),
        For.HAS_SKILL: int(not job.wish.needs.isdisjoint(helper.skills)),
        For.LIKES_IT: int(not job.wish.likes.isdisjoint(helper.skills)),
        For.WEEK: who.week_count,
        For.ASKED_LATELY: int(lately and job.urgency is not Urgency.URGENT),
        For.DID_NOT_COME: min(who.no_show_count, NO_SHOWS_MOST),
    }
    return tuple(Reason(why=why, count=n) for why, n in holds.items() if n)


def in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return those who fit, the best first; of equals who was not asked for longest."""
    fits = [row for row in verdicts if row.fits]
    return sorted(
        fits,
        key=lambda row: (
            -row.points,
            row.last_asked_at.timestamp() if row.last_asked_at else 0.0,
            row.member,
        ),
    )
