"""The built-in policies, what keeps a policy from being used, and which one applies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from shouwang.domain.alerts import AlertKind
from shouwang.domain.errors import PolicyError
from shouwang.domain.ladder import Ask, Policy, Step

STEPS_MOST = 20
WAIT_MOST = timedelta(hours=24)
# Alerts of a round, and of the watch itself, are of no home and so of no risk level.
OF_NO_HOME = frozenset({AlertKind.ROUND_MISSED, AlertKind.WATCH_STALLED})


def _step(tell: str, ask: Ask, minutes: int) -> Step:
    told = tuple(tell.split("+"))
    return Step(tell=told, ask=ask, wait=timedelta(minutes=minutes))


# Sensible from the first minute. Telecare promises somebody at the door within 45
# minutes in nine cases of ten (field-notes.md): so whoever walks or is on duty is asked
# to ring the bell within a quarter of an hour, a keyholder after that. The same people
# are asked, so that it holds where one person has every role, no home has given a key
# and there is no family.
BUILT_IN_POLICIES: tuple[Policy, ...] = (
    Policy(
        name="help",
        kinds=frozenset({AlertKind.HELP}),
        steps=(
            _step("duty_officer", Ask.PHONE, 5),
            _step("walker_of_round+duty_officer", Ask.RING_BELL, 10),
            _step("keyholder", Ask.KEYHOLDER, 10),
            _step("family", Ask.FAMILY, 5),
            _step("coordinator", Ask.GO_UP, 5),
            _step("duty_officer+coordinator", Ask.EMERGENCY, 10),
        ),
    ),
    Policy(
        name="missed",
        kinds=frozenset({AlertKind.MISSED, AlertKind.UNPROVEN}),
        steps=(
            _step("walker_of_round", Ask.LOOK_AGAIN, 10),
            _step("duty_officer", Ask.PHONE, 5),
            _step("walker_of_round+duty_officer", Ask.RING_BELL, 10),
            _step("keyholder", Ask.KEYHOLDER, 10),
            _step("family", Ask.FAMILY, 5),
            _step("coordinator", Ask.GO_UP, 10),
            _step("duty_officer+coordinator", Ask.EMERGENCY, 15),
        ),
    ),
    Policy(
        name="not_looked",
        kinds=frozenset({AlertKind.NOT_LOOKED, AlertKind.UNCLEAR}),
        steps=(
            _step("walker_of_round", Ask.LOOK_AGAIN, 10),
            _step("duty_officer", Ask.LOOK_AGAIN, 15),
            _step("coordinator", Ask.GO_UP, 15),
            _step("walker_of_round+duty_officer", Ask.RING_BELL, 15),
        ),
    ),
    Policy(
        # Late for her own habit, though not by what was agreed: nobody is sent to her
        # door. At the agreed deadline the ladder of ``missed`` begins as always.
        name="unusual",
        kinds=frozenset({AlertKind.UNUSUAL}),
        steps=(
            _step("walker_of_round", Ask.LOOK_AGAIN, 10),
            _step("duty_officer", Ask.PHONE, 15),
        ),
    ),
    Policy(
        # Two days behind a closed curtain with the lamp on (field-notes.md, 2007).
        name="pattern",
        kinds=frozenset({AlertKind.PATTERN}),
        steps=(
            _step("duty_officer", Ask.PHONE, 15),
            _step("walker_of_round+duty_officer", Ask.RING_BELL, 15),
            _step("keyholder", Ask.KEYHOLDER, 15),
            _step("coordinator", Ask.GO_UP, 15),
        ),
    ),
    Policy(
        name="return",
        kinds=frozenset({AlertKind.RETURN_CHECK}),
        steps=(
            _step("duty_officer", Ask.PHONE, 30),
            _step("family", Ask.FAMILY, 30),
            _step("coordinator", Ask.PHONE, 60),
        ),
    ),
    Policy(
        name="round",
        kinds=frozenset({AlertKind.ROUND_MISSED}),
        steps=(
            _step("walker_of_round", Ask.LOOK_AGAIN, 10),
            _step("duty_officer", Ask.LOOK_AGAIN, 10),
            _step("coordinator", Ask.LOOK_AGAIN, 15),
        ),
    ),
    Policy(
        name="watch",
        kinds=frozenset({AlertKind.WATCH_STALLED}),
        steps=(
            _step("duty_officer", Ask.LOOK_AGAIN, 5),
            _step("coordinator", Ask.LOOK_AGAIN, 15),
        ),
    ),
)


def with_built_in(own: Sequence[Policy]) -> tuple[Policy, ...]:
    """Return a community's own policies before the built-in ones, which fill gaps."""
    return (*own, *(row for row in BUILT_IN_POLICIES if not replaced_by(row, own)))


def replaced_by(built_in: Policy, own: Sequence[Policy]) -> bool:
    """Return whether own policies stand in for a built-in one at every risk and hour."""
    covered = {kind for row in own if row.narrowness == 0 for kind in row.kinds}
    return built_in.kinds <= covered


def policy_problems(policy: Policy) -> list[PolicyError]:
    """Return everything that keeps ``policy`` from being used; empty when sound.

    ``step`` among the values counts from 1.
    """
    problems = []
    if not policy.kinds:
        problems.append(PolicyError("no_kind"))
    if policy.hours is not None and policy.hours[0] == policy.hours[1]:
        problems.append(PolicyError("hours_empty"))
    if policy.risks and policy.kinds and policy.kinds <= OF_NO_HOME:
        problems.append(PolicyError("risks_of_no_home"))
    if not policy.steps:
        problems.append(PolicyError("no_step"))
    if len(policy.steps) > STEPS_MOST:
        problems.append(PolicyError("too_many_steps", most=str(STEPS_MOST)))
    return [*problems, *_step_problems(policy.steps)]


def _step_problems(steps: Sequence[Step]) -> Iterator[PolicyError]:
    for number, step in enumerate(steps, start=1):
        if not step.tell:
            yield PolicyError("step_names_nobody", step=str(number))
        if not timedelta(0) <= step.wait <= WAIT_MOST:
            yield PolicyError("step_waits_too_long", step=str(number))
