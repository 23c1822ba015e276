from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.building import MORNING, at, check, contact, seen, told, unseen

from shouwang.domain.facts import Absence, Source
from shouwang.domain.status import Status, Strength, Why


@pytest.mark.parametrize(
    ("clock", "status"),
    [
        ("06:59", Status.SCHEDULED),
        ("07:00", Status.OPEN),
        ("08:59", Status.OPEN),
        ("09:00", Status.GRACE),
        ("09:09", Status.GRACE),
        ("09:10", Status.NOT_LOOKED),
    ],
)
def test_with_nobody_looking_only_time_decides(clock, status):
    assert told(check(), clock).status is status


def test_a_curtain_seen_closed_last_evening_and_open_now_is_proof():
    result = told(check(), "08:00", seen("-1 19:00", "closed"), seen("07:30", "open"))
    assert (result.status, result.strength) == (Status.WELL, Strength.SEEN)


def test_a_curtain_seen_closed_this_morning_and_then_open_is_proof():
    evidence = (
        seen("-1 19:00", "open"),
        seen("07:10", "closed"),
        seen("07:50", "open"),
    )
    assert told(check(), "08:00", *evidence).strength is Strength.SEEN


def test_where_nobody_looked_in_between_the_change_is_presumed():
    result = told(check(), "08:00", seen("07:30", "open"))
    assert (result.status, result.strength) == (Status.WELL, Strength.PRESUMED)


def test_where_a_change_is_required_presuming_is_not_enough():
    row = check(require_change=True)
    assert told(row, "08:00", seen("07:30", "open")).status is Status.OPEN
    assert told(row, "09:10", seen("07:30", "open")).status is Status.UNPROVEN


@pytest.mark.parametrize("require_change", [True, False])
def test_a_curtain_never_closed_proves_nothing(require_change):
    row = check(require_change=require_change)
    looks = (seen("-1 19:30", "open"), seen("07:30", "open"))
    assert told(row, "08:00", *looks).status is Status.OPEN
    assert told(row, "09:10", *looks).status is Status.UNPROVEN


def test_a_board_never_taken_in_proves_nothing_even_with_one_agreed_window():
    board = replace(MORNING, well=frozenset({"smile"}))
    looks = (
        seen("-1 21:00", "smile", signal="board"),
        seen("07:30", "smile", signal="board"),
    )
    assert told(check(board, signal="board"), "09:10", *looks).status is Status.UNPROVEN


def test_a_state_seen_before_the_window_never_satisfies_it():
    looks = (seen("-1 19:00", "closed"), seen("06:50", "open"))
    assert told(check(), "09:10", *looks).status is Status.NOT_LOOKED


def test_the_newest_usable_sighting_that_is_not_well_is_missed():
    looks = (seen("07:40", "closed"), unseen("09:05"))
    assert told(check(), "09:10", *looks).status is Status.MISSED


def test_could_not_see_is_never_reassurance():
    assert told(check(), "09:10", unseen("08:00")).status is Status.UNCLEAR


def test_what_is_seen_not_well_never_turns_well_into_missed():
    looks = (seen("-1 19:00", "closed"), seen("07:30", "open"), seen("08:30", "closed"))
    assert told(check(), "09:10", *looks).status is Status.WELL


@pytest.mark.parametrize(
    ("clock", "status"), [("05:00", Status.WELL), ("04:59", Status.NOT_LOOKED)]
)
def test_a_contact_proves_from_two_hours_before(clock, status):
    assert told(check(), "09:10", contact(clock)).status is status


def test_no_answer_is_missed_not_unlooked():
    assert told(check(), "09:10", contact("08:30", "no_answer")).status is Status.MISSED


def test_a_proof_after_the_deadline_still_turns_missed_into_well():
    looks = (seen("08:00", "closed"), seen("09:30", "open"))
    assert told(check(), "09:20", *looks).status is Status.MISSED
    assert told(check(), "09:30", *looks).status is Status.WELL


@pytest.mark.parametrize(
    ("confidence", "status"),
    [(0.96, Status.WELL), (0.94, Status.UNCLEAR), (None, Status.UNCLEAR)],
)
def test_a_photo_proves_only_above_its_calibrated_confidence(confidence, status):
    photo = seen("07:30", "open", source=Source.PHOTO, confidence=confidence)
    result = told(check(), "09:10", seen("-1 19:00", "closed"), photo)
    assert result.status is status
    assert (result.strength is Strength.PHOTO) is (status is Status.WELL)


def test_a_correction_replaces_what_it_names():
    looks = (
        seen("-1 19:00", "closed"),
        seen("07:30", "open", id="wrong"),
        seen("07:30", "closed", id="right", replaces="wrong"),
    )
    assert told(check(), "09:10", *looks).status is Status.MISSED


def test_an_absence_that_covers_the_window_excuses_it():
    whole = Absence(from_at=at("07:00"), until_at=at("09:00"))
    part = Absence(from_at=at("07:01"), until_at=None)
    assert told(check(), "09:10", absences=(whole,)).status is Status.EXCUSED
    assert told(check(), "09:10", absences=(part,)).status is Status.NOT_LOOKED


CRY = seen("14:00", "cry", signal="board")


def test_a_cry_for_help_counts_at_any_hour_even_in_an_absence():
    away = Absence(from_at=at("-1 00:00"), until_at=None)
    looks = (seen("-1 19:00", "closed"), seen("07:30", "open"), CRY)
    assert told(check(), "13:59", *looks).status is Status.WELL
    assert told(check(), "14:00", *looks, absences=(away,)).status is Status.HELP


@pytest.mark.parametrize(
    "answer", [contact("14:20"), seen("14:20", "smile", signal="board")]
)
def test_a_cry_is_over_when_she_is_known_well_again(answer):
    assert told(check(), "14:30", contact("08:00"), CRY, answer).status is Status.WELL


def test_a_cry_is_over_when_it_was_answered():
    answered = (at("14:30"),)
    result = told(check(), "14:30", contact("08:00"), CRY, answered_at=answered)
    assert result.status is Status.WELL


def test_an_opened_curtain_does_not_answer_a_crying_board():
    looks = (seen("-1 19:00", "closed"), CRY, seen("14:10", "open"))
    assert told(check(), "14:30", *looks).status is Status.HELP


def test_a_contact_that_was_taken_back_is_no_look():
    vouched = contact("08:10", "vouched")
    taken_back = replace(
        unseen("08:10"), id="back", signal="contact", replaces=vouched.id
    )
    assert told(check(), "09:10", vouched, taken_back).status is Status.NOT_LOOKED


ASKS = contact("09:30", "asks_help")
SHUT = seen("08:50", "closed")


@pytest.mark.parametrize("answered", ["09:29", "09:30"])
def test_asking_for_help_is_help_until_somebody_has_answered_it(answered):
    before = (at(answered),)
    assert told(check(), "09:30", SHUT, ASKS).status is Status.HELP
    assert told(check(), "09:40", SHUT, ASKS, answered_at=before).status is Status.HELP


def test_asking_for_help_that_was_answered_proves_that_she_was_spoken_with():
    result = told(check(), "09:40", SHUT, ASKS, answered_at=(at("09:31"), at("09:40")))
    assert (result.status, result.strength) == (Status.WELL, Strength.CONTACT)
    [reason] = result.reasons
    assert (reason.why, reason.sightings) == (Why.HELP_ANSWERED, (ASKS,))
    assert reason.answered_at == at("09:31")


def test_a_cry_after_the_answer_is_a_new_one():
    again = contact("10:00", "asks_help")
    result = told(check(), "10:00", SHUT, ASKS, again, answered_at=(at("09:31"),))
    assert (result.status, result.reasons[0].sightings) == (Status.HELP, (again,))


def test_asking_for_help_proves_only_from_two_hours_before_as_every_contact():
    early = contact("04:59", "asks_help")
    result = told(check(), "09:10", early, answered_at=(at("05:10"),))
    assert result.status is Status.NOT_LOOKED


def test_a_plain_word_with_her_is_the_better_reason_than_an_answered_cry():
    result = told(check(), "10:00", ASKS, contact("09:50"))
    assert result.reasons[0].why is Why.SPOKEN_WITH
