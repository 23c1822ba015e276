"""What is to be written about a volunteer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shouwang.apps.volunteers.models import Team, Volunteer
from shouwang.apps.volunteers.stored import Season, season_of, times_of
from shouwang.domain.volunteers import FreeTime


@dataclass(frozen=True, kw_only=True)
class OwnDraft:
    """What a volunteer says themselves; ``agrees`` where their consent was lacking."""

    skills: frozenset[str] = frozenset()
    times: tuple[FreeTime, ...] = ()
    season: Season | None = None
    a_week: int | None = None
    agrees: bool = False


@dataclass(frozen=True, kw_only=True)
class VolunteerDraft(OwnDraft):
    """Everything the desk knows of a volunteer; buildings and homes by number."""

    team: Team | None = None
    building_ids: frozenset[int] = frozenset()
    home_ids: frozenset[int] = frozenset()
    note: str = ""
    consent_on: date | None = None
    consent_paper: str = ""


@dataclass(frozen=True, kw_only=True)
class TrainingDraft:
    """What somebody was taught, when, and until which day it counts."""

    what: str
    on: date
    valid_until: date | None = None
    words: str = ""


def draft_of(row: Volunteer) -> VolunteerDraft:
    """Return what is stored of a volunteer, to be written again with changes."""
    return VolunteerDraft(
        skills=frozenset(row.skills),
        times=times_of(row.times),
        season=season_of(row),
        a_week=row.a_week,
        team=row.team,
        building_ids=frozenset(kept.building_id for kept in row.buildings.all()),
        home_ids=frozenset(kept.home_id for kept in row.known_homes.all()),
        note=row.note,
        consent_on=row.consent_on,
        consent_paper=row.consent_paper,
    )
