"""When a home is asked about before its agreed deadline (watch-rules.md, 5: ``unusual``).

The routine may ask for a look; it never replaces the deadline, and makes nothing well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median_low

from shouwang.domain.alerts import NOTHING_WRONG, Outcome
from shouwang.domain.facts import HomeFacts, Sighting
from shouwang.domain.schedule import Check
from shouwang.domain.service_figures import JUDGED, Judged
from shouwang.domain.signals import Meaning
from shouwang.domain.status import Status, clean, status_of

# What was not looked at yet, or could not be seen, is looked at again after this long.
ASKED_AGAIN_AFTER = timedelta(minutes=5)
WAITED_FOR = frozenset({Status.OPEN, Status.GRACE})


class Mode(StrEnum):
    """What a community does when a home is late for its own habit."""

    OFF = "off"
    GENTLE = "gentle"
    FULL = "full"


def unusual_look(check: Check, facts: HomeFacts, *, now: datetime) -> Sighting | None:
    """Return the look that found the signal not given, or ``None`` where none did.

    Only what somebody saw counts: a home nobody looked at, or that could not be seen,
    is a matter of its round and not of her. A check that is decided asks nothing.
    """
    if status_of(check, facts, now=now).status not in WAITED_FOR:
        return None
    newest = next(
        (
            row
            for row in reversed(clean(facts, now=now).sightings)
            if row.signal == check.signal
            and row.seen_at >= check.day_starts_at
            and facts.usable(row)
        ),
        None,
    )
    if newest is None or newest.state in check.well:
        return None
    return None if facts.meaning(newest) is Meaning.HELP else newest


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A home was asked about at ``asked_at``, before its deadline at ``alert_at``.

    ``outcome`` is ``None`` while nobody has said what it was.
    """

    asked_at: datetime
    alert_at: datetime
    outcome: Outcome | None


@dataclass(frozen=True, kw_only=True)
class Early:
    """What asking early found, and what it cost.

    ``found_earlier`` is how much sooner than by the deadline, in the middle, somebody
    who was needed was called; ``None`` where nobody was.
    """

    asked_count: int = 0
    found_count: int = 0
    needless_count: int = 0
    found_earlier: timedelta | None = None


def early_of(asked: Collection[Asked]) -> Early:
    """Return what asking early found and cost; what was not said counts neither way."""
    found = [row for row in asked if row.outcome and _is_needed(row.outcome)]
    needless = [row for row in asked if row.outcome in NOTHING_WRONG]
    return Early(
        asked_count=len(asked),
        found_count=len(found),
        needless_count=len(needless),
        found_earlier=median_low(row.alert_at - row.asked_at for row in found)
        if found
        else None,
    )


def _is_needed(outcome: Outcome) -> bool:
    return JUDGED[outcome] is Judged.NEEDED
