"""What the looks of one day say: after when, and by when, the signal was given.

Nobody sees the curtain move; they see it closed or open as they pass. "Could not see"
is not a look: leave it out, it is not "closed".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouwang.routines.grid import Axis

# With more than this between two looks a time is known from afar only.
ROUGH_MINUTES = 180


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody saw at ``minute`` of the day whether the signal was given."""

    minute: float
    is_given: bool


@dataclass(frozen=True, kw_only=True)
class Interval:
    """The signal was given after ``after`` and by ``by`` (whole minutes, included)."""

    after: int
    by: int


def interval_of(looks: Iterable[Look], *, axis: Axis) -> Interval | None:
    """Return the interval that the looks of one day leave; ``None`` if they say nothing.

    Looks that contradict each other (open, then closed, then open) widen it: after the
    last "not yet" before any "given", by the first "given" after every "not yet".
    Looks outside the axis, and minutes that are no number, are left out.
    """
    kept = [row for row in looks if axis.first <= row.minute <= axis.last]
    given = [row.minute for row in kept if row.is_given]
    waiting = [row.minute for row in kept if not row.is_given]
    if not kept:
        return None
    first_given = min(given, default=axis.last)
    last_waiting = max(waiting, default=axis.first)
    after = max((at for at in waiting if at < first_given), default=axis.first)
    by = min((at for at in given if at > last_waiting), default=axis.last)
    low, high = int(np.floor(after)), int(np.ceil(by))
    return Interval(after=low, by=max(high, low + 1))


class Known(StrEnum):
    """What the looks of many days together can say of a signal's time."""

    WHEN = "when"
    # Mostly given before anybody looked; how much before is a guess.
    BY_WHEN = "by_when"
    # Hours lie between the two looks; a curve would be a guess at their middle.
    ROUGHLY = "roughly"


def known_how(days: Sequence[Interval], *, axis: Axis) -> Known:
    """Return how well the time is known from ``days``; from none, only roughly."""
    spans = [day.by - day.after for day in days if day.after > axis.first]
    if 2 * len(spans) < len(days):
        return Known.BY_WHEN
    if not spans or median(spans) > ROUGH_MINUTES:
        return Known.ROUGHLY
    return Known.WHEN


def censor(
    times: ArrayLike, passes: ArrayLike, *, axis: Axis
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what passers-by would know of true times.

    Parameters
    ----------
    times
        Minutes at which the signal was given, shape (n,).
    passes
        Minutes at which somebody passes, shape (n, looks), in any order.

    Returns
    -------
    after, by
        The last pass before the time and the first one at or after it, shape (n,);
        the ends of the axis where there was none.
    """
    at = np.asarray(times, dtype=np.float64)[:, None]
    walks = np.asarray(passes, dtype=np.float64)
    before = np.where(walks < at, walks, axis.first).max(axis=1, initial=axis.first)
    since = np.where(walks >= at, walks, axis.last).min(axis=1, initial=axis.last)
    after = np.floor(before).astype(np.int64)
    return after, np.maximum(np.ceil(since).astype(np.int64), after + 1)


def pass_minutes(
    passes: Sequence[int], count: int, *, jitter: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return ``passes`` for ``count`` days, each up to ``jitter`` minutes off.

    Shape (count, passes); whole minutes, uniform, both ends included.
    """
    off = rng.integers(-jitter, jitter, size=(count, len(passes)), endpoint=True)
    return np.asarray(passes, dtype=np.int64)[None, :] + off
