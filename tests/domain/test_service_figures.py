"""Figures of the service: nobody who still waits is left out of them."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

import pytest
from hypothesis import given, strategies as st
from tests.domain.building import at

from shouwang.domain.alerts import AlertKind, Outcome
from shouwang.domain.service_figures import (
    JUDGED,
    PROMISES,
    AlertCase,
    Judged,
    Measure,
    Promise,
    Wait,
    Watched,
    a_home_a_year,
    homes_by_day,
    is_false_alarm,
    kept_of,
    quantile,
    summary_of,
    wait_of,
    waited_of,
    week_of,
    weeks_between,
)

DUE = at("09:10")
MINUTE = timedelta(minutes=1)
HALF = Promise(measure=Measure.TAKEN, limit=MINUTE, share=0.5)


def case(**more):
    values = {
        "key": 1,
        "community": 1,
        "kind": AlertKind.MISSED,
        "on": date(2026, 3, 2),
        "opened_at": DUE,
        "is_of_home": True,
    }
    return AlertCase(**{**values, **more})


def waited(minutes, *, is_over=True):
    return Wait(span=minutes * MINUTE, is_over=is_over)


def test_an_alert_nobody_took_counts_with_the_time_it_has_waited():
    wait = wait_of(case(), Measure.TAKEN, now=at("09:40"))
    assert wait == waited(30, is_over=False)


def test_an_alert_nobody_took_is_late_once_it_is_later_than_the_limit():
    young, old = waited(1, is_over=False), waited(1.1, is_over=False)
    assert kept_of([young], HALF).share is None
    assert kept_of([young], HALF).unneeded_count == 1
    assert kept_of([old], HALF).late_count == 1
    assert kept_of([old], HALF).is_kept is False


def test_what_happens_exactly_at_the_limit_is_in_time():
    assert kept_of([waited(1)], HALF).is_kept is True


def test_who_was_reached_by_telephone_needs_nobody_at_the_door():
    phoned = case(reached_at=at("09:20"), taken_at=at("09:20"))
    assert wait_of(phoned, Measure.DOOR, now=at("12:00")) == waited(10, is_over=False)
    later = case(reached_at=at("09:20"), door_at=at("10:30"))
    assert wait_of(later, Measure.DOOR, now=at("12:00")) == waited(10, is_over=False)


def test_who_spoke_at_the_door_was_there():
    there = case(reached_at=at("09:30"), door_at=at("09:30"))
    assert wait_of(there, Measure.DOOR, now=at("12:00")) == waited(20)


def test_a_round_has_no_door():
    assert wait_of(case(is_of_home=False), Measure.DOOR, now=at("10:00")) is None


def test_a_message_after_somebody_had_taken_it_was_not_needed():
    taken = case(taken_at=at("09:11"), told_at=at("09:20"))
    assert wait_of(taken, Measure.TOLD, now=at("10:00")) == waited(1, is_over=False)


def test_who_closes_an_alert_has_taken_it():
    closed = case(closed_at=at("09:15"), by_person=True, outcome=Outcome.FORGOT)
    assert wait_of(closed, Measure.TAKEN, now=at("10:00")) == waited(5)
    assert wait_of(closed, Measure.CLOSED, now=at("10:00")) == waited(5)


def test_what_ended_by_itself_was_taken_by_nobody():
    ended = case(closed_at=at("09:15"), outcome=Outcome.SEEN_AFTER_ALL)
    assert wait_of(ended, Measure.TAKEN, now=at("10:00")) == waited(5, is_over=False)
    assert wait_of(ended, Measure.CLOSED, now=at("10:00")) == waited(5, is_over=False)


def test_what_was_done_before_the_deadline_took_no_time():
    assert wait_of(case(taken_at=at("09:05")), Measure.TAKEN, now=at("10:00")) == (
        waited(0)
    )


def test_every_outcome_is_judged_and_every_judgement_is_used():
    assert set(JUDGED) == set(Outcome)
    assert set(JUDGED.values()) == set(Judged)


@pytest.mark.parametrize(
    ("outcome", "is_of_home", "is_false"),
    [
        (Outcome.OVERSLEPT, True, True),
        (Outcome.SEEN_IN_TIME, True, True),
        (Outcome.UNWELL, True, False),
        (Outcome.OTHER, True, False),
        (Outcome.RECORDED_WRONGLY, False, False),
        (None, True, False),
    ],
)
def test_a_false_alarm_is_about_somebody_who_needed_nothing(
    outcome, is_of_home, is_false
):
    assert is_false_alarm(case(outcome=outcome, is_of_home=is_of_home)) is is_false


def test_a_wait_that_is_not_over_moves_the_median_on():
    fast = [waited(1), waited(2), waited(3)]
    assert quantile(fast, 0.5) == 2 * MINUTE
    assert quantile([*fast, waited(60, is_over=False)], 0.5) == 2 * MINUTE
    still = [waited(60, is_over=False) for _ in range(3)]
    assert quantile([*fast, *still], 0.5) == 3 * MINUTE
    assert quantile([*fast, *still, *still], 0.5) is None


def test_the_textbook_example_of_an_estimate_with_unfinished_times():
    # The 6-MP arm of Freireich and others (1963): the median is 23 weeks.
    over = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    unfinished = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    waits = [waited(row) for row in over]
    waits += [waited(row, is_over=False) for row in unfinished]
    assert quantile(waits, 0.5) == 23 * MINUTE


minutes = st.integers(0, 500)
waits = st.lists(st.builds(waited, minutes, is_over=st.booleans()), max_size=40)


@given(st.lists(minutes, min_size=1, max_size=60), st.sampled_from([0.5, 0.9, 1.0]))
def test_without_unfinished_waits_it_is_the_plain_share(values, share):
    found = quantile([waited(row) for row in values], share)
    exact = ceil(round(share * len(values), 9))
    assert found == sorted(values)[exact - 1] * MINUTE


@given(waits, minutes)
def test_somebody_who_waits_never_makes_a_figure_look_better(rows, more):
    before = quantile(rows, 0.9)
    after = quantile([*rows, waited(more, is_over=False)], 0.9)
    assert after is None or (before is not None and after >= before)


@given(waits, minutes)
def test_one_more_who_waits_never_raises_a_share(rows, more):
    before = kept_of(rows, HALF).share
    after = kept_of([*rows, waited(more, is_over=False)], HALF).share
    assert before is None or (after is not None and after <= before)


@given(waits)
def test_every_wait_is_in_time_late_or_unneeded(rows):
    kept = kept_of(rows, HALF)
    counted = kept.in_time_count + kept.late_count + kept.unneeded_count
    assert counted == len(rows)


def test_a_summary_counts_what_is_open_and_what_it_was():
    cases = [
        case(key=1),
        case(key=2, closed_at=at("09:30"), by_person=True, outcome=Outcome.FORGOT),
        case(key=3, closed_at=at("09:12"), outcome=Outcome.SEEN_IN_TIME),
    ]
    found = summary_of([waited_of(row, now=at("10:00")) for row in cases])
    assert (found.alert_count, found.open_count, found.false_count) == (3, 1, 2)
    assert found.outcomes == {Outcome.FORGOT: 1, Outcome.SEEN_IN_TIME: 1}
    assert [row.promise for row in found.kept] == list(PROMISES)
    assert found.times[Measure.CLOSED].over_count == 1
    assert found.times[Measure.CLOSED].count == 3


def test_days_of_several_agreements_count_once():
    rows = [
        Watched(home=1, first=date(2026, 3, 1), last=date(2026, 3, 10)),
        Watched(home=1, first=date(2026, 3, 5), last=None),
        Watched(home=2, first=date(2026, 2, 1), last=date(2026, 3, 2)),
        Watched(home=3, first=date(2026, 4, 1), last=None),
    ]
    found = homes_by_day(rows, first=date(2026, 3, 1), last=date(2026, 3, 31))
    assert found == [2, 2, *([1] * 29)]


days = st.integers(0, 60).map(lambda day: date(2026, 1, 1) + timedelta(days=day))


@given(
    st.lists(
        st.builds(
            Watched, home=st.integers(1, 3), first=days, last=st.one_of(st.none(), days)
        )
    ),
    days,
    days,
)
def test_watched_days_are_those_that_can_be_ticked_off(rows, first, last):
    span = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    ticked = [
        len(
            {
                row.home
                for row in rows
                if row.first <= day and (row.last is None or day <= row.last)
            }
        )
        for day in span
    ]
    assert homes_by_day(rows, first=first, last=last) == ticked


def test_alarms_a_home_a_year():
    assert a_home_a_year(4, days=1461) == 1.0
    assert a_home_a_year(4, days=0) is None


def test_weeks_are_iso_weeks_across_the_new_year():
    weeks = weeks_between(date(2026, 12, 30), date(2027, 1, 6))
    assert [row.isocalendar()[:2] for row in weeks] == [(2026, 53), (2027, 1)]
    assert [week_of(date(2027, 1, 3)), week_of(date(2027, 1, 4))] == weeks
    assert weeks_between(date(2027, 1, 2), date(2026, 12, 1)) == []
