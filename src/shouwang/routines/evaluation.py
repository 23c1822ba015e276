"""How well own times would have done on days whose true times are known.

Each day is told from the other days of its home, which walkers saw only as they passed;
prior, tide and price come from other homes. Nothing of the scored day, and for what is
common nothing of its home, is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from shouwang.routines.calibration import Kept, calibration
from shouwang.routines.deciding import DAYS_A_YEAR, EARLIEST, Rule, ask_places
from shouwang.routines.grid import MORNING, Floats, Grid, Minutes, grid_of
from shouwang.routines.intervals import censor, pass_minutes
from shouwang.routines.learning import (
    chunks,
    log_likelihoods,
    population_prior,
    posterior,
    still_waiting,
)
from shouwang.routines.weekdays import (
    OTHER_KINDS,
    is_weekend,
    no_tide,
    predictive_logs,
    shifted,
    tide_of,
)

FIXED = 540
FIT_UNTIL = 510
JITTER = 10
FOLDS = 10
DAYS_LEAST = 4
# What is common is learned from at most so many homes and days, drawn by the seed.
HOMES_MOST = 5_000
DAYS_MOST = 20_000
PRICES = (1e-6, 0.2)
BISECTIONS = 40
FRONTIER = tuple(float(price) for price in np.geomspace(3e-4, 8e-3, 12))

Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Days:
    """Known days, those of a home together: arrays of shape (days,).

    ``home`` counts homes from 0, ``weekday`` is 0 on Monday, ``minute`` the true time
    in minutes after midnight.
    """

    home: Minutes
    weekday: Minutes
    minute: NDArray[np.float64]

    @property
    def count(self) -> int:
        """Return the number of days."""
        return len(self.home)

    @property
    def home_count(self) -> int:
        """Return the number of homes."""
        return int(self.home[-1]) + 1 if self.count else 0

    def others_median(self) -> NDArray[np.float64]:
        """Return the median time of the other days of each day's home, shape (days,)."""
        found = np.empty(self.count)
        edges = np.searchsorted(self.home, np.arange(self.home_count + 1))
        for begin, end in pairwise(edges):
            found[begin:end] = _medians_without_each(self.minute[begin:end])
        return found


def _medians_without_each(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(values) < 2:
        return np.full(len(values), np.nan)
    order = np.argsort(values, kind="stable")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    ordered = values[order]
    low, high = (len(values) - 2) // 2, (len(values) - 1) // 2
    found: NDArray[np.float64] = (
        ordered[low + (rank <= low)] + ordered[high + (rank <= high)]
    ) / 2
    return found


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a fixed deadline and own times cost one group of days.

    False alarms are a home a year. ``mean_alarm`` is minutes after seven;
    ``earlier`` how many minutes before the fixed deadline the mean alarm is where own
    times give as many false alarms as it does. ``None`` in a group without a day.
    """

    days: int
    fixed_false: float | None
    own_false: float | None
    mean_alarm: float | None
    earlier: float | None


@dataclass(frozen=True, kw_only=True)
class Trade:
    """One price of a minute: the mean alarm in minutes after seven, and false alarms."""

    mean_alarm: float
    own_false: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What own times would have done."""

    homes: int
    days: int
    all: Score
    fit: Score
    log_score: float
    calibration: Sequence[Kept]
    frontier: Sequence[Trade]


@dataclass(frozen=True)
class _Seen:
    """The days as walkers saw them."""

    days: Days
    after: Minutes
    by: Minutes
    grid: Grid

    @property
    def weekend(self) -> Minutes:
        return is_weekend(self.days.weekday).astype(np.int64)

    def without(self, tide: Minutes) -> _Seen:
        """Return the same with what each weekday adds taken off."""
        shift = tide[self.days.weekday]
        return _Seen(
            self.days,
            shifted(self.after, shift, self.grid),
            shifted(self.by, shift, self.grid),
            self.grid,
        )

    def sums(self) -> Floats:
        """Return what all days of each home and kind say, (homes, 2, cells)."""
        homes = self.days.home_count
        key = self.days.home * 2 + self.weekend
        total = np.zeros((homes * 2, self.grid.cell_count), dtype=np.float32)
        for rows in chunks(self.days.count, 8192):
            begin, end = int(key[rows.start]) // 2 * 2, int(key[rows.stop - 1]) // 2 * 2
            place = key[rows] - begin
            one = np.ones(len(place), dtype=np.float32)
            pick = csr_array(
                (one, (place, np.arange(len(place)))),
                shape=(end - begin + 2, len(place)),
            )
            total[begin : end + 2] += pick @ self.says(rows)
        return total.reshape(homes, 2, -1)

    def says(self, rows: slice | Minutes) -> Floats:
        """Return what each of ``rows`` says, (days, cells)."""
        return log_likelihoods(self.after[rows], self.by[rows], grid=self.grid)


@dataclass(frozen=True)
class _Common:
    """What is learned from other homes, and the days seen in its light."""

    seen: _Seen
    sums: Floats
    prior: NDArray[np.float64]
    tide: Minutes
    other: float

    def weights(self, rows: Minutes) -> Floats:
        """Return what is believed of each day's home without that day."""
        home, kind = self.seen.days.home[rows], self.seen.weekend[rows]
        belief = (
            self.sums[home, kind] + np.float32(self.other) * self.sums[home, 1 - kind]
        )
        belief -= self.seen.says(rows)
        return posterior(belief, self.prior)

    def waiting(self, rows: Minutes, weight: Floats, minutes: Minutes) -> Floats:
        """Return the chance of "not yet" of each day, (days, minutes)."""
        weekday = self.seen.days.weekday[rows]
        found = np.empty((len(rows), len(minutes)), dtype=np.float32)
        for day in np.unique(weekday):
            on = weekday == day
            found[on] = still_waiting(
                weight[on], minutes - self.tide[day], grid=self.seen.grid
            )
        return found

    def log_scores(self, rows: Minutes) -> NDArray[np.float64]:
        return predictive_logs(
            self.weights(rows),
            self.seen.after[rows],
            self.seen.by[rows],
            grid=self.seen.grid,
        )


def _common(seen: _Seen, homes: Minutes, rows: Minutes) -> _Common:
    """Learn from ``homes`` what is common; ``rows`` are days of theirs."""
    sums = seen.sums()
    plain = _best_kind(seen, sums, homes, rows)
    tide = tide_of(
        plain.weights(rows),
        seen.after[rows],
        seen.by[rows],
        seen.days.weekday[rows],
        grid=seen.grid,
    )
    if not tide.any():
        return plain
    moved = seen.without(tide)
    found = _best_kind(moved, moved.sums(), homes, rows)
    return _Common(moved, found.sums, found.prior, tide, found.other)


def _best_kind(seen: _Seen, sums: Floats, homes: Minutes, rows: Minutes) -> _Common:
    prior = population_prior(sums[homes].sum(axis=1), grid=seen.grid)
    tried = [_Common(seen, sums, prior, no_tide(), other) for other in OTHER_KINDS]
    return max(tried, key=lambda row: float(row.log_scores(rows).sum()))


@dataclass
class _Told:
    """What was told of each day beforehand; arrays of shape (days,)."""

    asked: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    chance: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    score: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


def evaluate(
    days: Days, *, passes: Sequence[int], seed: int, jitter: int = JITTER
) -> Evaluation:
    """Return what own times would have cost on ``days``, each told from the others.

    Parameters
    ----------
    days
        At least two homes.
    passes
        Minutes after midnight at which walkers pass, each day up to ``jitter`` minutes
        earlier or later.
    seed
        Of the jitter and of how homes are parted; the same seed gives the same figures.

    Raises
    ------
    ValueError
        With fewer than two homes: nothing can be learned from others.
    """
    if days.home_count < 2:
        message = "at least two homes are needed: each is told with what others teach"
        raise ValueError(message)
    rng = np.random.default_rng(seed)
    walks = pass_minutes(passes, days.count, jitter=jitter, rng=rng)
    after, by = censor(days.minute, walks, axis=MORNING)
    seen = _Seen(days, after, by, grid_of(MORNING))
    groups = {
        "all": np.ones(days.count, bool),
        "fit": days.others_median() <= FIT_UNTIL,
    }
    told = _tell_all(seen, groups, rng)
    return Evaluation(
        homes=days.home_count,
        days=days.count,
        all=_score(days, groups["all"], told, "all"),
        fit=_score(days, groups["fit"], told, "fit"),
        log_score=float(told.score.mean()),
        calibration=calibration(told.chance),
        frontier=[_trade(days, told.asked[_priced(price)]) for price in FRONTIER],
    )


def _tell_all(
    seen: _Seen, groups: Mapping[str, Mask], rng: np.random.Generator
) -> _Told:
    count = seen.days.count
    told = _Told(chance=np.empty(count), score=np.empty(count))
    for name in groups:
        for aim in (_Mean.name, _AsOften.name):
            told.asked[f"{name} {aim}"] = np.full(count, np.nan)
    told.asked |= {_priced(price): np.full(count, np.nan) for price in FRONTIER}
    part = rng.permutation(seen.days.home_count) % FOLDS
    of_day = part[seen.days.home]
    for fold in range(min(FOLDS, seen.days.home_count)):
        homes = _some(np.flatnonzero(part != fold), HOMES_MOST, rng)
        known = np.isin(seen.days.home, homes)
        rows = _some(np.flatnonzero(known), DAYS_MOST, rng)
        common = _common(seen, homes, rows)
        prices = _prices(common, rows, groups)
        prices |= {_priced(price): price for price in FRONTIER}
        _tell(common, np.flatnonzero(of_day == fold), prices, told)
    return told


def _some(places: Minutes, most: int, rng: np.random.Generator) -> Minutes:
    if len(places) <= most:
        return places
    return np.sort(rng.choice(places, most, replace=False))


def _prices(
    common: _Common, rows: Minutes, groups: Mapping[str, Mask]
) -> dict[str, float]:
    """Return what a minute of delay must cost so that other homes' days meet each aim."""
    minutes = Rule(price=0).minutes
    weight = common.weights(rows)
    still, true = common.waiting(rows, weight, minutes), common.seen.days.minute[rows]
    found = {}
    for name, mask in groups.items():
        inside = mask[rows]
        part, late = still[inside], true[inside]
        if not len(late):
            continue
        for aim in (_Mean(), _AsOften(late)):
            found[f"{name} {aim.name}"] = _bisected(aim.is_missed, part, minutes)
    return found


class _Mean:
    """Asked at the fixed deadline on average."""

    name = "mean"

    def is_missed(self, asked: Minutes) -> bool:
        """Return whether asked is later than that."""
        return bool(asked.mean() > FIXED)


class _AsOften:
    """As many false alarms as the fixed deadline gives."""

    name = "false"

    def __init__(self, true: NDArray[np.float64]) -> None:
        self.true = true

    def is_missed(self, asked: Minutes) -> bool:
        """Return whether asking is so late that there are fewer."""
        return bool((self.true > asked).sum() < (self.true > FIXED).sum())


def _bisected(
    is_too_late: Callable[[Minutes], bool], still: Floats, minutes: Minutes
) -> float:
    """Return the price at which asking turns from too late to early enough."""
    low, high = np.log(PRICES)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        asked = minutes[ask_places(still, Rule(price=float(np.exp(middle))))]
        low, high = (middle, high) if is_too_late(asked) else (low, middle)
    return float(np.exp(high))


def _tell(
    common: _Common, rows: Minutes, prices: Mapping[str, float], told: _Told
) -> None:
    """Write into ``told`` when ``rows`` would have been asked about, and their chances."""
    minutes = Rule(price=0).minutes
    days = common.seen.days
    for part in chunks(len(rows)):
        on = rows[part]
        weight = common.weights(on)
        still = common.waiting(on, weight, minutes)
        for name, price in prices.items():
            told.asked[name][on] = minutes[ask_places(still, Rule(price=price))]
        told.score[on] = predictive_logs(
            weight, common.seen.after[on], common.seen.by[on], grid=common.seen.grid
        )
        moved = days.minute[on] - common.tide[days.weekday[on]]
        later = common.seen.grid.later[common.seen.grid.place(moved.astype(np.int64))]
        told.chance[on] = np.einsum("dc,dc->d", weight, later)


def _priced(price: float) -> str:
    return f"at {price:g}"


def _trade(days: Days, asked: NDArray[np.float64]) -> Trade:
    return Trade(
        mean_alarm=float(asked.mean() - EARLIEST),
        own_false=float(DAYS_A_YEAR * (days.minute > asked).mean()),
    )


def _score(days: Days, mask: Mask, told: _Told, group: str) -> Score:
    true = days.minute[mask]
    mean, false = told.asked[f"{group} mean"][mask], told.asked[f"{group} false"][mask]
    if not len(true) or np.isnan(mean).any() or np.isnan(false).any():
        return Score(
            days=len(true),
            fixed_false=None,
            own_false=None,
            mean_alarm=None,
            earlier=None,
        )
    return Score(
        days=len(true),
        fixed_false=float(DAYS_A_YEAR * (true > FIXED).mean()),
        own_false=float(DAYS_A_YEAR * (true > mean).mean()),
        mean_alarm=float(mean.mean() - EARLIEST),
        earlier=float(FIXED - false.mean()),
    )
