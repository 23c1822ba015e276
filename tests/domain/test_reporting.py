"""What becomes of a passer-by's report, and who is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from shouwang.domain.reporting import (
    Asks,
    Did,
    Found,
    ReportState,
    What,
    found_of,
    state_after,
    tellings,
    urgency,
    without_numbers,
)

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def after(*found, state=ReportState.NEW):
    for one in found:
        state = state_after(state, one)
    return state


def test_the_order_in_which_answers_arrive_does_not_matter():
    for count in range(1, 5):
        for chosen in permutations([*Found, *Found], count):
            assert after(*chosen) == after(*sorted(chosen))


def test_a_report_is_confirmed_by_the_same_face_and_by_nothing_less():
    assert after(Found.SAME) is ReportState.CONFIRMED
    assert after(Found.NOTHING) is ReportState.DISMISSED
    assert after(Found.ANOTHER) is ReportState.LOOKED
    assert after(Found.UNKNOWN) is ReportState.NEW


def test_whoever_saw_it_cry_is_believed_over_who_saw_nothing():
    assert after(Found.NOTHING, Found.SAME) is ReportState.CONFIRMED
    assert after(Found.SAME, Found.NOTHING) is ReportState.CONFIRMED


@pytest.mark.parametrize(
    ("what", "seen", "found"),
    [
        ("cry", "cry", "same"),
        ("cry", "smile", "another"),
        ("smile", "smile", "same"),
        ("smile", "cry", "another"),
        ("cry", "open", "another"),
        ("cry", "", "unknown"),
        ("other", "open", "unknown"),
        ("other", "cry", "unknown"),
    ],
)
def test_a_look_says_this_about_a_report(what, seen, found):
    assert found_of(what=What(what), did=Did.LOOKED, seen=seen) == found


def test_nothing_there_says_nothing_once_the_window_is_known():
    cry, nothing = What.CRY, Did.NOTHING
    assert found_of(what=cry, did=nothing) is Found.NOTHING
    assert found_of(what=cry, did=nothing, is_placed=True) is Found.UNKNOWN


def test_who_cannot_go_changes_nothing():
    assert found_of(what=What.CRY, did=Did.CANNOT) is Found.UNKNOWN
    assert found_of(what=What.CRY, did=Did.PLACED) is Found.UNKNOWN


def test_the_desk_confirms_and_dismisses():
    assert found_of(what=What.OTHER, did=Did.CONFIRMED) is Found.SAME
    assert found_of(what=What.OTHER, did=Did.DISMISSED) is Found.NOTHING


def test_what_nobody_looked_at_comes_first_then_cries_then_the_oldest():
    early, late = MONDAY, MONDAY + timedelta(minutes=5)
    rows = [
        (What.SMILE, False, early),
        (What.CRY, True, early),
        (What.OTHER, False, early),
        (What.CRY, False, late),
        (What.CRY, False, early),
    ]
    ordered = sorted(
        rows, key=lambda row: urgency(row[0], is_looked_at=row[1], at=row[2])
    )
    assert [rows.index(row) for row in ordered] == [4, 3, 2, 0, 1]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("三楼左边，打 138 0000 0000 找我", "三楼左边，打 … 找我"),
        ("call +86-138-0000-0000", "call …"),
        ("3 号楼 2 单元 401", "3 号楼 2 单元 401"),
        ("12-10-1501", "12-10-1501"),
        ("打 4410000", "打 …"),
    ],
)
def test_a_number_in_words_is_not_shown_to_walkers(said, shown):
    assert without_numbers(said) == shown


def told(**more):
    plain = {
        "what": What.CRY,
        "state": ReportState.NEW,
        "is_placed": False,
        "duty": [1, 2],
        "walkers": [5, 2, 5, 6],
        "cannot": (),
    }
    return [(row.member, row.asks) for row in tellings(**{**plain, **more})]


def test_a_crying_face_somewhere_is_told_to_walkers_and_to_the_desk_once_each():
    look, place = Asks.LOOK, Asks.PLACE
    assert told() == [(5, look), (2, look), (6, look), (1, place)]
    assert told(cannot=[5, 2]) == [(6, look), (1, place), (2, place)]


@pytest.mark.parametrize(
    "more",
    [
        {"what": What.SMILE},
        {"what": What.OTHER},
        {"is_placed": True},
        {"state": ReportState.DISMISSED},
    ],
)
def test_nobody_is_told_of_what_can_wait_or_has_its_alert(more):
    assert told(**more) == []
