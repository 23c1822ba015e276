from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.domain.building import EVENING, MORNING, SHANGHAI, TODAY, at, check

from shouwang.domain.schedule import Terms, checks_between, instant, terms_problems

BERLIN = ZoneInfo("Europe/Berlin")


def terms(*expectations, **more):
    return Terms(signal="curtain", expectations=expectations, valid_from=TODAY, **more)


def test_where_local_time_repeats_the_earlier_instant_counts():
    found = instant(date(2026, 10, 25), time(2, 30), BERLIN)
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_where_local_time_skips_the_instant_of_the_skip_counts():
    found = instant(date(2026, 3, 29), time(2, 30), BERLIN)
    assert found == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_window_may_cross_midnight():
    night = replace(MORNING, label="night", opens=time(22), due=time(1))
    row = check(night)
    assert (row.opens_at, row.due_at) == (at("22:00"), at("1 01:00"))
    assert row.on == TODAY


def test_checks_are_made_only_on_agreed_days_and_while_valid():
    weekdays = replace(MORNING, days=frozenset(range(5)))
    rows = checks_between(
        terms(weekdays, valid_to=TODAY + timedelta(days=6)),
        zone=SHANGHAI,
        first=TODAY - timedelta(days=3),
        last=TODAY + timedelta(days=20),
    )
    assert [row.on.weekday() for row in rows] == [0, 1, 2, 3, 4]


def test_the_opposite_check_is_last_evening():
    assert check().change_from_at == at("-1 18:00")


def test_without_an_opposite_check_it_is_due_back_halfway():
    assert check(MORNING).change_from_at == at("-1 20:00")


@pytest.mark.parametrize(
    ("problem", "expectations"),
    [
        ("no_expectation", ()),
        ("window_empty", (replace(MORNING, due=time(7)),)),
        ("no_well_state", (replace(MORNING, well=frozenset()),)),
        ("no_day", (replace(MORNING, days=frozenset()),)),
        ("label_twice", (MORNING, replace(EVENING, label="morning"))),
        ("windows_overlap", (MORNING, replace(EVENING, opens=time(9, 5)))),
        ("window_overlaps_itself", (replace(MORNING, grace=timedelta(hours=23)),)),
    ],
)
def test_terms_that_cannot_be_watched_say_why(problem, expectations):
    assert [row.code for row in terms_problems(terms(*expectations))] == [problem]


def test_sound_terms_have_no_problem():
    assert terms_problems(terms(MORNING, EVENING)) == []
