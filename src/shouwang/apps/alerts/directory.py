"""Whom a step of a ladder tells, looked up for many alerts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.people import Person
from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.duty.selectors import rota_near
from shouwang.apps.residents.models import ContactPerson
from shouwang.apps.rounds.selectors import RoundPlan, round_plan
from shouwang.domain import duty
from shouwang.domain.duty import OnDuty, Rota

MEMBER = "member:"


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Everybody a ladder may reach, of one community, when a step is told at ``now``.

    ``present`` are the members who are there; ``dataclasses.replace(…, now=…)`` asks
    the same people about another moment near it.
    """

    now: datetime
    plan: RoundPlan
    rota: Rota
    present: frozenset[int]
    roles: dict[str, tuple[int, ...]]
    family: dict[int, tuple[int, ...]]
    keyholders: dict[int, tuple[int, ...]]

    @cached_property
    def on_duty(self) -> OnDuty:
        """Return who is on duty at ``now``; worked out once, however many alerts ask."""
        return duty.on_duty(self.rota, at=self.now)

    def reach(self, alert: Alert) -> list[list[Person]]:
        """Return the people of each step of ``alert``, each person once a step."""
        return [
            list(
                {
                    person.key: person
                    for token in step["tell"]
                    for person in self._people(token, alert)
                }.values()
            )
            for step in alert.steps
        ]

    def desk(self, alert: Alert) -> list[Person]:
        """Return who sits at the desk for ``alert``: on duty, else who coordinates."""
        return self._people("duty_officer", alert) or self._people("coordinator", alert)

    def _people(self, token: str, alert: Alert) -> list[Person]:
        if token.startswith(MEMBER):
            key = int(token.removeprefix(MEMBER))
            return _members((key,) if key in self.present else ())
        special: dict[str, Callable[[Alert], list[Person]]] = {
            "walker_of_round": self._walkers,
            Role.DUTY_OFFICER: lambda _row: _members(self.on_duty.members),
            "family": lambda row: _contacts(self.family.get(row.home_id or 0, ())),
            "keyholder": lambda row: _contacts(
                self.keyholders.get(row.home_id or 0, ())
            ),
        }
        if token in special:
            return special[token](alert)
        return _members(self.roles.get(token, ()))

    def _walkers(self, alert: Alert) -> list[Person]:
        if alert.round_id is not None:
            return _members(self.plan.walkers_on(alert.round_id, alert.on))
        if alert.home_id is None:
            return []
        return _members(self.plan.walkers_past(alert.home_id, at=alert.opened_at))


def _members(ids: Collection[int]) -> list[Person]:
    return [Person(member_id=row) for row in ids]


def _contacts(ids: Collection[int]) -> list[Person]:
    return [Person(contact_id=row) for row in ids]


def directory(
    community: Community,
    home_ids: Collection[int],
    *,
    now: datetime,
    plan: RoundPlan | None = None,
) -> Directory:
    """Read whom the ladders of some homes may tell at ``now``.

    The number of queries is the same for one alert and for a thousand; ``plan`` where
    it is known.
    """
    present, roles = _people_and_roles(community)
    family, keyholders = _contact_people(community, home_ids)
    return Directory(
        now=now,
        plan=plan or round_plan(community, home_ids),
        rota=rota_near(community, at=now),
        present=present,
        roles=roles,
        family=family,
        keyholders=keyholders,
    )


def _people_and_roles(
    community: Community,
) -> tuple[frozenset[int], dict[str, tuple[int, ...]]]:
    rows = Member.objects.of(community).filter(left_at__isnull=True).order_by("pk")
    present: set[int] = set()
    roles: defaultdict[str, list[int]] = defaultdict(list)
    for member_id, role in rows.values_list("pk", "roles__role"):
        present.add(member_id)
        if role is not None:
            roles[role].append(member_id)
    return frozenset(present), {key: tuple(ids) for key, ids in roles.items()}


ByHome = dict[int, tuple[int, ...]]


def _contact_people(
    community: Community, home_ids: Collection[int]
) -> tuple[ByHome, ByHome]:
    family: defaultdict[int, list[int]] = defaultdict(list)
    keyholders: defaultdict[int, list[int]] = defaultdict(list)
    contacts = ContactPerson.objects.of(community).filter(
        home_id__in=home_ids, ended_at__isnull=True
    )
    for row in contacts:
        if row.is_family:
            family[row.home_id].append(row.pk)
        if row.is_keyholder:
            keyholders[row.home_id].append(row.pk)
    return (
        {key: tuple(ids) for key, ids in family.items()},
        {key: tuple(ids) for key, ids in keyholders.items()},
    )
