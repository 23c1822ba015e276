"""Short ways to build the facts of a day in Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shouwang.domain.facts import CouldNotSee, HomeFacts, Sighting, Source
from shouwang.domain.schedule import Check, Expectation, Terms, checks_between
from shouwang.domain.status import Result, status_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 2)
GRACE = timedelta(minutes=10)

MORNING = Expectation(
    label="morning",
    opens=time(7),
    due=time(9),
    grace=GRACE,
    well=frozenset({"open"}),
)
EVENING = Expectation(
    label="evening",
    opens=time(18),
    due=time(20),
    grace=GRACE,
    well=frozenset({"closed"}),
)


def at(clock: str, on: date = TODAY) -> datetime:
    """Return a Shanghai time of ``on``; ``-1 19:00`` is the evening before."""
    day, _, words = clock.rpartition(" ")
    shifted = on + timedelta(days=int(day or 0))
    return datetime.combine(shifted, time.fromisoformat(words), tzinfo=SHANGHAI)


def check(
    *expectations: Expectation, require_change: bool = False, signal: str = "curtain"
) -> Check:
    """Return today's first check of an agreement; morning and evening by default."""
    terms = Terms(
        signal=signal,
        expectations=expectations or (MORNING, EVENING),
        require_change=require_change,
        valid_from=TODAY - timedelta(days=30),
    )
    return checks_between(terms, zone=SHANGHAI, first=TODAY, last=TODAY)[0]


def seen(clock: str, state: str, **more: object) -> Sighting:
    """Return a look at the curtain, or at ``signal``."""
    values: dict[str, object] = {
        "id": f"{clock}/{state}",
        "signal": "curtain",
        "state": state,
        "seen_at": at(clock),
    }
    return Sighting(**{**values, **more})  # type: ignore[arg-type]  # a test's shorthand


def unseen(clock: str) -> Sighting:
    """Return a look at which nothing could be seen."""
    return Sighting(
        id=f"{clock}/unseen",
        signal="curtain",
        could_not_see=CouldNotSee.GLARE,
        seen_at=at(clock),
    )


def contact(clock: str, result: str = "spoke") -> Sighting:
    """Return a contact."""
    return Sighting(
        id=f"{clock}/{result}",
        signal="contact",
        state=result,
        seen_at=at(clock),
        source=Source.CONTACT,
    )


def told(row: Check, clock: str, *sightings: Sighting, **facts: object) -> Result:
    """Return the status of ``row`` at a Shanghai time."""
    known = HomeFacts(sightings=sightings, **facts)  # type: ignore[arg-type]  # as above
    return status_of(row, known, now=at(clock))
