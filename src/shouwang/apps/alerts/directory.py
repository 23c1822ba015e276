"""Whom a step of a ladder tells, looked up for many alerts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.people import Person
from shouwang.apps.communities.models import Community, MemberRole
from shouwang.apps.residents.models import ContactPerson
from shouwang.apps.rounds.selectors import RoundPlan, round_plan

MEMBER = "member:"


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Everybody a ladder may reach, of one community."""

    plan: RoundPlan
    roles: dict[str, tuple[int, ...]]
    family: dict[int, tuple[int, ...]]
    keyholders: dict[int, tuple[int, ...]]

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
            return _members((int(token.removeprefix(MEMBER)),))
        special: dict[str, Callable[[Alert], list[Person]]] = {
            "walker_of_round": self._walkers,
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
    community: Community, home_ids: Collection[int], *, plan: RoundPlan | None = None
) -> Directory:
    """Read whom the ladders of some homes may tell; ``plan`` where it is known."""
    roles: defaultdict[str, list[int]] = defaultdict(list)
    given = (
        MemberRole.objects.of(community)
        .filter(member__left_at__isnull=True)
        .order_by("member_id")
    )
    for role, member_id in given.values_list("role", "member_id"):
        roles[role].append(member_id)
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
    return Directory(
        plan=plan or round_plan(community, home_ids),
        roles={key: tuple(ids) for key, ids in roles.items()},
        family={key: tuple(ids) for key, ids in family.items()},
        keyholders={key: tuple(ids) for key, ids in keyholders.items()},
    )
