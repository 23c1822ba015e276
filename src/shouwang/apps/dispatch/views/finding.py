"""Somebody is sought for a need: a preview of who would be asked when, then one tap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import need_for, need_to_act
from shouwang.apps.care.words import title_of, urgency_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.dispatch.forms import NotComeForm
from shouwang.apps.dispatch.selectors import People, people_of
from shouwang.apps.dispatch.services import (
    Plan,
    no_show,
    plan_of,
    run_hurry,
    run_start,
    run_stop,
)
from shouwang.apps.dispatch.words import (
    against_words,
    kind_of,
    moment_words,
    reason_words,
    when_words,
)
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.needs import Act, Urgency
from shouwang.domain.waves import wave_times

SHOWN_OF_WAVE = 30


@for_member(*DESK_ROLES)
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who would be asked for a need, when and why; a post offers it."""
    now = clock.now()
    need = need_to_act(me(request), pk, Act.OFFER)
    wrong = ""
    if request.method == "POST":
        try:
            run_start(need=need, by=me(request), now=now, first=_chosen(request))
        except RefusedError as error:
            wrong = str(error)
        except ConflictError as error:
            messages.error(request, str(error))
            return redirect("care:need", pk=need.pk)
        else:
            messages.success(request, _("It is being offered. Answers come in here."))
            return redirect("care:need", pk=need.pk)
    return _preview(request, need, now, wrong)


def _chosen(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("who")
    return [int(one) for one in given if one.isascii() and one.isdecimal()]


def _preview(
    request: HttpRequest, need: Need, now: datetime, wrong: str
) -> HttpResponse:
    people = people_of(community=need.community, now=now)
    plan = plan_of(need, people)
    context = {
        "need": need,
        "title": title_of(need, {need.kind: kind_of(need)}),
        "kind": kind_of(need),
        "urgency": urgency_words()[need.urgency],
        "when": when_words(need, now=now),
        "wrong": wrong,
        "waves": _waves(need, people, plan),
        "told_at": _last(need, plan, now),
        "others": _others(need, people, plan),
    }
    return render(request, "dispatch/find.html", context, status=422 if wrong else 200)


def _times(need: Need, plan: Plan) -> list[datetime]:
    return wave_times(
        plan.waves,
        Urgency(need.urgency),
        begins_at=plan.begins_at,
        zone=need.community.zone,
    )


def _waves(need: Need, people: People, plan: Plan) -> list[dict[str, Any]]:
    names = {row.member: row.name for row in people.helpers}
    zone = need.community.zone
    return [
        {
            "number": number,
            "at": moment_words(at, now=people.now, zone=zone),
            "is_now": at <= people.now,
            "people": [
                {
                    "id": member,
                    "name": names[member],
                    "reasons": reason_words(plan.reasons[member]),
                }
                for member in wave.members[:SHOWN_OF_WAVE]
            ],
            "more_count": max(len(wave.members) - SHOWN_OF_WAVE, 0),
        }
        for number, (wave, at) in enumerate(
            zip(plan.waves, _times(need, plan), strict=False), start=1
        )
    ]


def _last(need: Need, plan: Plan, now: datetime) -> str:
    return moment_words(_times(need, plan)[-1], now=now, zone=need.community.zone)


def _others(need: Need, people: People, plan: Plan) -> list[dict[str, str]]:
    """Return who does not fit, and why not."""
    names = {row.member: row.name for row in people.helpers}
    rows = Need.objects.of(need.community_id).in_bulk(
        [row.with_need for row in plan.verdicts if row.with_need is not None]
    )
    found = []
    for row in plan.verdicts:
        if row.against is None:
            continue
        other = rows.get(row.with_need or 0)
        words = (
            f"{kind_of(other)}, {when_words(other, now=people.now)}" if other else ""
        )
        found.append(
            {"name": names[row.member], "why": against_words(row.against, other=words)}
        )
    return found


@require_POST
@for_member(*DESK_ROLES)
def find_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask nobody further."""
    need = need_to_act(me(request), pk, Act.OFFER)
    run_stop(need=need, now=clock.now())
    return redirect("care:need", pk=need.pk)


@require_POST
@for_member(*DESK_ROLES)
def find_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the next ones now."""
    need = need_to_act(me(request), pk, Act.OFFER)
    run_hurry(need=need, now=clock.now())
    return redirect("care:need", pk=need.pk)


@for_member(*DESK_ROLES)
def not_come(request: HttpRequest, pk: int) -> HttpResponse:
    """Note, kindly, that whoever promised did not come."""
    member = me(request)
    need = need_for(member, pk)
    form = NotComeForm(request.POST or None)

    def save() -> HttpResponse:
        note = form.cleaned_data["note"]
        no_show(need=need, note=note, by=member, now=clock.now())
        return redirect("care:need", pk=need.pk)

    page = FormPage(
        title=_("%(name)s could not make it")
        % {"name": need.taken_by or _("Somebody")},
        intro=_(
            "It happens to everybody. Phone them first: perhaps they need help "
            "themselves. Nobody gets a black mark; the need is free again and others "
            "are asked."
        ),
        send=_("Free the need"),
        back=reverse("care:need", args=[need.pk]),
    )
    return form_page(request, form, page, save)
