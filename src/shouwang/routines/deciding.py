"""When to ask about a home, and what a look is worth."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouwang.routines.grid import Floats, Grid
from shouwang.routines.learning import chunks, posterior, still_waiting

DAYS_A_YEAR = 365.25
# Nobody is asked about earlier in the morning.
EARLIEST = 420
LATEST = 960
STEP = 5
# Where one look a day keeps learning and seldom needs a second: a first look at 0.35
# needed 1.31 looks a morning (benchmarks/results).
EXPLORING = 0.3


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When to ask about a home.

    ``price`` is what a minute of delay costs, in needless asks. Asked is not before
    ``earliest`` nor after ``latest``, at whole ``step`` minutes. ``most_a_year`` bounds
    the needless asks a home may expect in a year, however cheap they are; ``None``
    bounds nothing.
    """

    price: float
    earliest: int = EARLIEST
    latest: int = LATEST
    step: int = STEP
    most_a_year: float | None = None

    @property
    def minutes(self) -> NDArray[np.int64]:
        """Return the minutes at which may be asked."""
        return np.arange(self.earliest, self.latest + 1, self.step)


def ask_places(still: Floats, rule: Rule) -> NDArray[np.int64]:
    """Return the place in ``rule.minutes`` at which to ask, shape (homes,).

    ``still`` is the chance of "not yet" at those minutes, shape (homes, minutes). The
    place makes ``price * minute + still`` least, the earliest of equals; where the
    bound on needless asks forbids it, the next one that it allows, or the last.
    """
    cost = still + (rule.price * rule.minutes).astype(np.float32)
    place: NDArray[np.int64] = cost.argmin(axis=1)
    if rule.most_a_year is None:
        return place
    allowed = still * DAYS_A_YEAR <= rule.most_a_year
    first = np.where(allowed.any(axis=1), allowed.argmax(axis=1), still.shape[1] - 1)
    kept: NDArray[np.int64] = np.maximum(place, first)
    return kept


def ask_minutes(
    belief: Floats,
    prior: NDArray[np.float64],
    *,
    grid: Grid,
    rule: Rule,
    agreed: ArrayLike | None = None,
    workers: int = 1,
) -> tuple[NDArray[np.int64], Floats]:
    """Return when to ask about each home, and the chance that it is for nothing.

    Parameters
    ----------
    belief
        Shape (homes, cells).
    agreed
        Minute of the agreed deadline, one number or shape (homes,). It is never
        replaced: a home is asked about by then at the latest. ``NaN``, or ``None``,
        where none was agreed.

    Returns
    -------
    minute, needless
        Shape (homes,) each.
    """
    count = len(belief)
    capped = np.full(count, np.nan) if agreed is None else np.asarray(agreed, float)
    deadline = np.broadcast_to(capped, (count,))
    minute, needless = np.empty(count, np.int64), np.empty(count, np.float32)

    def ask(rows: slice) -> None:
        weight = posterior(belief[rows], prior)
        own = rule.minutes[
            ask_places(still_waiting(weight, rule.minutes, grid=grid), rule)
        ]
        minute[rows] = np.fmin(own, deadline[rows]).astype(np.int64)
        later = grid.later[grid.place(minute[rows])]
        needless[rows] = np.einsum("hc,hc->h", weight, later)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(ask, chunks(count)))
    return minute, needless


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What things cost, in any one unit.

    ``wrong`` is the chance (0..1) that something happened to her since yesterday;
    ``delay`` costs a minute in which nobody knows of it, ``needless`` asking about
    somebody who is well, ``walk`` one look.
    """

    wrong: float
    delay: float
    needless: float
    walk: float


def look_value(
    still: ArrayLike, *, wait: ArrayLike, costs: Costs
) -> NDArray[np.float64]:
    """Return what a look is worth more than it costs; at least ``-walk``.

    ``still`` is the chance (0..1) that a home which is well has not given its signal at
    the look, after the last look that found it so; ``wait`` the minutes to the next
    occasion to look. A look earns where finding her signal missing would be acted on.
    """
    late, needless = np.asarray(still, float), (1 - costs.wrong) * costs.needless
    gain = costs.wrong * costs.delay * np.asarray(wait, float) - late * needless
    return np.maximum(0, gain) - costs.walk


def exploring_minutes(
    belief: Floats, prior: NDArray[np.float64], *, grid: Grid, rule: Rule
) -> NDArray[np.int64]:
    """Return when one look a day teaches most about each home, shape (homes,)."""
    minutes = rule.minutes
    still = still_waiting(posterior(belief, prior), minutes, grid=grid)
    low = still <= EXPLORING
    place = np.where(low.any(axis=1), low.argmax(axis=1), len(minutes) - 1)
    return minutes[place]
