"""Invented days of needs and people, and the optimum that HiGHS proves for one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix

from shouwang.planning.days import LOAD, NEW_FACE, Hand, Job, Minutes, able, feasible

BUILDINGS = 40
SKILLS = ("barber", "electrician", "nurse", "driver", "paperwork")


def day_made(
    seed: int, *, jobs: int, hands: int
) -> tuple[list[Job], list[Hand], Minutes]:
    """Return a day of an estate of 40 buildings: hours, skills, people who differ."""
    dice = Random(seed)  # noqa: S311 -- an invented day, not a secret
    at = np.array(
        [[dice.uniform(0, 700), dice.uniform(0, 500)] for _ in range(BUILDINGS)]
    )
    far = np.abs(at[:, None] - at[None, :]).sum(axis=2)
    walk: Minutes = np.ceil(far / 65).astype(np.int64)
    keys = range(1001, 1001 + hands)
    return (
        [_job(key, keys, dice) for key in range(1, jobs + 1)],
        [_hand(key, dice) for key in keys],
        walk,
    )


def _job(key: int, hands: Sequence[int], dice: Random) -> Job:
    begins = 8 * 60 + 15 * dice.randrange(40)
    has_hour = dice.random() < 0.5
    needs = dice.choice(SKILLS) if dice.random() < 0.3 else ""
    return Job(
        key=key,
        place=dice.randrange(BUILDINGS),
        earliest=begins if has_hour else 8 * 60,
        latest=begins if has_hour else 19 * 60,
        minutes=dice.choice([30, 45, 60, 120]),
        skills=frozenset([needs] if needs else []),
        knows=frozenset(dice.sample(hands, min(3, len(hands)))),
        unserved=dice.choice([400, 600, 1000]),
    )


def _hand(key: int, dice: Random) -> Hand:
    begins = 60 * dice.randrange(8, 15)
    near = dice.sample(range(BUILDINGS), dice.randrange(4, 14))
    return Hand(
        key=key,
        skills=frozenset(row for row in SKILLS if dice.random() < 0.12),
        places=frozenset(near) if dice.random() < 0.6 else frozenset(),
        free=((begins, begins + 240),) if dice.random() < 0.7 else ((480, 1200),),
        most=dice.randrange(1, 4),
        carried=dice.randrange(4),
    )


def proven(jobs: Sequence[Job], hands: Sequence[Hand], walk: Minutes) -> int:
    """Return the least cost of a day as HiGHS proves it, by another model than ours.

    What one helper cannot do all of is cut off when it shows.
    """
    pairs = [
        (row, column)
        for row, job in enumerate(jobs)
        for column, hand in enumerate(hands)
        if able(job, hand, walk)
    ]
    steps = [(column, n) for column, hand in enumerate(hands) for n in range(hand.most)]
    costs = np.array(
        [_cost(jobs[row], hands[column], walk) for row, column in pairs]
        + [LOAD * (hands[column].carried + n) for column, n in steps]
        + [job.unserved for job in jobs],
        dtype=np.float64,
    )
    each = _each(pairs, steps, len(jobs), len(hands))
    right = np.array([1.0] * len(jobs) + [0.0] * len(hands))
    rules = [LinearConstraint(each, right, right)]
    while True:
        found = milp(
            costs,
            constraints=rules,
            bounds=Bounds(0, 1),
            integrality=np.ones(len(costs)),
            options={"mip_rel_gap": 0.0},
        )
        cuts = _cuts(found.x, pairs, jobs, hands, walk)
        if not cuts:
            least: int = round(found.fun)
            return least
        for some in cuts:
            line = csr_matrix(
                (np.ones(len(some)), ([0] * len(some), some)), shape=(1, len(costs))
            )
            rules.append(LinearConstraint(line, -np.inf, len(some) - 1))


def _each(
    pairs: Sequence[tuple[int, int]],
    steps: Sequence[tuple[int, int]],
    jobs: int,
    hands: int,
) -> csr_matrix:
    """Return: every job once or left; as many steps of a helper as they have jobs."""
    cells = [(row, at, 1) for at, (row, _column) in enumerate(pairs)]
    cells += [(jobs + column, at, 1) for at, (_row, column) in enumerate(pairs)]
    cells += [
        (jobs + column, len(pairs) + at, -1) for at, (column, _n) in enumerate(steps)
    ]
    cells += [(row, len(pairs) + len(steps) + row, 1) for row in range(jobs)]
    rows, columns, values = zip(*cells, strict=True)
    shape = (jobs + hands, len(pairs) + len(steps) + jobs)
    return coo_matrix((values, (rows, columns)), shape=shape).tocsr()


def _cost(job: Job, hand: Hand, walk: Minutes) -> int:
    if hand.places:
        way = min(int(walk[place, job.place]) for place in hand.places)
    else:
        way = int(np.rint(walk.mean(axis=0))[job.place])
    return way + (0 if hand.key in job.knows else NEW_FACE)


def _cuts(
    chosen: Sequence[float],
    pairs: Sequence[tuple[int, int]],
    jobs: Sequence[Job],
    hands: Sequence[Hand],
    walk: Minutes,
) -> list[tuple[int, ...]]:
    theirs: dict[int, list[int]] = {}
    for at, (_row, column) in enumerate(pairs):
        if chosen[at] > 0.5:
            theirs.setdefault(column, []).append(at)
    return [
        some
        for column, ats in theirs.items()
        for size in range(2, len(ats) + 1)
        for some in combinations(ats, size)
        if not feasible([jobs[pairs[at][0]] for at in some], hands[column], walk)
    ]
