"""Many homes learned together, and what is read from them."""

from __future__ import annotations

import numpy as np
import pytest

from shouwang.routines.fitting import drift, fit
from shouwang.routines.grid import MORNING, grid_of

GRID = grid_of(MORNING)
MINUTES = np.arange(0, 1441, 5)
DAYS = 84
WEEKEND = np.arange(DAYS) % 7 >= 5


def days_of(*homes):
    """Return intervals of a quarter of an hour around each home's own times."""
    times = np.array(homes, dtype=float)
    return times - 8, times + 8


def usual(still):
    return MINUTES[(still <= 0.5).argmax(axis=-1)]


def test_each_home_gets_its_own_time():
    rng = np.random.default_rng(1)
    after, by = days_of(rng.normal(420, 12, DAYS), rng.normal(560, 12, DAYS))
    found = fit(after, by, WEEKEND, grid=GRID, minutes=MINUTES)
    assert usual(found.still[0]) == pytest.approx([420, 560], abs=10)
    assert found.day_count.tolist() == [DAYS, DAYS]


def test_weekends_are_told_apart_only_where_they_differ():
    rng = np.random.default_rng(2)
    later = np.where(WEEKEND, 75, 0)
    after, by = days_of(rng.normal(450, 12, DAYS), rng.normal(450, 12, DAYS) + later)
    found = fit(after, by, WEEKEND, grid=GRID, minutes=MINUTES)
    assert found.own_weekend.tolist() == [False, True]
    workday, weekend = usual(found.still[0])[1], usual(found.still[1])[1]
    assert weekend - workday > 40


def test_a_home_nobody_saw_is_told_from_the_others_and_says_so():
    rng = np.random.default_rng(3)
    times = [rng.normal(470, 10, DAYS) for _ in range(30)]
    after, by = days_of(*times, np.full(DAYS, np.nan))
    found = fit(after, by, WEEKEND, grid=GRID, minutes=MINUTES)
    assert found.day_count[-1] == 0
    assert usual(found.still[0])[-1] == pytest.approx(470, abs=40)


def test_chances_never_rise_along_the_day():
    rng = np.random.default_rng(4)
    after, by = days_of(rng.normal(470, 40, DAYS))
    still = fit(after, by, WEEKEND, grid=GRID, minutes=MINUTES).still
    assert (np.diff(still, axis=-1) <= 1e-6).all()


def test_a_slow_change_is_found_though_forgetting_follows_it():
    rng = np.random.default_rng(5)
    steady = rng.normal(470, 15, 120)
    later = steady + np.maximum(np.arange(120) - 60, 0) * 1.0
    found = drift(*days_of(steady, later, 940 - later), grid=GRID)
    assert found.is_later.tolist() == [False, True, False]
    assert found.is_earlier.tolist() == [False, False, True]


def test_few_days_show_no_drift():
    after, by = days_of(np.full(120, np.nan), np.full(120, np.nan))
    after[0, 50:70], by[0, 50:70] = 400, 420
    after[0, 65:70], by[0, 65:70] = 700, 720
    assert not drift(after, by, grid=GRID).is_later.any()


def test_no_home_at_all_is_no_error():
    empty = np.empty((0, DAYS))
    found = fit(empty, empty, WEEKEND, grid=GRID, minutes=MINUTES)
    assert found.still.shape == (2, 0, len(MINUTES))
