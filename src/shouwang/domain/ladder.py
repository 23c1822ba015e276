"""The ladder of an alert: who is told next, and when (watch-rules.md, 6).

Every function takes the frozen steps, where the alert stands and how many people each
step reaches now, and returns where it stands next with the moves that led there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from shouwang.domain.alerts import AlertKind
from shouwang.domain.errors import LadderError

REPEAT_EVERY = timedelta(minutes=15)


class Risk(StrEnum):
    """How soon a home must be cared for."""

    HIGH = "high"
    KEY = "key"
    GENERAL = "general"


class Ask(StrEnum):
    """What a step asks of the people it tells."""

    LOOK_AGAIN = "look_again"
    PHONE = "phone"
    RING_BELL = "ring_bell"
    GO_UP = "go_up"
    KEYHOLDER = "keyholder"
    FAMILY = "family"
    EMERGENCY = "emergency"


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    COMMITTED = "committed"
    MUTED = "muted"
    EXHAUSTED = "exhausted"
    CLOSED = "closed"


class Did(StrEnum):
    """What happened to an alert; each is a row."""

    OPENED = "opened"
    JOINED = "joined"
    RETRACTED = "retracted"
    STEP = "step"
    NOBODY_TOLD = "nobody_told"
    ACKNOWLEDGED = "acknowledged"
    COMMITTED = "committed"
    LAPSED = "lapsed"
    DECLINED = "declined"
    EXHAUSTED = "exhausted"
    REPEATED = "repeated"
    MUTED = "muted"
    EMERGENCY = "emergency"
    CLOSED = "closed"
    LINK_OPENED = "link_opened"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rung: whom to tell, what is asked, and how long to wait for an answer."""

    tell: tuple[str, ...]
    ask: Ask
    wait: timedelta
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An escalation policy. Empty ``risks`` and no ``hours`` fit every home and hour.

    ``hours`` is a local span from (inside) and to (outside); it may cross midnight.
    """

    name: str
    kinds: frozenset[AlertKind]
    steps: tuple[Step, ...]
    risks: frozenset[Risk] = frozenset()
    hours: tuple[time, time] | None = None

    def fits(self, kind: AlertKind, risk: Risk | None, local: time) -> bool:
        """Return whether the policy is for this kind, risk and local hour."""
        return (
            kind in self.kinds
            and (not self.risks or risk in self.risks)
            and (self.hours is None or _within(local, *self.hours))
        )

    @property
    def narrowness(self) -> int:
        """Return how many conditions beyond the kind the policy has."""
        return bool(self.risks) + (self.hours is not None)


def _within(at: time, begin: time, end: time) -> bool:
    if begin <= end:
        return begin <= at < end
    return at >= begin or at < end


def policy_for(
    policies: Sequence[Policy], *, kind: AlertKind, risk: Risk | None, local: time
) -> Policy | None:
    """Return the narrowest policy that fits, the first among equals."""
    fitting = [row for row in policies if row.fits(kind, risk, local)]
    return max(fitting, key=lambda row: row.narrowness, default=None)


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """Somebody said "I am going", until when."""

    by: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an alert stands on its ladder.

    ``step`` counts from 1; 0 before the first. ``next_at`` is when it moves by itself.
    """

    state: AlertState
    step: int = 0
    next_at: datetime | None = None
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that happened; ``step`` is the rung it concerns, if any."""

    did: Did
    at: datetime
    step: int | None = None
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Climb:
    """Where an alert stands after some moves."""

    standing: Standing
    moves: tuple[Move, ...] = field(default=())


def begin(steps: Sequence[Step], reach: Sequence[int], *, now: datetime) -> Climb:
    """Start at the first step that reaches somebody.

    ``reach[i]`` is how many people step ``i + 1`` would tell now.
    """
    return _climb(steps, reach, Standing(state=AlertState.OPEN), now)


def _climb(
    steps: Sequence[Step], reach: Sequence[int], standing: Standing, now: datetime
) -> Climb:
    moves = []
    for number in range(standing.step + 1, len(steps) + 1):
        if reach[number - 1] == 0:
            moves.append(Move(did=Did.NOBODY_TOLD, at=now, step=number))
            continue
        moves.append(Move(did=Did.STEP, at=now, step=number))
        waits_until = now + steps[number - 1].wait
        return Climb(
            standing=Standing(state=AlertState.OPEN, step=number, next_at=waits_until),
            moves=tuple(moves),
        )
    moves.append(Move(did=Did.EXHAUSTED, at=now))
    return Climb(
        standing=Standing(
            state=AlertState.EXHAUSTED, step=len(steps), next_at=now + REPEAT_EVERY
        ),
        moves=tuple(moves),
    )


def advance(
    steps: Sequence[Step], reach: Sequence[int], standing: Standing, *, now: datetime
) -> Climb:
    """Move an alert whose ``next_at`` has come; before that nothing happens."""
    if standing.next_at is None or now < standing.next_at:
        return Climb(standing=standing)
    match standing.state:
        case AlertState.OPEN | AlertState.MUTED:
            return _climb(steps, reach, standing, now)
        case AlertState.COMMITTED:
            lapsed = [
                Move(did=Did.LAPSED, at=now, by=row.by)
                for row in standing.commitments
                if row.until <= now
            ]
            climb = _climb(steps, reach, replace(standing, commitments=()), now)
            return replace(climb, moves=(*lapsed, *climb.moves))
        case AlertState.EXHAUSTED:
            again = replace(standing, next_at=now + REPEAT_EVERY)
            move = Move(did=Did.REPEATED, at=now, step=repeated_step(reach))
            return Climb(standing=again, moves=(move,))
        case AlertState.ACKNOWLEDGED | AlertState.CLOSED:
            return Climb(standing=replace(standing, next_at=None))


def held_to_its_wait(
    steps: Sequence[Step], standing: Standing, *, now: datetime
) -> Standing:
    """Let no step wait longer than it may, from ``now``: its wait begins anew.

    It would after the clock was set back: what is left of its wait is counted by a
    clock that ran ahead. What people said (until when they go, or it rests) stands.
    """
    match standing.state:
        case AlertState.OPEN if 0 < standing.step <= len(steps):
            most = now + steps[standing.step - 1].wait
        case AlertState.EXHAUSTED:
            most = now + REPEAT_EVERY
        case _:
            return standing
    if standing.next_at is None or standing.next_at <= most:
        return standing
    return replace(standing, next_at=most)


def nobody_reached(
    steps: Sequence[Step], reach: Sequence[int], standing: Standing, *, now: datetime
) -> Climb:
    """Move on from a step whose people no channel could reach: it told nobody.

    Only while it waits for an answer; whoever has it in hand keeps it.
    """
    if standing.state is not AlertState.OPEN or standing.step == 0:
        return Climb(standing=standing)
    untold = Move(did=Did.NOBODY_TOLD, at=now, step=standing.step)
    climb = _climb(steps, reach, standing, now)
    return replace(climb, moves=(untold, *climb.moves))


def repeated_step(reach: Sequence[int]) -> int | None:
    """Return the last step that reaches somebody: who is told again at the end."""
    reached = [place + 1 for place, count in enumerate(reach) if count]
    return reached[-1] if reached else None


def _must_be_open(standing: Standing) -> None:
    if standing.state is AlertState.CLOSED:
        raise LadderError("already_closed")


def acknowledge(standing: Standing, *, by: str, now: datetime) -> Climb:
    """Somebody takes the alert: the ladder stops until they act. No commitment ends."""
    _must_be_open(standing)
    move = Move(did=Did.ACKNOWLEDGED, at=now, by=by)
    if standing.commitments:
        return Climb(standing=standing, moves=(move,))
    held = replace(standing, state=AlertState.ACKNOWLEDGED, next_at=None)
    return Climb(standing=held, moves=(move,))


def commit(standing: Standing, *, by: str, until: datetime, now: datetime) -> Climb:
    """Somebody goes, until when; saying it again moves their own time.

    Raises
    ------
    LadderError
        ``already_closed``; ``commitment_in_the_past`` when ``until`` is not after now.
    """
    _must_be_open(standing)
    if until <= now:
        raise LadderError("commitment_in_the_past")
    others = tuple(
        row for row in standing.commitments if row.by != by and row.until > now
    )
    going = (*others, Commitment(by=by, until=until))
    moved = Standing(
        state=AlertState.COMMITTED,
        step=standing.step,
        next_at=max(row.until for row in going),
        commitments=going,
    )
    return Climb(standing=moved, moves=(Move(did=Did.COMMITTED, at=now, by=by),))


def others_going(
    standing: Standing, *, by: str, seen: Collection[str], now: datetime
) -> tuple[Commitment, ...]:
    """Return who else is going without ``by`` having seen it, the longest last.

    ``seen`` names those whom ``by`` knew to be going when they said so.
    """
    unseen = (
        row
        for row in standing.commitments
        if row.by != by and row.by not in seen and row.until > now
    )
    return tuple(sorted(unseen, key=lambda row: row.until))


def reach(standing: Standing, *, by: str | None, now: datetime) -> Climb:
    """Somebody reached her: the ladder rests with them, and nobody need go any more."""
    _must_be_open(standing)
    if standing.state is AlertState.ACKNOWLEDGED:
        return Climb(standing=standing)
    held = replace(
        standing, state=AlertState.ACKNOWLEDGED, next_at=None, commitments=()
    )
    return Climb(standing=held, moves=(Move(did=Did.ACKNOWLEDGED, at=now, by=by),))


def hand_on(standing: Standing, *, now: datetime) -> Climb:
    """Help is needed: who has it in hand without a time passes it on, at once.

    Who is on the way stays so; the ladder waits for their time.
    """
    _must_be_open(standing)
    if standing.state not in {AlertState.ACKNOWLEDGED, AlertState.MUTED}:
        return Climb(standing=standing)
    return Climb(standing=replace(standing, state=AlertState.OPEN, next_at=now))


def call_emergency(standing: Standing, *, by: str, now: datetime) -> Climb:
    """Somebody called the emergency services.

    The ladder goes on: somebody must still open the door to them.
    """
    _must_be_open(standing)
    return Climb(standing=standing, moves=(Move(did=Did.EMERGENCY, at=now, by=by),))


def decline(
    steps: Sequence[Step],
    reach: Sequence[int],
    standing: Standing,
    *,
    by: str,
    now: datetime,
) -> Climb:
    """Somebody cannot: the ladder moves on now, unless another is still going."""
    _must_be_open(standing)
    move = Move(did=Did.DECLINED, at=now, by=by)
    others = tuple(
        row for row in standing.commitments if row.by != by and row.until > now
    )
    if others:
        waits = replace(
            standing, commitments=others, next_at=max(row.until for row in others)
        )
        return Climb(standing=waits, moves=(move,))
    if standing.state is AlertState.EXHAUSTED:
        return Climb(standing=standing, moves=(move,))
    climb = _climb(steps, reach, replace(standing, commitments=()), now)
    return replace(climb, moves=(move, *climb.moves))


def mute(
    standing: Standing, *, by: str, until: datetime, reason: str, now: datetime
) -> Climb:
    """Rest the ladder until ``until``, for a reason; then it moves on.

    Raises
    ------
    LadderError
        ``already_closed``; ``mute_needs_reason``; ``mute_needs_end`` when ``until`` is
        not after now.
    """
    _must_be_open(standing)
    if not reason.strip():
        raise LadderError("mute_needs_reason")
    if until <= now:
        raise LadderError("mute_needs_end")
    muted = replace(standing, state=AlertState.MUTED, next_at=until, commitments=())
    return Climb(standing=muted, moves=(Move(did=Did.MUTED, at=now, by=by),))


def close(standing: Standing, *, by: str | None, now: datetime) -> Climb:
    """End the alert; what closing needs is asked of ``alerts.closing_refused``."""
    _must_be_open(standing)
    closed = Standing(state=AlertState.CLOSED, step=standing.step)
    return Climb(standing=closed, moves=(Move(did=Did.CLOSED, at=now, by=by),))
