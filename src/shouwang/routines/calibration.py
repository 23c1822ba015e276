"""Whether what is said to happen once in sixty mornings does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAID = (1 / 2, 1 / 5, 1 / 10, 1 / 20, 1 / 30, 1 / 60, 1 / 120)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was said with chance ``said`` happened on ``happened`` of ``days`` days.

    ``low`` and ``high`` bound the true share with 95 % (Wilson), days taken as
    independent.
    """

    said: float
    happened: int
    days: int
    low: float
    high: float


def calibration(
    chances: NDArray[np.floating], said: Sequence[float] = SAID
) -> list[Kept]:
    """Return how often a chance as small as each of ``said`` came true.

    ``chances`` holds for each day the chance, told beforehand, that the signal would
    not be given by the moment at which it was given; shape (days,). Where the model is
    right these are uniform on 0..1.
    """
    known = chances[np.isfinite(chances)]
    return [_kept(share, int((known <= share).sum()), len(known)) for share in said]


def _kept(said: float, happened: int, days: int) -> Kept:
    low, high = wilson(happened, days)
    return Kept(said=said, happened=happened, days=days, low=low, high=high)


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share; all of 0..1 where nothing is known."""
    if total == 0:
        return 0.0, 1.0
    z = 1.96
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = (
        z
        * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
        / (1 + z * z / total)
    )
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
