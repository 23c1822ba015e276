"""Plans rounds: which standpoints, in which order, by whom.

`plan_rounds` plans a whole morning; `replan` what is left of one when a walker drops out.
Both work in steps, so that the first usable plan is there at once and every later one is
better; the caller says when it is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shouwang.planning.estates import (
    NO_WAY,
    Estate,
    PlanWalker,
    Standpoint,
    WatchedHome,
    travel_seconds,
)
from shouwang.planning.mending import Gaps, Room, Taste, Waiting, mend
from shouwang.planning.plans import Plan, Stop, Walk
from shouwang.planning.searching import search
from shouwang.planning.state import (
    Aims,
    Ground,
    Heat,
    Walks,
    copy_walks,
    schedule,
)

# Turns between two looks at the clock, the caller's or the search's own.
_STEP = 50
_UNLOOKED_S = 3000.0
_HOT, _COLD, _WARM = 80.0, 3.0, 20.0


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a plan should be like, beside short.

    Attributes
    ----------
    balance
        Seconds of walking that it is worth to bring the longest walk one second nearer
        to the mean; 0: whatever walks least. 0.5 takes a third off the longest.
    stop_s
        Seconds of walking that one stop fewer is worth.
    keep_s
        Seconds of walking that it is worth when a home stays with its walker.
    """

    balance: float = 0.0
    stop_s: float = 6.0
    keep_s: float = 0.0


def never() -> bool:
    """Return that it is not enough yet."""
    return False


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How hard to search: turns, the seed of its dice, and when it is enough.

    ``enough`` is asked every 50 turns, first when a usable plan is there; without it the
    same effort gives the same plan, bit for bit.
    """

    iterations: int = 4000
    seed: int = 1
    enough: Callable[[], bool] = never


def plan_rounds(
    estate: Estate, *, effort: Effort = Effort(), wishes: Wishes = Wishes()
) -> Plan:
    """Return the best plan for an estate that an effort finds.

    Homes that nobody can see, or that no shift reaches in their window, are named in it.
    """
    return last_wanted(plans_ever_better(estate, effort=effort, wishes=wishes), effort)


def warm_up() -> None:
    """Compile the search, where it is not yet: some seconds the first time, then none."""
    home = WatchedHome(id=1, opens_s=0, closes_s=60)
    estate = Estate(
        places=((0.0, 0.0),),
        paths=(),
        standpoints=(Standpoint(node=0, sees=(1,)),),
        homes=(home,),
        walkers=(PlanWalker(id=1, start=0, end=0, from_s=0, to_s=60),),
        look_s=1,
        stop_s=1,
        speed_m_s=1.0,
    )
    plan_rounds(estate, effort=Effort(iterations=1))


def last_wanted(plans: Iterator[Plan], effort: Effort) -> Plan:
    """Return the last of ``plans``, or the one at which it is enough."""
    best = next(plans)
    while not effort.enough():
        better = next(plans, None)
        if better is None:
            break
        best = better
    return best


def plans_ever_better(
    estate: Estate,
    *,
    effort: Effort,
    wishes: Wishes,
    begin_with: Plan | None = None,
) -> Iterator[Plan]:
    """Yield a usable plan at once, then the best so far after every 50 turns."""
    board = _Board.of(estate, wishes)
    if begin_with is not None:
        board.lay(begin_with)
    states = (board.walks, _like(board.walks), _like(board.walks))
    dice = np.array([_seeded(effort.seed)], dtype=np.uint64)
    mend(board.ground, states[0], board.room, Taste(0.0, 1.0), dice, board.aims)
    copy_walks(states[0], states[1])
    yield board.plan(states[1])
    hot = _WARM if begin_with is not None else _HOT
    for first in range(0, effort.iterations, _STEP):
        turns = min(_STEP, effort.iterations - first)
        heat = Heat(first, turns, effort.iterations, hot, _COLD)
        search(board.ground, states, board.room, dice, board.aims, heat)
        yield board.plan(states[1])


def _seeded(seed: int) -> int:
    """Return a state for the dice: never 0, and far apart for neighbouring seeds."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & (2**64 - 1)
    return mixed or 1


def _like(walks: Walks) -> Walks:
    return Walks(*(part.copy() for part in walks))


@dataclass(frozen=True, kw_only=True)
class _Board:
    """An estate in the numbers of the search."""

    estate: Estate
    nodes: list[int]
    ground: Ground
    walks: Walks
    room: Room
    aims: Aims

    @classmethod
    def of(cls, estate: Estate, wishes: Wishes) -> _Board:
        ground, nodes = _ground(estate)
        return cls(
            estate=estate,
            nodes=nodes,
            ground=ground,
            walks=_no_walks(ground),
            room=_room(ground),
            aims=Aims(wishes.stop_s, _UNLOOKED_S, wishes.balance, wishes.keep_s),
        )

    def lay(self, plan: Plan) -> None:
        """Begin with ``plan``: its stops, as far as they still can be."""
        for walk in plan.walks:
            self._lay_walk(walk)

    def _lay_walk(self, walk: Walk) -> None:
        number = {one.id: at for at, one in enumerate(self.estate.walkers)}
        home_at = {one.id: at for at, one in enumerate(self.estate.homes)}
        node_at = {node: at for at, node in enumerate(self.nodes)}
        walker = number.get(walk.walker)
        for stop in walk.stops if walker is not None else ():
            homes = [home_at[home] for home in stop.homes if home in home_at]
            if homes and stop.node in node_at:
                self._lay_stop(walker or 0, node_at[stop.node], homes)

    def _lay_stop(self, walker: int, node: int, homes: list[int]) -> None:
        ground, walks = self.ground, self.walks
        walks.spare_count[0] -= 1
        stop = walks.spare[walks.spare_count[0]]
        walks.node[stop] = node
        walks.opens[stop] = max(ground.opens[home] for home in homes)
        walks.closes[stop] = min(ground.closes[home] for home in homes)
        walks.lasts[stop] = self.estate.stop_lasts_s(len(homes))
        walks.stops[walker, walks.length[walker]] = stop
        walks.length[walker] += 1
        if schedule(ground, walks, walker):
            walks.stop_of[homes] = stop
            return
        walks.length[walker] -= 1
        walks.spare_count[0] += 1
        schedule(ground, walks, walker)

    def plan(self, walks: Walks) -> Plan:
        """Return a state as a plan, every walk set out on as late as costs nothing."""
        rows = [self._walk(walks, walker) for walker in range(len(self.estate.walkers))]
        return Plan(
            walks=tuple(rows),
            unlooked=self._unlooked(walks),
            blind=self._ids(np.flatnonzero(np.diff(self.ground.seer_row) == 0)),
        )

    def _walk(self, walks: Walks, walker: int) -> Walk:
        stops = walks.stops[walker, : walks.length[walker]]
        kept = [stop for stop in stops if (walks.stop_of == stop).any()]
        starts = _starts(self.ground, walks, walker, kept)
        return Walk(
            walker=self.estate.walkers[walker].id,
            stops=tuple(
                Stop(
                    node=self.nodes[walks.node[stop]],
                    start_s=start,
                    homes=self._ids(np.flatnonzero(walks.stop_of == stop)),
                )
                for stop, start in zip(kept, starts, strict=True)
            ),
        )

    def _unlooked(self, walks: Walks) -> tuple[int, ...]:
        waiting = np.flatnonzero(walks.stop_of == -1)
        by_need = waiting[np.argsort(-self.ground.need[waiting], kind="stable")]
        return self._ids(by_need)

    def _ids(self, homes: NDArray[np.intp]) -> tuple[int, ...]:
        return tuple(self.estate.homes[home].id for home in homes)


def _starts(
    ground: Ground, walks: Walks, walker: int, stops: Sequence[int]
) -> list[int]:
    """Return when each stop starts: early, but without waiting that can be spared.

    The departure is put off by as much as neither a window nor the return forbids.
    """
    at, time = int(ground.start[walker]), int(ground.from_s[walker])
    starts, waited, put_off = [], 0, 10**9
    for stop in stops:
        time += int(ground.travel[at, walks.node[stop]])
        waited += max(0, int(walks.opens[stop]) - time)
        time = max(time, int(walks.opens[stop]))
        put_off = min(put_off, waited + int(walks.closes[stop]) - time)
        starts.append(time)
        time += int(walks.lasts[stop])
        at = int(walks.node[stop])
    put_off = min(put_off, waited)
    return _put_off(ground, walks, walker, stops, put_off)


def _put_off(
    ground: Ground, walks: Walks, walker: int, stops: Sequence[int], put_off: int
) -> list[int]:
    at, time = int(ground.start[walker]), int(ground.from_s[walker]) + put_off
    starts = []
    for stop in stops:
        time += int(ground.travel[at, walks.node[stop]])
        time = max(time, int(walks.opens[stop]))
        starts.append(time)
        time += int(walks.lasts[stop])
        at = int(walks.node[stop])
    return starts


def _ground(estate: Estate) -> tuple[Ground, list[int]]:
    """Return the search's numbers for an estate, and the node behind each of them."""
    ends = [node for one in estate.walkers for node in (one.start, one.end)]
    nodes = sorted({*ends, *(one.node for one in estate.standpoints if one.sees)})
    number = {node: at for at, node in enumerate(nodes)}
    travel = travel_seconds(estate, nodes)
    sees = _sees(estate, number, _reachable(estate, travel, number))
    kinds = sorted({(home.opens_s, home.closes_s) for home in estate.homes})
    walker_at = {one.id: at for at, one in enumerate(estate.walkers)}
    homes, walkers = estate.homes, estate.walkers
    sight_row, sight = _rows(sees)
    seer_row, seer = _rows(sees.T)
    return (
        Ground(
            travel=travel,
            sees=sees,
            sight_row=sight_row,
            sight=sight,
            seer_row=seer_row,
            seer=seer,
            opens=_ints(home.opens_s for home in homes),
            closes=_ints(home.closes_s for home in homes),
            kind=_ints(kinds.index((one.opens_s, one.closes_s)) for one in homes),
            kind_opens=_ints(opens for opens, _closes in kinds),
            kind_closes=_ints(closes for _opens, closes in kinds),
            need=np.array([home.need for home in homes], dtype=np.float64),
            owner=_ints(
                walker_at.get(estate.was_with.get(home.id, -1), -1) for home in homes
            ),
            start=_ints(number[one.start] for one in walkers),
            end=_ints(number[one.end] for one in walkers),
            from_s=_ints(one.from_s for one in walkers),
            to_s=_ints(one.to_s for one in walkers),
            stop_s=estate.stop_s,
            look_s=estate.look_s,
        ),
        nodes,
    )


def _reachable(
    estate: Estate, travel: NDArray[np.int32], number: dict[int, int]
) -> NDArray[np.bool_]:
    """Return which nodes some walker can reach."""
    starts = [number[one.start] for one in estate.walkers]
    if not starts:
        return np.zeros(len(travel), dtype=np.bool_)
    reached: NDArray[np.bool_] = np.any(travel[starts] < NO_WAY, axis=0)
    return reached


def _sees(
    estate: Estate, number: dict[int, int], reachable: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return who is seen whence, shape (nodes, homes); nobody from where none can be."""
    home_at = {home.id: at for at, home in enumerate(estate.homes)}
    sees = np.zeros((len(number), len(estate.homes)), dtype=np.bool_)
    for one in estate.standpoints:
        if one.sees and reachable[number[one.node]]:
            sees[number[one.node], [home_at[home] for home in one.sees]] = True
    return sees


def _rows(table: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return a table of yes and no as a compressed one: row starts, and columns."""
    starts = np.concatenate([[0], np.cumsum(table.sum(axis=1))])
    return starts.astype(np.int32), np.nonzero(table)[1].astype(np.int32)


def _ints(values: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(values), dtype=np.int32)


def _no_walks(ground: Ground) -> Walks:
    walkers, homes = len(ground.start), len(ground.opens)
    stops = homes + 1
    places = (walkers, stops + 1)
    return Walks(
        stops=np.zeros(places, np.int32),
        length=np.zeros(walkers, np.int32),
        node=np.zeros(stops, np.int32),
        opens=np.zeros(stops, np.int32),
        closes=np.zeros(stops, np.int32),
        lasts=np.zeros(stops, np.int32),
        stop_of=np.full(homes, -1, np.int32),
        spare=np.arange(stops, dtype=np.int32),
        spare_count=np.array([stops], np.int32),
        early=np.zeros(places, np.int32),
        late=np.zeros(places, np.int32),
    )


def _room(ground: Ground) -> Room:
    most = len(ground.opens) + 2 * len(ground.start) + 2
    nodes, kinds = len(ground.travel), len(ground.kind_opens)
    return (
        Gaps(*(np.zeros(most, np.int32) for _ in Gaps._fields)),
        Waiting(
            by_kind=np.zeros((nodes, kinds), np.int32),
            total=np.zeros(nodes, np.int32),
            homes=np.zeros(len(ground.opens), np.int32),
        ),
    )
