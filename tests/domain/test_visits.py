"""Who is to be visited, by when and why; and what a form may hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.ladder import Risk
from shouwang.domain.visits import (
    AFTER_RETURN,
    BUILT_IN_QUESTIONS,
    Answer,
    AwaySpan,
    CallState,
    Cause,
    Change,
    ChangeKind,
    Frequency,
    Kept,
    Question,
    QuestionKind,
    RaisedCall,
    VisitFacts,
    answer_problem,
    call_of,
    call_place,
    concerns_of,
    form_problems,
    longest_alone,
    needed_in,
)

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
OFTEN = Frequency()


def facts(risk=Risk.GENERAL, *, since=400, last=None, **more):
    return VisitFacts(
        risk=risk,
        since=NOW - since * DAY,
        last_visit_at=None if last is None else NOW - last * DAY,
        **more,
    )


def left_hospital(days_ago):
    return Change(kind=ChangeKind.LEFT_HOSPITAL, at=NOW - days_ago * DAY)


def state(row, now=NOW):
    return call_of(row, OFTEN, now=now).state(now=now)


@pytest.mark.parametrize(
    ("risk", "last", "is_now"),
    [
        (Risk.HIGH, 5, CallState.LATER),
        (Risk.HIGH, 6.5, CallState.DUE),
        (Risk.HIGH, 7, CallState.OVERDUE),
        (Risk.KEY, 20, CallState.LATER),
        (Risk.KEY, 27, CallState.DUE),
        (Risk.KEY, 31, CallState.OVERDUE),
        (Risk.GENERAL, 60, CallState.LATER),
        (Risk.GENERAL, 80, CallState.DUE),
        (Risk.GENERAL, 92, CallState.OVERDUE),
    ],
)
def test_a_visit_is_due_by_its_risk(risk, last, is_now):
    row = facts(risk, last=last)
    assert state(row) is is_now
    assert call_of(row, OFTEN, now=NOW).cause is Cause.ROUTINE


def test_a_home_never_visited_counts_from_when_it_came_to_us():
    call = call_of(facts(Risk.HIGH, since=3), OFTEN, now=NOW)
    assert (call.cause, call.by) == (Cause.NEVER, NOW + 4 * DAY)


def test_who_left_hospital_is_visited_within_a_day():
    row = facts(last=10, changes=[left_hospital(0.5)])
    call = call_of(row, OFTEN, now=NOW)
    assert (call.cause, call.by) == (Cause.CHANGE, NOW + 0.5 * DAY)
    assert state(row) is CallState.DUE
    assert state(row, NOW + DAY) is CallState.OVERDUE


def test_a_visit_after_the_change_answers_it():
    row = facts(last=0.25, changes=[left_hospital(0.5)])
    assert state(row) is CallState.LATER


def test_what_is_raised_is_due_until_its_day():
    raised = RaisedCall(at=NOW - DAY, by=NOW + 2 * DAY, words="春节")
    call = call_of(facts(last=10, raised=[raised]), OFTEN, now=NOW)
    assert (call.cause, call.by, call.words) == (Cause.RAISED, raised.by, "春节")
    assert state(facts(last=0, raised=[raised])) is CallState.LATER


def test_every_reason_there_is_by_now_is_told():
    raised = RaisedCall(at=NOW - DAY, by=NOW + 2 * DAY, words="heat")
    row = facts(Risk.HIGH, last=9, changes=[left_hospital(0.5)], raised=[raised])
    call = call_of(row, OFTEN, now=NOW)
    assert call.cause is Cause.ROUTINE
    assert [other.cause for other in call.also] == [Cause.CHANGE, Cause.RAISED]
    assert call_of(facts(last=1), OFTEN, now=NOW).also == ()


def test_nobody_is_due_while_away_and_back_there_is_a_day_of_grace():
    away = AwaySpan(begin=NOW - 5 * DAY, end=NOW)
    row = facts(Risk.HIGH, last=10, away=[away])
    assert state(row, NOW - DAY) is CallState.AWAY
    assert state(row, NOW) is CallState.DUE
    assert call_of(row, OFTEN, now=NOW).by == NOW + AFTER_RETURN


def test_what_was_overdue_before_she_left_is_overdue_when_she_is_back():
    away = AwaySpan(begin=NOW - DAY, end=NOW)
    assert state(facts(Risk.HIGH, last=10, away=[away])) is CallState.OVERDUE


def test_overdue_comes_first_then_the_change_then_the_risk():
    rows = {
        "general late": facts(last=100),
        "high late": facts(Risk.HIGH, last=10),
        "hospital late": facts(last=10, changes=[left_hospital(2)]),
        "hospital": facts(last=10, changes=[left_hospital(0.1)]),
        "later": facts(last=1),
    }
    order = sorted(
        rows,
        key=lambda key: call_place(
            call_of(rows[key], OFTEN, now=NOW), rows[key].risk, now=NOW
        ),
    )
    assert order == ["hospital late", "high late", "general late", "hospital", "later"]


HOURS = st.integers(-2000, 500).map(lambda hours: NOW + timedelta(hours=hours))
CHANGES = st.lists(
    st.builds(Change, kind=st.sampled_from(ChangeKind), at=HOURS), max_size=4
)
RAISED = st.lists(
    st.tuples(HOURS, st.integers(1, 300)).map(
        lambda row: RaisedCall(at=row[0], by=row[0] + timedelta(hours=row[1]))
    ),
    max_size=4,
)
AWAY = st.lists(
    st.tuples(HOURS, st.one_of(st.none(), st.integers(1, 400))).map(
        lambda row: AwaySpan(
            begin=row[0],
            end=None if row[1] is None else row[0] + timedelta(hours=row[1]),
        )
    ),
    max_size=3,
)


def any_facts(**more):
    given = {
        "risk": st.sampled_from(Risk),
        "since": HOURS.filter(lambda at: at <= NOW),
        "last_visit_at": st.one_of(st.none(), HOURS.filter(lambda at: at <= NOW)),
        "changes": CHANGES,
        "raised": RAISED,
        "away": AWAY,
    }
    return st.builds(VisitFacts, **{**given, **more})


@given(any_facts())
def test_a_home_that_is_away_is_never_due(row):
    is_away = any(span.covers(NOW) for span in row.away)
    assert (state(row) is CallState.AWAY) is is_away


@given(any_facts(away=st.just([])))
def test_whoever_was_just_visited_is_not_due(row):
    visited = VisitFacts(
        risk=row.risk,
        since=row.since,
        last_visit_at=NOW,
        changes=row.changes,
        raised=row.raised,
    )
    assert state(visited) is CallState.LATER


@given(any_facts(away=st.just([])), st.builds(left_hospital, st.floats(0, 30)))
def test_one_more_change_never_makes_a_visit_less_pressing(row, change):
    more = VisitFacts(
        risk=row.risk,
        since=row.since,
        last_visit_at=row.last_visit_at,
        changes=[*row.changes, change],
        raised=row.raised,
    )
    assert state(more).place <= state(row).place


@given(any_facts())
def test_the_order_of_the_facts_changes_nothing(row):
    turned = VisitFacts(
        risk=row.risk,
        since=row.since,
        last_visit_at=row.last_visit_at,
        changes=row.changes[::-1],
        raised=row.raised[::-1],
        away=row.away[::-1],
    )
    one, other = (call_of(facts, OFTEN, now=NOW) for facts in (row, turned))
    assert (one.cause, one.from_at, one.by) == (other.cause, other.from_at, other.by)


@given(any_facts(changes=st.just([]), raised=st.just([]), away=st.just([])))
def test_a_higher_risk_is_never_visited_later(row):
    def by(risk):
        return call_of(
            VisitFacts(risk=risk, since=row.since, last_visit_at=row.last_visit_at),
            OFTEN,
            now=NOW,
        ).by

    assert by(Risk.HIGH) <= by(Risk.KEY) <= by(Risk.GENERAL)


@pytest.mark.parametrize(
    ("visited", "kept"),
    [
        ([-40], Kept(due=1, done=0)),
        ([-40, 3], Kept(due=1, done=1)),
        ([-2], Kept()),
        ([], Kept(due=1, done=0)),
        ([-40, 31], Kept(due=1, done=0)),
    ],
)
def test_a_month_says_who_needed_a_visit_and_who_had_one(visited, kept):
    span = (NOW, NOW + 28 * DAY)
    found = needed_in(
        [NOW + day * DAY for day in visited],
        since=NOW - 100 * DAY,
        interval=30 * DAY,
        span=span,
    )
    assert found == kept


def test_a_form_says_all_that_is_wrong_at_once():
    questions = [
        *BUILT_IN_QUESTIONS,
        Question(code="own-1", kind=QuestionKind.NUMBER, words="血压", required=True),
        Question(code="own-2", kind=QuestionKind.YES_NO, words="空调好吗"),
    ]
    answers = {
        "home_safety": Answer(value="on fire"),
        "own-1": Answer(value="high"),
        "own-2": Answer(value="perhaps"),
    }
    assert form_problems(questions, answers) == {
        "how_is_she": "required",
        "home_safety": "unknown_answer",
        "own-1": "not_a_number",
        "own-2": "unknown_answer",
    }


def test_a_number_is_a_number_and_a_text_ends():
    number = Question(code="n", kind=QuestionKind.NUMBER)
    assert answer_problem(number, Answer(value="36.5")) == ""
    assert answer_problem(number, Answer(value="nan")) == "not_a_number"
    assert answer_problem(number, Answer(value="1e99")) == "not_a_number"
    text = Question(code="t", kind=QuestionKind.TEXT)
    assert answer_problem(text, Answer(value="x" * 501)) == "too_long"
    assert answer_problem(text, None) == ""


def test_the_desk_reads_what_is_of_concern():
    answers = {
        "how_is_she": Answer(value="unwell"),
        "medicines": Answer(value="in_date"),
    }
    assert concerns_of(BUILT_IN_QUESTIONS, answers) == ("how_is_she",)


def test_nobody_ever_sat_with_her_comes_before_long_ago():
    met = {1: NOW, 2: None, 3: NOW - 9 * DAY}
    assert longest_alone(met) == [2, 3, 1]
