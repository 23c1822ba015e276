"""The one search that is ours: standpoints, shares and routes destroyed and mended together.

A state is a set of stops. A stop stands at a node, looks at some homes that the node
sees, and may start in the common part of their windows. Each turn takes a few stops
away, gives their homes to stops that remain where that fits, and mends the rest by the
new stop that reaches most for the least detour. A worse state is kept now and then, ever
less often (simulated annealing). After Shaw (1998) and Ropke & Pisinger (2006); that the
choice of standpoints belongs into the same search is our own finding.

Everything here is compiled by numba and knows only numbers: nodes, homes and walkers are
indices, times whole seconds. Nothing allocates by the clock: a seed and a count of turns
give the same plan, bit for bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shouwang.planning.mending import Room, Taste, mend
from shouwang.planning.state import (
    Aims,
    Dice,
    Ground,
    Heat,
    Ints,
    Walks,
    copy_walks,
    cost,
    draw,
    schedule,
)

# A destroyed state misses this many stops at most: a neighbourhood, not an estate.
_MOST_DESTROYED = 12


@njit(cache=True, nogil=True)
def _move_stops(ground: Ground, walks: Walks) -> None:
    """Move each stop to the node that shortens the walk and sees all the same homes."""
    for walker in range(ground.start.shape[0]):
        count = walks.length[walker]
        for place in range(count):
            stop = walks.stops[walker, place]
            before, after = ground.start[walker], ground.end[walker]
            if place > 0:
                before = walks.node[walks.stops[walker, place - 1]]
            if place + 1 < count:
                after = walks.node[walks.stops[walker, place + 1]]
            old = walks.node[stop]
            walks.node[stop] = _nearest_like(ground, walks, stop, before, after)
            # A shorter way in all can still be a later arrival.
            if walks.node[stop] != old and not schedule(ground, walks, walker):
                walks.node[stop] = old
        schedule(ground, walks, walker)


@njit(cache=True, nogil=True)
def _nearest_like(
    ground: Ground, walks: Walks, stop: int, before: int, after: int
) -> int:
    """Return the node from which a stop's homes are all seen with the least way."""
    node = walks.node[stop]
    best = node
    least = ground.travel[before, node] + ground.travel[node, after]
    first, members = -1, 0
    for at in range(ground.sight_row[node], ground.sight_row[node + 1]):
        if walks.stop_of[ground.sight[at]] == stop:
            first, members = ground.sight[at], members + 1
    if first < 0:
        return node
    for at in range(ground.seer_row[first], ground.seer_row[first + 1]):
        other = ground.seer[at]
        way = ground.travel[before, other] + ground.travel[other, after]
        if way >= least:
            continue
        seen = 0
        for row in range(ground.sight_row[other], ground.sight_row[other + 1]):
            seen += walks.stop_of[ground.sight[row]] == stop
        if seen == members:
            best, least = other, way
    return best


@njit(cache=True, nogil=True)
def destroy(ground: Ground, walks: Walks, dice: Dice) -> None:
    """Take some stops away that have to do with each other."""
    total = 0
    for walker in range(ground.start.shape[0]):
        total += walks.length[walker]
    if total == 0:
        return
    places, stops = np.empty((total, 2), np.int32), np.empty(total, np.int32)
    count = 0
    for walker in range(ground.start.shape[0]):
        for place in range(walks.length[walker]):
            places[count, 0], places[count, 1] = walker, place
            stops[count] = walks.stops[walker, place]
            count += 1
    how = draw(dice)
    distance = _distances(ground, walks, places, how, dice)
    most = _MOST_DESTROYED if how < 0.8 else 4
    amount = min(total, 2 + int(draw(dice) * (most - 1)))
    order = np.argsort(distance, kind="mergesort")
    for at in order[:amount]:
        _take_away(walks, stops[at], places[at, 0])
    for home in range(walks.stop_of.shape[0]):
        if walks.stop_of[home] >= 0 and walks.lasts[walks.stop_of[home]] < 0:
            walks.stop_of[home] = -1


@njit(cache=True, nogil=True)
def _distances(
    ground: Ground, walks: Walks, places: Ints, how: float, dice: Dice
) -> NDArray[np.float64]:
    """Return how far every stop is from one of them, by way, by walk, or by chance."""
    first_walker, first_place = places[int(draw(dice) * len(places))]
    seed = walks.node[walks.stops[first_walker, first_place]]
    distance = np.empty(len(places))
    for at in range(len(places)):
        walker, place = places[at]
        if how < 0.6:
            way = ground.travel[seed, walks.node[walks.stops[walker, place]]]
            distance[at] = way * (0.7 + 0.6 * draw(dice))
        elif how < 0.8:
            distance[at] = abs(place - first_place) + 1e6 * (walker != first_walker)
        else:
            distance[at] = draw(dice)
    return distance


@njit(cache=True, nogil=True)
def _take_away(walks: Walks, stop: int, walker: int) -> None:
    """Take a stop out of its walk; it is marked by a negative span."""
    kept = 0
    for place in range(walks.length[walker]):
        if walks.stops[walker, place] != stop:
            walks.stops[walker, kept] = walks.stops[walker, place]
            kept += 1
    walks.length[walker] = kept
    walks.lasts[stop] = -1
    walks.spare[walks.spare_count[0]] = stop
    walks.spare_count[0] += 1


@njit(cache=True, nogil=True)
def search(
    ground: Ground,
    states: tuple[Walks, Walks, Walks],
    room: Room,
    dice: Dice,
    aims: Aims,
    heat: Heat,
) -> float:
    """Run some turns; return the cost of the best state seen.

    ``states`` are the current one, the best one, and room for a copy; the caller keeps
    them between calls, so that many short runs are one long one.
    """
    now, best, before = states
    here, least = cost(ground, now, aims), cost(ground, best, aims)
    for turn in range(heat.first, heat.first + heat.turns):
        warmth = heat.hot * (heat.cold / heat.hot) ** (turn / heat.of)
        copy_walks(now, before)
        destroy(ground, now, dice)
        taste = Taste(0.6 * draw(dice), 0.8 + 0.5 * draw(dice))
        mend(ground, now, room, taste, dice, aims)
        _move_stops(ground, now)
        new = cost(ground, now, aims)
        if new < here or draw(dice) < np.exp((here - new) / warmth):
            here = new
            if new < least:
                least = new
                copy_walks(now, best)
        else:
            copy_walks(before, now)
    return least
