"""Something was late, or there is silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st
from tests.domain.building import at

from shouwang.domain.ladder import Did
from shouwang.domain.lateness import (
    LATE_AFTER,
    Lateness,
    Moved,
    late_count,
    steps_late,
    worth_telling,
)

TEN = timedelta(minutes=10)


def moved(did, clock, step=None):
    return Moved(did=did, at=at(clock), step=step)


def test_a_day_on_which_all_was_in_time_is_silent():
    assert worth_telling(Lateness()) is None


@given(st.sampled_from(sorted(Lateness.__dataclass_fields__)), st.integers(1, 9))
def test_anything_late_is_told(name, count):
    told = worth_telling(Lateness(**{name: count}))
    assert told is not None
    assert told.counts == {name: count}


def test_a_minute_is_not_late_and_a_second_more_is():
    due = at("09:10")
    assert late_count([(due, due + LATE_AFTER)]) == 0
    assert late_count([(due, due + LATE_AFTER + timedelta(seconds=1))]) == 1


@pytest.mark.parametrize(
    ("second", "late"), [("09:20", 0), ("09:21", 0), ("09:22", 1), ("09:15", 0)]
)
def test_a_ladder_that_moved_on_too_late_is_counted(second, late):
    moves = [
        moved(Did.OPENED, "09:10"),
        moved(Did.STEP, "09:10", 1),
        moved(Did.STEP, second, 2),
    ]
    assert steps_late(moves, [TEN, TEN]) == late


@pytest.mark.parametrize("did", [Did.ACKNOWLEDGED, Did.COMMITTED, Did.MUTED])
def test_what_a_person_did_in_between_sets_another_time(did):
    moves = [
        moved(Did.STEP, "09:10", 1),
        moved(did, "09:12"),
        moved(Did.STEP, "11:00", 2),
    ]
    assert steps_late(moves, [TEN, TEN]) == 0


@pytest.mark.parametrize("did", [Did.JOINED, Did.EMERGENCY])
def test_what_does_not_stop_the_ladder_changes_nothing(did):
    moves = [
        moved(Did.STEP, "09:10", 1),
        moved(did, "09:12"),
        moved(Did.EXHAUSTED, "09:40"),
    ]
    assert steps_late(moves, [TEN]) == 1


def test_a_step_skipped_on_the_way_counts_once():
    moves = [
        moved(Did.STEP, "09:10", 1),
        moved(Did.NOBODY_TOLD, "09:40", 2),
        moved(Did.STEP, "09:40", 3),
        moved(Did.CLOSED, "09:41"),
    ]
    assert steps_late(moves, [TEN, TEN, TEN]) == 1
