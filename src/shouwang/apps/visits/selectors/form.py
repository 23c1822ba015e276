"""The form of a visit: what is asked now, and what was asked in an earlier version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.apps.communities.models import Community
from shouwang.apps.visits.models import Visit, VisitForm
from shouwang.domain.visits import (
    BUILT_IN_QUESTIONS,
    Answer,
    Question,
    QuestionKind,
)


def form_now(community: Community | int) -> VisitForm | None:
    """Return the version that is asked now; ``None`` while there are no own questions."""
    return VisitForm.objects.of(community).order_by("-version").first()


def form_version(community: Community | int, version: int) -> VisitForm | None:
    """Return a version of the own questions; ``None`` where there is none such."""
    return VisitForm.objects.of(community).filter(version=version).first()


def own_questions(form: VisitForm | None) -> tuple[Question, ...]:
    """Return the own questions of a version."""
    return tuple(_question(row) for row in form.questions) if form else ()


def questions_of(form: VisitForm | None) -> tuple[Question, ...]:
    """Return everything that a version asks, in order."""
    return (*BUILT_IN_QUESTIONS, *own_questions(form))


def questions_ended(community: Community | int) -> list[Question]:
    """Return the own questions that are asked no longer, as they were asked last."""
    versions = VisitForm.objects.of(community).order_by("version")
    asked = {row["code"]: row for form in versions for row in form.questions}
    now = form_now(community)
    for row in now.questions if now else []:
        asked.pop(row["code"], None)
    return [_question(row) for row in asked.values()]


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        code=row["code"],
        kind=QuestionKind(row["kind"]),
        words=row["words"],
        choices=tuple(row["choices"]),
        required=row["required"],
    )


def answers_of(visit: Visit) -> dict[str, Answer]:
    """Return what was answered at a visit, by the code of the question."""
    return {
        code: Answer(value=row["value"], words=row["words"])
        for code, row in visit.answers.items()
    }
