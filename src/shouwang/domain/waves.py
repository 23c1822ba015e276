"""In which waves a need is offered, when each is asked, and what a yes is reminded of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from shouwang.domain.dispatch import DAY, is_whole_day
from shouwang.domain.needs import Urgency
from shouwang.domain.schedule import instant


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many are asked at a time, and how long each wave waits for an answer.

    The last wait is that of the wave that asks all the others.
    """

    sizes: tuple[int, ...]
    waits: tuple[timedelta, ...]


PACES: Mapping[Urgency, Pace] = {
    Urgency.URGENT: Pace(
        sizes=(3, 8),
        waits=(timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=15)),
    ),
    Urgency.DIFFICULT: Pace(
        sizes=(3, 8), waits=(timedelta(hours=2), timedelta(hours=6), DAY)
    ),
    Urgency.EVERYDAY: Pace(sizes=(2, 6), waits=(timedelta(hours=4), DAY, DAY)),
}
WAIT_LEAST = timedelta(minutes=5)
# What can wait wakes nobody.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """Who is asked together, the best first, and how long their answer is waited for."""

    members: tuple[int, ...]
    wait: timedelta


def waves(
    order: Sequence[int],
    *,
    urgency: Urgency,
    first: Sequence[int] = (),
    until: datetime | None = None,
    now: datetime,
) -> tuple[Wave, ...]:
    """Return the waves in which people are asked; together they ask everybody once.

    ``first`` were chosen by hand and make a wave of their own. Where time is short
    (``until``), the waits are shortened alike, but never under five minutes.
    """
    pace = PACES[urgency]
    groups = [tuple(first)] if first else []
    rest = [member for member in order if member not in set(first)]
    for size in pace.sizes:
        groups.append(tuple(rest[:size]))
        rest = rest[size:]
    kept = [group for group in (*groups, tuple(rest)) if group]
    waits = [pace.waits[min(n, len(pace.waits) - 1)] for n in range(len(kept))]
    return tuple(
        Wave(members=group, wait=wait)
        for group, wait in zip(kept, _in_time(waits, until, now), strict=True)
    )


def _in_time(
    waits: Sequence[timedelta], until: datetime | None, now: datetime
) -> list[timedelta]:
    total = sum(waits, timedelta())
    left = (until - now) if until is not None else total
    if left >= total or not waits:
        return list(waits)
    share = max(left / total, 0.0)
    # Whole minutes, so that a frozen plan reads as people speak.
    return [
        max(WAIT_LEAST, timedelta(minutes=int(wait * share / timedelta(minutes=1))))
        for wait in waits
    ]


def may_ring_at(at: datetime, urgency: Urgency, zone: tzinfo) -> datetime:
    """Return the first moment from ``at`` on at which people may be asked.

    At night only what is urgent rings a phone.
    """
    local = at.astimezone(zone)
    if urgency is Urgency.URGENT or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    on = local.date() + (DAY if local.time() >= QUIET_FROM else timedelta())
    return instant(on, QUIET_UNTIL, zone)


def wave_times(
    plan: Sequence[Wave], urgency: Urgency, *, begins_at: datetime, zone: tzinfo
) -> list[datetime]:
    """Return when each wave is asked if nobody answers, and last when the desk is told."""
    times = [may_ring_at(begins_at, urgency, zone)]
    for wave in plan:
        times.append(may_ring_at(times[-1] + wave.wait, urgency, zone))
    return times


class Remind(StrEnum):
    """What somebody who has taken a need is reminded of."""

    EVENING_BEFORE = "evening_before"
    HOUR_BEFORE = "hour_before"


EVENING = time(19)
HOUR = timedelta(hours=1)


def reminders(
    wanted_by: datetime | None, *, taken_at: datetime, zone: tzinfo
) -> list[tuple[datetime, Remind]]:
    """Return when whoever took it is reminded, in order; what lies before is left out."""
    if wanted_by is None:
        return []
    whole_day = is_whole_day(wanted_by, zone)
    last = wanted_by.astimezone(zone).date() - (DAY if whole_day else timedelta())
    found = [(instant(last - DAY, EVENING, zone), Remind.EVENING_BEFORE)]
    if not whole_day:
        found.append((wanted_by - HOUR, Remind.HOUR_BEFORE))
    return [row for row in found if row[0] > taken_at]


def next_wave_now(replies: Collection[str]) -> bool:
    """Return whether nobody of those asked is still to answer.

    A "maybe" is an answer: it is kept, and waits for nothing.
    """
    return bool(replies) and all(replies)
