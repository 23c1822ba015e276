"""When a home is asked about early, and what asking early found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.domain.building import at, check, contact, seen, unseen

from shouwang.domain.alerts import Outcome
from shouwang.domain.facts import Absence, HomeFacts
from shouwang.domain.unusual import Asked, early_of, unusual_look


def late(clock, *sightings, **more):
    known = HomeFacts(sightings=sightings, **more)
    return unusual_look(check(), known, now=at(clock))


def test_a_curtain_seen_shut_this_morning_is_late():
    shut = seen("07:40", "closed")
    assert late("08:00", shut) == shut
    # What was seen last night says nothing of this morning.
    assert late("08:00", seen("-1 20:00", "closed")) is None


@pytest.mark.parametrize(
    "sightings",
    [
        (),
        (unseen("07:40"),),
        (seen("07:40", "closed"), seen("07:50", "open")),
        (seen("07:40", "closed"), contact("07:50")),
    ],
)
def test_nobody_looked_could_not_see_open_or_spoken_with_is_not_late(sightings):
    assert late("08:00", *sightings) is None


def test_could_not_see_later_takes_nothing_back():
    assert late("08:00", seen("07:40", "closed"), unseen("07:50")) is not None


def test_a_cry_is_help_and_not_a_late_habit():
    board = check(signal="board")
    cry = seen("07:40", "cry", signal="board")
    assert unusual_look(board, HomeFacts(sightings=(cry,)), now=at("08:00")) is None


def test_outside_its_window_and_away_nothing_is_late():
    shut = seen("06:40", "closed")
    assert late("06:50", shut) is None
    assert late("09:30", seen("08:50", "closed")) is None
    away = Absence(from_at=at("-1 12:00"), until_at=None)
    assert late("08:00", seen("07:40", "closed"), absences=(away,)) is None


def asked(clock, outcome):
    return Asked(asked_at=at(clock), alert_at=at("09:10"), outcome=outcome)


def test_what_asking_early_found_and_cost():
    found = early_of(
        [
            asked("08:10", Outcome.UNWELL),
            asked("08:40", Outcome.NEEDS_HELP),
            asked("08:00", Outcome.OVERSLEPT),
            asked("08:00", Outcome.SEEN_AFTER_ALL),
            asked("08:00", Outcome.OTHER),
            asked("08:00", None),
        ]
    )
    assert (found.asked_count, found.found_count, found.needless_count) == (6, 2, 2)
    assert found.found_earlier == timedelta(minutes=30)
    assert early_of([]).found_earlier is None
