"""What is known of many homes after some days: chances of "not yet", weekends, drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shouwang.routines.drift import FROZEN_DAYS, Drift, drift_of, surprises
from shouwang.routines.grid import Floats, Grid, Minutes
from shouwang.routines.learning import (
    FORGETTING,
    learn,
    no_belief,
    population_prior,
    posterior,
    still_waiting,
)

Mask = NDArray[np.bool_]

# So many homes without a preference stand beside those that are known, so that a
# community of three does not take its habits for everybody's.
UNKNOWN_HOMES = 20
# How much better (log) two tables must tell her days than one before weekends are hers.
WEEKEND_GAIN_LEAST = 1.0
# Fewer mornings than these, before the frozen days, say nothing of a drift.
DRIFT_DAYS_LEAST = 14


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What is known of some homes.

    ``still`` is the chance of "not yet", shape (2, homes, minutes): working days, then
    weekends. ``own_weekend`` says where the two differ, ``day_count`` from how many
    days it is known, both of shape (homes,).
    """

    still: Floats
    own_weekend: Mask
    day_count: Minutes


def seen_days(after: NDArray[np.float64], by: NDArray[np.float64]) -> Mask:
    """Return which days tell something, shape (homes, days)."""
    known: Mask = np.isfinite(after) & np.isfinite(by)
    return known


def fit(
    after: NDArray[np.float64],
    by: NDArray[np.float64],
    weekend: Mask,
    *,
    grid: Grid,
    minutes: Minutes,
) -> Fitted:
    """Return what is known of homes from their days, the newest last.

    Parameters
    ----------
    after, by
        Intervals in minutes of the axis, shape (homes, days); NaN where nobody saw.
    weekend
        Shape (days,).
    minutes
        The minutes of the axis at which chances are wanted.
    """
    kinds = [_learned(after, by, ~weekend, grid), _learned(after, by, weekend, grid)]
    whole = kinds[0] + kinds[1]
    prior = tempered_prior(whole, grid=grid)
    own = _evidence(kinds[0], prior) + _evidence(kinds[1], prior) > (
        _evidence(whole, prior) + WEEKEND_GAIN_LEAST
    )
    # Where her weekends are her own, working days say nothing of them.
    share = np.where(own, 0, 1).astype(np.float32)[:, None]
    still = [
        still_waiting(posterior(this + share * other, prior), minutes, grid=grid)
        for this, other in (kinds, kinds[::-1])
    ]
    return Fitted(
        still=np.stack(still),
        own_weekend=own,
        day_count=seen_days(after, by).sum(axis=1),
    )


def _learned(
    after: NDArray[np.float64], by: NDArray[np.float64], days: Mask, grid: Grid
) -> Floats:
    belief = no_belief(len(after), grid)
    for day in np.flatnonzero(days):
        learn(belief, after[:, day], by[:, day], grid=grid, forgetting=FORGETTING)
    return belief


def _evidence(belief: Floats, prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log of the chance of all days of each home, whatever its cell."""
    most = belief.max(axis=1)
    total: NDArray[np.float64] = most + np.log(np.exp(belief - most[:, None]) @ prior)
    return total


def tempered_prior(belief: Floats, *, grid: Grid) -> NDArray[np.float64]:
    """Return how common each cell is, with ``UNKNOWN_HOMES`` that prefer none."""
    known = belief[belief.any(axis=1)]
    count = len(known)
    common = population_prior(known, grid=grid)
    return (count * common + UNKNOWN_HOMES * grid.flat_prior()) / (
        count + UNKNOWN_HOMES
    )


def drift(after: NDArray[np.float64], by: NDArray[np.float64], *, grid: Grid) -> Drift:
    """Return how the last ``FROZEN_DAYS`` differ from those before.

    The belief is frozen before them, so that forgetting cannot hide a slow change.
    Homes with fewer than ``DRIFT_DAYS_LEAST`` known days before, or after, show none.
    Days are counted from the first of the last ``FROZEN_DAYS``.
    """
    begin = max(after.shape[1] - FROZEN_DAYS, 0)
    every = np.ones(begin, dtype=bool)
    belief = _learned(after[:, :begin], by[:, :begin], every, grid)
    weight = posterior(belief, tempered_prior(belief, grid=grid))
    scores = np.stack(
        [
            surprises(weight, after[:, day], by[:, day], grid=grid)
            for day in range(begin, after.shape[1])
        ]
    )
    known = seen_days(after, by)
    enough = (known[:, :begin].sum(axis=1) >= DRIFT_DAYS_LEAST) & (
        known[:, begin:].sum(axis=1) >= DRIFT_DAYS_LEAST
    )
    return drift_of(np.where(enough, scores, 0.0))
