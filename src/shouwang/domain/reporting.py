"""What becomes of a passer-by's report, and who is told of it.

A report is confirmed only by somebody who looked. Every answer is kept; the state only
climbs, so that it does not matter in which order two walkers' answers arrive.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What somebody saw who walked by."""

    CRY = "cry"
    SMILE = "smile"
    OTHER = "other"


class ReportState(StrEnum):
    """Where a report stands, from what waits to what is certain."""

    NEW = "new"
    DISMISSED = "dismissed"
    LOOKED = "looked"
    CONFIRMED = "confirmed"


class Did(StrEnum):
    """What somebody did about a report; each is a row."""

    LOOKED = "looked"
    NOTHING = "nothing"
    CANNOT = "cannot"
    PLACED = "placed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Found(StrEnum):
    """What an answer says about a report."""

    SAME = "same"
    ANOTHER = "another"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


FACES = frozenset({What.CRY, What.SMILE})
# Crying faces first; a smile is good news and can wait.
_ORDER = {What.CRY: 0, What.OTHER: 1, What.SMILE: 2}

_MOVES: dict[tuple[ReportState, Found], ReportState] = {
    (ReportState.NEW, Found.NOTHING): ReportState.DISMISSED,
    (ReportState.NEW, Found.ANOTHER): ReportState.LOOKED,
    (ReportState.NEW, Found.SAME): ReportState.CONFIRMED,
    (ReportState.DISMISSED, Found.ANOTHER): ReportState.LOOKED,
    (ReportState.DISMISSED, Found.SAME): ReportState.CONFIRMED,
    (ReportState.LOOKED, Found.SAME): ReportState.CONFIRMED,
}


def found_of(*, what: What, did: Did, seen: str = "", is_placed: bool = False) -> Found:
    """Return what an answer says about a report of ``what``.

    Parameters
    ----------
    seen
        The state that was seen; empty where it could not be seen, which says nothing.
    is_placed
        Whether it is known which window the report is about; then "nothing there" was
        said of another one.
    """
    match did:
        case Did.CONFIRMED:
            return Found.SAME
        case Did.DISMISSED:
            return Found.NOTHING
        case Did.NOTHING:
            return Found.UNKNOWN if is_placed else Found.NOTHING
        case Did.LOOKED if seen and what in FACES:
            return Found.SAME if seen == what.value else Found.ANOTHER
        case Did.LOOKED | Did.CANNOT | Did.PLACED:
            # The agreed signal says nothing about a worry of another kind.
            return Found.UNKNOWN


def state_after(state: ReportState, found: Found) -> ReportState:
    """Return where a report stands after an answer; it never climbs down."""
    return _MOVES.get((state, found), state)


def urgency(
    what: What, *, is_looked_at: bool, at: datetime
) -> tuple[bool, int, datetime]:
    """Return the place in the order of urgency: what nobody looked at, cries, oldest."""
    return is_looked_at, _ORDER[what], at


# Longer than any address such as 12-10-1501, or seven digits without a break.
_NUMBER = re.compile(r"\+?\d(?:[\s.()-]{0,2}\d){8,}|\d{7,}")


def without_numbers(text: str) -> str:
    """Return a reporter's words without what may be a phone number."""
    return _NUMBER.sub("…", text)


class Asks(StrEnum):
    """What a message about a report asks of somebody."""

    LOOK = "look"
    PLACE = "place"


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Somebody who should be told of a report, and what is asked of them."""

    member: int
    asks: Asks


def tellings(
    *,
    what: What,
    state: ReportState,
    is_placed: bool,
    duty: Sequence[int],
    walkers: Sequence[int],
    cannot: Collection[int],
) -> tuple[Telling, ...]:
    """Return who should be told of a report by message, each person once.

    Only a crying face at an unknown window: at a known one its alert tells by the
    ladder, and the rest can wait on the board. Walkers are asked to look, first asked
    first, unless they cannot; duty officers to find out which window it is.
    """
    if what is not What.CRY or is_placed or state is not ReportState.NEW:
        return ()
    looking = [key for key in dict.fromkeys(walkers) if key not in cannot]
    placing = [key for key in dict.fromkeys(duty) if key not in looking]
    return (
        *(Telling(member=key, asks=Asks.LOOK) for key in looking),
        *(Telling(member=key, asks=Asks.PLACE) for key in placing),
    )
