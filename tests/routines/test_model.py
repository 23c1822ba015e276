"""What the model of a home's own time must hold, whatever the days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from shouwang.routines.deciding import (
    Costs,
    Rule,
    ask_minutes,
    exploring_minutes,
    look_value,
)
from shouwang.routines.grid import CENTRE_STEP, EVENING, MORNING, grid_of, scatter_cdf
from shouwang.routines.intervals import (
    Interval,
    Known,
    Look,
    censor,
    interval_of,
    known_how,
)
from shouwang.routines.learning import (
    learn,
    log_likelihoods,
    no_belief,
    population_prior,
    posterior,
    still_waiting,
)

GRID = grid_of(MORNING)
FLAT = GRID.flat_prior()
MINUTES = np.arange(0, 1441, 5)
# Away from the ends of the grid, where a shift leaves it.
MIDDLE = st.integers(400, 620)
MORNINGS = st.lists(MIDDLE, min_size=1, max_size=12)


def believed(mornings, *, forgetting=0.96, width=15):
    belief = no_belief(1, GRID)
    for at in mornings:
        learn(belief, [at - width], [at + width], grid=GRID, forgetting=forgetting)
    return belief


def waiting(belief, minutes=MINUTES):
    return still_waiting(posterior(belief, FLAT), minutes, grid=GRID)[0]


def width_of(belief):
    still = waiting(belief)
    return MINUTES[(still <= 0.1).argmax()] - MINUTES[(still <= 0.9).argmax()]


@given(MORNINGS)
def test_the_chance_of_not_yet_never_rises_along_the_day(mornings):
    still = waiting(believed(mornings))
    assert (np.diff(still) <= 1e-6).all()
    assert still[0] == pytest.approx(1, abs=1e-5)
    assert still[-1] == pytest.approx(0, abs=1e-6)


@given(MORNINGS, st.integers(-3, 3))
def test_a_shift_of_all_times_shifts_the_answer(mornings, steps):
    shift = steps * CENTRE_STEP
    rule = Rule(price=0.001, step=1, earliest=300, latest=1100)
    # Odd days do not shift with her, so they leave some minutes of play.
    asked = [
        int(ask_minutes(believed(rows), FLAT, grid=GRID, rule=rule)[0][0])
        for rows in (mornings, [at + shift for at in mornings])
    ]
    assert asked[1] - asked[0] == pytest.approx(shift, abs=6)


@given(MORNINGS, st.randoms(use_true_random=False))
def test_without_forgetting_the_order_of_the_days_does_not_matter(mornings, order):
    mixed = list(mornings)
    order.shuffle(mixed)
    one, other = (believed(rows, forgetting=1.0) for rows in (mornings, mixed))
    assert np.allclose(one, other, atol=1e-3)


@given(MIDDLE, st.integers(2, 20))
def test_the_same_morning_again_makes_no_less_sure(at, count):
    assert (
        width_of(believed([at] * (count + 1))) <= width_of(believed([at] * count)) + 5
    )


@given(MORNINGS)
def test_a_day_nobody_looked_changes_nothing(mornings):
    belief = believed(mornings)
    before = belief.copy()
    learn(belief, [np.nan], [np.nan], grid=GRID)
    learn(belief, [500], [500], grid=GRID)
    assert (belief == before).all()


def test_an_old_morning_weighs_less_than_a_new_one():
    early_last = believed([540, 540, 540, 420, 420, 420], forgetting=0.8)
    late_last = believed([420, 420, 420, 540, 540, 540], forgetting=0.8)
    assert waiting(early_last, [480])[0] < waiting(late_last, [480])[0]


def test_could_not_see_is_not_closed():
    seen = [Look(minute=430, is_given=False), Look(minute=480, is_given=True)]
    assert interval_of(seen, axis=MORNING) == Interval(after=430, by=480)
    # Whoever could not see leaves no look at all, and so no bound.
    assert interval_of([], axis=MORNING) is None
    only_closed = interval_of(seen[:1], axis=MORNING)
    assert only_closed == Interval(after=430, by=1440)


@given(st.lists(st.tuples(st.integers(0, 1440), st.booleans()), min_size=1))
def test_the_looks_of_a_day_leave_a_proper_interval_in_any_order(looks):
    rows = [Look(minute=at, is_given=given) for at, given in looks]
    found = interval_of(rows, axis=MORNING)
    assert found == interval_of(reversed(rows), axis=MORNING)
    assert found is not None
    assert 0 <= found.after < found.by


def test_looks_that_contradict_each_other_widen_the_interval():
    rows = [(430, False), (450, True), (470, False), (500, True)]
    looks = [Look(minute=at, is_given=given) for at, given in rows]
    assert interval_of(looks, axis=MORNING) == Interval(after=430, by=500)


def test_looks_outside_the_day_and_times_that_are_no_number_are_left_out():
    nan = Look(minute=float("nan"), is_given=True)
    outside = Look(minute=5000, is_given=False)
    assert interval_of([nan, outside], axis=MORNING) is None


@given(MIDDLE, st.lists(st.integers(1, 1439), min_size=1, max_size=5))
def test_what_walkers_know_holds_the_true_time(at, passes):
    after, by = censor([at], [passes], axis=MORNING)
    assert after[0] < at <= by[0]


@given(MORNINGS, st.integers(420, 700))
def test_the_agreed_deadline_is_never_passed(mornings, agreed):
    rule = Rule(price=1e-6)
    minute, _ = ask_minutes(
        believed(mornings), FLAT, grid=GRID, rule=rule, agreed=agreed
    )
    assert minute[0] <= agreed


@given(MORNINGS, st.sampled_from([4.0, 12.0, 50.0]))
def test_no_home_is_asked_about_more_often_than_the_bound(mornings, most):
    rule = Rule(price=0.05, most_a_year=most)
    minute, needless = ask_minutes(believed(mornings), FLAT, grid=GRID, rule=rule)
    assert needless[0] * 365.25 <= most + 0.01 or minute[0] == rule.latest


def test_a_regular_home_is_asked_about_sooner_than_an_irregular_one():
    rule = Rule(price=0.001)
    regular, irregular = believed([460] * 9), believed([360, 560, 460] * 3)
    asked = ask_minutes(
        np.concatenate([regular, irregular]), FLAT, grid=GRID, rule=rule
    )[0]
    assert asked[0] < asked[1]


def test_a_home_without_history_is_told_from_the_others():
    others = np.concatenate([believed([at] * 5) for at in (440, 460, 480)])
    prior = population_prior(others, grid=GRID)
    assert prior.sum() == pytest.approx(1)
    still = still_waiting(posterior(no_belief(1, GRID), prior), [420, 520], grid=GRID)
    assert still[0][0] > 0.7
    assert still[0][1] < 0.3
    assert (population_prior(no_belief(0, GRID), grid=GRID) == FLAT).all()


@given(MORNINGS)
@settings(max_examples=20)
def test_every_part_of_the_homes_gives_what_all_of_them_give(mornings):
    belief = np.concatenate([believed([at]) for at in mornings])
    rule = Rule(price=0.001)
    whole = ask_minutes(belief, FLAT, grid=GRID, rule=rule, workers=2)[0]
    parts = [
        ask_minutes(belief[place : place + 1], FLAT, grid=GRID, rule=rule)[0][0]
        for place in range(len(belief))
    ]
    assert whole.tolist() == parts


def test_values_that_are_no_weight_are_refused():
    with pytest.raises(ValueError, match="forgetting"):
        learn(no_belief(1, GRID), [400], [430], grid=GRID, forgetting=0)
    with pytest.raises(ValueError, match="forgetting"):
        learn(no_belief(1, GRID), [400], [430], grid=GRID, forgetting=float("nan"))


def test_one_look_cannot_forbid_what_was_never_seen():
    says = log_likelihoods([0], [300], grid=GRID)
    assert np.isfinite(says).all()


def test_a_two_piece_scatter_is_a_distribution():
    z = np.linspace(-50, 50, 2001)
    share = scatter_cdf(z, GRID.shape)
    assert (np.diff(share) >= 0).all()
    assert share[0] < 0.001
    assert share[-1] > 0.999
    assert scatter_cdf(0.0, GRID.shape) == pytest.approx(1 / 2.2)


def test_evenings_are_counted_from_sunset():
    grid = grid_of(EVENING)
    belief = no_belief(1, grid)
    for _ in range(8):
        learn(belief, [-5], [25], grid=grid)
    still = still_waiting(posterior(belief, grid.flat_prior()), [-60, 90], grid=grid)
    assert still[0][0] > 0.8
    assert still[0][1] < 0.2


def test_a_look_is_worth_more_the_rarer_she_is_this_late():
    costs = Costs(wrong=1 / 2000, delay=1.0, needless=1.0, walk=0.001)
    worth = look_value([0.5, 0.1, 0.001], wait=60, costs=costs)
    assert worth[0] == pytest.approx(-costs.walk)
    assert worth[0] <= worth[1] <= worth[2]
    assert worth[2] > 0


def test_the_look_that_teaches_most_lies_before_the_one_that_asks():
    belief = believed([460, 470, 480, 455, 490])
    rule = Rule(price=0.0005)
    exploring = exploring_minutes(belief, FLAT, grid=GRID, rule=rule)[0]
    assert exploring < ask_minutes(belief, FLAT, grid=GRID, rule=rule)[0][0]


def days(*spans):
    return [Interval(after=after, by=by) for after, by in spans]


FIRST = MORNING.first


@pytest.mark.parametrize(
    ("seen", "known"),
    [
        (days((435, 465), (440, 470)), Known.WHEN),
        (days((435, 615)), Known.WHEN),
        (days((435, 616)), Known.ROUGHLY),
        (days((FIRST, 480), (FIRST, 490), (435, 465)), Known.BY_WHEN),
        (days((FIRST, 480), (435, 465)), Known.WHEN),
        ([], Known.ROUGHLY),
    ],
)
def test_how_well_a_time_is_known_depends_on_the_looks_around_it(seen, known):
    assert known_how(seen, axis=MORNING) is known
