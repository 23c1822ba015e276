"""A practice as its file, and what of a community goes into one: no person, no place."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import yaml
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.alerts.policies import policy_of
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.practices.reading import DAYS, FORMAT, TELLS, VERSION, Practice
from shouwang.apps.residents.models import (
    Agreement,
    ContactPerson,
    Home,
    Resident,
    SignalKindRow,
)
from shouwang.apps.residents.presets import usual_windows
from shouwang.apps.residents.selectors import days_of, signal_kinds, terms_of
from shouwang.apps.rounds.models import Round
from shouwang.domain.schedule import EVERY_DAY, Expectation
from shouwang.domain.visits import Question

# Seven digits in a row, spaces and dashes apart, are a phone number.
PHONE = re.compile(r"\d(?:[\s-]?\d){6,}")
NAME_LEAST = 2


def practice_file(practice: Practice) -> str:
    """Return a practice as the text of its file."""
    given = practice.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_defaults=False
    )
    return file_text(given)


def file_text(given: dict[str, Any]) -> str:
    """Return the text of a practice file, keys in the order given."""
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=1000)


def kind_part(community: Community, signal: str) -> dict[str, Any]:
    """Return an own kind of signal as a file says it; of a built-in one, nothing."""
    row = SignalKindRow.objects.of(community).filter(kind=signal).first()
    if row is None:
        return {}
    states = [
        {"code": one["state"], "name": one["name"], "meaning": one["meaning"]}
        for one in row.states
    ]
    return {"kind": {"code": row.kind, "name": row.name, "states": states}}


def windows_part(community: Community, signal: str) -> list[dict[str, Any]]:
    """Return the windows most homes have for a signal, else those usually agreed."""
    rows = Agreement.objects.of(community).filter(signal=signal, ended_at__isnull=True)
    counted = Counter(
        terms_of(row).expectations for row in rows.prefetch_related("expectations")
    )
    kind = signal_kinds(community)[signal]
    windows = counted.most_common(1)[0][0] if counted else usual_windows(kind)
    return [_window(row) for row in windows]


def _window(row: Expectation) -> dict[str, Any]:
    return {
        "label": row.label,
        "opens": f"{row.opens:%H:%M}",
        "due": f"{row.due:%H:%M}",
        "grace": int(row.grace.total_seconds()) // 60,
        "days": _days(row.days),
        "well": sorted(row.well),
    }


def _days(days: frozenset[int]) -> list[str]:
    return [DAYS[day] for day in sorted(days & EVERY_DAY)]


def policy_part(row: EscalationPolicy) -> dict[str, Any]:
    """Return a ladder as a file says it: roles only; a named person is the desk there."""
    policy = policy_of(row)
    return {
        "name": policy.name,
        "kinds": sorted(kind.value for kind in policy.kinds),
        "risks": sorted(risk.value for risk in policy.risks),
        "steps": [
            {
                "tell": [one for one in step.tell if one in TELLS] or ["duty_officer"],
                "ask": step.ask.value,
                "wait": int(step.wait.total_seconds()) // 60,
            }
            for step in policy.steps
        ],
    }


def round_part(row: Round) -> dict[str, Any]:
    """Return a round as a file says it: when, and nobody."""
    return {"name": row.name, "at": f"{row.at:%H:%M}", "days": _days(days_of(row.days))}


def question_part(row: Question) -> dict[str, Any]:
    """Return a question at visits as a file says it."""
    return {
        "text": row.words,
        "kind": row.kind.value,
        "choices": [*row.choices],
        "required": row.required,
    }


def header(community: Community) -> dict[str, Any]:
    """Return the first lines of a file that is saved here."""
    return {"format": FORMAT, "version": VERSION, "source": community.name}


def personal_in(text: str, community: Community) -> str:
    """Return what of a text names somebody or some home here; empty where nothing does."""
    phone = PHONE.search(text)
    if phone:
        return phone.group()
    return next((name for name in _names(community) if name in text), "")


def _names(community: Community) -> list[str]:
    columns = (
        (Resident, ("name", "called")),
        (ContactPerson, ("name",)),
        (Member, ("display_name",)),
        (Home, ("shown_name", "address")),
    )
    found = {
        name.strip()
        for model, fields in columns
        for row in model.objects.of(community).values_list(*fields)
        for name in row
    }
    return sorted(name for name in found if len(name) >= NAME_LEAST)


def personal_words(found: str) -> str:
    """Return what is said of a text that names somebody."""
    return _(
        "“%(found)s” names somebody or some home here. A practice goes to others: "
        "say it without."
    ) % {"found": found}
