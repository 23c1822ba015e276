"""How often a channel may be used: one token bucket for each of its limits.

Pure functions; the caller keeps the levels between two uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most ``count`` messages in any span of ``per``."""

    count: int
    per: timedelta


@dataclass(frozen=True, kw_only=True)
class Level:
    """How many messages a bucket still holds, as measured at a moment."""

    tokens: float
    at: datetime


# A bucket that is full at the start and fills while it is used lets nearly twice its
# count through in one span. Half for the burst and half for the flow never exceeds it.
_BURST = 0.5


def full(limits: Sequence[Limit], *, now: datetime) -> tuple[Level, ...]:
    """Return the levels of a channel nobody has used."""
    return tuple(Level(tokens=_most(row), at=now) for row in limits)


def refilled(
    limits: Sequence[Limit], levels: Sequence[Level], *, now: datetime
) -> tuple[Level, ...]:
    """Return the levels at ``now``; a clock that went back adds nothing.

    Levels of other limits than these (the channel's changed) begin anew.
    """
    if len(levels) != len(limits):
        return full(limits, now=now)
    return tuple(
        Level(
            tokens=min(_most(limit), level.tokens + _earned(limit, level, now)),
            at=now,
        )
        for limit, level in zip(limits, levels, strict=True)
    )


def taken(levels: Sequence[Level], count: int = 1) -> tuple[Level, ...]:
    """Return the levels after ``count`` messages."""
    return tuple(Level(tokens=row.tokens - count, at=row.at) for row in levels)


def room(levels: Sequence[Level]) -> int | None:
    """Return how many messages may go now; ``None`` where there is no limit."""
    if not levels:
        return None
    return max(0, min(int(row.tokens + 1e-9) for row in levels))


def wait(limits: Sequence[Limit], levels: Sequence[Level]) -> timedelta:
    """Return how long until one message may go, counted from the levels' moment."""
    return max(
        (
            timedelta(seconds=max(0.0, 1 - level.tokens) * _seconds_each(limit))
            for limit, level in zip(limits, levels, strict=True)
        ),
        default=timedelta(0),
    )


def _most(limit: Limit) -> float:
    return max(1.0, limit.count * _BURST)


def _seconds_each(limit: Limit) -> float:
    return limit.per.total_seconds() / max(1.0, limit.count * (1 - _BURST))


def _earned(limit: Limit, level: Level, now: datetime) -> float:
    passed = max(0.0, (now - level.at).total_seconds())
    return passed / _seconds_each(limit)
