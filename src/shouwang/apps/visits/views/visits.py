"""Pages of visits: due, today, done, one visit, a home's visits, what waits for a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.residents.selectors import home_for
from shouwang.apps.residents.words import risk_words
from shouwang.apps.visits.forms.asking import ChangeForm, PlanForm, ReasonForm
from shouwang.apps.visits.selectors import (
    change_for,
    changes_of_home,
    suggestion_for,
    suggestions_open,
    visit_for,
    visits_done,
    visits_held,
    visits_of_home,
)
from shouwang.apps.visits.selectors.company import chats_of_home
from shouwang.apps.visits.selectors.due import call_of_home, due_list
from shouwang.apps.visits.selectors.planning import carried, rounds_on
from shouwang.apps.visits.services import (
    change_note,
    change_withdraw,
    suggestion_decide,
    visit_judge,
)
from shouwang.apps.visits.showing import (
    due_card,
    visit_answers,
    visit_line,
    visit_lines,
)
from shouwang.apps.visits.words import late_words, state_words, why
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.visits import CallState

DONE_SHOWN = 30
DUE_SHOWN = 150


@for_member(*LOOKING_ROLES)
def visits(request: HttpRequest) -> HttpResponse:
    """Show the visits: the desk all of them, others what they carry today."""
    member = me(request)
    if has_role(member, DESK_ROLES):
        return visits_page(request)
    now = clock.now()
    context = {"round": carried(member=member, now=now)}
    return render(request, "visits/mine.html", context)


def visits_page(request: HttpRequest, plan: PlanForm | None = None) -> HttpResponse:
    """Return the desk's page of visits; ``plan`` is a form that was refused."""
    member, now = me(request), clock.now()
    community = member.community
    today = clock.local_day(now, community.zone)
    cards = [due_card(row, now=now) for row in due_list(community=community, now=now)]
    form = plan or PlanForm(community=community, initial={"on": today})
    context = {
        "cards": cards[:DUE_SHOWN],
        "more_count": max(len(cards) - DUE_SHOWN, 0),
        "overdue_count": sum(row["state"] == CallState.OVERDUE.value for row in cards),
        "plan": form,
        "chosen": set(request.POST.getlist("homes")),
        "rounds": rounds_on(community=community, on=today),
        "done": visit_lines(visits_done(community=community, most=DONE_SHOWN)),
        "held": visit_lines(visits_held(community=community)),
        "suggestions": _suggestions(member),
        "may_manage": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "visits/visits.html", context, status=422 if plan else 200)


def _suggestions(member: Member) -> list[dict[str, Any]]:
    words = risk_words()
    return [
        {"row": row, "risk": words[row.risk], "was": words[row.home.risk]}
        for row in suggestions_open(community=member.community_id)
    ]


@for_member(*DESK_ROLES)
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one visit: what was asked then, what was answered, what came of it."""
    return _visit_page(request, pk)


def _visit_page(
    request: HttpRequest, pk: UUID, form: ReasonForm | None = None
) -> HttpResponse:
    member = me(request)
    row = visit_for(member, pk)
    suggestion = getattr(row, "suggestion", None)
    context = {
        "visit": visit_line(row),
        "answers": visit_answers(row) if row.answers else [],
        "judgement": getattr(row, "judgement", None),
        "suggestion": suggestion,
        "suggested": risk_words()[suggestion.risk] if suggestion else "",
        "form": form or ReasonForm(),
        "may_manage": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "visits/visit.html", context, status=422 if form else 200)


@require_POST
@for_member(Role.COORDINATOR)
def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say whether a visit that was held counts."""
    member = me(request)
    row = visit_for(member, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _visit_page(request, pk, form)
    try:
        visit_judge(
            visit=row,
            counts="counts" in request.POST,
            reason=form.cleaned_data["reason"],
            by=member,
            now=clock.now(),
        )
    except (RefusedError, ConflictError) as error:
        messages.error(request, str(error))
    return redirect("visits:visit", pk=pk)


@require_POST
@for_member(Role.COORDINATOR)
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a suggested risk level over, or decline it with a reason."""
    member = me(request)
    row = suggestion_for(member, pk)
    try:
        suggestion_decide(
            suggestion=row,
            accepted="accept" in request.POST,
            reason=request.POST.get("reason", "")[:200],
            by=member,
            now=clock.now(),
        )
    except (RefusedError, ConflictError) as error:
        messages.error(request, str(error))
    return redirect("visits:visits")


@for_member(*DESK_ROLES)
def home_visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a home's visits and chats, and what comes next."""
    member, now = me(request), clock.now()
    home = home_for(member, pk)
    call = call_of_home(home=home, now=now)
    context = {
        "home": home,
        "state": call.state(now=now).value,
        "state_words": state_words()[call.state(now=now).value],
        "why": why(call, zone=home.community.zone),
        "late": late_words(call, now=now),
        "visits": visit_lines(visits_of_home(home=home)),
        "changes": changes_of_home(home=home),
        "chats": chats_of_home(home=home),
    }
    return render(request, "visits/home.html", context)


@for_member(*DESK_ROLES)
def change_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that something changed everything for her."""
    member = me(request)
    home = home_for(member, pk)
    form = ChangeForm(request.POST or None)

    def save() -> HttpResponse:
        words = form.cleaned_data["words"]
        change_note(home=home, words=words, by=member, now=clock.now())
        return redirect("visits:home", pk=home.pk)

    page = FormPage(
        title=_("Something changed for %(home)s") % {"home": home},
        send=_("Note it"),
        back=reverse("visits:home", args=[home.pk]),
        intro=_("Somebody will visit soon: the visit is due at once."),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(*DESK_ROLES)
def change_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a major change back."""
    member = me(request)
    row = change_for(member, pk)
    change_withdraw(row=row, by=member, now=clock.now())
    return redirect("visits:home", pk=row.home_id)
