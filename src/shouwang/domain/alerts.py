"""When an alert opens, what it is about, and when it is over (watch-rules.md, 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shouwang.domain.errors import LadderError
from shouwang.domain.facts import HomeFacts
from shouwang.domain.schedule import Check
from shouwang.domain.status import Status, status_of


class AlertKind(StrEnum):
    """Kinds of alert, most urgent first."""

    HELP = "help"
    MISSED = "missed"
    UNPROVEN = "unproven"
    UNCLEAR = "unclear"
    NOT_LOOKED = "not_looked"
    UNUSUAL = "unusual"
    PATTERN = "pattern"
    RETURN_CHECK = "return_check"
    ROUND_MISSED = "round_missed"
    WATCH_STALLED = "watch_stalled"

    @property
    def urgency(self) -> int:
        """Return the place in the order of urgency; 0 is the most urgent."""
        return _ORDER[self]


_ORDER = {kind: place for place, kind in enumerate(AlertKind)}

_KIND_OF_STATUS = {
    Status.HELP: AlertKind.HELP,
    Status.MISSED: AlertKind.MISSED,
    Status.UNPROVEN: AlertKind.UNPROVEN,
    Status.UNCLEAR: AlertKind.UNCLEAR,
    Status.NOT_LOOKED: AlertKind.NOT_LOOKED,
}

# Kinds that close only on a contact, or an override with its reason.
CONTACT_CLOSES = frozenset({AlertKind.MISSED, AlertKind.HELP})
# Kinds whose ground is gone once the check they opened for is well or excused.
EVIDENCE_CLOSES = frozenset(
    {
        AlertKind.UNPROVEN,
        AlertKind.UNCLEAR,
        AlertKind.NOT_LOOKED,
        AlertKind.UNUSUAL,
    }
)
SETTLED = frozenset({Status.WELL, Status.EXCUSED})

ROUND_MISSED_AT_LEAST = 3
ROUND_HOLDS_BACK = timedelta(minutes=20)


class Outcome(StrEnum):
    """What an alert turned out to be."""

    OVERSLEPT = "overslept"
    DID_NOT_HEAR = "did_not_hear"
    FORGOT = "forgot"
    AWAY_NOT_TOLD = "away_not_told"
    SIGNAL_BROKEN = "signal_broken"
    WANTED_COMPANY = "wanted_company"
    UNWELL = "unwell"
    NEEDS_HELP = "needs_help"
    EMERGENCY_CALLED = "emergency_called"
    IN_HOSPITAL = "in_hospital"
    DIED = "died"
    RECORDED_WRONGLY = "recorded_wrongly"
    OTHER = "other"
    # Given by the rules, never chosen by a person:
    SEEN_IN_TIME = "seen_in_time_arrived_late"
    SEEN_AFTER_ALL = "seen_after_all"
    ROUND_WALKED = "round_walked"


BY_THE_RULES = frozenset(
    {Outcome.SEEN_IN_TIME, Outcome.SEEN_AFTER_ALL, Outcome.ROUND_WALKED}
)


# Nothing had happened to her: somebody was called out and could go home again.
NOTHING_WRONG = frozenset(
    {
        Outcome.OVERSLEPT,
        Outcome.DID_NOT_HEAR,
        Outcome.FORGOT,
        Outcome.AWAY_NOT_TOLD,
        Outcome.SIGNAL_BROKEN,
        Outcome.WANTED_COMPANY,
        Outcome.RECORDED_WRONGLY,
        Outcome.SEEN_IN_TIME,
        Outcome.SEEN_AFTER_ALL,
    }
)


class Verified(StrEnum):
    """How the person who closes an alert knows."""

    SPOKE = "spoke"
    BELL_ANSWERED = "bell_answered"
    VOUCHED = "vouched"
    ASKS_HELP = "asks_help"
    LOOKED = "looked"
    OTHER = "other"


# Ways of verifying that are themselves a contact, and are recorded as one.
VERIFIED_BY_CONTACT = frozenset(
    {Verified.SPOKE, Verified.BELL_ANSWERED, Verified.VOUCHED, Verified.ASKS_HELP}
)


def kind_for(status: Status) -> AlertKind | None:
    """Return the kind of alert that ``status`` asks for, if any."""
    return _KIND_OF_STATUS.get(status)


def most_urgent(kinds: Iterable[AlertKind]) -> AlertKind:
    """Return the most urgent of ``kinds``; at least one is needed."""
    return min(kinds, key=lambda kind: kind.urgency)


@dataclass(frozen=True, kw_only=True)
class RoundCheck:
    """A check of one round on one day, as decided so far."""

    status: Status
    alert_at: datetime


def round_is_missed(checks: Sequence[RoundCheck], *, at: datetime) -> bool:
    """Return whether half of a round, at least three, was not looked at by ``at``.

    Those who are away need no look and do not count. A check whose ``alert_at`` lies
    after ``at`` counts as one that may still be looked at.
    """
    counted = [row for row in checks if row.status is not Status.EXCUSED]
    missed = [
        row for row in counted if row.status is Status.NOT_LOOKED and row.alert_at <= at
    ]
    return len(missed) >= ROUND_MISSED_AT_LEAST and 2 * len(missed) >= len(counted)


def held_back_until(*, round_alert_at: datetime) -> datetime:
    """Return when homes of a missed round, still not looked at, open their own."""
    return round_alert_at + ROUND_HOLDS_BACK


def came_in_time(check: Check, facts: HomeFacts, *, alert_at: datetime) -> bool:
    """Return whether, by what is known now, ``check`` gave no cause at ``alert_at``.

    True when a proof seen before the alert arrived after it.
    """
    told_again = status_of(check, facts, now=alert_at)
    return kind_for(told_again.status) is None


def over_by_evidence(kind: AlertKind, statuses: Collection[Status]) -> bool:
    """Return whether evidence alone ends an alert of ``kind``.

    ``statuses`` are those of every check that joined it; an alert about a missed
    check or a cry for help is ended by people only.
    """
    return (
        kind in EVIDENCE_CLOSES
        and len(statuses) > 0
        and all(status in SETTLED for status in statuses)
    )


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What somebody says when closing an alert.

    ``contact_since_opened`` is true when somebody reached the resident after the
    alert's cause; ``override`` is the reason for closing without.
    """

    kind: AlertKind
    outcome: Outcome
    verified: Verified | None
    contact_since_opened: bool
    override: str = ""


def closing_refused(closing: Closing) -> LadderError | None:
    """Return why an alert may not be closed so, or ``None`` when it may."""
    if closing.outcome in BY_THE_RULES:
        return LadderError("outcome_of_the_rules", outcome=closing.outcome)
    by_contact = closing.verified in VERIFIED_BY_CONTACT or closing.contact_since_opened
    if closing.kind in CONTACT_CLOSES and not by_contact and not closing.override:
        return LadderError("needs_contact")
    if closing.verified is None and not by_contact and not closing.override:
        return LadderError("needs_verification")
    return None
