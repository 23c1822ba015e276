"""A whole day at once: the least cost, proven; the rules kept; a reason beside each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from shouwang.planning.assigning import assign
from shouwang.planning.days import (
    COPIES_MOST,
    LOAD,
    NEW_FACE,
    Day,
    Hand,
    Job,
    Minutes,
    Why,
    feasible,
)

PLACES = 6


def walk_of(seed: int, places: int = PLACES) -> Minutes:
    rng = np.random.default_rng(seed)
    at = rng.integers(0, 12, (places, 2))
    walk: Minutes = np.abs(at[:, None] - at[None, :]).sum(axis=2).astype(np.int64)
    return walk


def job(key: int, place: int = 0, **more: Any) -> Job:
    values: dict[str, Any] = {
        "earliest": 480,
        "latest": 1080,
        "minutes": 60,
        **more,
    }
    return Job(key=key, place=place, **values)


def a_day(seed: int, jobs: int, hands: int) -> tuple[list[Job], list[Hand]]:
    """Return an invented day: some hours fixed, some skills rare, some busy already."""
    dice = random.Random(seed)
    skills = ["barber", "nurse", "electrician"]
    tasks = []
    for key in range(1, jobs + 1):
        begins = 480 + 30 * dice.randrange(18)
        is_fixed = dice.random() < 0.6
        tasks.append(
            job(
                key,
                dice.randrange(PLACES),
                earliest=begins if is_fixed else 480,
                latest=begins if is_fixed else 1080,
                minutes=dice.choice([30, 45, 60]),
                skills=frozenset(dice.sample(skills, 1))
                if dice.random() < 0.4
                else frozenset(),
                knows=frozenset(dice.sample(range(101, 101 + hands), min(2, hands))),
                unserved=dice.choice([300, 600]),
            )
        )
    people = [
        Hand(
            key=100 + n,
            skills=frozenset(dice.sample(skills, dice.randrange(3))),
            places=frozenset(dice.sample(range(PLACES), 3))
            if dice.random() < 0.5
            else frozenset(),
            free=((480, 720), (840, 1140)) if dice.random() < 0.5 else ((480, 1200),),
            most=dice.randrange(1, COPIES_MOST + 1),
            carried=dice.randrange(3),
        )
        for n in range(1, hands + 1)
    ]
    return tasks, people


def audited(day: Day, jobs: Sequence[Job], hands: Sequence[Hand], walk: Minutes) -> int:
    """Check a day by the rules alone, and return its cost reckoned anew."""
    tasks = {row.key: row for row in jobs}
    people = {row.key: row for row in hands}
    theirs: dict[int, list[Job]] = {}
    cost = sum(row.cost for row in day.left)
    for row in day.given:
        task, hand = tasks[row.job], people[row.hand]
        assert not task.skills or task.skills & hand.skills
        assert not hand.places or task.place in hand.places
        assert hand.key not in task.refused
        assert row.new_face == (0 if hand.key in task.knows else NEW_FACE)
        theirs.setdefault(hand.key, []).append(task)
        cost += row.way + row.new_face
    for key, some in theirs.items():
        hand = people[key]
        assert len(some) <= hand.most
        assert feasible(some, hand, walk)
        cost += sum(LOAD * (hand.carried + n) for n in range(len(some)))
    done = {row.job for row in day.given} | {row.job for row in day.left}
    assert len(day.given) + len(day.left) == len(jobs)
    assert done == set(tasks)
    return cost


def way(task: Job, hand: Hand, walk: Minutes) -> int:
    if hand.places:
        return min(int(walk[place, task.place]) for place in hand.places)
    return int(np.rint(walk.mean(axis=0))[task.place])


def could(task: Job, hand: Hand, walk: Minutes) -> bool:
    return (
        (not task.skills or bool(task.skills & hand.skills))
        and (not hand.places or task.place in hand.places)
        and hand.key not in task.refused
        and feasible([task], hand, walk)
    )


def brute(jobs: Sequence[Job], hands: Sequence[Hand], walk: Minutes) -> int:
    """Return the least cost over every way to hand out every job."""
    best = sum(row.unserved for row in jobs)
    options = [
        [None, *(hand for hand in hands if could(task, hand, walk))] for task in jobs
    ]
    for choice in product(*options):
        cost = 0
        theirs: dict[int, tuple[Hand, list[Job]]] = {}
        for task, hand in zip(jobs, choice, strict=True):
            if hand is None:
                cost += task.unserved
                continue
            mine = theirs.setdefault(hand.key, (hand, []))[1]
            cost += way(task, hand, walk) + LOAD * (hand.carried + len(mine))
            cost += 0 if hand.key in task.knows else NEW_FACE
            mine.append(task)
        fits = all(
            len(some) <= hand.most and feasible(some, hand, walk)
            for hand, some in theirs.values()
        )
        if fits:
            best = min(best, cost)
    return best


def by_milp(jobs: Sequence[Job], hands: Sequence[Hand], walk: Minutes) -> int:
    """Return the optimum as HiGHS proves it; clashes are cut off as they show."""
    pairs = [
        (row, col)
        for row, task in enumerate(jobs)
        for col, hand in enumerate(hands)
        if could(task, hand, walk)
    ]
    steps = [(col, n) for col, hand in enumerate(hands) for n in range(hand.most)]
    size = len(pairs) + len(steps) + len(jobs)
    costs = np.array(
        [
            way(jobs[row], hands[col], walk)
            + (0 if hands[col].key in jobs[row].knows else NEW_FACE)
            for row, col in pairs
        ]
        + [LOAD * (hands[col].carried + n) for col, n in steps]
        + [task.unserved for task in jobs],
        dtype=float,
    )
    each = lil_matrix((len(jobs) + len(hands), size))
    for at, (row, col) in enumerate(pairs):
        each[row, at] = 1
        each[len(jobs) + col, at] = 1
    for at, (col, _n) in enumerate(steps, start=len(pairs)):
        each[len(jobs) + col, at] = -1
    for row in range(len(jobs)):
        each[row, len(pairs) + len(steps) + row] = 1
    right = np.array([1.0] * len(jobs) + [0.0] * len(hands))
    rules = [LinearConstraint(each.tocsr(), right, right)]
    while True:
        found = milp(
            costs, constraints=rules, bounds=Bounds(0, 1), integrality=np.ones(size)
        )
        cuts = _cuts(found.x, pairs, jobs, hands, walk)
        if not cuts:
            least: int = round(found.fun)
            return least
        for some in cuts:
            line = np.zeros(size)
            line[list(some)] = 1
            rules.append(LinearConstraint(line, -np.inf, len(some) - 1))


def _cuts(
    x: Any,
    pairs: Sequence[tuple[int, int]],
    jobs: Sequence[Job],
    hands: Sequence[Hand],
    walk: Minutes,
) -> list[tuple[int, ...]]:
    chosen: dict[int, list[int]] = {}
    for at, (_row, col) in enumerate(pairs):
        if x[at] > 0.5:
            chosen.setdefault(col, []).append(at)
    return [
        some
        for col, ats in chosen.items()
        for size in range(2, len(ats) + 1)
        for some in combinations(ats, size)
        if not feasible([jobs[pairs[at][0]] for at in some], hands[col], walk)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_small_day_is_the_best_of_all_days(seed):
    jobs, hands = a_day(seed, jobs=5, hands=3)
    walk = walk_of(seed)
    day = assign(jobs, hands, walk)
    assert day.is_optimal
    assert day.cost == audited(day, jobs, hands, walk) == brute(jobs, hands, walk)


@pytest.mark.parametrize("seed", range(4))
def test_a_larger_day_is_as_good_as_the_proven_optimum(seed):
    jobs, hands = a_day(seed, jobs=30, hands=18)
    walk = walk_of(seed)
    day = assign(jobs, hands, walk)
    assert day.is_optimal
    assert day.cost == audited(day, jobs, hands, walk) == by_milp(jobs, hands, walk)


@given(st.integers(0, 10_000), st.randoms())
@settings(max_examples=30, deadline=None)
def test_neither_order_nor_repeating_changes_the_day(seed, dice):
    jobs, hands = a_day(seed, jobs=8, hands=5)
    walk = walk_of(seed)
    day = assign(jobs, hands, walk)
    dice.shuffle(jobs)
    dice.shuffle(hands)
    assert assign(jobs, hands, walk) == day
    audited(day, jobs, hands, walk)


def test_two_jobs_of_one_hour_need_two_people():
    noon = {"earliest": 720, "latest": 720}
    walk = walk_of(1)
    one = assign([job(1, **noon), job(2, **noon)], [Hand(key=5)], walk)
    assert (len(one.given), len(one.left)) == (1, 1)
    assert one.left[0].why is Why.ALL_BUSY
    two = assign([job(1, **noon), job(2, **noon)], [Hand(key=5), Hand(key=6)], walk)
    assert not two.left


def test_a_chain_of_three_that_fits_in_twos_is_found_out():
    far = np.full((3, 3), 0, dtype=np.int64)
    window = {"earliest": 600, "latest": 690, "minutes": 60}
    chain = [job(n, n - 1, **window) for n in (1, 2, 3)]
    busy = Hand(key=9, most=3, free=((600, 720),))
    assert feasible(chain[:2], busy, far)
    assert not feasible(chain, busy, far)
    assert len(assign(chain, [busy], far).left) == 1


def test_the_load_is_spread_rather_than_heaped_on_the_nearest():
    walk = np.array([[0, 4], [4, 0]], dtype=np.int64)
    near = Hand(key=1, places=frozenset({0}), most=4)
    far = Hand(key=2, base=1, most=4)
    jobs = [job(n, earliest=400 + 90 * n, latest=400 + 90 * n) for n in range(1, 5)]
    day = assign(jobs, [near, far], walk)
    assert sorted(row.hand for row in day.given) == [1, 1, 2, 2]


def test_whom_she_knows_goes_unless_it_is_much_further():
    walk = np.array([[0, 10], [10, 0]], dtype=np.int64)
    known = Hand(key=1, base=1)
    near = Hand(key=2, base=0)
    [row] = assign([job(1, knows=frozenset({1}))], [known, near], walk).given
    assert (row.hand, row.way, row.new_face) == (1, 10, 0)


@pytest.mark.parametrize(
    ("task", "hand", "why"),
    [
        (job(1, skills=frozenset({"barber"})), Hand(key=1), Why.NO_SKILL),
        (job(1), Hand(key=1, places=frozenset({3})), Why.NOBODY_THERE),
        (job(1), Hand(key=1, free=((0, 100),)), Why.NOBODY_FREE),
        (job(1, refused=frozenset({1})), Hand(key=1), Why.ALL_REFUSED),
    ],
)
def test_what_stays_undone_says_why(task, hand, why):
    [left] = assign([task], [hand], walk_of(1)).left
    assert left.why is why


def test_what_a_person_pins_is_kept_and_its_price_shown():
    walk = np.array([[0, 30], [30, 0]], dtype=np.int64)
    hands = [Hand(key=1, base=0), Hand(key=2, base=1)]
    free = assign([job(1)], hands, walk)
    pinned = assign([job(1)], hands, walk, pins={1: 2})
    assert pinned.given[0].hand == 2
    assert pinned.cost - free.cost == 30
    assert assign([job(1)], hands, walk, pins={1: None}).left[0].job == 1


def test_pins_that_clash_are_kept_and_told():
    noon = {"earliest": 720, "latest": 720}
    day = assign(
        [job(1, **noon), job(2, **noon)],
        [Hand(key=5), Hand(key=6)],
        walk_of(1),
        pins={1: 5, 2: 5},
    )
    assert {row.hand for row in day.given} == {5}
    assert day.clashes == ((1, 2),)


def test_a_day_without_jobs_or_without_people_is_a_day():
    walk = walk_of(1)
    assert assign([], [Hand(key=1)], walk).cost == 0
    alone = assign([job(1)], [], walk)
    assert (alone.cost, alone.left[0].why) == (600, Why.NOBODY_FREE)
