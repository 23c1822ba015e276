"""Beliefs about homes: one row of log-likelihood a home, one column a cell.

Every function is pure but for ``learn``, which adds into the array it is given, and
works on any part of the homes alone: a shard is its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter

from shouwang.routines.grid import Floats, Grid

FORGETTING = 0.96
# Rows worked on at once: they fit the cache of one core.
CHUNK = 2048
PRIOR_ROUNDS = 60
# In cells; and what every cell keeps, so that nothing becomes impossible.
PRIOR_SMOOTHING = 0.7
PRIOR_LEAST = 1e-7


def no_belief(homes: int, grid: Grid) -> Floats:
    """Return beliefs from no day at all, shape (homes, cells)."""
    return np.zeros((homes, grid.cell_count), dtype=np.float32)


def chunks(count: int, size: int = CHUNK) -> Iterator[slice]:
    """Yield slices that cover ``count`` rows."""
    for begin in range(0, count, size):
        yield slice(begin, min(begin + size, count))


def learn(
    belief: Floats,
    after: ArrayLike,
    by: ArrayLike,
    *,
    grid: Grid,
    forgetting: float | Floats = FORGETTING,
    workers: int = 1,
) -> Floats:
    """Add one day of every home to ``belief``, in place, and return it.

    Parameters
    ----------
    belief
        Shape (homes, cells), float32.
    after, by
        Whole minutes, shape (homes,). A home whose ``after`` or ``by`` is NaN, or
        with ``by`` not after ``after``, was not seen: its belief stays as it is.
    forgetting
        What an earlier day weighs after one more, 0 < forgetting <= 1; one number,
        or one for each home.
    workers
        Threads; numpy lets go of the interpreter meanwhile.
    """
    table, index, seen = _table(after, by, grid)
    keep = np.where(seen, _checked(forgetting), np.float32(1))[:, None]

    def add(rows: slice) -> None:
        part = belief[rows]
        part *= keep[rows]
        part += table[index[rows]]

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(add, chunks(len(belief))))
    return belief


def _checked(forgetting: float | Floats) -> Floats:
    kept = np.asarray(forgetting, np.float32)
    if not ((kept > 0) & (kept <= 1)).all():
        message = "forgetting lies above 0 and is at most 1"
        raise ValueError(message)
    return kept


def _table(
    after: ArrayLike, by: ArrayLike, grid: Grid
) -> tuple[Floats, NDArray[np.int64], NDArray[np.bool_]]:
    """Return log-likelihoods of the distinct intervals, which one each home has, who was seen.

    Passers-by share their minutes, so that there are far fewer intervals than homes.
    """
    low, high = np.asarray(after, np.float64), np.asarray(by, np.float64)
    seen = np.isfinite(low) & np.isfinite(high) & (high > low)
    # The whole axis tells nothing: its log-likelihood is 0 in every cell.
    first = grid.place(np.where(seen, np.floor(low), grid.axis.first))
    last = grid.place(np.where(seen, np.ceil(high), grid.axis.last))
    width = len(grid.later64)
    codes, index = np.unique(first * width + last, return_inverse=True)
    begin = grid.axis.first
    table = grid.log_likelihood(codes // width + begin, codes % width + begin)
    return table, index, seen


def log_likelihoods(after: ArrayLike, by: ArrayLike, *, grid: Grid) -> Floats:
    """Return what each of some days says, shape (days, cells); 0 where nobody saw."""
    table, index, _seen = _table(after, by, grid)
    return table[index]


def population_prior(
    belief: Floats, *, grid: Grid, rounds: int = PRIOR_ROUNDS
) -> NDArray[np.float64]:
    """Return how common each cell is among homes, shape (cells,), sum 1.

    Expectation maximisation of the mixing weights, each round smoothed over
    neighbouring cells by a Gaussian. ``belief`` is what is known of those homes,
    shape (homes, cells); without a home no cell is preferred.
    """
    prior = grid.flat_prior()
    if not len(belief):
        return prior
    likelihood = np.exp(belief - belief.max(axis=1, keepdims=True))
    for _ in range(rounds):
        share = likelihood @ prior.astype(np.float32)
        mean = prior * (likelihood.T @ (1 / share)) / len(belief)
        smooth = gaussian_filter(
            mean.reshape(grid.size), PRIOR_SMOOTHING, mode="nearest"
        )
        prior = smooth.ravel() + PRIOR_LEAST
        prior /= prior.sum()
    return prior


def posterior(belief: Floats, prior: NDArray[np.float64]) -> Floats:
    """Return the weight of each cell for each home, shape (homes, cells), rows sum 1."""
    weight = belief + np.log(prior).astype(np.float32)
    weight -= weight.max(axis=-1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=-1, keepdims=True)
    return weight


def still_waiting(weight: Floats, minutes: ArrayLike, *, grid: Grid) -> Floats:
    """Return the chance that the signal is not given by each of ``minutes``.

    Shape (homes, minutes). It never rises along rising minutes, is 1 at the beginning
    of the axis and 0 at its end. Divide by its value at a look that found the signal
    not given to know the chance after that look.
    """
    return weight @ grid.later[grid.place(minutes)].T
