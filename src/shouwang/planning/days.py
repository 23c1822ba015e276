"""A day of jobs and helpers, what can be done by one of them, and a day handed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

Minutes = NDArray[np.int64]

# What a face she does not know costs, in minutes of walking.
NEW_FACE = 15
# What every task that somebody has already adds to the next.
LOAD = 10
# More jobs a day are nobody's.
COPIES_MOST = 4


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something to be done today.

    It begins between ``earliest`` and ``latest`` (both inside, minutes after midnight)
    and takes ``minutes`` at ``place``, a row of the walking times. Of ``skills`` whoever
    does it has one, where there are any; ``knows`` are helpers she knows. ``unserved``
    is what it costs to leave it, ``refused`` who cannot do it for another reason.
    """

    key: int
    place: int
    earliest: int
    latest: int
    minutes: int
    skills: frozenset[str] = frozenset()
    knows: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    unserved: int = 600


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Somebody who can do some of it.

    ``places`` are where they go, empty is everywhere; ``base`` is where they set out
    from, ``None`` unknown. ``free`` are spans of minutes (from inside, to outside) in
    which a job begins and ends; ``most`` is how many jobs they can take today and
    ``carried`` how many they had this week.
    """

    key: int
    skills: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()
    base: int | None = None
    free: tuple[tuple[int, int], ...] = ((0, 24 * 60),)
    most: int = 2
    carried: int = 0


class Why(StrEnum):
    """Why a job stays undone."""

    NO_SKILL = "no_skill"
    NOBODY_THERE = "nobody_there"
    NOBODY_FREE = "nobody_free"
    ALL_REFUSED = "all_refused"
    ALL_BUSY = "all_busy"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A job and who does it, with what that costs and of what the cost is made."""

    job: int
    hand: int
    way: int
    new_face: int
    load: int

    @property
    def cost(self) -> int:
        """Return the whole cost, in minutes."""
        return self.way + self.new_face + self.load


@dataclass(frozen=True, kw_only=True)
class Left:
    """A job that nobody does, what that costs, and why."""

    job: int
    cost: int
    why: Why


@dataclass(frozen=True, kw_only=True)
class Day:
    """Who does what, what stays undone, and whether no better day exists.

    ``clashes`` are what pins by hand forced: sets of jobs one helper cannot all do.
    """

    given: tuple[Given, ...]
    left: tuple[Left, ...]
    is_optimal: bool
    clashes: tuple[tuple[int, ...], ...] = ()

    @property
    def effort(self) -> int:
        """Return what is done costs, in minutes."""
        return sum(row.cost for row in self.given)

    @property
    def cost(self) -> int:
        """Return the cost of the whole day, in minutes, with what is left undone."""
        return self.effort + sum(row.cost for row in self.left)


def smallest_clash(jobs: Sequence[Job], hand: Hand, walk: Minutes) -> frozenset[int]:
    """Return the fewest jobs of one helper that cannot all be done; empty if all can."""
    for size in range(2, len(jobs) + 1):
        for some in _choose(jobs, size):
            if not feasible(some, hand, walk):
                return frozenset(row.key for row in some)
    return frozenset()


def _choose(jobs: Sequence[Job], size: int) -> Iterator[tuple[Job, ...]]:
    if size == 0:
        yield ()
        return
    for place, job in enumerate(jobs):
        for rest in _choose(jobs[place + 1 :], size - 1):
            yield (job, *rest)


def able(job: Job, hand: Hand, walk: Minutes) -> bool:
    """Return whether somebody could do a job, if they had nothing else."""
    return (
        (not job.skills or not job.skills.isdisjoint(hand.skills))
        and (not hand.places or job.place in hand.places)
        and hand.key not in job.refused
        and feasible([job], hand, walk)
    )


def feasible(jobs: Sequence[Job], hand: Hand, walk: Minutes) -> bool:
    """Return whether one helper can do all of some jobs, one after another, in some order.

    With at most four there are at most 24 orders.
    """
    return any(_walkable(order, hand, walk) for order in permutations(jobs))


def _walkable(order: Sequence[Job], hand: Hand, walk: Minutes) -> bool:
    at, place = 0, None
    for job in order:
        way = int(walk[place, job.place]) if place is not None else 0
        begins = _begins(max(at + way, job.earliest), job, hand)
        if begins is None:
            return False
        at, place = begins + job.minutes, job.place
    return True


def _begins(soonest: int, job: Job, hand: Hand) -> int | None:
    for begin, end in sorted(hand.free):
        first = max(soonest, begin)
        if first <= job.latest and first + job.minutes <= end:
            return first
    return None
