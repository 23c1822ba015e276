"""A slow change is found, a steady life is left in peace."""

from __future__ import annotations

import numpy as np

from shouwang.routines.calibration import calibration
from shouwang.routines.drift import FLAGGED_AT, drift_of, surprises
from shouwang.routines.grid import MORNING, grid_of
from shouwang.routines.intervals import censor, pass_minutes
from shouwang.routines.learning import learn, no_belief, posterior
from shouwang.routines.weekdays import predictive_logs, tide_of

GRID = grid_of(MORNING)
HOMES = 40


def watched(times, rng):
    walks = pass_minutes((435, 480, 530), len(times), jitter=10, rng=rng)
    return censor(times, walks, axis=MORNING)


def frozen(rng, days=60):
    belief = no_belief(HOMES, GRID)
    for _ in range(days):
        after, by = watched(rng.normal(470, 25, HOMES), rng)
        learn(belief, after, by, grid=GRID)
    return posterior(belief, GRID.flat_prior())


def scores_of(weight, times, rng):
    rows = [surprises(weight, *watched(day, rng), grid=GRID) for day in times]
    return np.array(rows)


def test_getting_up_ever_later_is_noticed_within_seven_weeks():
    rng = np.random.default_rng(1)
    weight = frozen(rng)
    times = [rng.normal(470 + 5 * day / 7, 25, HOMES) for day in range(60)]
    found = drift_of(scores_of(weight, times, rng))
    assert found.is_later.mean() > 0.8
    assert not found.is_earlier.any()


def test_a_sudden_half_hour_is_noticed_within_a_month():
    rng = np.random.default_rng(2)
    weight = frozen(rng)
    times = rng.normal(500, 25, (30, HOMES))
    found = drift_of(scores_of(weight, times, rng))
    assert found.is_later.mean() > 0.8
    assert np.median(found.later_since) < 10


def test_earlier_is_the_mirror_of_later():
    rng = np.random.default_rng(3)
    scores = rng.normal(0.6, 1, (40, HOMES))
    one, other = drift_of(scores), drift_of(-scores)
    assert np.allclose(one.later, other.earlier)


def test_a_steady_life_is_rarely_called_a_drift():
    rng = np.random.default_rng(4)
    weight = frozen(rng)
    times = rng.normal(470, 25, (60, HOMES))
    assert drift_of(scores_of(weight, times, rng)).is_later.mean() < 0.15


def test_days_nobody_looked_make_no_drift():
    weight = posterior(no_belief(1, GRID), GRID.flat_prior())
    assert surprises(weight, [np.nan], [np.nan], grid=GRID)[0] == 0


def test_one_odd_morning_is_no_drift():
    weight = frozen(np.random.default_rng(5))[:1]
    score = surprises(weight, [900], [960], grid=GRID)
    assert score[0] < FLAGGED_AT


def test_a_tide_that_all_share_is_found_and_chance_is_not():
    rng = np.random.default_rng(6)
    weight = np.repeat(frozen(rng), 21, axis=0)
    weekday = np.tile(np.arange(21) % 7, HOMES)
    times = rng.normal(470, 25, len(weekday)) + np.where(weekday == 1, -16, 0)
    after, by = watched(times, rng)
    tide = tide_of(weight, after, by, weekday, grid=GRID)
    assert -24 <= tide[1] <= -8
    assert abs(np.delete(tide, 1)).max() <= 8


def test_what_is_likely_scores_better():
    weight = frozen(np.random.default_rng(7))[:2]
    logs = predictive_logs(
        weight, np.array([450, 700]), np.array([490, 740]), grid=GRID
    )
    assert logs[0] > logs[1]


def test_a_model_that_says_the_truth_is_called_calibrated():
    chances = np.random.default_rng(8).uniform(size=20_000)
    for row in calibration(chances):
        assert row.low <= row.said * 1.1
        assert row.high >= row.said * 0.9
    liar = calibration(np.full(1000, 0.001))
    assert all(row.happened == 1000 for row in liar)
    assert calibration(np.empty(0))[0].high == 1
