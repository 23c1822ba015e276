"""The status of a check: the first rule that holds (watch-rules.md, 2 and 3)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shouwang.domain.facts import HomeFacts, Sighting, Source, is_contact, standing
from shouwang.domain.schedule import Check
from shouwang.domain.signals import Meaning, Nature


class Status(StrEnum):
    """What is known of a check."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    GRACE = "grace"
    WELL = "well"
    MISSED = "missed"
    UNPROVEN = "unproven"
    UNCLEAR = "unclear"
    NOT_LOOKED = "not_looked"
    HELP = "help"
    EXCUSED = "excused"


# A cry older than this before a check opens is a matter of its alert alone.
CRY_REACH = timedelta(days=14)

# Statuses in which only time has to pass before the check is decided.
WAITING = frozenset({Status.SCHEDULED, Status.OPEN, Status.GRACE})


class Strength(StrEnum):
    """How firmly a proof stands."""

    CONTACT = "contact"
    SEEN = "seen"
    PHOTO = "photo"
    PRESUMED = "presumed"


class Why(StrEnum):
    """Reasons, each told to people as a sentence."""

    HELP_ASKED = "help_asked"
    AWAY = "away"
    SPOKEN_WITH = "spoken_with"
    HELP_ANSWERED = "help_answered"
    HAPPENED = "happened"
    CHANGED = "changed"
    NOBODY_LOOKED_BETWEEN = "nobody_looked_between"
    CHANGE_NOT_SEEN = "change_not_seen"
    NOT_CHANGED = "not_changed"
    NOT_WELL_SEEN = "not_well_seen"
    COULD_NOT_SEE = "could_not_see"
    NEEDS_A_PERSON = "needs_a_person"
    NOBODY_LOOKED = "nobody_looked"
    NOT_YET = "not_yet"
    WINDOW_OPEN = "window_open"
    GRACE_RUNS = "grace_runs"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a status holds, and the sightings it was read from, oldest first.

    ``answered_at`` is when a cry for help that it was read from was answered.
    """

    why: Why
    sightings: tuple[Sighting, ...] = ()
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """A status with its strength and its reasons."""

    status: Status
    strength: Strength | None = None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A sighting that proves a check."""

    sighting: Sighting
    strength: Strength
    reason: Reason


def status_of(check: Check, facts: HomeFacts, *, now: datetime) -> Result:
    """Return the status of ``check`` at ``now`` (aware, UTC), with its reasons.

    Facts seen after ``now`` do not exist yet, so the same function tells what was
    known at any earlier moment.
    """
    return next(statuses_of([check], facts, now=now))


def statuses_of(
    checks: Iterable[Check], facts: HomeFacts, *, now: datetime
) -> Iterator[Result]:
    """Yield the status of each of a home's checks, in their order, at ``now``.

    Each reads only what lies within its own reach, so that telling many days costs
    as much a day as telling one.
    """
    known = clean(facts, now=now)
    seen = [row.seen_at for row in known.sightings]
    for check in checks:
        begin, end = _reach(check)
        near = replace(
            known,
            sightings=known.sightings[
                bisect_left(seen, begin) : bisect_left(seen, end)
            ],
            answered_at=tuple(at for at in known.answered_at if begin <= at < end),
        )
        yield _status(check, near, now)


def _reach(check: Check) -> tuple[datetime, datetime]:
    """Return the span outside which nothing seen can change ``check``."""
    begin = min(
        check.change_from_at,
        check.day_starts_at,
        check.contact_from_at,
        check.opens_at - CRY_REACH,
    )
    return begin, check.told_until_at


def clean(facts: HomeFacts, *, now: datetime) -> HomeFacts:
    """Return ``facts`` as of ``now``, corrected, without repeats, by seen time.

    A correction counts whenever it arrived, so that telling an earlier moment again
    uses what is known now about what was seen then.
    """
    stood = standing(facts.sightings)
    return replace(facts, sightings=stood).until(now)


def _status(check: Check, facts: HomeFacts, now: datetime) -> Result:
    cries = _cries(check, facts, now)
    if cries:
        return _result(Status.HELP, Why.HELP_ASKED, cries)
    if any(row.covers(check.opens_at, check.due_at) for row in facts.absences):
        return _result(Status.EXCUSED, Why.AWAY)
    proof = best(_proofs(check, facts))
    if proof is not None:
        return Result(
            status=Status.WELL, strength=proof.strength, reasons=(proof.reason,)
        )
    if now < check.opens_at:
        return _result(Status.SCHEDULED, Why.NOT_YET)
    if now < check.due_at:
        return _result(Status.OPEN, Why.WINDOW_OPEN)
    if now < check.alert_at:
        return _result(Status.GRACE, Why.GRACE_RUNS)
    return _overdue(check, facts)


def _result(status: Status, why: Why, sightings: Iterable[Sighting] = ()) -> Result:
    reason = Reason(why=why, sightings=tuple(sightings))
    return Result(status=status, reasons=(reason,))


def _overdue(check: Check, facts: HomeFacts) -> Result:
    looks = [row for row in _looks(check, facts) if row.seen_at >= check.opens_at]
    if not looks:
        return _result(Status.NOT_LOOKED, Why.NOBODY_LOOKED)
    usable = [row for row in looks if facts.usable(row)]
    if not usable:
        why = (
            Why.NEEDS_A_PERSON
            if any(row.state is not None for row in looks)
            else Why.COULD_NOT_SEE
        )
        return _result(Status.UNCLEAR, why, looks)
    newest = usable[-1]
    if is_contact(newest) or newest.state not in check.well:
        return _result(Status.MISSED, Why.NOT_WELL_SEEN, [newest])
    unchanged = _unchanged(check, facts)
    if unchanged:
        return _result(Status.UNPROVEN, Why.NOT_CHANGED, [*unchanged, newest])
    return _result(Status.UNPROVEN, Why.CHANGE_NOT_SEEN, [newest])


def _looks(check: Check, facts: HomeFacts) -> list[Sighting]:
    """Return what was reported of this signal, and every try to reach her.

    A contact that was taken back (it has no state) was no try: nobody looked by it.
    """
    return [
        row
        for row in facts.sightings
        if (
            row.state is not None and row.seen_at < check.contact_until_at
            if is_contact(row)
            else row.signal == check.signal and row.seen_at < check.state_until_at
        )
    ]


def _cries(check: Check, facts: HomeFacts, now: datetime) -> list[Sighting]:
    is_to_come = now < check.opens_at
    begin = check.day_starts_at if is_to_come else check.opens_at - CRY_REACH
    return [
        row
        for row in unanswered_cries(facts)
        if begin <= row.seen_at < check.help_until_at
    ]


def unanswered_cries(facts: HomeFacts) -> list[Sighting]:
    """Return the help sightings not answered since, from cleaned ``facts``.

    A cry is answered when its alert was closed, when somebody reached the resident
    and she was well, or when the same signal was seen well again.
    """
    return [
        row
        for row in facts.sightings
        if facts.meaning(row) is Meaning.HELP and _answered_at(row, facts) is None
    ]


def _answered_at(cry: Sighting, facts: HomeFacts) -> datetime | None:
    """Return when ``cry`` was answered first, if it was."""
    moments = [at for at in facts.answered_at if at > cry.seen_at]
    moments += [row.seen_at for row in facts.sightings if _known_well(row, cry, facts)]
    return min(moments, default=None)


def _known_well(later: Sighting, cry: Sighting, facts: HomeFacts) -> bool:
    return (
        later.seen_at > cry.seen_at
        and (is_contact(later) or later.signal == cry.signal)
        and facts.usable(later)
        and facts.meaning(later) is Meaning.WELL
    )


_RANK = {
    Strength.CONTACT: 3,
    Strength.SEEN: 2,
    Strength.PHOTO: 1,
    Strength.PRESUMED: 0,
}


def best(proofs: Iterable[Proof]) -> Proof | None:
    """Return the firmest proof, the earliest seen among equals; none if empty."""
    return max(
        proofs,
        key=lambda proof: (_RANK[proof.strength], -proof.sighting.seen_at.timestamp()),
        default=None,
    )


def _proofs(check: Check, facts: HomeFacts) -> list[Proof]:
    kind = facts.kind(check.signal)
    proofs = _contact_proofs(check, facts)
    if kind.nature is Nature.EVENT:
        return proofs + _event_proofs(check, facts)
    return proofs + _state_proofs(check, facts)


def _contact_proofs(check: Check, facts: HomeFacts) -> list[Proof]:
    """Return who reached her and found her well, else who heard that she needs help.

    That one counts once it was answered: what she needs has gone on to others.
    """
    reached = [
        row
        for row in facts.sightings
        if is_contact(row)
        and check.contact_from_at <= row.seen_at < check.contact_until_at
    ]
    well = [row for row in reached if facts.meaning(row) is Meaning.WELL]
    if well:
        return [_proof(row, Strength.CONTACT, Why.SPOKEN_WITH, [row]) for row in well]
    return [
        Proof(
            sighting=row,
            strength=Strength.CONTACT,
            reason=Reason(why=Why.HELP_ANSWERED, sightings=(row,), answered_at=at),
        )
        for row in reached
        if facts.meaning(row) is Meaning.HELP
        and (at := _answered_at(row, facts)) is not None
    ]


def _event_proofs(check: Check, facts: HomeFacts) -> list[Proof]:
    return [
        _proof(row, Strength.SEEN, Why.HAPPENED, [row])
        for row in _well_seen(check, facts)
        if not is_contact(row)
    ]


def _well_seen(check: Check, facts: HomeFacts) -> list[Sighting]:
    return [
        row
        for row in facts.sightings
        if row.signal == check.signal
        and row.state in check.well
        and facts.usable(row)
        and check.opens_at <= row.seen_at < check.state_until_at
    ]


def _state_proofs(check: Check, facts: HomeFacts) -> list[Proof]:
    other = _other_states(check, facts)
    unchanged = _unchanged(check, facts)
    proofs = []
    for row in _well_seen(check, facts):
        before = [look for look in other if look.seen_at < row.seen_at]
        if before:
            strength = _seen_by(row)
            proofs.append(_proof(row, strength, Why.CHANGED, [before[-1], row]))
        elif not unchanged and not check.require_change:
            proofs.append(
                _proof(row, Strength.PRESUMED, Why.NOBODY_LOOKED_BETWEEN, [row])
            )
    return proofs


def _seen_by(sighting: Sighting) -> Strength:
    return Strength.PHOTO if sighting.source is Source.PHOTO else Strength.SEEN


def _proof(
    sighting: Sighting, strength: Strength, why: Why, used: Sequence[Sighting]
) -> Proof:
    reason = Reason(why=why, sightings=tuple(used))
    return Proof(sighting=sighting, strength=strength, reason=reason)


def _own(check: Check, facts: HomeFacts) -> list[Sighting]:
    return [
        row
        for row in facts.sightings
        if row.signal == check.signal
        and row.seen_at >= check.change_from_at
        and facts.usable(row)
    ]


def _other_states(check: Check, facts: HomeFacts) -> list[Sighting]:
    return [row for row in _own(check, facts) if row.state not in check.well]


def _unchanged(check: Check, facts: HomeFacts) -> list[Sighting]:
    """Return looks that saw a well state when the opposite was due."""
    return [
        row
        for row in _own(check, facts)
        if row.state in check.well and row.seen_at < check.unchanged_until_at
    ]


def next_change_at(check: Check, *, now: datetime) -> datetime | None:
    """Return the next instant after ``now`` at which time alone may change it.

    ``None`` once ``alert_at`` has passed.
    """
    instants = (check.opens_at, check.due_at, check.alert_at)
    return next((at for at in instants if at > now), None)
