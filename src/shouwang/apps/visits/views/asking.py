"""Pages of the form's own questions, and of how often a community visits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.visits.forms.asking import (
    FrequencyForm,
    QuestionForm,
    initial_of_question,
)
from shouwang.apps.visits.selectors import frequency_row
from shouwang.apps.visits.selectors.form import (
    form_now,
    own_questions,
    questions_ended,
)
from shouwang.apps.visits.services import (
    FrequencyDraft,
    frequency_set,
    question_add as add_question,
    question_change as change_question,
    question_end as end_question,
    question_move as move_question,
)
from shouwang.apps.visits.words import answer_choices, asked, kind_words
from shouwang.common import clock
from shouwang.common.errors import NotFoundError
from shouwang.domain.visits import BUILT_IN_QUESTIONS, Question


@for_member(Role.COORDINATOR)
def questions(request: HttpRequest) -> HttpResponse:
    """Show what a visit asks."""
    community = me(request).community
    form = form_now(community)
    context = {
        "built_in": [_told(row) for row in BUILT_IN_QUESTIONS],
        "own": [_told(row) for row in own_questions(form)],
        "ended": [_told(row) for row in questions_ended(community)],
        "version": form.version if form else 0,
    }
    return render(request, "visits/questions.html", context)


def _told(row: Question) -> dict[str, Any]:
    return {
        "row": row,
        "asked": asked(row),
        "kind": kind_words()[row.kind.value],
        "answers": [label for _value, label in answer_choices(row)],
    }


@for_member(Role.COORDINATOR)
def question_add(request: HttpRequest) -> HttpResponse:
    """Ask one more question."""
    member = me(request)
    form = QuestionForm(request.POST or None)

    def save() -> HttpResponse:
        add_question(
            community=member.community,
            draft=form.question(),
            by=member,
            now=clock.now(),
        )
        return redirect("visits:questions")

    page = FormPage(
        title=_("An own question"),
        send=_("Save"),
        back=reverse("visits:questions"),
        intro=_(
            "Phones ask it from the next time they have a signal. What is filled in on "
            "the old form until then counts too."
        ),
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def question_change(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a question differently."""
    member = me(request)
    asked_now = {row.code: row for row in own_questions(form_now(member.community))}
    if code not in asked_now:
        raise NotFoundError("unknown_question", _("This question is not asked here."))
    row = asked_now[code]
    form = QuestionForm(request.POST or None, initial=initial_of_question(row))

    def save() -> HttpResponse:
        change_question(
            community=member.community,
            code=code,
            draft=form.question(),
            by=member,
            now=clock.now(),
        )
        return redirect("visits:questions")

    page = FormPage(
        title=row.words,
        send=_("Save"),
        back=reverse("visits:questions"),
        intro=_("What was answered before keeps the words it was asked in."),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def question_end(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a question no longer."""
    member = me(request)
    end_question(community=member.community, code=code, by=member, now=clock.now())
    return redirect("visits:questions")


@require_POST
@for_member(Role.COORDINATOR)
def question_move(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a question earlier."""
    member = me(request)
    move_question(community=member.community, code=code, by=member, now=clock.now())
    return redirect("visits:questions")


@for_member(Role.COORDINATOR)
def frequency(request: HttpRequest) -> HttpResponse:
    """Set how often a community visits."""
    community = me(request).community
    row = frequency_row(community)
    names = FrequencyDraft.__dataclass_fields__
    initial = {name: getattr(row, name) for name in names}
    form = FrequencyForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        frequency_set(community=community, draft=form.frequency())
        return redirect("visits:visits")

    page = FormPage(
        title=_("How often we visit"),
        send=_("Save"),
        back=reverse("visits:visits"),
        intro=_("A home that is away is never due."),
    )
    return form_page(request, form, page, save)
