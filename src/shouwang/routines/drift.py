"""Whether she gives her signal ever later, or ever earlier, than she used to.

A cumulative sum over how surprising each day is under what was believed before a frozen
span, so that forgetting cannot hide a slow decline. Shown to a person, never an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from shouwang.routines.grid import Floats, Grid, Minutes

# How many days the belief that days are compared with is frozen.
FROZEN_DAYS = 60
# In standard deviations: a day must be this much late to count, and so many make a drift.
ALLOWANCE = 0.25
FLAGGED_AT = 5.5
# A day beyond anything believed counts as this many standard deviations.
SURPRISE_MOST = 3.0


def surprises(
    weight: Floats, after: ArrayLike, by: ArrayLike, *, grid: Grid
) -> NDArray[np.float64]:
    """Return how late each day is in standard deviations, shape (days,).

    The normal score of the middle of what the interval may mean under ``weight``,
    shape (days, cells). A day whose looks say nothing (NaN) gives 0.
    """
    low, high = np.asarray(after, np.float64), np.asarray(by, np.float64)
    known = np.isfinite(low) & np.isfinite(high)
    first = grid.place(np.where(known, low, grid.axis.first)).astype(np.int64)
    last = grid.place(np.where(known, high, grid.axis.last)).astype(np.int64)
    middle = (grid.later[first] + grid.later[last]) / 2
    sooner = 1 - np.einsum("dc,dc->d", weight, middle).astype(np.float64)
    score = np.clip(ndtri(np.clip(sooner, 0, 1)), -SURPRISE_MOST, SURPRISE_MOST)
    return np.where(known, score, 0.0)


@dataclass(frozen=True, kw_only=True)
class Drift:
    """Sums of lateness and earliness after some days, and since when each grows.

    Arrays of shape (homes,); ``*_since`` is the place of the first day of the present
    rise. A sum at or above ``FLAGGED_AT`` is a drift.
    """

    later: NDArray[np.float64]
    earlier: NDArray[np.float64]
    later_since: Minutes
    earlier_since: Minutes

    @property
    def is_later(self) -> NDArray[np.bool_]:
        """Return which homes get ever later."""
        return self.later >= FLAGGED_AT

    @property
    def is_earlier(self) -> NDArray[np.bool_]:
        """Return which homes get ever earlier."""
        return self.earlier >= FLAGGED_AT


def drift_of(scores: NDArray[np.float64]) -> Drift:
    """Return where the cumulative sums stand after all days.

    ``scores`` are surprises, shape (days, homes), in the order of the days.
    """
    count = scores.shape[1]
    sums, since = np.zeros((2, count)), np.zeros((2, count), dtype=np.int64)
    for place, score in enumerate(scores):
        sums = np.maximum(0, sums + np.stack([score, -score]) - ALLOWANCE)
        since = np.where(sums > 0, since, place + 1)
    return Drift(
        later=sums[0], earlier=sums[1], later_since=since[0], earlier_since=since[1]
    )
