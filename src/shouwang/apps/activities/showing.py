"""Activities as pages show them: weeks of what is on, a line for each guest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.activities.selectors import Listed
from shouwang.apps.activities.words import (
    attended_words,
    day_phrase,
    hours_phrase,
    reply_words,
    short_day,
    why_not_words,
)
from shouwang.apps.residents.words import known_risk_words
from shouwang.common.clock import local_day

WEEKS_SHOWN = 5


def weeks_of(
    rows: Sequence[Activity], *, first: date, today: date, theirs: Collection[int]
) -> list[list[dict[str, Any]]]:
    """Return weeks from ``first``, a Monday, with what is on each day."""
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        on = local_day(row.begins_at, row.community.zone)
        by_day.setdefault(on, []).append({**line(row), "is_mine": row.pk in theirs})
    return [
        [
            {
                "on": on,
                "words": short_day(on),
                "is_today": on == today,
                "is_past": on < today,
                "rows": by_day.get(on, []),
            }
            for day in range(7)
            for on in [first + timedelta(days=7 * week + day)]
        ]
        for week in range(WEEKS_SHOWN)
    ]


def line(row: Activity) -> dict[str, Any]:
    """Return an activity as a list shows it."""
    on = local_day(row.begins_at, row.community.zone)
    return {
        "row": row,
        "day": day_phrase(on),
        "short_day": short_day(on),
        "hours": hours_phrase(row),
        "begins": hours_phrase(row).partition("–")[0],
        "is_cancelled": row.cancelled_at is not None,
    }


def guest_line(one: Listed) -> dict[str, Any]:
    """Return a guest as a list shows her."""
    row, arm = one.row, [known_risk_words(risk) for risk in one.arm]
    return {
        "row": row,
        "name": str(row),
        "address": row.home.address,
        "reply": reply_words()[row.reply],
        "attended": attended_words()[row.attended],
        "arm": arm,
        "notes": [*_brings_words(one), *arm],
        "waits": one.waits,
        "why_not": why_not_words()[one.why_not.value] if one.why_not else "",
        "is_expected": one.is_expected,
        "lacks_an_arm": one.lacks_an_arm,
        "is_walk_in": row.invited_at is None,
    }


def _brings_words(one: Listed) -> list[str]:
    if one.row.brought_by is not None:
        return [_("%(name)s brings her") % {"name": one.row.brought_by}]
    return [_("nobody brings her")] if one.lacks_an_arm else []


def counts_of(rows: Sequence[Guest], *, now: datetime, activity: Activity) -> Any:
    """Return how many came, did not, and were excused; nothing before it begins."""
    if now < activity.begins_at:
        return None
    found = dict.fromkeys(("came", "absent", "excused", ""), 0)
    for row in rows:
        found[row.attended] += 1
    return {**found, "open": found[""]}
