"""Whether anything was late on a day; silence when nothing was (watch-rules.md, 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from shouwang.domain.ladder import Did

# What should happen at an instant is late this long after it: the heart may be as old.
LATE_AFTER = timedelta(seconds=60)
# What the clock alone does after a step; between the two nobody has moved the alert.
_BY_THE_CLOCK = frozenset({Did.STEP, Did.NOBODY_TOLD, Did.EXHAUSTED})
# What says nothing of when the ladder moves.
_BESIDE = frozenset({Did.JOINED, Did.NOBODY_TOLD, Did.RETRACTED, Did.EMERGENCY})


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """What was late on one local day, each as a number, the gravest first.

    ``checks_late``: decided more than a minute after their deadline. ``told_late``:
    alerts about which no message went out within a minute. ``steps_late``: ladders
    that moved on more than a minute after their time. ``unsent``: messages that
    never went out. ``stalls``: times at which the watch itself had stopped.
    ``rounds_uncovered``: rounds that nobody was down to walk. ``rounds_missed``:
    rounds that were not walked.
    """

    stalls: int = 0
    checks_late: int = 0
    told_late: int = 0
    steps_late: int = 0
    unsent: int = 0
    rounds_missed: int = 0
    rounds_uncovered: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """Return what was late by name, without what was not."""
        found = {row.name: getattr(self, row.name) for row in fields(self)}
        return {name: count for name, count in found.items() if count}


def worth_telling(lateness: Lateness) -> Lateness | None:
    """Return ``lateness`` if anything was late, else ``None``: silence."""
    return lateness if lateness.counts else None


def late_count(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """Return how many of (due, done) were done more than a minute after they were due."""
    return sum(done - due > LATE_AFTER for due, done in spans)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One thing that happened to an alert; ``step`` counts from 1."""

    did: Did
    at: datetime
    step: int | None = None


def steps_late(moves: Sequence[Moved], waits: Sequence[timedelta]) -> int:
    """Return how often an alert's ladder moved on too late by itself.

    ``moves`` are those of one alert in order, ``waits`` how long each step waits. Only
    where the clock moved the ladder from one step to the next can it be late: what a
    person did in between sets another time.
    """
    spans = []
    due: datetime | None = None
    for move in moves:
        if due is not None and move.did in _BY_THE_CLOCK:
            spans.append((due, move.at))
            due = None
        if move.did is Did.STEP and move.step is not None:
            due = move.at + waits[move.step - 1] if move.step <= len(waits) else None
        elif move.did not in _BESIDE:
            due = None
    return late_count(spans)
