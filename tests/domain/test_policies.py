"""Ladders: one for every alert, sensible from the first minute, told before it happens."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.alerts import AlertKind
from shouwang.domain.foresight import ASKED_TO_GO_WITHIN, door_asked_at, rehearse
from shouwang.domain.ladder import Ask, Did, Policy, Risk, Step, policy_for
from shouwang.domain.policies import (
    BUILT_IN_POLICIES,
    OF_NO_HOME,
    STEPS_MOST,
    policy_problems,
    replaced_by,
    with_built_in,
)

AT = datetime(2026, 3, 2, 13, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALL = Step(tell=("duty_officer",), ask=Ask.PHONE, wait=10 * MINUTE)

kinds = st.sampled_from(AlertKind)
risks = st.sampled_from(Risk)
hours = st.times().map(lambda row: row.replace(tzinfo=None))
own_policies = st.lists(
    st.builds(
        Policy,
        name=st.just("own"),
        kinds=st.frozensets(kinds, min_size=1),
        risks=st.frozensets(risks),
        hours=st.none() | st.tuples(hours, hours),
        steps=st.just((CALL,)),
    ),
    max_size=4,
)


@given(own_policies, kinds, st.none() | risks, hours)
def test_there_is_a_ladder_for_every_kind_risk_and_hour(own, kind, risk, local):
    found = policy_for(with_built_in(own), kind=kind, risk=risk, local=local)
    assert found is not None
    assert found.steps
    assert kind in found.kinds


@given(own_policies, kinds, risks, hours)
def test_an_own_ladder_that_fits_goes_before_the_built_in_one(own, kind, risk, local):
    fits = any(row.fits(kind, risk, local) for row in own)
    found = policy_for(with_built_in(own), kind=kind, risk=risk, local=local)
    assert (found in own) is fits


def test_hours_over_midnight_fit_the_night_on_both_sides():
    night = Policy(
        name="night",
        kinds=frozenset({AlertKind.MISSED}),
        hours=(time(22), time(6)),
        steps=(CALL,),
    )
    fitting = [
        hour
        for hour in (0, 5, 6, 12, 21, 22, 23)
        if night.fits(AlertKind.MISSED, None, time(hour))
    ]
    assert fitting == [0, 5, 22, 23]


def counts(steps, there):
    """Return how many people each step reaches where only ``there`` can be told."""
    return [sum(token in there for token in step.tell) for step in steps]


# One person with all roles always is; the others may be missing.
ALONE = {"duty_officer", "coordinator"}
MAY_BE = ("walker_of_round", "keyholder", "family")
PEOPLE = st.frozensets(st.sampled_from(MAY_BE)).map(lambda more: ALONE | more)
# Late for her own habit, her deadline has not passed: nobody is sent to the door yet.
TO_THE_DOOR_KINDS = (
    set(AlertKind) - OF_NO_HOME - {AlertKind.RETURN_CHECK, AlertKind.UNUSUAL}
)


@given(PEOPLE, st.sampled_from(sorted(TO_THE_DOOR_KINDS)))
def test_somebody_is_asked_to_the_door_in_time_whoever_is_missing(there, kind):
    policy = policy_for(BUILT_IN_POLICIES, kind=kind, risk=None, local=time(21))
    assert policy is not None
    moves = rehearse(
        policy.steps, lambda _at: counts(policy.steps, there), opened_at=AT
    )
    asked = door_asked_at(policy.steps, moves)
    assert asked is not None
    assert asked - AT <= ASKED_TO_GO_WITHIN


@pytest.mark.parametrize("kind", [AlertKind.HELP, AlertKind.MISSED])
def test_a_keyholder_the_family_and_the_emergency_services_are_on_the_ladder(kind):
    policy = policy_for(BUILT_IN_POLICIES, kind=kind, risk=None, local=time(9))
    assert policy is not None
    asks = [step.ask for step in policy.steps]
    assert (
        asks.index(Ask.KEYHOLDER) < asks.index(Ask.FAMILY) < asks.index(Ask.EMERGENCY)
    )


def test_what_is_foreseen_skips_whom_nobody_reaches_without_waiting():
    steps = (CALL, CALL, CALL)
    moves = rehearse(steps, lambda _at: [1, 0, 1], opened_at=AT)
    assert [(row.did, row.step, (row.at - AT) // MINUTE) for row in moves] == [
        (Did.STEP, 1, 0),
        (Did.NOBODY_TOLD, 2, 10),
        (Did.STEP, 3, 10),
        (Did.EXHAUSTED, None, 20),
    ]


def test_whom_a_step_reaches_is_asked_at_the_moment_it_comes():
    later = AT + 5 * MINUTE
    moves = rehearse((CALL, CALL), lambda at: [1, int(at < later)], opened_at=AT)
    assert [row.did for row in moves] == [Did.STEP, Did.NOBODY_TOLD, Did.EXHAUSTED]


def test_a_built_in_ladder_is_replaced_only_at_every_risk_and_hour():
    built_in = BUILT_IN_POLICIES[0]
    whole = Policy(name="own", kinds=built_in.kinds, steps=(CALL,))
    high = Policy(
        name="own",
        kinds=built_in.kinds,
        steps=(CALL,),
        risks=frozenset({Risk.HIGH}),
    )
    assert replaced_by(built_in, [whole])
    assert not replaced_by(built_in, [high])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kinds": frozenset()}, "no_kind"),
        ({"steps": ()}, "no_step"),
        ({"steps": (CALL,) * (STEPS_MOST + 1)}, "too_many_steps"),
        ({"hours": (time(8), time(8))}, "hours_empty"),
        (
            {"kinds": OF_NO_HOME, "risks": frozenset({Risk.HIGH})},
            "risks_of_no_home",
        ),
        ({"steps": (Step(tell=(), ask=Ask.PHONE, wait=MINUTE),)}, "step_names_nobody"),
        (
            {"steps": (Step(tell=("family",), ask=Ask.PHONE, wait=-MINUTE),)},
            "step_waits_too_long",
        ),
    ],
)
def test_a_ladder_that_cannot_be_used_says_why(more, code):
    values = {"name": "own", "kinds": {AlertKind.HELP}, "steps": (CALL,), **more}
    assert [row.code for row in policy_problems(Policy(**values))] == [code]


def test_every_built_in_ladder_is_sound():
    assert [policy_problems(row) for row in BUILT_IN_POLICIES] == [
        [] for _ in BUILT_IN_POLICIES
    ]
