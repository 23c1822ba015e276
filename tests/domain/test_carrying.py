"""Who carries how much."""

from __future__ import annotations

from datetime import date, time

import pytest
from tests.domain.building import SHANGHAI, at

from shouwang.domain.carrying import (
    Deed,
    Load,
    RoundTime,
    Walk,
    is_night,
    loads_of,
    walk_of,
)

MONDAY = date(2026, 3, 2)
ROUNDS = (RoundTime(round=1, at=time(7, 30)), RoundTime(round=2, at=time(23)))


def walk(clock):
    return walk_of(ROUNDS, member=5, seen_at=at(clock), zone=SHANGHAI)


@pytest.mark.parametrize(
    ("clock", "said"),
    [("21:59", False), ("22:00", True), ("05:59", True), ("06:00", False)],
)
def test_the_night_is_from_ten_until_six(clock, said):
    assert is_night(at(clock), SHANGHAI) is said


def test_an_alert_counts_once_however_often_somebody_wrote():
    deeds = [
        Deed(member=5, alert=1, at=at("09:00")),
        Deed(member=5, alert=1, at=at("23:00"), is_at_door=True),
        Deed(member=5, alert=2, at=at("09:00")),
        Deed(member=6, alert=1, at=at("09:00")),
    ]
    walks = [
        Walk(member=7, round=1, on=MONDAY),
        Walk(member=7, round=1, on=MONDAY),
        Walk(member=6, round=2, on=MONDAY),
    ]
    loads = loads_of(deeds, walks, zone=SHANGHAI)
    assert loads == [
        Load(member=5, taken_count=2, door_count=1, night_count=1, walk_count=0),
        Load(member=6, taken_count=1, door_count=0, night_count=0, walk_count=1),
        Load(member=7, taken_count=0, door_count=0, night_count=0, walk_count=1),
    ]


def test_a_look_belongs_to_the_round_that_began_nearest():
    assert walk("09:00") == Walk(member=5, round=1, on=MONDAY)
    assert walk("22:30") == Walk(member=5, round=2, on=MONDAY)


def test_a_look_after_midnight_belongs_to_the_evening_before():
    assert walk("00:20") == Walk(member=5, round=2, on=date(2026, 3, 1))


def test_without_a_round_there_is_no_walk():
    assert walk_of((), member=5, seen_at=at("08:00"), zone=SHANGHAI) is None
