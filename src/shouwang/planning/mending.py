"""Mends a plan: homes that wait go to stops that are there, or to the best new one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from shouwang.planning.state import (
    EVER,
    Aims,
    Dice,
    Ground,
    Ints,
    Walks,
    draw,
    schedule,
)


class Taste(NamedTuple):
    """How far chance moves a node's price, and how much reaching many homes counts."""

    noise: float
    power: float


class Gaps(NamedTuple):
    """Every place between two stops: where a new one could go. Rows up to ``count``."""

    walker: Ints
    place: Ints
    before: Ints
    after: Ints
    direct: Ints
    ready: Ints
    limit: Ints


class Waiting(NamedTuple):
    """How many waiting homes each node sees, by kind of window and in all."""

    by_kind: Ints
    total: Ints
    homes: Ints


Room = tuple[Gaps, Waiting]


@njit(cache=True, nogil=True)
def _join(ground: Ground, walks: Walks, home: int, keeps: bool) -> bool:
    """Let a stop that is there look at ``home`` too, if one can; return whether.

    The one whose start stays freest; with ``keeps``, first the home's own walker.
    """
    chosen, with_whom, best = -1, -1, -1
    for walker in range(ground.start.shape[0]):
        for place in range(walks.length[walker]):
            stop = walks.stops[walker, place]
            if not ground.sees[walks.node[stop], home]:
                continue
            width = _width_with(ground, walks, walker, place, home)
            if width >= 0 and keeps and ground.owner[home] == walker:
                width += EVER // 2
            if width > best:
                best, chosen, with_whom = width, stop, walker
    if chosen < 0:
        return False
    _look(ground, walks, chosen, home)
    schedule(ground, walks, with_whom)
    return True


@njit(cache=True, nogil=True)
def _width_with(
    ground: Ground, walks: Walks, walker: int, place: int, home: int
) -> int:
    """Return how freely a stop could still start if it looked at ``home`` too; else -1."""
    stop = walks.stops[walker, place]
    opens = max(walks.opens[stop], ground.opens[home])
    closes = min(walks.closes[stop], ground.closes[home])
    begins = max(walks.early[walker, place], opens)
    if begins > closes:
        return -1
    after, limit = ground.end[walker], ground.to_s[walker]
    if place + 1 < walks.length[walker]:
        after = walks.node[walks.stops[walker, place + 1]]
        limit = walks.late[walker, place + 1]
    over = begins + walks.lasts[stop] + ground.look_s
    if over + ground.travel[walks.node[stop], after] > limit:
        return -1
    return closes - opens


@njit(cache=True, nogil=True)
def _look(ground: Ground, walks: Walks, stop: int, home: int) -> None:
    walks.opens[stop] = max(walks.opens[stop], ground.opens[home])
    walks.closes[stop] = min(walks.closes[stop], ground.closes[home])
    walks.lasts[stop] += ground.look_s
    walks.stop_of[home] = stop


@njit(cache=True, nogil=True)
def _count_waiting(ground: Ground, walks: Walks, waiting: Waiting) -> int:
    """Count anew who waits and whence they are seen; return how many."""
    waiting.by_kind[:] = 0
    waiting.total[:] = 0
    count = 0
    for home in range(walks.stop_of.shape[0]):
        if walks.stop_of[home] != -1 or (
            ground.seer_row[home] == ground.seer_row[home + 1]
        ):
            continue
        waiting.homes[count] = home
        count += 1
        for at in range(ground.seer_row[home], ground.seer_row[home + 1]):
            waiting.by_kind[ground.seer[at], ground.kind[home]] += 1
            waiting.total[ground.seer[at]] += 1
    return count


@njit(cache=True, nogil=True)
def _list_gaps(ground: Ground, walks: Walks, gaps: Gaps) -> int:
    count = 0
    for walker in range(ground.start.shape[0]):
        stops = walks.length[walker]
        before, ready = ground.start[walker], ground.from_s[walker]
        for place in range(stops + 1):
            after, limit = ground.end[walker], ground.to_s[walker]
            if place < stops:
                after = walks.node[walks.stops[walker, place]]
                limit = walks.late[walker, place]
            gaps.walker[count], gaps.place[count] = walker, place
            gaps.before[count], gaps.after[count] = before, after
            gaps.direct[count] = ground.travel[before, after]
            gaps.ready[count], gaps.limit[count] = ready, limit
            count += 1
            if place < stops:
                stop = walks.stops[walker, place]
                before = walks.node[stop]
                ready = walks.early[walker, place] + walks.lasts[stop]
    return count


@njit(cache=True, nogil=True)
def _reach(
    ground: Ground, seen: Ints, begins: int, limit: int, most: int
) -> tuple[int, int]:
    """Return when a stop that could begin at ``begins`` should, and how many it reaches.

    ``seen`` counts the waiting homes of each kind; it must be over by ``limit``. Beside
    the first moment only the openings of windows matter: between them none is gained.
    """
    best, when = 0, begins
    last = limit - ground.stop_s - ground.look_s
    for candidate in range(-1, ground.kind_opens.shape[0]):
        time = begins if candidate < 0 else ground.kind_opens[candidate]
        if time > last or (candidate >= 0 and (time <= begins or seen[candidate] == 0)):
            continue
        count = 0
        for kind in range(ground.kind_opens.shape[0]):
            if ground.kind_opens[kind] <= time <= ground.kind_closes[kind]:
                count += seen[kind]
        if ground.look_s > 0:
            count = min(count, (limit - time - ground.stop_s) // ground.look_s)
        if count > best:
            best, when = count, time
            if best == most:
                break
    return when, best


@njit(cache=True, nogil=True)
def _best_gap(
    ground: Ground,
    room: Room,
    count: int,
    taste: Taste,
    dice: Dice,
    aims: Aims,
) -> tuple[int, int, int]:
    """Return the gap, node and time of the new stop that reaches most for least detour.

    ``count`` gaps are looked at. The gap is -1 where no stop is possible.
    """
    gaps, waiting = room
    nodes = np.flatnonzero(waiting.total)
    order = np.argsort(-waiting.total[nodes])
    best, best_gap, best_node, best_time = 1e18, -1, -1, 0
    for at in order:
        node = nodes[at]
        price = 1.0 + taste.noise * (draw(dice) - 0.5)
        most = waiting.total[node]
        bound = best * most**taste.power / price - aims.stop
        way = ground.travel[node]
        for gap in range(count):
            detour = way[gaps.before[gap]] + way[gaps.after[gap]] - gaps.direct[gap]
            if detour >= bound:
                continue
            begins = gaps.ready[gap] + way[gaps.before[gap]]
            limit = gaps.limit[gap] - way[gaps.after[gap]]
            if begins + ground.stop_s + ground.look_s > limit:
                continue
            when, reached = _reach(ground, waiting.by_kind[node], begins, limit, most)
            if reached == 0:
                continue
            score = (detour + aims.stop) * price / reached**taste.power
            if score < best:
                best, best_gap, best_node, best_time = score, gap, node, when
                bound = best * most**taste.power / price - aims.stop
    return best_gap, best_node, best_time


@njit(cache=True, nogil=True)
def _put(ground: Ground, walks: Walks, walker: int, place: int, node: int) -> int:
    """Put an empty stop at ``node`` into a walk; return its number."""
    walks.spare_count[0] -= 1
    stop = walks.spare[walks.spare_count[0]]
    walks.node[stop], walks.lasts[stop] = node, ground.stop_s
    walks.opens[stop], walks.closes[stop] = -EVER, EVER
    for at in range(walks.length[walker], place, -1):
        walks.stops[walker, at] = walks.stops[walker, at - 1]
    walks.stops[walker, place] = stop
    walks.length[walker] += 1
    return stop


@njit(cache=True, nogil=True)
def _fill(ground: Ground, walks: Walks, stop: int, when: int, limit: int) -> None:
    """Let a new stop look at all it can at ``when``, the greatest need first."""
    node = walks.node[stop]
    begin, end = ground.sight_row[node], ground.sight_row[node + 1]
    order = np.argsort(-ground.need[ground.sight[begin:end]], kind="mergesort")
    for at in order:
        home = ground.sight[begin + at]
        fits = when + walks.lasts[stop] + ground.look_s <= limit
        is_open = ground.opens[home] <= when <= ground.closes[home]
        if fits and is_open and walks.stop_of[home] == -1:
            _look(ground, walks, stop, home)


@njit(cache=True, nogil=True)
def mend(
    ground: Ground,
    walks: Walks,
    room: Room,
    taste: Taste,
    dice: Dice,
    aims: Aims,
) -> None:
    """Give every waiting home to a stop, until nobody waits or nothing more fits."""
    gaps, waiting = room
    for walker in range(ground.start.shape[0]):
        schedule(ground, walks, walker)
    while True:
        for home in range(walks.stop_of.shape[0]):
            if walks.stop_of[home] == -1:
                _join(ground, walks, home, aims.keep > 0)
        if _count_waiting(ground, walks, waiting) == 0 or walks.spare_count[0] == 0:
            return
        count = _list_gaps(ground, walks, gaps)
        gap, node, when = _best_gap(ground, room, count, taste, dice, aims)
        if gap < 0:
            return
        walker, place = gaps.walker[gap], gaps.place[gap]
        if walks.length[walker] + 1 >= walks.stops.shape[1]:
            return
        limit = gaps.limit[gap] - ground.travel[node, gaps.after[gap]]
        stop = _put(ground, walks, walker, place, node)
        _fill(ground, walks, stop, when, limit)
        schedule(ground, walks, walker)
