"""The grid on which a home's usual time and its width are believed.

The time of a day at which a signal is given (the curtain opened, the lamp lit) is
``centre + spread * Z``. ``Z`` is a two-piece Student-t whose late side is wider; one
day in a hundred is odd and may fall anywhere. Source: ``docs/explanation`` (what a
routine knows), measured on the mornings of older people living alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

Floats = NDArray[np.float32]
Minutes = NDArray[np.int64]

SPREADS = (8.0, 13.0, 20.0, 30.0, 45.0, 65.0, 95.0, 140.0)
CENTRE_STEP = 12
# A likelihood of nought would forbid for ever what was once seen.
LIKELIHOOD_LEAST = 1e-9


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How days scatter around their centre.

    ``freedom`` (> 0) of the Student-t, ``late`` (> 0) the width of the late side over
    the early one, ``odd`` (0..1) the share of days that keep no time at all.
    """

    freedom: float = 6.0
    late: float = 1.2
    odd: float = 0.01


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Minutes of one day, counted from its anchor.

    Times lie in ``first`` to ``last`` (both included), believed centres in ``centres``
    (from, to), odd days in ``odd`` (from, to).
    """

    first: int
    last: int
    centres: tuple[int, int]
    odd: tuple[int, int]


# Minutes on the clock on the wall, whatever the day's length: habits follow the clock.
MORNING = Axis(first=0, last=1440, centres=(240, 780), odd=(270, 1020))
# Minutes on the clock of a window without a known sunset.
CLOCK = Axis(first=0, last=2880, centres=(0, 1800), odd=(0, 2160))
# Minutes from sunset.
EVENING = Axis(first=-720, last=720, centres=(-150, 330), odd=(-240, 480))


def scatter_cdf(z: ArrayLike, shape: Shape) -> NDArray[np.float64]:
    """Return the share of ordinary days at or before ``z`` spreads from the centre.

    Continuous with its density at 0; 1 / (1 + late) of the days are early.
    """
    z = np.asarray(z, dtype=np.float64)
    early = 1 / (1 + shape.late)
    before = 2 * early * stdtr(shape.freedom, z)
    after = stdtr(shape.freedom, z / shape.late)
    found: NDArray[np.float64] = np.where(
        z <= 0, before, early + (1 - early) * (2 * after - 1)
    )
    return found


@dataclass(frozen=True)
class Grid:
    """Every believed (centre, spread), with its distribution over an axis.

    Cells are ordered by centre, then spread. ``later`` has shape (minutes, cells):
    the share of days later than each minute of the axis; 1 on its first minute, 0 on
    its last.
    """

    axis: Axis
    shape: Shape

    @cached_property
    def centres(self) -> Floats:
        """Return the distinct centres in minutes."""
        begin, end = self.axis.centres
        return np.arange(begin, end + 1, CENTRE_STEP, dtype=np.float32)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Return how many centres and spreads there are."""
        return len(self.centres), len(SPREADS)

    @property
    def cell_count(self) -> int:
        """Return the number of cells."""
        return self.size[0] * self.size[1]

    @cached_property
    def later64(self) -> NDArray[np.float64]:
        """Return ``later`` in double precision, for differences of near values."""
        axis, shape = self.axis, self.shape
        centre = np.repeat(self.centres, len(SPREADS))
        spread = np.tile(np.asarray(SPREADS), len(self.centres))
        minute = np.arange(axis.first, axis.last + 1, dtype=np.float64)[:, None]
        odd_from, odd_until = axis.odd
        odd = np.clip((minute - odd_from) / (odd_until - odd_from), 0, 1)
        ordinary = scatter_cdf((minute - centre) / spread, shape)
        later = 1 - (1 - shape.odd) * ordinary - shape.odd * odd
        later[0], later[-1] = 1, 0
        return later

    @cached_property
    def later(self) -> Floats:
        """Return the share of days later than each minute, per cell."""
        return self.later64.astype(np.float32)

    def place(self, minutes: ArrayLike) -> Minutes:
        """Return the rows of ``later`` for minutes; outside the axis, its ends."""
        axis = self.axis
        kept = np.clip(np.asarray(minutes), axis.first, axis.last)
        return np.asarray(kept - axis.first, dtype=np.int64)

    def log_likelihood(self, after: ArrayLike, by: ArrayLike) -> Floats:
        """Return log P(after < time <= by) per cell, shape (n, cells).

        ``after`` and ``by`` are whole minutes of shape (n,), ``after < by``.
        """
        later = self.later64
        inside = later[self.place(after)] - later[self.place(by)]
        np.maximum(inside, LIKELIHOOD_LEAST, out=inside)
        return np.log(inside, out=inside).astype(np.float32)

    def flat_prior(self) -> NDArray[np.float64]:
        """Return the prior that prefers no cell; shape (cells,), sum 1."""
        return np.full(self.cell_count, 1 / self.cell_count)


@lru_cache(maxsize=8)
def grid_of(axis: Axis = MORNING, shape: Shape | None = None) -> Grid:
    """Return the grid of an axis; made once, some megabytes are kept."""
    return Grid(axis, shape or Shape())
