"""Section 4 of the watch rules, for any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings, strategies as st
from tests.domain.building import EVENING, at, check

from shouwang.domain.facts import CouldNotSee, HomeFacts, Sighting, Source
from shouwang.domain.status import WAITING, Status, status_of, statuses_of

ANY = settings(deadline=None, derandomize=True, max_examples=150)
BADNESS = {
    Status.WELL: 0,
    Status.EXCUSED: 0,
    Status.SCHEDULED: 1,
    Status.OPEN: 1,
    Status.GRACE: 1,
    Status.NOT_LOOKED: 2,
    Status.UNCLEAR: 2,
    Status.UNPROVEN: 2,
    Status.MISSED: 3,
    Status.HELP: 4,
}
MOMENTS = st.integers(-1200, 1400).map(
    lambda minutes: at("00:00") + timedelta(minutes=minutes)
)
STATES = [
    ("curtain", "open"),
    ("curtain", "closed"),
    ("curtain", "partly"),
    ("contact", "spoke"),
    ("contact", "no_answer"),
    ("contact", "asks_help"),
    ("board", "cry"),
    ("board", "smile"),
]
CHECKS = st.booleans().map(lambda needed: check(require_change=needed))


@st.composite
def sightings(draw, states=STATES):
    signal, state = draw(st.sampled_from(states))
    hidden = signal == "curtain" and draw(st.integers(0, 5)) == 0
    return Sighting(
        id=str(draw(st.uuids())),
        signal=signal,
        state=None if hidden else state,
        could_not_see=CouldNotSee.DARK if hidden else None,
        seen_at=draw(MOMENTS),
        source=Source.CONTACT if signal == "contact" else Source.LOOK,
    )


DAYS = st.lists(sightings(), max_size=7, unique_by=lambda row: row.id)


@st.composite
def all_facts(draw):
    """Return a day, with answers of which some fall on the moment of a look."""
    day = draw(DAYS)
    moments = st.sampled_from([row.seen_at for row in day]) if day else MOMENTS
    answers = draw(st.lists(moments | MOMENTS, max_size=2))
    return HomeFacts(sightings=tuple(day), answered_at=tuple(answers))


FACTS = all_facts()


def status(row, facts, now, *more):
    known = replace(facts, sightings=(*facts.sightings, *more))
    return status_of(row, known, now=now).status


@ANY
@given(CHECKS, FACTS, MOMENTS, st.randoms())
def test_the_order_of_arrival_and_repeats_never_matter(row, facts, now, chance):
    looks, answers = [*facts.sightings] * 2, [*facts.answered_at] * 2
    chance.shuffle(looks)
    chance.shuffle(answers)
    shuffled = HomeFacts(sightings=tuple(looks), answered_at=tuple(answers))
    assert status_of(row, shuffled, now=now) == status_of(row, facts, now=now)


@ANY
@given(CHECKS, FACTS, MOMENTS, sightings([("contact", "spoke")]))
def test_reaching_her_never_makes_a_check_worse(row, facts, now, proof):
    before, after = status(row, facts, now), status(row, facts, now, proof)
    assert BADNESS[after] <= BADNESS[before]


@ANY
@given(CHECKS, FACTS, MOMENTS, MOMENTS)
def test_an_answer_never_makes_a_check_worse(row, facts, now, moment):
    answered = replace(facts, answered_at=(*facts.answered_at, moment))
    before, after = status(row, facts, now), status(row, answered, now)
    assert BADNESS[after] <= BADNESS[before]


@ANY
@given(CHECKS, FACTS, MOMENTS, sightings([("contact", "asks_help")]))
def test_hearing_that_she_needs_help_and_answering_it_makes_no_check_worse(
    row, facts, now, heard
):
    answer = heard.seen_at + timedelta(microseconds=1)
    # Told from the answer on: in between it is a cry.
    now = max(now, answer)
    answered = replace(facts, answered_at=(*facts.answered_at, answer))
    before, after = status(row, facts, now), status(row, answered, now, heard)
    assert BADNESS[after] <= BADNESS[before]


@ANY
@given(CHECKS, FACTS, MOMENTS, MOMENTS)
def test_a_well_state_in_its_time_never_makes_a_check_worse(row, facts, now, seen_at):
    if not row.opens_at <= seen_at < row.state_until_at:
        return
    proof = Sighting(id="proof", signal="curtain", state="open", seen_at=seen_at)
    before, after = status(row, facts, now), status(row, facts, now, proof)
    assert BADNESS[after] <= BADNESS[before]


@ANY
@given(
    CHECKS,
    FACTS,
    MOMENTS,
    sightings(
        [
            ("curtain", "closed"),
            ("contact", "no_answer"),
            ("contact", "asks_help"),
            ("board", "cry"),
        ]
    ),
)
def test_bad_news_turns_well_into_nothing_but_help(row, facts, now, news):
    if status(row, facts, now) is Status.WELL:
        assert status(row, facts, now, news) in {Status.WELL, Status.HELP}


@ANY
@given(CHECKS, FACTS, MOMENTS)
def test_time_bounds_what_a_check_can_be(row, facts, now):
    result = status(row, facts, now)
    if now >= row.alert_at:
        assert result not in WAITING
    if now < row.opens_at:
        assert result not in {Status.MISSED, Status.NOT_LOOKED, Status.UNPROVEN}


@ANY
@given(CHECKS, DAYS, MOMENTS, st.lists(sightings(), max_size=3), st.integers(0, 900))
def test_what_happens_later_never_retells_a_check(row, day, now, later, minutes):
    moved = [
        replace(look, seen_at=row.told_until_at + timedelta(minutes=minutes + place))
        for place, look in enumerate(later)
    ]
    now = max(now, row.told_until_at)
    before = status_of(row, HomeFacts(sightings=tuple(day)), now=now)
    facts = HomeFacts(
        sightings=(*day, *moved), answered_at=(row.told_until_at + timedelta(hours=1),)
    )
    assert status_of(row, facts, now=now + timedelta(days=3)) == before


@ANY
@given(FACTS, MOMENTS)
def test_many_checks_are_told_as_each_alone(facts, now):
    rows = [check(), check(require_change=True), check(EVENING)]
    assert list(statuses_of(rows, facts, now=now)) == [
        status_of(row, facts, now=now) for row in rows
    ]
