"""Other ways to plan the same rounds, to measure ours against.

``number_order`` is how it is done on paper: building after building. ``cover_then_route``
is the textbook: fewest stops by an exact cover (HiGHS), then the best order of them
(PyVRP).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyvrp
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from benchmarks.parts.estates import Drawn
from shouwang.common import clock
from shouwang.planning.estates import NO_WAY, Estate, WatchedHome, travel_seconds

HOUR = 3600
# A stop of the cover may start within this of its own time, where the windows allow.
SLACK_S = 20 * 60


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A stop without a walker: when it may start, and whom it looks at."""

    node: int
    homes: tuple[int, ...]
    from_s: int
    to_s: int


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a method walked, how many homes it missed, and the CPU it took."""

    walk_s: int
    missed: int
    cpu_s: float


def walked_s(estate: Estate, walks: Iterable[tuple[int, list[int]]]) -> int:
    """Return the seconds of walks, each a walker's place in the list and its nodes."""
    total = 0
    for walker, nodes in walks:
        if not nodes:
            continue
        one = estate.walkers[walker]
        way = travel_seconds(estate, [one.start, *nodes, one.end])
        total += int(np.diagonal(way, 1).sum())
    return total


def number_order(drawn: Drawn) -> Measured:
    """Return what it costs to walk building after building, in two waves, in shares."""
    estate = drawn.estate
    began = clock.worked()
    walks: dict[int, list[int]] = {at: [] for at in range(len(estate.walkers))}
    for opens, starts_s in ((0, 7.25 * HOUR), (7.75 * HOUR, 8.25 * HOUR)):
        until = 7.75 * HOUR if opens == 0 else 24 * HOUR
        homes = [one for one in estate.homes if opens <= one.opens_s < until]
        nodes = _by_building(drawn, homes)
        out = [
            at
            for at, one in enumerate(estate.walkers)
            if one.from_s <= starts_s and one.to_s >= starts_s + 0.7 * HOUR
        ]
        for share, at in zip(
            np.array_split(np.array(nodes), len(out)), out, strict=True
        ):
            walks[at] += [int(node) for node in share]
    walk_s = walked_s(estate, walks.items())
    # Whether the windows are met is not asked: on paper nobody does.
    return Measured(walk_s=walk_s, missed=0, cpu_s=clock.worked() - began)


def _by_building(drawn: Drawn, homes: list[WatchedHome]) -> list[int]:
    """Return the fewest standpoints (greedily) of each building's windows, in order."""
    nodes = []
    for building in range(len(drawn.slabs)):
        left = {home.id for home in homes if drawn.building[home.id] == building}
        chosen = []
        while left:
            best = max(
                drawn.estate.standpoints, key=lambda one: len(left & set(one.sees))
            )
            chosen.append(best.node)
            left -= set(best.sees)
        places = drawn.estate.places
        # Round the building: along its south side, and back along the north.
        middle = (drawn.slabs[building].south + drawn.slabs[building].north) / 2
        south = [node for node in chosen if places[node][1] < middle]
        north = [node for node in chosen if places[node][1] >= middle]
        nodes += sorted(south, key=lambda node: places[node][0])
        nodes += sorted(north, key=lambda node: -places[node][0])
    return nodes


def cover_then_route(estate: Estate, *, seconds: float, seed: int) -> Measured:
    """Return what the fewest stops cost, in the best order PyVRP finds in CPU seconds."""
    began = clock.worked()
    visits = _shared(estate, _cover(estate))
    solved = _routed(estate, visits, seconds=seconds, seed=seed)
    walks: list[tuple[int, list[int]]] = []
    for route in solved.routes():
        places = [stop.idx for stop in route if stop.is_client()]
        walks.append((route.vehicle_type(), [visits[at].node for at in places]))
    missed = len(estate.homes) - sum(len(visit.homes) for visit in visits)
    missed += 0 if solved.is_feasible() else 1
    return Measured(
        walk_s=walked_s(estate, walks), missed=missed, cpu_s=clock.worked() - began
    )


Column = tuple[int, int]


def _columns(estate: Estate) -> dict[Column, set[int]]:
    """Return what a stop at (node, time) would reach, for each opening of a window."""
    homes = {home.id: home for home in estate.homes}
    times = sorted({home.opens_s for home in estate.homes})
    columns: dict[Column, set[int]] = {}
    for one in estate.standpoints:
        for time in times:
            reached = {
                number
                for number in one.sees
                if homes[number].opens_s <= time
                and time + min(SLACK_S, homes[number].closes_s - homes[number].opens_s)
                <= homes[number].closes_s
            }
            if reached:
                columns[one.node, time] = reached
    return columns


def _cover(estate: Estate) -> dict[Column, set[int]]:
    """Return the fewest stops that reach every home, proven or nearly so in 5 s."""
    columns = _columns(estate)
    keys = list(columns)
    row = {home.id: at for at, home in enumerate(estate.homes)}
    pairs = [(row[home], at) for at, key in enumerate(keys) for home in columns[key]]
    rows, places = np.array(pairs).T
    table = coo_array((np.ones(len(rows)), (rows, places)), (len(row), len(keys)))
    solved = milp(
        np.ones(len(keys)),
        constraints=LinearConstraint(table.tocsr(), lb=1),
        integrality=np.ones(len(keys)),
        bounds=Bounds(0, 1),
        options={"time_limit": 5.0},
    )
    return {key: columns[key] for key, x in zip(keys, solved.x, strict=True) if x > 0.5}


def _shared(estate: Estate, chosen: dict[Column, set[int]]) -> list[Visit]:
    """Give each home to one stop: who has least choice first, where windows stay wide."""
    homes = {home.id: home for home in estate.homes}
    choice = {home: [key for key in chosen if home in chosen[key]] for home in homes}
    visits: dict[Column, Visit] = {}
    for number in sorted(homes, key=lambda one: (len(choice[one]), one)):
        home = homes[number]

        def narrowed(key: Column, home: WatchedHome = home) -> Visit:
            old = visits.get(
                key, Visit(node=key[0], homes=(), from_s=0, to_s=HOUR * 48)
            )
            return replace(
                old,
                homes=(*old.homes, home.id),
                from_s=max(old.from_s, home.opens_s),
                to_s=min(old.to_s, home.closes_s),
            )

        key = max(
            choice[number], key=lambda one: narrowed(one).to_s - narrowed(one).from_s
        )
        visits[key] = narrowed(key)
    return list(visits.values())


def _routed(
    estate: Estate, visits: list[Visit], *, seconds: float, seed: int
) -> pyvrp.Solution:
    ends = [one.start for one in estate.walkers]
    nodes = sorted({*ends, *(visit.node for visit in visits)})
    number = {node: at for at, node in enumerate(nodes)}
    # Its types want an array of one int as shape; none has it.
    way: Any = np.minimum(travel_seconds(estate, nodes).astype(np.int64), NO_WAY // 100)
    depots = sorted(set(ends))
    problem = pyvrp.ProblemData(
        [pyvrp.Location(*map(int, estate.places[node])) for node in nodes],
        [
            pyvrp.Client(
                number[visit.node],
                service_duration=estate.stop_lasts_s(len(visit.homes)),
                tw_early=visit.from_s,
                tw_late=visit.to_s,
            )
            for visit in visits
        ],
        [pyvrp.Depot(number[node]) for node in depots],
        [
            pyvrp.VehicleType(
                1,
                start_depot=depots.index(one.start),
                end_depot=depots.index(one.start),
                tw_early=one.from_s,
                tw_late=one.to_s,
                unit_distance_cost=1,
                unit_duration_cost=0,
            )
            for one in estate.walkers
        ],
        [way],
        [way],
    )
    stop = _CpuSeconds(seconds)
    return pyvrp.solve(
        problem, stop, seed=seed, display=False, collect_stats=False
    ).best


@dataclass(kw_only=False)
class _CpuSeconds:
    """Ends PyVRP after so much processor time, whatever else the machine does."""

    seconds: float
    began: float | None = None

    def __call__(self, best_cost: int) -> bool:
        now = clock.worked()
        self.began = now if self.began is None else self.began
        return now - self.began >= self.seconds
