"""What people reported about a home; nothing here was computed by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shouwang.domain.signals import BUILT_IN, CONTACT, Meaning, Nature, SignalKind


class Source(StrEnum):
    """Where a sighting comes from."""

    LOOK = "look"
    PHOTO = "photo"
    CONTACT = "contact"
    RESIDENT_REPORT = "resident_report"
    SENSOR = "sensor"


class CouldNotSee(StrEnum):
    """Why somebody who looked could not see."""

    DARK = "dark"
    GLARE = "glare"
    BLOCKED = "blocked"
    TOO_FAR = "too_far"
    OTHER = "other"


# A recorder's clock further off than this is flagged (watch-rules.md, 1).
CLOCK_OFFSET_FLAGGED = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One look or contact. Exactly one of ``state`` and ``could_not_see`` is set.

    ``seen_at`` is the recorder's time corrected by the measured clock offset.
    ``confidence`` (0..1) is set for photo readings only. ``replaces`` names the
    sighting that this one corrects.
    """

    id: str
    signal: str
    state: str | None = None
    could_not_see: CouldNotSee | None = None
    seen_at: datetime
    source: Source = Source.LOOK
    confidence: float | None = None
    replaces: str | None = None


@dataclass(frozen=True, kw_only=True)
class Absence:
    """The home is empty from ``from_at`` (inside) to ``until_at`` (outside).

    ``until_at`` is ``None`` while nobody knows when it ends.
    """

    from_at: datetime
    until_at: datetime | None

    def covers(self, begin: datetime, end: datetime) -> bool:
        """Return whether the whole span ``begin``..``end`` lies inside."""
        return self.from_at <= begin and (self.until_at is None or end <= self.until_at)


@dataclass(frozen=True, kw_only=True)
class HomeFacts:
    """Everything reported about one home that its checks may need.

    ``answered_at`` are the moments at which a cry for help was answered: somebody
    closed its alert with an outcome.
    """

    sightings: tuple[Sighting, ...] = ()
    absences: tuple[Absence, ...] = ()
    answered_at: tuple[datetime, ...] = ()
    kinds: Mapping[str, SignalKind] = field(default_factory=lambda: BUILT_IN)

    def until(self, now: datetime) -> HomeFacts:
        """Return these facts without what was seen or answered after ``now``."""
        return HomeFacts(
            sightings=tuple(row for row in self.sightings if row.seen_at <= now),
            absences=self.absences,
            answered_at=tuple(at for at in self.answered_at if at <= now),
            kinds=self.kinds,
        )

    def kind(self, signal: str) -> SignalKind:
        """Return the kind of ``signal``; an unknown one has no meaning of its own."""
        known = self.kinds.get(signal)
        return known or SignalKind(kind=signal, nature=Nature.STANDING, states={})

    def meaning(self, sighting: Sighting) -> Meaning:
        """Return what ``sighting`` says by itself."""
        return self.kind(sighting.signal).meaning(sighting.state)

    def usable(self, sighting: Sighting) -> bool:
        """Return whether ``sighting`` tells a state.

        It does not when nobody could see, or when a photo was read with less
        confidence than its kind was calibrated to: that one waits for a person.
        """
        if sighting.state is None:
            return False
        if sighting.source is not Source.PHOTO:
            return True
        needed = self.kind(sighting.signal).photo_confidence
        return sighting.confidence is not None and sighting.confidence >= needed


def is_contact(sighting: Sighting) -> bool:
    """Return whether somebody reached, or tried to reach, the resident."""
    return sighting.signal == CONTACT


def standing(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return the sightings that nobody corrected, by seen time.

    The same sighting delivered again counts once. Ties are ordered by id so that the
    result never depends on the order of arrival.
    """
    unique = {row.id: row for row in sightings}
    replaced = {row.replaces for row in unique.values() if row.replaces != row.id}
    kept = (row for row in unique.values() if row.id not in replaced)
    return tuple(sorted(kept, key=lambda row: (row.seen_at, row.id)))
