"""What people need: the table of moves, what is refused, what is overdue first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.alerts import AlertKind
from shouwang.domain.errors import NeedError
from shouwang.domain.ladder import Risk
from shouwang.domain.needs import (
    CLOSED,
    IN_HAND,
    MOVES,
    TAKEN_WITHIN,
    Act,
    Asked,
    ConsentState,
    Source,
    Stage,
    Standing,
    Step,
    Urgency,
    Waiting,
    Why,
    already_so,
    due_of,
    next_stage,
    opening_refused,
    place_of,
    urgency_after_alert,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)
LI, SUN = 7, 8
SAID = {
    "who": LI,
    "note": "说清楚",
    "asked": Asked.PHONE,
    "office": "物业",
    "chase_at": TOMORROW,
}


def standing(stage=Stage.NEW, **more):
    values = {
        "urgency": Urgency.DIFFICULT,
        "consent": ConsentState.STANDING,
        "taken_by": LI if stage in IN_HAND else None,
        "waiting_for": (LI,) if stage is Stage.OFFERED else (),
    }
    return Standing(stage=stage, **{**values, **more})


def step(act, **more):
    return Step(act=act, **{**SAID, **more})


def refused(need, wanted):
    with pytest.raises(NeedError) as told:
        next_stage(need, wanted, now=NOON)
    return told.value.code


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
def test_a_need_goes_where_the_table_says_and_nowhere_else(stage, act):
    to = MOVES[stage].get(act)
    if to is None:
        refused(standing(stage), step(act))
    elif act is Act.DECLINE:
        assert next_stage(standing(stage), step(act), now=NOON) is Stage.NEW
    else:
        assert next_stage(standing(stage), step(act), now=NOON) is to


def test_every_stage_leads_to_an_end_and_an_end_leads_nowhere():
    ends = {stage for stage in Stage if not MOVES[stage]}
    assert ends == CLOSED
    reached = set(CLOSED)
    for _ in Stage:
        reached |= {s for s in Stage if reached & set(MOVES[s].values())}
    assert reached == set(Stage)


def test_nothing_is_checked_but_by_asking_after_it_was_done():
    ways = {s for s in Stage if Stage.CHECKED in MOVES[s].values()}
    assert ways == {Stage.DONE}
    assert refused(standing(Stage.DONE), step(Act.RIGHT, asked=None)) == "say_how_asked"


def test_what_was_not_right_begins_anew_and_says_what():
    done = standing(Stage.DONE)
    assert refused(done, step(Act.WRONG, note=" ")) == "say_what_was_wrong"
    assert next_stage(done, step(Act.WRONG), now=NOON) is Stage.NEW


def test_a_second_person_cannot_take_what_one_has():
    taken = standing(Stage.TAKEN)
    assert refused(taken, step(Act.TAKE, who=SUN)) == "already_taken"
    assert already_so(taken, step(Act.TAKE))
    assert not already_so(taken, step(Act.TAKE, who=SUN))


@pytest.mark.parametrize(
    ("act", "stage"),
    [
        (Act.BEGIN, Stage.DOING),
        (Act.FINISH, Stage.DONE),
        (Act.RIGHT, Stage.CHECKED),
        (Act.CANCEL, Stage.CANCELLED),
    ],
)
def test_a_second_tap_changes_nothing(act, stage):
    assert already_so(standing(stage), step(act))
    assert not already_so(standing(Stage.TAKEN), step(act))


def test_a_refusal_leads_back_only_when_nobody_else_is_asked():
    two = standing(Stage.OFFERED, waiting_for=(LI, SUN))
    assert next_stage(two, step(Act.DECLINE), now=NOON) is Stage.OFFERED
    one = standing(Stage.OFFERED, waiting_for=(SUN,))
    assert refused(one, step(Act.DECLINE)) == "not_asked"


@pytest.mark.parametrize(
    ("urgency", "consent", "note", "code"),
    [
        (Urgency.EVERYDAY, ConsentState.STANDING, "", "everyday_stays_here"),
        (Urgency.DIFFICULT, ConsentState.STANDING, "", None),
        (Urgency.DIFFICULT, ConsentState.NONE, "x", "no_consent"),
        (Urgency.DIFFICULT, ConsentState.WITHDRAWN, "x", "no_consent"),
        (Urgency.URGENT, ConsentState.WITHDRAWN, "", "danger_needs_reason"),
        (Urgency.URGENT, ConsentState.WITHDRAWN, "煤气味", None),
        (Urgency.URGENT, ConsentState.NONE, "煤气味", None),
    ],
)
def test_nothing_goes_outside_without_her_word_but_in_danger(
    urgency, consent, note, code
):
    need = standing(urgency=urgency, consent=consent)
    wanted = step(Act.HAND_ON, note=note)
    if code is None:
        assert next_stage(need, wanted, now=NOON) is Stage.HANDED_ON
    else:
        assert refused(need, wanted) == code


@pytest.mark.parametrize("chase_at", [None, NOON, NOON - timedelta(days=1)])
def test_what_lies_with_an_office_says_when_to_ask_again(chase_at):
    for act, stage in ((Act.HAND_ON, Stage.NEW), (Act.CHASE, Stage.HANDED_ON)):
        wanted = step(act, chase_at=chase_at)
        assert refused(standing(stage), wanted) == "chase_in_the_future"


def test_an_office_has_a_name_and_a_chase_says_what_they_said():
    assert refused(standing(), step(Act.HAND_ON, office=" ")) == "say_which_office"
    outside = standing(Stage.HANDED_ON)
    assert refused(outside, step(Act.CHASE, note="")) == "say_what_they_said"
    assert refused(outside, step(Act.TAKE)) == "handed_on"


@pytest.mark.parametrize("stage", [Stage.NEW, Stage.TAKEN, Stage.HANDED_ON])
def test_a_need_is_cancelled_with_a_reason(stage):
    assert refused(standing(stage), step(Act.CANCEL, note="")) == "say_why"


def test_a_home_that_withdrew_is_left_in_peace_but_never_in_danger():
    def told(urgency, source=Source.VISIT, consent=ConsentState.WITHDRAWN):
        return opening_refused(consent=consent, urgency=urgency, source=source)

    assert told(Urgency.EVERYDAY).code == "consent_withdrawn"
    assert told(Urgency.DIFFICULT).code == "consent_withdrawn"
    assert told(Urgency.URGENT) is None
    assert told(Urgency.DIFFICULT, source=Source.ALERT) is None
    assert told(Urgency.EVERYDAY, consent=ConsentState.NONE) is None


@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize("risk", Risk)
def test_what_an_alert_found_is_never_everyday(kind, risk):
    found = urgency_after_alert(kind, risk)
    pressing = kind in {AlertKind.HELP, AlertKind.MISSED} or risk is not Risk.GENERAL
    assert found is (Urgency.URGENT if pressing else Urgency.DIFFICULT)


# --- overdue first ---------------------------------------------------------------


def due(need):
    """Return what comes next, of a need that is open."""
    found = due_of(need)
    assert found is not None
    return found


def waiting(stage=Stage.NEW, urgency=Urgency.EVERYDAY, **more):
    return Waiting(**{"stage": stage, "urgency": urgency, "since": NOON, **more})


def test_what_presses_is_taken_within_half_an_hour():
    found = due(waiting(urgency=Urgency.URGENT))
    assert (found.at, found.why) == (NOON + timedelta(minutes=30), Why.UNTAKEN)
    assert found.is_over(now=found.at)
    assert not found.is_over(now=found.at - timedelta(seconds=1))


def test_what_is_wanted_in_three_weeks_may_wait_until_two_days_before():
    wanted = NOON + timedelta(days=21)
    found = due(waiting(wanted_by=wanted))
    assert (found.at, found.why) == (wanted - timedelta(days=2), Why.UNTAKEN)


def test_what_is_wanted_within_the_hour_is_due_then():
    wanted = NOON + timedelta(hours=1)
    found = due(waiting(wanted_by=wanted))
    assert (found.at, found.why) == (wanted, Why.WANTED)


def test_what_is_done_waits_to_be_asked_about():
    assert due(waiting(Stage.DONE)).why is Why.UNASKED


def test_what_lies_with_an_office_is_due_when_it_is_to_be_asked():
    found = due(waiting(Stage.HANDED_ON, chase_at=TOMORROW))
    assert (found.at, found.why) == (TOMORROW, Why.UNCHASED)


def test_overdue_comes_first_then_what_presses_then_what_is_due_soonest():
    now = NOON + timedelta(days=2, hours=1)
    later = {"since": now - timedelta(hours=1)}
    late = waiting()
    late_urgent = waiting(urgency=Urgency.URGENT)
    urgent = waiting(urgency=Urgency.URGENT, since=now - timedelta(minutes=5))
    soon = waiting(**later, wanted_by=now + timedelta(hours=2))
    calm = waiting(**later)
    over = waiting(Stage.CHECKED)
    rows = [over, calm, soon, urgent, late, late_urgent]
    ordered = sorted(rows, key=lambda row: place_of(row, now=now))
    assert ordered == [late_urgent, late, urgent, soon, calm, over]


stages, urgencies = st.sampled_from(Stage), st.sampled_from(Urgency)
spans = st.timedeltas(timedelta(minutes=-30), timedelta(days=40))
needs = st.builds(
    lambda stage, urgency, wanted, chase: Waiting(
        stage=stage,
        urgency=urgency,
        since=NOON,
        wanted_by=NOON + wanted if wanted is not None else None,
        chase_at=NOON + chase if stage is Stage.HANDED_ON else None,
    ),
    stages,
    urgencies,
    st.none() | spans,
    spans,
)


@given(needs)
def test_every_open_need_is_due_at_some_time_and_no_closed_one(need):
    assert (due_of(need) is None) is (need.stage in CLOSED)


@given(needs, spans, spans)
def test_what_is_overdue_stays_so_until_somebody_moves_it(need, one, two):
    found = due_of(need)
    early, late = sorted((NOON + one, NOON + two))
    if found is not None and found.is_over(now=early):
        assert found.is_over(now=late)


@given(needs, spans, spans)
def test_wanting_it_sooner_never_makes_it_due_later(need, one, two):
    early, late = sorted((NOON + one, NOON + two))
    sooner, later = (due_of(replace(need, wanted_by=at)) for at in (early, late))
    if sooner is not None and later is not None:
        assert sooner.at <= later.at


@given(needs)
def test_an_untaken_need_is_due_by_the_time_it_is_wanted(need):
    found = due(replace(need, stage=Stage.NEW))
    if need.wanted_by is not None:
        assert found.at <= need.wanted_by
    else:
        assert found.at == need.since + TAKEN_WITHIN[need.urgency]


@given(st.lists(needs), spans)
def test_no_need_in_time_stands_before_one_that_is_overdue(rows, passed):
    now = NOON + passed
    ordered = sorted(rows, key=lambda row: place_of(row, now=now))
    found = [due_of(row) for row in ordered]
    flags = [row.is_over(now=now) for row in found if row is not None]
    assert flags == sorted(flags, reverse=True)
