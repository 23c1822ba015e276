"""Visits as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shouwang.apps.residents.words import risk_words
from shouwang.apps.visits.models import Visit
from shouwang.apps.visits.selectors.due import DueRow
from shouwang.apps.visits.selectors.form import answers_of, own_questions, questions_of
from shouwang.apps.visits.words import (
    answered,
    asked,
    held_words,
    late_words,
    outcome_words,
    state_words,
    why,
)
from shouwang.common.clock import local
from shouwang.domain.visits import VisitOutcome, concerns_of


def due_card(row: DueRow, *, now: datetime) -> dict[str, Any]:
    """Return what the list of due visits says of a home."""
    zone = row.home.community.zone
    return {
        "row": row,
        "home": row.home,
        "state": row.state.value,
        "state_words": state_words()[row.state.value],
        "why": why(row.call, zone=zone),
        "late": late_words(row.call, now=now),
        "risk": risk_words()[row.home.risk],
        "last_at": local(row.last.visited_at, zone) if row.last else None,
        "planned_on": row.planned.on if row.planned else None,
        "planned_for": row.planned.member if row.planned else "",
    }


def visit_line(visit: Visit) -> dict[str, Any]:
    """Return what a list says of a visit."""
    questions = questions_of(visit.form)
    answers = answers_of(visit)
    words = {row.code: row for row in questions}
    return {
        "row": visit,
        "at": local(visit.visited_at, visit.community.zone),
        "outcome": outcome_words()[visit.outcome],
        "is_visit": visit.outcome == VisitOutcome.SPOKE.value,
        "concerns": [
            f"{asked(words[code])} {answered(words[code], answers[code])}"
            for code in concerns_of(questions, answers)
        ],
        "held": held_words().get(visit.held, ""),
        "needs": [row.need for row in visit.needs.all()],
    }


def visit_lines(visits: Iterable[Visit]) -> list[dict[str, Any]]:
    """Return what a list says of visits."""
    return [visit_line(row) for row in visits]


def visit_answers(visit: Visit) -> list[dict[str, Any]]:
    """Return what was asked at a visit, in the version of then, and what was answered."""
    answers = answers_of(visit)
    own = {row.code for row in own_questions(visit.form)}
    concerns = concerns_of(questions_of(visit.form), answers)
    return [
        {
            "asked": asked(row),
            "answered": answered(row, answers[row.code]) if row.code in answers else "",
            "is_own": row.code in own,
            "is_concern": row.code in concerns,
        }
        for row in questions_of(visit.form)
    ]
