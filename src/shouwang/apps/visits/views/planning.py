"""A day's visits as a round: who goes, in which order, and on paper."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, member_for
from shouwang.apps.residents.words import known_risk_words, risk_words
from shouwang.apps.visits.forms.asking import PlanForm
from shouwang.apps.visits.selectors.due import calls_of
from shouwang.apps.visits.selectors.form import form_now, questions_of
from shouwang.apps.visits.selectors.planning import (
    VisitRound,
    at_the_door,
    round_of,
)
from shouwang.apps.visits.services import plan_order, plan_withdraw, visits_plan
from shouwang.apps.visits.views.visits import visits_page
from shouwang.apps.visits.words import (
    answer_choices,
    asked,
    outcome_words,
    why,
)
from shouwang.common import clock
from shouwang.common.errors import RefusedError


@require_POST
@for_member(*DESK_ROLES)
def plan(request: HttpRequest) -> HttpResponse:
    """Let somebody visit the chosen homes on a day."""
    member, now = me(request), clock.now()
    form = PlanForm(request.POST, community=member.community)
    if form.is_valid():
        given, visitor = form.cleaned_data, form.visitor()
        try:
            visits_plan(
                member=visitor,
                home_ids=given["homes"],
                on=given["on"],
                by=member,
                now=now,
            )
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect(_address(visitor, given["on"]))
    return visits_page(request, form)


def _address(visitor: Member, on: date) -> str:
    return f"{reverse('visits:round', args=[visitor.pk])}?on={on.isoformat()}"


def _asked(request: HttpRequest, pk: int) -> VisitRound:
    """Return the round that was asked for; without a readable day, today's."""
    member = me(request)
    visitor = member_for(member, pk)
    given = request.POST.get("on") or request.GET.get("on", "")
    try:
        on = date.fromisoformat(given)
    except ValueError:
        on = clock.local_day(clock.now(), member.community.zone)
    return round_of(member=visitor, on=on)


@for_member(*DESK_ROLES)
def visit_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Show somebody's visits of a day, to change their order and to print."""
    found, now = _asked(request, pk), clock.now()
    community = me(request).community
    homes = [row.home for row in found.rows]
    door = at_the_door(community, homes)
    calls = calls_of(community, homes, now=now)
    words = risk_words()
    context = {
        "round": found,
        "rows": [
            {
                "row": row,
                "why": why(calls[row.home_id], zone=community.zone),
                "risk": words[row.home.risk],
                "door": [known_risk_words(one) for one in door.get(row.home_id, [])],
            }
            for row in found.rows
        ],
        "outcomes": outcome_words().values(),
        "questions": [
            (asked(row), [label for _value, label in answer_choices(row)])
            for row in questions_of(form_now(community))
        ],
    }
    return render(request, "visits/round.html", context)


@require_POST
@for_member(*DESK_ROLES)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk in another order, and leave out what was unticked."""
    found, now = _asked(request, pk), clock.now()
    places = {row.pk: request.POST.get(f"place_{row.pk}", "") for row in found.rows}
    for row in found.rows:
        if f"out_{row.pk}" in request.POST:
            plan_withdraw(planned=row, by=me(request), now=now)
    standing = [row for row in found.rows if f"out_{row.pk}" not in request.POST]
    standing.sort(
        key=lambda row: (
            int(places[row.pk])
            if places[row.pk].isdecimal() and len(places[row.pk]) < 6
            else row.position
        )
    )
    plan_order(rows=standing)
    messages.success(request, _("The order is kept."))
    return redirect(_address(found.member, found.on))
