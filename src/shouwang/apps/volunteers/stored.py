"""Seasons and free times as they are stored, and as the rules know them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from shouwang.apps.volunteers.models import Pausing, Team, TrainingRow, Volunteer
from shouwang.domain.volunteers import (
    FreeTime,
    MonthDay,
    Pause,
    Trained,
    Training,
    times_tidied,
)

Season = tuple[MonthDay, MonthDay]


def season_of(row: Volunteer | Team) -> Season | None:
    """Return the season that is written with a row itself, or ``None``."""
    if not row.season_from:
        return None
    return _month_day(row.season_from), _month_day(row.season_until)


def season_that_holds(row: Volunteer) -> Season | None:
    """Return a volunteer's own season, else that of the team, else ``None``."""
    return season_of(row) or (season_of(row.team) if row.team else None)


def season_stored(season: Season | None) -> tuple[str, str]:
    """Return a season as it is stored: ``("07-01", "08-31")``, or two empty texts."""
    if season is None:
        return "", ""
    first, last = season
    return (
        f"{first.month:02}-{first.day:02}",
        f"{last.month:02}-{last.day:02}",
    )


def _month_day(text: str) -> MonthDay:
    month, day = text.split("-")
    return MonthDay(month=int(month), day=int(day))


def times_of(stored: Iterable[dict[str, object]]) -> tuple[FreeTime, ...]:
    """Return stored free times, in order."""
    return tuple(
        FreeTime(
            weekday=int(str(row["weekday"])),
            from_time=time.fromisoformat(str(row["from"])),
            to_time=time.fromisoformat(str(row["to"])),
        )
        for row in stored
    )


def times_stored(times: Iterable[FreeTime]) -> list[dict[str, object]]:
    """Return free times as they are stored, tidied.

    Raises
    ------
    VolunteerError
        A time that cannot be.
    """
    return [
        {
            "weekday": row.weekday,
            "from": f"{row.from_time:%H:%M}",
            "to": f"{row.to_time:%H:%M}",
        }
        for row in times_tidied(times)
    ]


def pauses_of(rows: Iterable[Pausing]) -> tuple[Pause, ...]:
    """Return the pauses that stand."""
    return tuple(
        Pause(from_on=row.from_on, until_on=row.until_on)
        for row in rows
        if row.withdrawn_at is None
    )


def trained_of(rows: Iterable[TrainingRow]) -> tuple[Trained, ...]:
    """Return the courses that stand."""
    return tuple(
        Trained(what=Training(row.what), valid_until=row.valid_until)
        for row in rows
        if row.withdrawn_at is None
    )


def is_here(row: Volunteer, on: date) -> bool:
    """Return whether a volunteer has not left by a day."""
    return row.member.left_at is None and (row.left_on is None or row.left_on > on)
