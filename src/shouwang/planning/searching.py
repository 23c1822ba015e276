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

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Dice = NDArray[np.uint64]
_EVER = 2_000_000_000
# A destroyed state misses this many stops at most: a neighbourhood, not an estate.
_MOST_DESTROYED = 12


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
                width += _EVER // 2
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
    walks.opens[stop], walks.closes[stop] = -_EVER, _EVER
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
