"""A volunteer as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shouwang.apps.volunteers.models import HoursRow, Volunteer
from shouwang.apps.volunteers.selectors.people import Standing
from shouwang.apps.volunteers.stored import season_that_holds
from shouwang.apps.volunteers.words import (
    hours_source_words,
    lack_words,
    season_words,
    skill_names,
    times_words,
    training_words,
)
from shouwang.common.text import by_number
from shouwang.domain.volunteers import hours_in


def card(
    row: Volunteer, standing: Standing, skills: Mapping[str, str]
) -> dict[str, Any]:
    """Return one line of the list."""
    return {
        "row": row,
        "skills": skill_names(row.skills, skills),
        "times": times_words(standing.times),
        "state": state_words(standing),
        "may": standing.may_be_asked,
        "has_left": standing.has_left,
        "lacks": [lack_words(one) for one in standing.lacks],
    }


def state_words(standing: Standing) -> str:
    """Return whether somebody can be asked, and if not, why not."""
    if standing.has_left:
        return _("has left")
    if not standing.has_consent:
        return _("not asked: no consent on file")
    if standing.is_paused and standing.paused_until:
        return _("pauses until %(on)s") % {"on": standing.paused_until}
    if standing.is_paused:
        return _("pauses")
    if not standing.is_in_season:
        return _("not in season")
    return _("can be asked")


def facts(
    row: Volunteer, standing: Standing, skills: Mapping[str, str], today: date
) -> dict[str, Any]:
    """Return everything the page of one volunteer says."""
    return {
        **card(row, standing, skills),
        "season": season_words(season_that_holds(row)),
        "buildings": sorted(
            (one.building.label for one in row.buildings.all()), key=by_number
        ),
        "homes": sorted(
            (one.home.address for one in row.known_homes.all()), key=by_number
        ),
        "pauses": [
            one
            for one in sorted(row.pauses.all(), key=lambda one: one.from_on)
            if one.withdrawn_at is None
            and (one.until_on is None or one.until_on >= today)
        ],
        "trainings": [
            {
                "row": one,
                "words": one.words or training_words()[one.what],
                "has_lapsed": one.valid_until is not None and one.valid_until < today,
            }
            for one in sorted(row.trainings.all(), key=lambda one: one.on, reverse=True)
            if one.withdrawn_at is None
        ],
    }


def hours_lines(
    rows: Iterable[HoursRow], correctable: set[int]
) -> list[dict[str, Any]]:
    """Return hours as lines; ``correctable`` are the rows the reader may correct."""
    sources = hours_source_words()
    return [
        {
            "row": row,
            "hours": hours_in(row.minutes),
            "source": sources[row.source],
            "may_correct": row.pk in correctable,
        }
        for row in rows
    ]
