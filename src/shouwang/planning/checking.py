"""Audits a plan against its estate, by means of its own.

Nothing here is shared with the search: the walks are measured anew, exactly, in whole
micrometres, with a shortest-path search of its own.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from shouwang.planning.estates import Estate, PlanWalker
from shouwang.planning.plans import Plan, Stop, Walk

_MICROMETRES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a plan: ``code``, whose walk, at which node, which home."""

    code: str
    walker: int | None = None
    node: int | None = None
    home: int | None = None


@dataclass(frozen=True, kw_only=True)
class Walked:
    """How long one walker is out, and walks in that; ``out_from_s``: sets out when."""

    walker: int
    walk_s: int
    out_from_s: int
    out_s: int


@dataclass(kw_only=True)
class _Ways:
    """Shortest walks from any node, measured when first asked for."""

    estate: Estate
    _from: dict[int, dict[int, int]] = field(default_factory=dict)

    def seconds(self, start: int, end: int) -> int | None:
        """Return whole seconds rounded up, or ``None`` where no path leads."""
        if start not in self._from:
            self._from[start] = self._measure(start)
        length = self._from[start].get(end)
        if length is None:
            return None
        speed = Fraction(str(self.estate.speed_m_s)) * _MICROMETRES
        return -(-length // speed)

    def _measure(self, start: int) -> dict[int, int]:
        ways: dict[int, list[tuple[int, int]]] = {}
        for one, other, metres in self.estate.paths:
            length = round(metres * _MICROMETRES)
            ways.setdefault(one, []).append((other, length))
            ways.setdefault(other, []).append((one, length))
        reached: dict[int, int] = {}
        heap = [(0, start)]
        while heap:
            length, node = heapq.heappop(heap)
            if node in reached:
                continue
            reached[node] = length
            for other, more in ways.get(node, []):
                if other not in reached:
                    heapq.heappush(heap, (length + more, other))
        return reached


def plan_faults(estate: Estate, plan: Plan) -> list[Fault]:
    """Return all that is wrong with a plan; nothing, if it can be walked.

    ``unknown_walker``, ``walker_twice``, ``no_way``, ``too_soon`` (the walk there takes
    longer), ``before_shift``, ``after_shift``, ``not_seen_from_here``,
    ``outside_window``, ``looked_twice``, ``empty_stop``, ``forgotten`` (neither looked
    at nor named), ``named_though_looked_at``, ``unknown_home``.
    """
    ways = _Ways(estate=estate)
    walkers = {one.id: one for one in estate.walkers}
    faults = [*_share_faults(estate, plan)]
    counted = Counter(walk.walker for walk in plan.walks)
    faults += [
        Fault(code="walker_twice", walker=one) for one, n in counted.items() if n > 1
    ]
    for walk in plan.walks:
        if walk.walker not in walkers:
            faults.append(Fault(code="unknown_walker", walker=walk.walker))
            continue
        faults += _time_faults(ways, walkers[walk.walker], walk)
        for stop in walk.stops:
            faults += _look_faults(estate, walk, stop)
    return faults


def walked(estate: Estate, plan: Plan) -> list[Walked]:
    """Return how long each walker with stops is out; every way must exist."""
    ways = _Ways(estate=estate)
    walkers = {one.id: one for one in estate.walkers}
    return [
        _walked(ways, walkers[walk.walker], walk) for walk in plan.walks if walk.stops
    ]


def _walked(ways: _Ways, walker: PlanWalker, walk: Walk) -> Walked:
    nodes = [walker.start, *(stop.node for stop in walk.stops), walker.end]
    legs = [ways.seconds(one, other) or 0 for one, other in pairwise(nodes)]
    last = walk.stops[-1]
    back = last.start_s + ways.estate.stop_lasts_s(len(last.homes)) + legs[-1]
    out_from = walk.stops[0].start_s - legs[0]
    return Walked(
        walker=walk.walker,
        walk_s=sum(legs),
        out_from_s=out_from,
        out_s=back - out_from,
    )


def _share_faults(estate: Estate, plan: Plan) -> Iterator[Fault]:
    known = {home.id for home in estate.homes}
    looked = Counter(
        home for walk in plan.walks for stop in walk.stops for home in stop.homes
    )
    named = set(plan.unlooked)
    for home in sorted(known | set(looked) | named):
        if home not in known:
            yield Fault(code="unknown_home", home=home)
        elif looked[home] > 1:
            yield Fault(code="looked_twice", home=home)
        elif looked[home] and home in named:
            yield Fault(code="named_though_looked_at", home=home)
        elif not looked[home] and home not in named:
            yield Fault(code="forgotten", home=home)


def _look_faults(estate: Estate, walk: Walk, stop: Stop) -> Iterator[Fault]:
    seen = {
        home for one in estate.standpoints if one.node == stop.node for home in one.sees
    }
    homes = {home.id: home for home in estate.homes}
    if not stop.homes:
        yield Fault(code="empty_stop", walker=walk.walker, node=stop.node)
    for number in stop.homes:
        at = {"walker": walk.walker, "node": stop.node, "home": number}
        if number not in seen:
            yield Fault(code="not_seen_from_here", **at)
        home = homes.get(number)
        if home and not home.opens_s <= stop.start_s <= home.closes_s:
            yield Fault(code="outside_window", **at)


def _time_faults(ways: _Ways, walker: PlanWalker, walk: Walk) -> Iterator[Fault]:
    node, free = walker.start, walker.from_s
    for place, stop in enumerate(walk.stops):
        way = ways.seconds(node, stop.node)
        if way is None:
            yield Fault(code="no_way", walker=walker.id, node=stop.node)
        elif free + way > stop.start_s:
            code = "before_shift" if place == 0 else "too_soon"
            yield Fault(code=code, walker=walker.id, node=stop.node)
        node = stop.node
        free = stop.start_s + ways.estate.stop_lasts_s(len(stop.homes))
    back = ways.seconds(node, walker.end) if walk.stops else 0
    if back is None:
        yield Fault(code="no_way", walker=walker.id, node=walker.end)
    elif walk.stops and free + back > walker.to_s:
        yield Fault(code="after_shift", walker=walker.id)
