"""How well the service serves: times from the deadline on, promises, outcomes, false alarms.

An alert that nobody has answered yet is not missing from a figure: it counts with the
time it has waited, and as late once that is longer than the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, groupby

from shouwang.domain.alerts import AlertKind, Outcome

DAYS_A_YEAR = 365.25
# Rounding of a product of shares must not push a quantile to the next value.
_EDGE = 1e-9


class Measure(StrEnum):
    """What is waited for, from the deadline of an alert on."""

    TOLD = "told"
    TAKEN = "taken"
    DOOR = "door"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class AlertCase:
    """One alert as the figures need it.

    ``on`` is its local date. ``told_at``: a first message went out. ``taken_at``:
    somebody took it in hand, said "I am going", or tried to reach the resident.
    ``door_at``: somebody stood at the door, answered or not. ``reached_at``: the
    resident was reached in whatever way. ``by_person``: a person closed it.
    """

    key: int
    community: int
    kind: AlertKind
    on: date
    opened_at: datetime
    is_of_home: bool
    told_at: datetime | None = None
    taken_at: datetime | None = None
    door_at: datetime | None = None
    reached_at: datetime | None = None
    closed_at: datetime | None = None
    by_person: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class Wait:
    """How long it took; ``is_over`` is false where it had not happened by then.

    It had not happened because it still may, or because the need for it ended first.
    """

    span: timedelta
    is_over: bool


def wait_of(case: AlertCase, measure: Measure, *, now: datetime) -> Wait | None:
    """Return how long ``case`` waited for ``measure``; ``None`` where it asks for none.

    What comes after its need ended does not count: a message after somebody had taken
    the alert, somebody at the door after she was reached by telephone.
    """
    if measure is Measure.DOOR and not case.is_of_home:
        return None
    came_at, needless_at = _instants(case, measure)
    end = min([now, *(at for at in needless_at if at is not None)])
    is_over = came_at is not None and came_at <= end
    until = came_at if came_at is not None and is_over else end
    return Wait(span=max(until - case.opened_at, timedelta(0)), is_over=is_over)


def _instants(
    case: AlertCase, measure: Measure
) -> tuple[datetime | None, tuple[datetime | None, ...]]:
    """Return when ``measure`` came true, and what ended the need for it."""
    closed_by_person = case.closed_at if case.by_person else None
    match measure:
        case Measure.TOLD:
            return case.told_at, (case.taken_at, case.closed_at)
        case Measure.TAKEN:
            taken = [row for row in (case.taken_at, closed_by_person) if row]
            return min(taken, default=None), (case.closed_at,)
        case Measure.DOOR:
            return case.door_at, (case.reached_at, case.closed_at)
        case Measure.CLOSED:
            return closed_by_person, (case.closed_at,)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """At least ``share`` (0..1) of the alerts within ``limit``, the limit included."""

    measure: Measure
    limit: timedelta
    share: float


# What telecare centres are held to (field-notes.md): answered within 60 s in 97.5 %
# and 180 s in 99 %; at the door within 45 min in 90 % and 60 min in every case. To be
# answered, somebody must have been told, so telling is held to the same.
PROMISES = (
    Promise(measure=Measure.TOLD, limit=timedelta(seconds=60), share=0.975),
    Promise(measure=Measure.TAKEN, limit=timedelta(seconds=60), share=0.975),
    Promise(measure=Measure.TAKEN, limit=timedelta(seconds=180), share=0.99),
    Promise(measure=Measure.DOOR, limit=timedelta(minutes=45), share=0.9),
    Promise(measure=Measure.DOOR, limit=timedelta(minutes=60), share=1.0),
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How often a promise was kept.

    ``unneeded_count`` are those whose need ended, or that are still waiting, before
    the limit: they say nothing of it.
    """

    promise: Promise
    in_time_count: int
    late_count: int
    unneeded_count: int

    @property
    def share(self) -> float | None:
        """Return the share kept (0..1); ``None`` where nothing can be said."""
        counted = self.in_time_count + self.late_count
        return self.in_time_count / counted if counted else None

    @property
    def is_kept(self) -> bool | None:
        """Return whether the promise holds; ``None`` where nothing can be said."""
        return None if self.share is None else self.share >= self.promise.share


def kept_of(waits: Iterable[Wait], promise: Promise) -> Kept:
    """Return how often ``promise`` was kept among ``waits``."""
    counts = Counter(_verdict(row, promise.limit) for row in waits)
    return Kept(
        promise=promise,
        in_time_count=counts[True],
        late_count=counts[False],
        unneeded_count=counts[None],
    )


def _verdict(wait: Wait, limit: timedelta) -> bool | None:
    if wait.span > limit:
        return False
    return True if wait.is_over else None


def quantile(waits: Iterable[Wait], share: float) -> timedelta | None:
    """Return the time within which ``share`` (0..1, above 0) was done.

    The product-limit estimate (Kaplan and Meier, 1958): a wait that was not over
    counts with all that waited as long, and no longer. Without any such wait it is
    the least time that at least ``share`` do not exceed. ``None`` where too few came
    to an end to say.
    """
    ordered = sorted(waits, key=_span_of)
    at_risk, left = len(ordered), 1.0
    for span, group in groupby(ordered, key=_span_of):
        rows = list(group)
        over = sum(row.is_over for row in rows)
        left *= 1 - over / at_risk
        if over and left <= 1 - share + _EDGE:
            return span
        at_risk -= len(rows)
    return None


def _span_of(wait: Wait) -> timedelta:
    return wait.span


class Judged(StrEnum):
    """What an outcome says of the alert: whether anybody was sent for nothing."""

    FALSE = "false"
    NEEDED = "needed"
    WATCH = "watch"
    UNSAID = "unsaid"


# A false alarm is an alert about somebody who turned out to need nothing. Each is
# somebody's walk, and each teaches people to take the next one less seriously; so
# each cause is counted by itself, because each is mended differently.
JUDGED: Mapping[Outcome, Judged] = {
    # The signal was late or missing, and she was well: talk with her, move the window.
    Outcome.OVERSLEPT: Judged.FALSE,
    Outcome.DID_NOT_HEAR: Judged.FALSE,
    Outcome.FORGOT: Judged.FALSE,
    # She wanted somebody to come: no danger, though a visit is what mends it.
    Outcome.WANTED_COMPANY: Judged.FALSE,
    # Nobody told the watch, or its means failed: ours to mend, not hers.
    Outcome.AWAY_NOT_TOLD: Judged.FALSE,
    Outcome.SIGNAL_BROKEN: Judged.FALSE,
    Outcome.RECORDED_WRONGLY: Judged.FALSE,
    Outcome.SEEN_IN_TIME: Judged.FALSE,
    # Somebody was needed.
    Outcome.UNWELL: Judged.NEEDED,
    Outcome.NEEDS_HELP: Judged.NEEDED,
    Outcome.EMERGENCY_CALLED: Judged.NEEDED,
    Outcome.IN_HOSPITAL: Judged.NEEDED,
    Outcome.DIED: Judged.NEEDED,
    # Rightly raised about the watch itself: nobody had looked, and then somebody did.
    Outcome.SEEN_AFTER_ALL: Judged.WATCH,
    Outcome.ROUND_WALKED: Judged.WATCH,
    # Not said: counted neither way.
    Outcome.OTHER: Judged.UNSAID,
}


def is_false_alarm(case: AlertCase) -> bool:
    """Return whether ``case`` is of a home and turned out to be a false alarm."""
    return (
        case.is_of_home
        and case.outcome is not None
        and JUDGED[case.outcome] is Judged.FALSE
    )


@dataclass(frozen=True, kw_only=True)
class Times:
    """How many alerts ``measure`` was asked of, how many reached it, and how fast.

    Half, and nine in ten, were done within ``median`` and ``ninth``; ``None`` where
    too few came to an end to say.
    """

    measure: Measure
    count: int
    over_count: int
    median: timedelta | None
    ninth: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a set of alerts says of the service."""

    alert_count: int
    open_count: int
    times: Mapping[Measure, Times]
    kept: tuple[Kept, ...]
    outcomes: Mapping[Outcome, int]
    false_count: int


@dataclass(frozen=True, kw_only=True)
class Waited:
    """An alert with its waits, so that several summaries take them only once."""

    case: AlertCase
    waits: Mapping[Measure, Wait | None]


def waited_of(case: AlertCase, *, now: datetime) -> Waited:
    """Return ``case`` with how long it waited for each measure."""
    waits = {measure: wait_of(case, measure, now=now) for measure in Measure}
    return Waited(case=case, waits=waits)


def summary_of(rows: Sequence[Waited]) -> Summary:
    """Return what some alerts say of the service."""
    waits = {measure: _waits(rows, measure) for measure in Measure}
    cases = [row.case for row in rows]
    return Summary(
        alert_count=len(cases),
        open_count=sum(row.closed_at is None for row in cases),
        times={measure: _times(measure, waits[measure]) for measure in Measure},
        kept=tuple(kept_of(waits[row.measure], row) for row in PROMISES),
        outcomes=Counter(row.outcome for row in cases if row.outcome is not None),
        false_count=sum(map(is_false_alarm, cases)),
    )


def _waits(rows: Iterable[Waited], measure: Measure) -> list[Wait]:
    found = (row.waits[measure] for row in rows)
    return [row for row in found if row is not None]


def _times(measure: Measure, waits: Sequence[Wait]) -> Times:
    return Times(
        measure=measure,
        count=len(waits),
        over_count=sum(row.is_over for row in waits),
        median=quantile(waits, 0.5),
        ninth=quantile(waits, 0.9),
    )


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A home was watched on these local days, both included; no end: still is."""

    home: int
    first: date
    last: date | None


def homes_by_day(watched: Iterable[Watched], *, first: date, last: date) -> list[int]:
    """Return how many homes were watched on each day of a span, both ends included.

    A home with several agreements counts once a day. Days away count: an alert may
    come on them too.
    """
    begin, length = first.toordinal(), (last - first).days + 1
    changes = [0] * (max(length, 0) + 1)
    ordered = sorted(watched, key=lambda row: (row.home, row.first))
    for _home, rows in groupby(ordered, key=lambda row: row.home):
        for start, stop in _spans_of(rows, begin, begin + length):
            changes[start - begin] += 1
            changes[stop - begin] -= 1
    return list(accumulate(changes[:-1]))


def _spans_of(
    rows: Iterable[Watched], begin: int, end: int
) -> Iterable[tuple[int, int]]:
    """Yield the days, from and until before, that ``rows`` in order cover, each once."""
    covered = begin
    for row in rows:
        start = max(row.first.toordinal(), covered)
        stop = end if row.last is None else min(row.last.toordinal() + 1, end)
        if start < stop:
            yield start, stop
        covered = max(covered, stop)


def a_home_a_year(count: int, *, days: int) -> float | None:
    """Return ``count`` in ``days`` of watched homes as a number a home a year."""
    return count * DAYS_A_YEAR / days if days > 0 else None


def weeks_between(first: date, last: date) -> list[date]:
    """Return the Monday of every ISO week that a span touches, the oldest first."""
    monday = week_of(first)
    count = (last - monday).days // 7 + 1
    return [monday + timedelta(weeks=place) for place in range(max(count, 0))]


def week_of(day: date) -> date:
    """Return the Monday of the ISO week of a local date."""
    return day - timedelta(days=day.weekday())
