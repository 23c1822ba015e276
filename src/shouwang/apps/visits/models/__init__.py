"""Visits as they are kept: what asks for them, and what became of them."""

from __future__ import annotations

from shouwang.apps.visits.models.asking import (
    HomeList,
    MajorChange,
    RaisedHome,
    RaisedReason,
    VisitForm,
    VisitFrequency,
    VisitRaise,
)
from shouwang.apps.visits.models.going import (
    Chat,
    Held,
    PlannedVisit,
    RiskSuggestion,
    Visit,
    VisitJudgement,
    VisitNeed,
)

__all__ = [
    "Chat",
    "Held",
    "HomeList",
    "MajorChange",
    "PlannedVisit",
    "RaisedHome",
    "RaisedReason",
    "RiskSuggestion",
    "Visit",
    "VisitForm",
    "VisitFrequency",
    "VisitJudgement",
    "VisitNeed",
    "VisitRaise",
]
