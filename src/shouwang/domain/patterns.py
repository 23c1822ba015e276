"""Signs that no single check sees (watch-rules.md, 5: ``pattern``, ``return_check``).

In 2007 an older man lay two days with the curtain closed and the lamp on; neighbours
saw it and did nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from shouwang.domain.facts import Absence, HomeFacts, Sighting, is_contact
from shouwang.domain.schedule import instant
from shouwang.domain.signals import Meaning, Nature

# By ten a drawn curtain is late for nearly everybody (median first activity 7:41,
# 95 % within 96 minutes of their own usual time); after four a lamp is ordinary in
# winter.
DAYLIGHT = (time(10), time(16))
RETURN_ASKED_AT = time(9)


class Pattern(StrEnum):
    """What was noticed."""

    SHUT_WITH_LAMP_ON = "shut_with_lamp_on"
    ACTIVITY_WHILE_AWAY = "activity_while_away"


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """A pattern, dated by the sighting that completed it."""

    pattern: Pattern
    at: datetime
    sightings: tuple[Sighting, ...]


def shut_with_lamp_on(facts: HomeFacts, *, zone: tzinfo, on: date) -> Noticed | None:
    """Return whether on the local day ``on`` the curtain was shut and the lamp lit.

    ``facts`` are clean. Only what was last seen of each in daylight counts, and
    nobody may have reached the resident since.
    """
    begin, end = (instant(on, at, zone) for at in DAYLIGHT)
    seen = [
        row
        for row in facts.sightings
        if begin <= row.seen_at < end and facts.usable(row)
    ]
    curtain = _last(seen, "curtain")
    lamp = _last(seen, "light")
    if curtain is None or lamp is None:
        return None
    if curtain.state != "closed" or lamp.state != "on":
        return None
    pair = sorted((curtain, lamp), key=lambda row: (row.seen_at, row.id))
    if any(_reached(row, facts) and row.seen_at > pair[0].seen_at for row in seen):
        return None
    return Noticed(
        pattern=Pattern.SHUT_WITH_LAMP_ON, at=pair[1].seen_at, sightings=tuple(pair)
    )


def _last(sightings: list[Sighting], signal: str) -> Sighting | None:
    return next((row for row in reversed(sightings) if row.signal == signal), None)


def _reached(sighting: Sighting, facts: HomeFacts) -> bool:
    return is_contact(sighting) and facts.meaning(sighting) is Meaning.WELL


def activity_while_away(facts: HomeFacts, absence: Absence) -> Noticed | None:
    """Return the first change of a standing signal seen within ``absence``.

    ``facts`` are clean. Two looks in different states, both while the home should be
    empty, mean that somebody is there.
    """
    inside = [
        row
        for row in facts.sightings
        if absence.covers(row.seen_at, row.seen_at)
        and facts.usable(row)
        and facts.kind(row.signal).nature is Nature.STANDING
    ]
    changes = [
        (one, other)
        for signal in sorted({row.signal for row in inside})
        for one, other in pairwise([row for row in inside if row.signal == signal])
        if one.state != other.state
    ]
    if not changes:
        return None
    first = min(changes, key=lambda pair: (pair[1].seen_at, pair[1].id))
    return Noticed(
        pattern=Pattern.ACTIVITY_WHILE_AWAY, at=first[1].seen_at, sightings=first
    )


def return_asked_at(
    absence: Absence, *, zone: tzinfo, review_on: date | None = None
) -> datetime | None:
    """Return when to ask whether she is back; ``None`` if nobody said when.

    At nine on the last day of an absence given in days; at its end when it was given
    with an hour; at nine on ``review_on`` while the end is open.
    """
    if absence.until_at is None:
        if review_on is None:
            return None
        return max(instant(review_on, RETURN_ASKED_AT, zone), absence.from_at)
    local_end = absence.until_at.astimezone(zone)
    if local_end.time() != time(0):
        return absence.until_at
    last_day = local_end.date() - timedelta(days=1)
    return max(instant(last_day, RETURN_ASKED_AT, zone), absence.from_at)


def return_is_known(
    facts: HomeFacts, absence: Absence, *, zone: tzinfo, now: datetime
) -> bool:
    """Return whether somebody reached her since the day on which she is due back."""
    if absence.until_at is None:
        return False
    last = absence.until_at.astimezone(zone) - timedelta(microseconds=1)
    day_starts_at = instant(last.date(), time(0), zone)
    return any(
        _reached(row, facts) and day_starts_at <= row.seen_at <= now
        for row in facts.sightings
    )
