"""What a day of the week changes: for everybody a few minutes, for her the weekend.

A tide is what a community shares (up earlier on market day, later on Sundays): learned
from all homes, in minutes a weekday, taken off before a day is learned and put on again
when a time is told. Weekends of her own: a day of the other kind counts less, and only
where that told her days better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shouwang.routines.grid import LIKELIHOOD_LEAST, Floats, Grid, Minutes

DAYS = 7
SATURDAY = 5
# A tide is looked for in these minutes, and taken only where it beats none by so many
# units of log-likelihood: chance alone gives two about once in twenty weekdays.
TIDES = tuple(range(-24, 25, 4))
TIDE_GAIN_LEAST = 2.0
# What a day of the other kind (working day, weekend) counts: tried in this order.
OTHER_KINDS = (1.0, 0.5)


def is_weekend(weekday: Minutes) -> NDArray[np.bool_]:
    """Return which days (0 is Monday) are Saturdays or Sundays."""
    return np.asarray(weekday) >= SATURDAY


def no_tide() -> Minutes:
    """Return the tide that changes nothing, shape (7,)."""
    return np.zeros(DAYS, dtype=np.int64)


def shifted(bound: Minutes, shift: Minutes, grid: Grid) -> Minutes:
    """Return bounds of intervals moved by ``-shift``; the ends of the axis stay ends."""
    axis = grid.axis
    inside = (bound > axis.first) & (bound < axis.last)
    moved = np.clip(bound - shift, axis.first + 1, axis.last - 1)
    return np.where(inside, moved, bound)


def tide_of(
    weight: Floats, after: Minutes, by: Minutes, weekday: Minutes, *, grid: Grid
) -> Minutes:
    """Return what each weekday adds to everybody's time, in minutes, shape (7,).

    Parameters
    ----------
    weight
        What is believed of the home of each day without that day, shape (days, cells).
    after, by, weekday
        The interval and the weekday (0 is Monday) of each day, shape (days,).
    """
    tide = no_tide()
    for day in range(DAYS):
        on = np.asarray(weekday) == day
        gains = [_score(weight[on], after[on], by[on], shift, grid) for shift in TIDES]
        best = int(np.argmax(gains))
        if gains[best] - gains[TIDES.index(0)] > TIDE_GAIN_LEAST:
            tide[day] = TIDES[best]
    return tide


def _score(
    weight: Floats, after: Minutes, by: Minutes, shift: int, grid: Grid
) -> float:
    moved = np.full(len(after), shift)
    return float(
        predictive_logs(
            weight, shifted(after, moved, grid), shifted(by, moved, grid), grid=grid
        ).sum()
    )


def predictive_logs(
    weight: Floats, after: Minutes, by: Minutes, *, grid: Grid
) -> NDArray[np.float64]:
    """Return log P(after < time <= by) of each day under its ``weight``."""
    later = grid.later
    inside = later[grid.place(after)] - later[grid.place(by)]
    chance = np.einsum("dc,dc->d", weight, inside).astype(np.float64)
    found: NDArray[np.float64] = np.log(np.maximum(chance, LIKELIHOOD_LEAST))
    return found
