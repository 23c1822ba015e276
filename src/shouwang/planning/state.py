"""A plan while it is searched for: its numbers, its times, its cost.

All of it is compiled by numba and knows only numbers: nodes, homes and walkers are
indices, times whole seconds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Dice = NDArray[np.uint64]
# Later than any time there is.
EVER = 2_000_000_000


class Ground(NamedTuple):
    """What does not change: the way between nodes, who is seen whence, and when.

    ``sees`` is (nodes, homes); ``sight_*`` lists the homes of a node and ``seer_*`` the
    nodes of a home, as rows of a compressed table. Homes with the same window share a
    ``kind``. ``owner`` is the walker a home should rather stay with, or -1.
    """

    travel: Ints
    sees: NDArray[np.bool_]
    sight_row: Ints
    sight: Ints
    seer_row: Ints
    seer: Ints
    opens: Ints
    closes: Ints
    kind: Ints
    kind_opens: Ints
    kind_closes: Ints
    need: NDArray[np.float64]
    owner: Ints
    start: Ints
    end: Ints
    from_s: Ints
    to_s: Ints
    stop_s: int
    look_s: int


class Walks(NamedTuple):
    """What the search changes. ``stop_of`` is the stop of each home, or -1: it waits."""

    stops: Ints
    length: Ints
    node: Ints
    opens: Ints
    closes: Ints
    lasts: Ints
    stop_of: Ints
    spare: Ints
    spare_count: Ints
    early: Ints
    late: Ints


class Aims(NamedTuple):
    """What a plan costs beside walking, in seconds of walking.

    A stop, a home of need 1 that nobody looks at, a second by which the longest walk is
    above the mean, and a home that changes hands.
    """

    stop: float
    unlooked: float
    balance: float
    keep: float


class Heat(NamedTuple):
    """How the search cools: ``turns`` of ``of`` from ``first`` on, ``hot`` to ``cold``."""

    first: int
    turns: int
    of: int
    hot: float
    cold: float


@njit(cache=True, nogil=True)
def draw(dice: Dice) -> float:
    """Return the next number in [0, 1) of xorshift64*, and move its state on."""
    x = dice[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    dice[0] = x
    return ((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / (1 << 53))


@njit(cache=True, nogil=True)
def copy_walks(source: Walks, target: Walks) -> None:
    """Copy one state over another of the same size."""
    target.stops[:] = source.stops
    target.length[:] = source.length
    target.node[:] = source.node
    target.opens[:] = source.opens
    target.closes[:] = source.closes
    target.lasts[:] = source.lasts
    target.stop_of[:] = source.stop_of
    target.spare[:] = source.spare
    target.spare_count[:] = source.spare_count


@njit(cache=True, nogil=True)
def schedule(ground: Ground, walks: Walks, walker: int) -> bool:
    """Set the earliest and latest starts of a walker's stops; return whether they fit."""
    count = walks.length[walker]
    at, time = ground.start[walker], ground.from_s[walker]
    for place in range(count):
        stop = walks.stops[walker, place]
        time = max(time + ground.travel[at, walks.node[stop]], walks.opens[stop])
        if time > walks.closes[stop]:
            return False
        walks.early[walker, place] = time
        time += walks.lasts[stop]
        at = walks.node[stop]
    if time + ground.travel[at, ground.end[walker]] > ground.to_s[walker]:
        return count == 0
    at, time = ground.end[walker], ground.to_s[walker]
    for place in range(count - 1, -1, -1):
        stop = walks.stops[walker, place]
        time -= ground.travel[walks.node[stop], at] + walks.lasts[stop]
        time = min(time, walks.closes[stop])
        walks.late[walker, place] = time
        at = walks.node[stop]
    return True


@njit(cache=True, nogil=True)
def walk_seconds(ground: Ground, walks: Walks, walker: int) -> int:
    """Return how long a walker walks, without standing; the way out and back included."""
    at, total = ground.start[walker], 0
    for place in range(walks.length[walker]):
        node = walks.node[walks.stops[walker, place]]
        total += ground.travel[at, node]
        at = node
    return total + ground.travel[at, ground.end[walker]]


@njit(cache=True, nogil=True)
def cost(ground: Ground, walks: Walks, aims: Aims) -> float:
    """Return what a state costs, in seconds of walking."""
    walked, longest, worked, stops = 0, 0, 0, 0
    walkers = ground.start.shape[0]
    for walker in range(walkers):
        own = walk_seconds(ground, walks, walker)
        walked += own
        stops += walks.length[walker]
        for place in range(walks.length[walker]):
            own += walks.lasts[walks.stops[walker, place]]
        worked += own
        longest = max(longest, own)
    total = walked + aims.stop * stops
    total += aims.balance * (longest - worked / max(walkers, 1))
    for home in range(walks.stop_of.shape[0]):
        if walks.stop_of[home] == -1:
            total += aims.unlooked * ground.need[home]
    if aims.keep > 0:
        total += aims.keep * _moved(ground, walks)
    return total


@njit(cache=True, nogil=True)
def _moved(ground: Ground, walks: Walks) -> int:
    """Return how many homes are with another walker than they should rather be."""
    moved = 0
    for walker in range(ground.start.shape[0]):
        for place in range(walks.length[walker]):
            stop = walks.stops[walker, place]
            node = walks.node[stop]
            for at in range(ground.sight_row[node], ground.sight_row[node + 1]):
                home = ground.sight[at]
                if walks.stop_of[home] == stop:
                    moved += ground.owner[home] >= 0 and ground.owner[home] != walker
    return moved
