"""A case like one's own, written as a drill file: invented ids, nobody's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import yaml

from shouwang.apps.alerts.directory import MEMBER
from shouwang.apps.alerts.policies import policies_own, policy_of
from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import members_list, roles_of
from shouwang.apps.drills.reading import DAYS
from shouwang.apps.duty.selectors import rota_of
from shouwang.apps.residents.models import ContactPerson, Home
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import RoundPlan, round_plan
from shouwang.common.clock import local
from shouwang.domain.alerts import ROUND_MISSED_AT_LEAST, AlertKind
from shouwang.domain.duty import shifts_between
from shouwang.domain.ladder import Policy, Risk
from shouwang.domain.policies import BUILT_IN_POLICIES, with_built_in

# Kinds that a day can be written for: the others arise from weeks of routine, or from a
# program that stands still.
PLAYABLE = frozenset(AlertKind) - {AlertKind.UNUSUAL, AlertKind.WATCH_STALLED}
# A window of an hour and ten minutes of grace end when the alert shall open.
OPENS_BEFORE, DUE_BEFORE = timedelta(minutes=70), timedelta(minutes=10)
LOOKED_BEFORE = timedelta(minutes=30)
AFTER_THE_LADDER = timedelta(minutes=35)
IDS = {
    Role.DUTY_OFFICER: "duty",
    Role.COORDINATOR: "coordinator",
    Role.WALKER: "walker",
    Role.VOLUNTEER: "volunteer",
}
NOBODYS_ROLE = Role.SUPERVISOR


@dataclass(frozen=True, kw_only=True)
class DrillFile:
    """A drill as text; ``names`` says who each invented id stands for, off the file."""

    text: str
    names: Mapping[str, str]


def drill_write(
    *, community: Community, home: Home | None, kind: AlertKind, at: datetime
) -> DrillFile:
    """Return a drill in which an alert of ``kind`` opens at ``at`` and nobody answers.

    It has the policies, the rota of those hours, the rounds and the people of the
    community as far as they matter for a case like ``home``; ``kind`` is one of
    ``PLAYABLE``.
    """
    writer = _Writer(community=community, home=home, kind=kind, at=at)
    text = yaml.safe_dump(writer.drill(), sort_keys=False, allow_unicode=True)
    return DrillFile(text=text, names=writer.names)


@dataclass(kw_only=True)
class _Writer:
    community: Community
    home: Home | None
    kind: AlertKind
    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)

    @cached_property
    def policies(self) -> list[Policy]:
        return [policy_of(row) for row in policies_own(community=self.community)]

    @cached_property
    def plan(self) -> RoundPlan:
        return round_plan(self.community, None)

    @cached_property
    def rounds(self) -> list[Round]:
        """Return the rounds past the home; of an alert of a round, one of them."""
        if self.home is None:
            return list(self.plan.rounds[:1])
        passing = self.plan.of_home.get(self.home.pk, ())
        return [row for row in self.plan.rounds if row.pk in passing]

    @cached_property
    def people(self) -> dict[int, Member]:
        """Return the people whom a ladder of this case may tell."""
        rows = members_list(community=self.community)
        on = local(self.at, self.community.zone).date()
        named = {
            int(token.removeprefix(MEMBER))
            for token in self._tokens()
            if token.startswith(MEMBER)
        }
        for row in self.rounds:
            named |= set(self.plan.walkers_on(row.pk, on))
        roles = {Role.DUTY_OFFICER, Role.COORDINATOR, *self._tokens()}
        return {row.pk: row for row in rows if row.pk in named or roles & roles_of(row)}

    @cached_property
    def ids(self) -> dict[int, str]:
        return {
            key: self._id(_kind_of(row), str(row)) for key, row in self.people.items()
        }

    def _tokens(self) -> set[str]:
        return {
            token
            for policy in self.policies
            for step in policy.steps
            for token in step.tell
        }

    def _id(self, prefix: str, name: str) -> str:
        self.counts[prefix] += 1
        made = f"{prefix}{self.counts[prefix]}"
        self.names[made] = name
        return made

    def drill(self) -> dict[str, Any]:
        start = self._local(self.at - self._begins_before())
        drill: dict[str, Any] = {
            "timezone": self.community.time_zone,
            "start": start,
            "until": self._local(self.at + self._lasts()),
            "people": [*self._members(), *self._contacts()],
            "homes": list(self._homes()),
            "rounds": self._rounds(),
            "duty": list(self._duty()),
            "policies": [self._policy(row) for row in self.policies],
            "events": list(self._events()),
        }
        return {key: value for key, value in drill.items() if value != []}

    def _begins_before(self) -> timedelta:
        is_of_days = self.kind in {AlertKind.PATTERN, AlertKind.RETURN_CHECK}
        return timedelta(hours=20) if is_of_days else timedelta(hours=2)

    def _lasts(self) -> timedelta:
        """Return the time of the longest ladder that may be climbed, and a little more."""
        fitting = [
            row for row in with_built_in(self.policies) if self.kind in row.kinds
        ]
        waits = [
            sum((step.wait for step in row.steps), timedelta())
            for row in fitting or BUILT_IN_POLICIES
        ]
        return max(waits) + AFTER_THE_LADDER

    def _local(self, moment: datetime) -> str:
        """Return a moment with its offset: hours that repeat are told apart."""
        return local(moment, self.community.zone).isoformat(timespec="minutes")

    # --- who ---------------------------------------------------------------------

    def _members(self) -> Iterator[dict[str, Any]]:
        for key, row in self.people.items():
            roles = [role for role in IDS if role in roles_of(row)]
            first, *further = roles or [NOBODYS_ROLE]
            entry: dict[str, Any] = {"id": self.ids[key], "role": str(first)}
            if further:
                entry["also"] = [str(role) for role in further]
            yield entry

    def _contacts(self) -> Iterator[dict[str, Any]]:
        if self.home is None:
            return
        rows = ContactPerson.objects.of(self.community).filter(
            home=self.home, ended_at__isnull=True
        )
        for row in rows.order_by("pk"):
            if row.is_family:
                made = self._id("family", row.name)
                key = {"key": True} if row.is_keyholder else {}
                yield {"id": made, "role": "family", "of": "h1", **key}
            elif row.is_keyholder:
                made = self._id("key", row.name)
                yield {"id": made, "role": "keyholder", "of": "h1"}

    def _rounds(self) -> list[dict[str, Any]]:
        on = local(self.at, self.community.zone).date()
        homes = [home["id"] for home in self._homes()]
        rows = [
            {
                "id": f"round{place}",
                "at": f"{row.at:%H:%M}",
                "walkers": self._known(self.plan.walkers_on(row.pk, on)),
                "homes": homes,
            }
            for place, row in enumerate(self.rounds, start=1)
        ]
        if self.kind is AlertKind.ROUND_MISSED:
            # Walked, or not, within the window that is missed.
            begins = local(self.at - OPENS_BEFORE, self.community.zone)
            row = rows[0] if rows else {"id": "round1", "walkers": [], "homes": homes}
            rows = [{**row, "at": f"{begins:%H:%M}"}]
        return rows

    def _known(self, members: tuple[int, ...]) -> list[str]:
        return [self.ids[key] for key in members if key in self.ids]

    def _duty(self) -> Iterator[dict[str, Any]]:
        """Yield the rota of these hours as it came out, swaps and all."""
        zone = self.community.zone
        begin, end = self.at - self._begins_before(), self.at + self._lasts()
        first, last = local(begin, zone).date(), local(end, zone).date()
        rota = rota_of(self.community, first=first, last=last)
        for row in shifts_between(rota, begin, end):
            if row.member not in self.ids:
                continue
            begins, ends = local(row.begins_at, zone), local(row.ends_at, zone)
            yield {
                "person": self.ids[row.member],
                "hours": f"{begins:%H:%M}-{ends:%H:%M}",
                "days": [DAYS[begins.weekday()]],
            }

    def _policy(self, row: Policy) -> dict[str, Any]:
        entry: dict[str, Any] = {"for": [kind.value for kind in sorted(row.kinds)]}
        if row.risks:
            entry["risks"] = [risk.value for risk in sorted(row.risks)]
        if row.hours:
            entry["hours"] = f"{row.hours[0]:%H:%M}-{row.hours[1]:%H:%M}"
        steps = [
            {
                "tell": self._tell(step.tell),
                "ask": step.ask.value,
                "wait": step.wait / timedelta(minutes=1),
            }
            for step in row.steps
        ]
        return {**entry, "steps": steps}

    def _tell(self, tokens: tuple[str, ...]) -> list[str]:
        """Return whom a step tells, by invented ids; who has left is left out."""
        people = {f"{MEMBER}{key}": made for key, made in self.ids.items()}
        return [
            people.get(token, token)
            for token in tokens
            if token in people or not token.startswith(MEMBER)
        ]

    # --- what happens ------------------------------------------------------------

    def _homes(self) -> Iterator[dict[str, Any]]:
        risk = Risk(self.home.risk if self.home else Risk.GENERAL)
        count = ROUND_MISSED_AT_LEAST if self.kind is AlertKind.ROUND_MISSED else 1
        for place in range(1, count + 1):
            yield {
                "id": f"h{place}",
                "address": f"1-1-{place}01",
                "risk": risk.value,
                "agreements": [self._agreement()],
            }

    def _agreement(self) -> dict[str, Any]:
        zone = self.community.zone
        opens = local(self.at - OPENS_BEFORE, zone)
        due = local(self.at - DUE_BEFORE, zone)
        if self.kind in {AlertKind.HELP, AlertKind.PATTERN, AlertKind.RETURN_CHECK}:
            # Nothing is due yet: the alert is about what is seen, or who is back.
            opens = local(self.at + timedelta(hours=6), zone)
            due = opens + timedelta(hours=1)
        signal, well = (
            ("board", "smile")
            if self.kind is AlertKind.HELP
            else (
                "curtain",
                "open",
            )
        )
        return {
            "signal": signal,
            "require_change": self.kind is AlertKind.UNPROVEN,
            "expectations": [
                {
                    "label": "drill",
                    "window": f"{opens:%H:%M}-{due:%H:%M}",
                    "grace": 10,
                    "well": [well],
                    "days": [DAYS[opens.weekday()]],
                }
            ],
        }

    def _events(self) -> Iterator[dict[str, Any]]:
        looked = self.at - LOOKED_BEFORE
        match self.kind:
            case AlertKind.MISSED:
                yield self._look(looked, state="closed")
            case AlertKind.UNPROVEN:
                yield self._look(looked, state="open")
            case AlertKind.UNCLEAR:
                yield self._look(looked, could_not_see="glare")
            case AlertKind.HELP:
                yield self._look(self.at, signal="board", state="cry")
            case AlertKind.PATTERN:
                yield self._away(until=None)
                yield self._look(self.at - timedelta(hours=13), state="closed")
                yield self._look(self.at, state="open")
            case AlertKind.RETURN_CHECK:
                yield self._away(until=self._local(self.at))
            case _:
                return  # it is the absence of everything that opens them

    def _look(
        self, at: datetime, signal: str = "curtain", **seen: str
    ) -> dict[str, Any]:
        return {
            "at": self._local(at),
            "sighting": {"home": "h1", "signal": signal, **seen},
        }

    def _away(self, *, until: str | None) -> dict[str, Any]:
        begins = self._local(self.at - timedelta(hours=19))
        absence = {"home": "h1", "from": begins, "reason": "family"}
        return {
            "at": begins,
            "absence": absence if until is None else {**absence, "to": until},
        }


def _kind_of(row: Member) -> str:
    return next((made for role, made in IDS.items() if role in roles_of(row)), "person")
