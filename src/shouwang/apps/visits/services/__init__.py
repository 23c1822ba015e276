"""Writes about visits: planned, recorded, judged, raised; the form; and company."""

from __future__ import annotations

from shouwang.apps.visits.services.company import ChatIn, chat_record
from shouwang.apps.visits.services.judging import suggestion_decide, visit_judge
from shouwang.apps.visits.services.planning import (
    plan_order,
    plan_withdraw,
    visits_plan,
)
from shouwang.apps.visits.services.questions import (
    QuestionDraft,
    question_add,
    question_change,
    question_end,
    question_move,
)
from shouwang.apps.visits.services.raising import (
    FrequencyDraft,
    RaiseDraft,
    change_note,
    change_withdraw,
    frequency_set,
    home_list_end,
    home_list_keep,
    raise_undo,
    visits_raise,
)
from shouwang.apps.visits.services.recording import (
    NeedSaid,
    VisitIn,
    visit_record,
)

__all__ = [
    "ChatIn",
    "FrequencyDraft",
    "NeedSaid",
    "QuestionDraft",
    "RaiseDraft",
    "VisitIn",
    "change_note",
    "change_withdraw",
    "chat_record",
    "frequency_set",
    "home_list_end",
    "home_list_keep",
    "plan_order",
    "plan_withdraw",
    "question_add",
    "question_change",
    "question_end",
    "question_move",
    "raise_undo",
    "suggestion_decide",
    "visit_judge",
    "visit_record",
    "visits_plan",
    "visits_raise",
]
