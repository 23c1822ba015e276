"""Own times on real mornings, personal looks, and how fast a hundred thousand homes go."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.parts.report import Figure
from shouwang.common import clock
from shouwang.routines.deciding import (
    DAYS_A_YEAR,
    EARLIEST,
    Rule,
    ask_minutes,
    exploring_minutes,
)
from shouwang.routines.evaluation import FIXED, Days, Evaluation, evaluate
from shouwang.routines.grid import MORNING, Floats, Grid, Minutes, grid_of
from shouwang.routines.intervals import censor, pass_minutes
from shouwang.routines.learning import (
    FORGETTING,
    learn,
    log_likelihoods,
    no_belief,
    population_prior,
)

PASSES = (435, 480, 530)
JITTER = 10
FOLDS = 5
WORKERS = 2


def mornings(days: Days, *, seed: int) -> tuple[list[Figure], Evaluation]:
    """Return what own times would have done on known mornings."""
    found = evaluate(days, passes=PASSES, seed=seed)
    figures = []
    for name, row, most in (("all homes", found.all, 41), ("fit homes", found.fit, 19)):
        fixed, own = row.fixed_false or 0.0, row.own_false or 0.0
        figures += [
            _figure(f"{name}, false alarms a home a year, fixed 9:00", fixed),
            _figure(f"{name}, the same, own times", own, most=most),
            _figure(
                f"{name}, fewer",
                100 * (1 - own / fixed) if fixed else 0,
                unit="%",
                least=40,
            ),
            _figure(f"{name}, mean alarm after 7:00", row.mean_alarm or 0, unit="min"),
            _figure(
                f"{name}, earlier at equally many false alarms",
                row.earlier or 0,
                unit="min",
            ),
        ]
    return figures, found


def _figure(
    name: str,
    value: float,
    *,
    unit: str = "",
    most: float | None = None,
    least: float | None = None,
) -> Figure:
    return Figure(name=name, value=value, unit=unit, most=most, least=least)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a way of looking costs: looks a morning, false alarms, mean alarm."""

    looks: float
    false: float
    mean_alarm: float


def fixed_looks(days: Days, *, seed: int) -> Looked:
    """Return what three passes and a look at nine cost, homes seen open passed by."""
    rng = np.random.default_rng(seed)
    walks = pass_minutes(PASSES, days.count, jitter=JITTER, rng=rng)
    walks = np.column_stack([walks, np.full(days.count, FIXED)])
    closed_before = np.column_stack(
        [np.ones(days.count, bool), days.minute[:, None] > walks[:, :-1]]
    )
    return Looked(
        looks=float(closed_before.sum(axis=1).mean()),
        false=float(DAYS_A_YEAR * (days.minute > FIXED).mean()),
        mean_alarm=FIXED - EARLIEST,
    )


def personal_looks(days: Days, *, seed: int) -> Looked:
    """Return what two looks at each home's own times cost.

    The first where it teaches most, the second, if still closed, when to ask. Each day
    is told after the other days of its home, which were themselves only seen by such
    looks; prior and price come from other homes.
    """
    rng = np.random.default_rng(seed)
    grid = grid_of(MORNING)
    part = rng.permutation(days.home_count) % FOLDS
    looks, asked = np.empty(days.count), np.empty(days.count)
    for fold in range(FOLDS):
        known = np.flatnonzero(part[days.home] != fold)
        scored = np.flatnonzero(part[days.home] == fold)
        prior = _prior(days, known, grid, rng)
        price = _price(days, known, grid, prior)
        first, second = _own_looks(days, scored, grid, prior, price)
        first = first + rng.integers(-JITTER, JITTER, len(first), endpoint=True)
        second = np.maximum(second, first + 1)
        looks[scored] = 1 + (days.minute[scored] > first)
        asked[scored] = second
    return Looked(
        looks=float(looks.mean()),
        false=float(DAYS_A_YEAR * (days.minute > asked).mean()),
        mean_alarm=float(asked.mean() - EARLIEST),
    )


def _prior(
    days: Days, rows: Minutes, grid: Grid, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return how homes differ, from rounds as they are walked before anything is known."""
    walks = pass_minutes(PASSES, len(rows), jitter=JITTER, rng=rng)
    after, by = censor(days.minute[rows], walks, axis=MORNING)
    belief = no_belief(days.home_count, grid)
    np.add.at(belief, days.home[rows], log_likelihoods(after, by, grid=grid))
    return population_prior(belief[np.unique(days.home[rows])], grid=grid)


def _price(days: Days, rows: Minutes, grid: Grid, prior: NDArray[np.float64]) -> float:
    low, high = np.log([1e-5, 0.02])
    for _ in range(10):
        middle = (low + high) / 2
        _, asked = _own_looks(days, rows, grid, prior, float(np.exp(middle)))
        low, high = (middle, high) if asked.mean() > FIXED else (low, middle)
    return float(np.exp(high))


def _own_looks(
    days: Days,
    rows: Minutes,
    grid: Grid,
    prior: NDArray[np.float64],
    price: float,
) -> tuple[Minutes, Minutes]:
    """Return the two looks of each of ``rows`` after the other days of its home."""
    rule = Rule(price=price)
    belief = no_belief(len(rows), grid)
    edges = np.searchsorted(days.home, np.arange(days.home_count + 1))
    begin, count = edges[days.home[rows]], np.diff(edges)[days.home[rows]]
    for step in range(int(count.max())):
        first, second = _planned(belief, prior, grid, rule)
        place = begin + step
        is_other = (step < count) & (place != rows)
        true = np.where(
            is_other, days.minute[np.minimum(place, days.count - 1)], np.nan
        )
        after, by = censor(
            np.nan_to_num(true), np.column_stack([first, second]), axis=MORNING
        )
        learn(
            belief,
            np.where(is_other, after, np.nan),
            np.where(is_other, by, np.nan),
            grid=grid,
            forgetting=FORGETTING,
        )
    return _planned(belief, prior, grid, rule)


def _planned(
    belief: Floats, prior: NDArray[np.float64], grid: Grid, rule: Rule
) -> tuple[Minutes, Minutes]:
    second, _ = ask_minutes(belief, prior, grid=grid, rule=rule)
    first = exploring_minutes(belief, prior, grid=grid, rule=rule)
    return np.minimum(first, second - 1), second


def walking(days: Days, *, seed: int) -> list[Figure]:
    """Return what personal looks cost beside fixed passes."""
    fixed, own = fixed_looks(days, seed=seed), personal_looks(days, seed=seed)
    return [
        _figure("fixed passes, looks a home a morning", fixed.looks),
        _figure("fixed passes, false alarms a home a year", fixed.false),
        _figure("personal looks, looks a home a morning", own.looks, most=1.3),
        _figure(
            "personal looks, false alarms a home a year", own.false, most=fixed.false
        ),
        _figure("personal looks, mean alarm after 7:00", own.mean_alarm, unit="min"),
    ]


def speed(*, homes: int, seed: int) -> list[Figure]:
    """Return how fast ``homes`` learn a day and are told when to ask."""
    rng = np.random.default_rng(seed)
    grid = grid_of(MORNING)
    walks = pass_minutes(PASSES, homes, jitter=JITTER, rng=rng)
    after, by = censor(rng.normal(465, 60, homes), walks, axis=MORNING)
    # As bad as it gets: no two homes are seen at the same minutes.
    early, late = np.sort(rng.integers(240, 900, (2, homes)), axis=0)
    belief, prior = no_belief(homes, grid), grid.flat_prior()
    learn(belief, after, by, grid=grid, workers=WORKERS)
    update = _best(lambda: learn(belief, after, by, grid=grid, workers=WORKERS))
    spread = _best(lambda: learn(belief, early, late + 1, grid=grid, workers=WORKERS))
    rule = Rule(price=0.001)
    ask = _best(
        lambda: ask_minutes(belief, prior, grid=grid, rule=rule, workers=WORKERS)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        _figure(f"a day of {homes:,} homes learned", update, unit="s", most=0.3),
        _figure("the same, each home seen at minutes of its own", spread, unit="s"),
        _figure(f"when to ask about {homes:,} homes", ask, unit="s", most=2),
        _figure("what is believed of them", belief.nbytes / 2**20, unit="MiB"),
        _figure("peak memory of the process", peak, unit="MiB"),
    ]


def _best(run: Callable[[], object], times: int = 3) -> float:
    spans = []
    for _ in range(times):
        begun = clock.steady()
        run()
        spans.append(clock.steady() - begun)
    return min(spans)
