"""Who would be told, when, and whom a step would not reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from shouwang.apps.alerts.directory import Directory, directory
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.people import Person
from shouwang.apps.alerts.policies import policies_own, policy_of, steps_json
from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.residents.models import ContactPerson, Home
from shouwang.apps.residents.selectors import homes_watched
from shouwang.apps.rounds.models import Round
from shouwang.common.clock import local, local_day
from shouwang.domain.alerts import AlertKind
from shouwang.domain.duty import DutyState
from shouwang.domain.foresight import ASKED_TO_GO_WITHIN, door_asked_at, rehearse
from shouwang.domain.ladder import Did, Move, Policy, Risk, Step, policy_for
from shouwang.domain.policies import OF_NO_HOME, with_built_in
from shouwang.domain.schedule import instant

# Kinds in which somebody at home may need somebody at the door, at once.
TO_A_HOME = (
    frozenset(AlertKind) - OF_NO_HOME - {AlertKind.RETURN_CHECK, AlertKind.UNUSUAL}
)
Place = Home | Round


@dataclass(frozen=True, kw_only=True)
class Told:
    """Somebody whom a step would tell."""

    name: str
    phone: str
    member_id: int | None = None
    home_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepAhead:
    """A step as it would come; ``at`` is ``None`` where it reaches nobody.

    ``left_out`` are the homes or rounds where it reaches nobody, ``in_gap`` says that
    nobody is on duty at that moment.
    """

    number: int
    step: Step
    at: datetime | None
    people: tuple[Told, ...]
    left_out: tuple[Place, ...]
    in_gap: bool


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """A ladder that nobody answers, from ``opened_at`` to its end.

    ``places`` are the homes, or the rounds, it was worked out for together.
    ``policy`` is ``None`` and there are no steps where no policy applies.
    """

    opened_at: datetime
    policy: Policy | None
    is_own: bool
    kind: AlertKind
    places: tuple[Place, ...]
    steps: tuple[StepAhead, ...]
    ends_at: datetime
    door_at: datetime | None

    @property
    def is_door_late(self) -> bool:
        """Return whether nobody is asked to the door in time to be there in 45 minutes."""
        return self.kind in TO_A_HOME and (
            self.door_at is None or self.door_at - self.opened_at > ASKED_TO_GO_WITHIN
        )


@dataclass(frozen=True, kw_only=True)
class _Cases:
    """Alerts, never stored, as they would open at some places at one moment."""

    people: Directory
    places: tuple[Place, ...]
    alerts: tuple[Alert, ...]
    reached: dict[datetime, list[list[list[Person]]]] = field(default_factory=dict)

    def at(self, moment: datetime) -> list[list[list[Person]]]:
        """Return for each step the people it reaches in each case; worked out once."""
        if moment not in self.reached:
            then = replace(self.people, now=moment)
            by_step = zip(*map(then.reach, self.alerts), strict=True)
            self.reached[moment] = [list(row) for row in by_step]
        return self.reached[moment]

    def counts_at(self, moment: datetime) -> list[int]:
        """Return how many people each step reaches, all places together."""
        return [sum(map(len, row)) for row in self.at(moment)]

    def left_out(self, step: int, moment: datetime) -> tuple[Place, ...]:
        """Return the places at which a step (from 0) reaches nobody."""
        if not self.places:
            return ()
        pairs = zip(self.places, self.at(moment)[step], strict=True)
        return tuple(place for place, people in pairs if not people)

    def is_gap(self, step: Step, moment: datetime) -> bool:
        """Return whether a step looks for who is on duty while nobody is."""
        then = replace(self.people, now=moment).on_duty
        return Role.DUTY_OFFICER in step.tell and then.state is DutyState.GAP


def _cases(
    community: Community,
    places: Sequence[Place],
    steps: Sequence[Step],
    at: datetime,
    *,
    people: Directory | None = None,
) -> _Cases:
    stored, on = steps_json(tuple(steps)), local_day(at, community.zone)
    alerts = [
        Alert(
            community=community,
            home_id=row.pk if isinstance(row, Home) else None,
            round_id=row.pk if isinstance(row, Round) else None,
            opened_at=at,
            on=on,
            steps=stored,
        )
        for row in places or (None,)
    ]
    return _Cases(
        people=people or directory(community, _home_ids(places), now=at),
        places=tuple(places),
        alerts=tuple(alerts),
    )


def _home_ids(places: Sequence[Place]) -> set[int]:
    return {row.pk for row in places if isinstance(row, Home)}


def foresee(
    *,
    community: Community,
    places: Sequence[Place],
    kind: AlertKind,
    risk: Risk | None,
    at: datetime,
) -> Ahead:
    """Return what would happen if an alert opened at ``at`` and nobody answered.

    ``places`` are told of together: a step is taken where it reaches somebody at any.
    """
    own = [policy_of(row) for row in policies_own(community=community)]
    hour = local(at, community.zone).time()
    policy = policy_for(with_built_in(own), kind=kind, risk=risk, local=hour)
    steps = policy.steps if policy else ()
    cases = _cases(community, places, steps, at)
    moves = rehearse(steps, cases.counts_at, opened_at=at)
    return Ahead(
        opened_at=at,
        policy=policy,
        is_own=policy in own,
        kind=kind,
        places=tuple(places),
        steps=tuple(_steps_ahead(community, cases, steps, moves)),
        ends_at=moves[-1].at,
        door_at=door_asked_at(steps, moves),
    )


def _steps_ahead(
    community: Community, cases: _Cases, steps: Sequence[Step], moves: Sequence[Move]
) -> Iterable[StepAhead]:
    taken = [
        (row.step, row.at, row.did)
        for row in moves
        if row.step and row.did in {Did.STEP, Did.NOBODY_TOLD}
    ]
    reached = [
        [person for case in cases.at(at)[number - 1] for person in case]
        for number, at, _did in taken
    ]
    names = _names(community, [person for rows in reached for person in rows])
    for (number, at, did), people in zip(taken, reached, strict=True):
        yield StepAhead(
            number=number,
            step=steps[number - 1],
            at=at if did is Did.STEP else None,
            people=tuple(names[key] for key in dict.fromkeys(x.key for x in people)),
            left_out=cases.left_out(number - 1, at),
            in_gap=cases.is_gap(steps[number - 1], at),
        )


def _names(community: Community, people: Collection[Person]) -> dict[str, Told]:
    members = Member.objects.of(community).filter(
        pk__in={row.member_id for row in people if row.member_id}
    )
    contacts = ContactPerson.objects.of(community).filter(
        pk__in={row.contact_id for row in people if row.contact_id}
    )
    return {
        **{
            f"m{row.pk}": Told(name=str(row), phone=row.phone, member_id=row.pk)
            for row in members
        },
        **{
            f"c{row.pk}": Told(name=row.name, phone=row.phone, home_id=row.home_id)
            for row in contacts
        },
    }


def places_of(
    *, community: Community, kind: AlertKind, risk: Risk | None = None
) -> list[Place]:
    """Return where alerts of a kind can open: watched homes, or rounds, or nowhere."""
    if kind is AlertKind.ROUND_MISSED:
        return list(Round.objects.of(community).filter(ended_at__isnull=True))
    if kind in OF_NO_HOME:
        return []
    homes = homes_watched(community=community)
    return [row for row in homes if risk is None or row.risk == risk.value]


def steps_unreached(
    *, community: Community, policy: Policy, at: datetime
) -> tuple[int, ...]:
    """Return the steps (from 1) that reach nobody at any place they are for."""
    [steps] = steps_unreached_each(community=community, policies=[policy], at=at)
    return steps


def steps_unreached_each(
    *, community: Community, policies: Sequence[Policy], at: datetime
) -> list[tuple[int, ...]]:
    """Return ``steps_unreached`` of each policy; who can be told is read once for all."""
    homes = homes_watched(community=community)
    rounds = places_of(community=community, kind=AlertKind.ROUND_MISSED)
    people = directory(community, _home_ids(homes), now=at)
    return [
        _unreached(
            _cases(
                community,
                [*_homes_for(policy, homes), *_rounds_for(policy, rounds)],
                policy.steps,
                at,
                people=people,
            ).counts_at(at)
        )
        for policy in policies
    ]


def _homes_for(policy: Policy, homes: Sequence[Home]) -> list[Place]:
    if not policy.kinds - OF_NO_HOME:
        return []
    return [row for row in homes if not policy.risks or row.risk in policy.risks]


def _rounds_for(policy: Policy, rounds: Sequence[Place]) -> Sequence[Place]:
    return rounds if AlertKind.ROUND_MISSED in policy.kinds else ()


def _unreached(counts: Sequence[int]) -> tuple[int, ...]:
    return tuple(place for place, count in enumerate(counts, start=1) if not count)


def next_at(hour: time, community: Community, now: datetime) -> datetime:
    """Return when it is next ``hour`` in a community: today, or tomorrow if past."""
    today = local_day(now, community.zone)
    at = instant(today, hour, community.zone)
    if at < now:
        at = instant(today + timedelta(days=1), hour, community.zone)
    return at
