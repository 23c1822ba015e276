"""A whole day at once: who does what, so that the sum of the costs is the least.

Every job gets one helper or none, a helper as many as they can. Costs are whole minutes:
the way, what a face she does not know costs, and a load that grows with every task, so
that many carry a little. The assignment problem is solved exactly by
``scipy.optimize.linear_sum_assignment`` with copies of each helper at rising cost. What
that cannot see, two jobs of one helper at the same time or a chain that cannot be walked,
is looked for in its answer; where there is any, the search branches on who must not do
which of them, the most promising first, so that the end is still the optimum.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from shouwang.planning.days import (
    COPIES_MOST,
    LOAD,
    NEW_FACE,
    Day,
    Given,
    Hand,
    Job,
    Left,
    Minutes,
    Why,
    feasible,
    smallest_clash,
)

# Never worth it: a pair that cannot be.
_FORBIDDEN = 10**7
# After so many branches the best that is known is mended by hand of the rules below.
BRANCHES_MOST = 400


def assign(
    jobs: Collection[Job],
    hands: Collection[Hand],
    walk: Minutes,
    *,
    pins: Mapping[int, int | None] | None = None,
) -> Day:
    """Return the day of least cost.

    ``walk[a, b]`` are whole minutes from place to place, at least 0. ``pins`` hold a
    job to a helper, or to nobody; what is pinned is taken as it is, even against the
    rules, for a person has said so.

    The answer depends neither on the order of jobs nor on that of hands, and comes out
    the same every time.
    """
    table = _Table.of(jobs, hands, walk, pins or {})
    best, is_optimal = _search(table)
    return _told(table, best, is_optimal=is_optimal)


@dataclass(frozen=True, kw_only=True)
class _Table:
    """The costs of every pair, and the copies of the helpers in one row."""

    jobs: tuple[Job, ...]
    hands: tuple[Hand, ...]
    walk: Minutes
    way: Minutes
    face: Minutes
    may: NDArray[np.bool_]
    copies: Minutes
    copy_load: Minutes
    pins: Mapping[int, int | None]

    @classmethod
    def of(
        cls,
        jobs: Collection[Job],
        hands: Collection[Hand],
        walk: Minutes,
        pins: Mapping[int, int | None],
    ) -> _Table:
        """Return the table of a day, in an order of its own."""
        rows = tuple(sorted(jobs, key=lambda row: row.key))
        people = tuple(sorted(hands, key=lambda row: row.key))
        pinned_to = [hand for hand in pins.values() if hand is not None]
        counts = [
            max(min(row.most, COPIES_MOST), pinned_to.count(row.key)) for row in people
        ]
        copies = np.repeat(np.arange(len(people)), counts)
        nth = np.concatenate([np.arange(n) for n in counts] or [np.zeros(0, int)])
        carried = np.array([row.carried for row in people], dtype=np.int64)
        may = _may(rows, people)
        _pin(may, rows, people, pins)
        return cls(
            jobs=rows,
            hands=people,
            walk=walk,
            way=_ways(rows, people, walk),
            face=_faces(rows, people),
            may=may,
            copies=copies.astype(np.int64),
            copy_load=LOAD * (carried[copies] + nth).astype(np.int64),
            pins=pins,
        )


def _may(jobs: Sequence[Job], hands: Sequence[Hand]) -> NDArray[np.bool_]:
    """Return who could do what, row by job, column by helper."""
    may = np.zeros((len(jobs), len(hands)), dtype=np.bool_)
    for parts in _reasons(jobs, hands):
        may[:, parts.column] = parts.skill & parts.place & parts.time & parts.willing
    return may


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What one helper could do, apart by reason; one entry a job."""

    column: int
    skill: NDArray[np.bool_]
    place: NDArray[np.bool_]
    time: NDArray[np.bool_]
    willing: NDArray[np.bool_]


def _reasons(jobs: Sequence[Job], hands: Sequence[Hand]) -> Iterator[_Parts]:
    places = np.array([row.place for row in jobs], dtype=np.int64)
    earliest = np.array([row.earliest for row in jobs], dtype=np.int64)
    latest = np.array([row.latest for row in jobs], dtype=np.int64)
    length = np.array([row.minutes for row in jobs], dtype=np.int64)
    wanted = sorted({row.skills for row in jobs}, key=sorted)
    kind = np.array([wanted.index(row.skills) for row in jobs], dtype=np.int64)
    for column, hand in enumerate(hands):
        can = np.array(
            [not some or not some.isdisjoint(hand.skills) for some in wanted] or [True]
        )
        time = np.zeros(len(jobs), dtype=np.bool_)
        for begin, end in hand.free:
            first = np.maximum(earliest, begin)
            time |= first <= np.minimum(latest, end - length)
        goes = np.isin(places, sorted(hand.places)) if hand.places else None
        refused = [hand.key not in row.refused for row in jobs]
        yield _Parts(
            column=column,
            skill=can[kind] if len(jobs) else np.zeros(0, np.bool_),
            place=np.ones(len(jobs), np.bool_) if goes is None else goes,
            time=time,
            willing=np.array(refused, dtype=np.bool_),
        )


def _pin(
    may: NDArray[np.bool_],
    jobs: Sequence[Job],
    hands: Sequence[Hand],
    pins: Mapping[int, int | None],
) -> None:
    columns = {row.key: number for number, row in enumerate(hands)}
    for number, job in enumerate(jobs):
        if job.key not in pins:
            continue
        may[number, :] = False
        column = columns.get(pins[job.key] or 0)
        if column is not None:
            may[number, column] = True


def _ways(jobs: Sequence[Job], hands: Sequence[Hand], walk: Minutes) -> Minutes:
    """Return the way from each helper's nearest place; where unknown, the mean way."""
    found = np.zeros((len(jobs), len(hands)), dtype=np.int64)
    places = np.array([row.place for row in jobs], dtype=np.int64)
    mean = walk.mean(axis=0).round().astype(np.int64) if walk.size else None
    for column, hand in enumerate(hands):
        starts = [hand.base] if hand.base is not None else sorted(hand.places)
        if starts:
            found[:, column] = walk[
                np.ix_(np.array(starts, dtype=np.int64), places)
            ].min(axis=0)
        elif mean is not None:
            found[:, column] = mean[places]
    return found


def _faces(jobs: Sequence[Job], hands: Sequence[Hand]) -> Minutes:
    keys = np.array([row.key for row in hands], dtype=np.int64)
    found = np.full((len(jobs), len(hands)), NEW_FACE, dtype=np.int64)
    for number, job in enumerate(jobs):
        if job.knows:
            found[number, np.isin(keys, sorted(job.knows))] = 0
    return found


Pair = tuple[int, int]


@dataclass(order=True, frozen=True)
class _Node:
    """A day in which some pairs are forbidden; its cost bounds every day below it.

    Of equal costs the one with the fewest clashes is looked into first.
    """

    cost: int
    clashing: int
    number: int
    chosen: tuple[int, ...] = field(compare=False)
    forbidden: frozenset[Pair] = field(compare=False)


def _search(table: _Table) -> tuple[tuple[int, ...], bool]:
    """Return for each job its copy, or -1, and whether that is proven the best."""
    numbers, costs = count(), _costs(table)
    heap = [_solved(table, costs, frozenset(), next(numbers))]
    seen = {heap[0].forbidden}
    for _branch in range(BRANCHES_MOST):
        node = heapq.heappop(heap)
        clash = _clash(table, node.chosen)
        if clash is None:
            return node.chosen, True
        for more in _ways_out(table, *clash):
            forbidden = node.forbidden | more
            if forbidden not in seen:
                seen.add(forbidden)
                node_below = _solved(table, costs, forbidden, next(numbers))
                heapq.heappush(heap, node_below)
    return _mended(table, heap[0]), False


def _ways_out(
    table: _Table, column: int, rows: Sequence[int]
) -> Iterator[frozenset[Pair]]:
    """Return what to forbid so that a clash is gone; one of them holds in any good day.

    Of two jobs that clash: either the helper does not do the first, or they do nothing
    that clashes with it, which rules out more than the second alone.
    """
    hand, pair = table.hands[column], [table.jobs[row] for row in rows]
    if len(rows) != 2 or feasible(pair, hand, table.walk):
        yield from (frozenset({(row, column)}) for row in rows)
        return
    clashing = [_clashing_with(table, row, column) for row in rows]
    at = 0 if len(clashing[0]) >= len(clashing[1]) else 1
    yield frozenset({(rows[at], column)})
    yield clashing[at]


def _clashing_with(table: _Table, row: int, column: int) -> frozenset[Pair]:
    """Return what a helper who does one job cannot do besides; what is pinned stays."""
    job, hand = table.jobs[row], table.hands[column]
    return frozenset(
        (other, column)
        for other in np.flatnonzero(table.may[:, column]).tolist()
        if other != row
        and table.jobs[other].key not in table.pins
        and not feasible([job, table.jobs[other]], hand, table.walk)
    )


def _costs(table: _Table) -> NDArray[np.float64]:
    """Return what every copy of every helper costs for every job, then leaving it."""
    served = np.where(table.may, table.way + table.face, _FORBIDDEN)[:, table.copies]
    costs = np.where(served < _FORBIDDEN, served + table.copy_load, _FORBIDDEN)
    alone = np.full((len(table.jobs), len(table.jobs)), _FORBIDDEN, dtype=np.int64)
    np.fill_diagonal(alone, [_unserved(table, job) for job in table.jobs])
    # Floats hold these whole numbers exactly, and are what the solver takes.
    return np.hstack([costs, alone]).astype(np.float64)


def _solved(
    table: _Table, costs: NDArray[np.float64], forbidden: frozenset[Pair], number: int
) -> _Node:
    """Solve the day without looking at times: the best, and so a bound."""
    whole = costs.copy()
    for row, column in forbidden:
        whole[row, np.flatnonzero(table.copies == column)] = _FORBIDDEN
    rows, columns = linear_sum_assignment(whole)
    chosen = [-1] * len(table.jobs)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if column < len(table.copies) and whole[row, column] < _FORBIDDEN:
            chosen[row] = column
    cost = int(whole[rows, columns].sum())
    clashing = sum(1 for _found in _clashes(table, chosen))
    return _Node(cost, clashing, number, tuple(chosen), forbidden)


def _unserved(table: _Table, job: Job) -> int:
    # Whom a person pinned does it, whatever leaving it would save.
    is_pinned = table.pins.get(job.key) is not None
    return _FORBIDDEN - 1 if is_pinned else job.unserved


def _by_hand(table: _Table, chosen: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row, copy in enumerate(chosen):
        if copy >= 0:
            found.setdefault(int(table.copies[copy]), []).append(row)
    return found


def _clash(table: _Table, chosen: Sequence[int]) -> tuple[int, tuple[int, ...]] | None:
    """Return a helper and the fewest of their jobs that cannot all be done, if any.

    What was pinned is not tried otherwise; it is told beside the day.
    """
    for column, rows in sorted(_by_hand(table, chosen).items()):
        clash = smallest_clash(
            [table.jobs[row] for row in rows], table.hands[column], table.walk
        )
        free = [
            row
            for row in rows
            if table.jobs[row].key in clash and table.jobs[row].key not in table.pins
        ]
        if clash and free:
            return column, tuple(free)
    return None


def _mended(table: _Table, node: _Node) -> tuple[int, ...]:
    """Return a day that can be done: of what clashes the least dear to leave is left."""
    chosen = list(node.chosen)
    while (clash := _clash(table, chosen)) is not None:
        _column, rows = clash
        chosen[min(rows, key=lambda row: (table.jobs[row].unserved, row))] = -1
    return tuple(chosen)


def _told(table: _Table, chosen: Sequence[int], *, is_optimal: bool) -> Day:
    given, left = [], []
    for column, rows in _by_hand(table, chosen).items():
        load = LOAD * table.hands[column].carried
        for row in rows:
            given.append(
                Given(
                    job=table.jobs[row].key,
                    hand=table.hands[column].key,
                    way=int(table.way[row, column]),
                    new_face=int(table.face[row, column]),
                    load=load,
                )
            )
            load += LOAD
    for row, job in enumerate(table.jobs):
        if chosen[row] < 0:
            why = _why(table, row)
            left.append(Left(job=job.key, cost=job.unserved, why=why))
    return Day(
        given=tuple(sorted(given, key=lambda row: row.job)),
        left=tuple(left),
        is_optimal=is_optimal,
        clashes=tuple(_clashes(table, chosen)),
    )


def _clashes(table: _Table, chosen: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for column, rows in sorted(_by_hand(table, chosen).items()):
        jobs = [table.jobs[row] for row in rows]
        clash = smallest_clash(jobs, table.hands[column], table.walk)
        if clash:
            yield tuple(sorted(clash))


def _why(table: _Table, row: int) -> Why:
    """Return the first thing that nobody had."""
    if table.may[row].any():
        return Why.ALL_BUSY
    job = table.jobs[row]
    alone = replace(job, refused=frozenset())
    can = [parts for parts in _reasons([alone], table.hands) if parts.skill[0]]
    there = [parts for parts in can if parts.place[0]]
    free = [parts for parts in there if parts.time[0]]
    if not can and job.skills:
        return Why.NO_SKILL
    if can and not there:
        return Why.NOBODY_THERE
    return Why.ALL_REFUSED if free else Why.NOBODY_FREE
