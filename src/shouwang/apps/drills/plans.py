"""What a drill file says, once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from shouwang.domain.schedule import Expectation
from shouwang.domain.signals import SignalKind


@dataclass(frozen=True, kw_only=True)
class PersonPlan:
    """Somebody in the drill; family and keyholders belong ``of`` a home.

    ``also`` are further roles of the same person, ``has_key`` makes family a keyholder.
    """

    id: str
    role: str
    of: str = ""
    also: tuple[str, ...] = ()
    has_key: bool = False


@dataclass(frozen=True, kw_only=True)
class DutyPlan:
    """Somebody is on duty on some days (0 is Monday), within local hours."""

    person: str
    hours: tuple[time, time]
    days: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class AgreementPlan:
    """What was agreed with a home about one signal."""

    signal: str
    require_change: bool
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, kw_only=True)
class HomePlan:
    """A home with its agreements."""

    id: str
    address: str
    risk: str
    agreements: tuple[AgreementPlan, ...]


@dataclass(frozen=True, kw_only=True)
class RoundPlan:
    """A round past some homes."""

    id: str
    at: time
    walkers: tuple[str, ...]
    homes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """One step of a policy; waits in minutes."""

    tell: tuple[str, ...]
    ask: str
    wait: float


@dataclass(frozen=True, kw_only=True)
class PolicyPlan:
    """A ladder for some kinds of alert."""

    kinds: tuple[str, ...]
    steps: tuple[StepPlan, ...]
    risks: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that reaches the program at ``at``; ``values`` by the file's keys."""

    number: int
    at: datetime
    kind: str
    values: Mapping[str, str]
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Drill:
    """A written day, ready to be played."""

    zone: ZoneInfo
    start: datetime
    until: datetime
    people: tuple[PersonPlan, ...] = ()
    homes: tuple[HomePlan, ...] = ()
    signals: tuple[SignalKind, ...] = ()
    rounds: tuple[RoundPlan, ...] = ()
    policies: tuple[PolicyPlan, ...] = ()
    duty: tuple[DutyPlan, ...] = ()
    events: tuple[Event, ...] = ()
