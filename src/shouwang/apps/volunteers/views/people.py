"""The list of volunteers, and the page of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.people import VolunteerForm
from shouwang.apps.volunteers.models import HoursSource, Volunteer
from shouwang.apps.volunteers.selectors.hours import hours_of_person, hours_sum
from shouwang.apps.volunteers.selectors.people import (
    STATES,
    Wanted,
    standing_of,
    teams_list,
    volunteer_for,
    volunteers_list,
)
from shouwang.apps.volunteers.selectors.signing import sign_ups_waiting_count
from shouwang.apps.volunteers.showing import card, facts, hours_lines
from shouwang.apps.volunteers.words import skill_words_of
from shouwang.common import clock
from shouwang.common.errors import ConflictError

SHOWN_MOST = 500
HOURS_SHOWN = 20


def today_of(member: Member) -> date:
    """Return the community's own date."""
    return clock.local_day(clock.now(), member.community.zone)


@for_member(*DESK_ROLES)
def volunteers(request: HttpRequest) -> HttpResponse:
    """List the volunteers, searched and narrowed."""
    member = me(request)
    skills = skill_words_of(member.community_id)
    teams = teams_list(community=member.community_id)
    wanted = _wanted(request, {row.pk for row in teams}, set(skills))
    found = volunteers_list(member, wanted, today=today_of(member))
    may_keep = has_role(member, {Role.COORDINATOR})
    context = {
        "rows": [card(row, standing, skills) for row, standing in found[:SHOWN_MOST]],
        "count": len(found),
        "more_count": max(len(found) - SHOWN_MOST, 0),
        "can_count": sum(standing.may_be_asked for _row, standing in found),
        "lacking_count": sum(bool(standing.lacks) for _row, standing in found),
        "wanted": wanted,
        "is_all": wanted == Wanted(),
        "teams": teams,
        "skills": skills,
        "may_keep": may_keep,
        "waiting_count": sign_ups_waiting_count(community=member.community_id)
        if may_keep
        else 0,
    }
    return render(request, "volunteers/volunteers.html", context)


def _wanted(request: HttpRequest, teams: set[int], skills: set[str]) -> Wanted:
    team, skill = request.GET.get("team", ""), request.GET.get("skill", "")
    state = request.GET.get("state", "")
    return Wanted(
        text=request.GET.get("q", "").strip()[:80],
        team=int(team) if team.isdecimal() and int(team) in teams else None,
        skill=skill if skill in skills else "",
        state=state if state in STATES else "",
    )


@for_member(*DESK_ROLES)
def volunteer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one volunteer."""
    member = me(request)
    row = volunteer_for(member, pk)
    context = {
        **volunteer_context(member, row),
        "may_keep": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "volunteers/volunteer.html", context)


def volunteer_context(member: Member, row: Volunteer) -> dict[str, Any]:
    """Return what the page of a volunteer says to who may see them."""
    today = today_of(member)
    standing = standing_of(row, today)
    given = hours_of_person(member, of=row.member)
    month = [
        one for one in given if (one.on.year, one.on.month) == (today.year, today.month)
    ]
    correctable = {
        one.pk
        for one in given
        if has_role(member, {Role.COORDINATOR})
        or (one.member_id == member.pk and one.source == HoursSource.SELF)
    }
    return {
        "volunteer": facts(row, standing, skill_words_of(row.community_id), today),
        "hours": hours_lines(given[:HOURS_SHOWN], correctable),
        "hours_more": max(len(given) - HOURS_SHOWN, 0),
        "hours_month": hours_sum(month),
        "hours_all": hours_sum(given),
    }


@for_member(Role.COORDINATOR)
def volunteer_add(request: HttpRequest) -> HttpResponse:
    """Write somebody new down as a volunteer."""
    member = me(request)
    form = VolunteerForm(request.POST or None, community=member.community, row=None)

    def save() -> HttpResponse:
        given = form.cleaned_data
        row = services.volunteer_add(
            by=member,
            name=given["name"],
            phone=given["phone"],
            draft=form.draft(),
            now=clock.now(),
        )
        return redirect("volunteers:volunteer", pk=row.pk)

    page = FormPage(
        title=_("A new volunteer"),
        send=_("Save"),
        back=reverse("volunteers:volunteers"),
        template="volunteers/form.html",
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def volunteer_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a volunteer."""
    member = me(request)
    row = volunteer_for(member, pk)
    form = VolunteerForm(request.POST or None, community=member.community, row=row)

    def save() -> HttpResponse:
        services.volunteer_keep(member=row.member, draft=form.draft(), now=clock.now())
        return redirect("volunteers:volunteer", pk=row.pk)

    page = FormPage(
        title=row.member.display_name,
        send=_("Save"),
        back=reverse("volunteers:volunteer", args=[row.pk]),
        template="volunteers/form.html",
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def volunteer_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody no more."""
    row = volunteer_for(me(request), pk)
    services.volunteer_leave(volunteer=row, now=clock.now())
    return redirect("volunteers:volunteer", pk=row.pk)


@require_POST
@for_member(Role.COORDINATOR)
def volunteer_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody again who had left."""
    row = volunteer_for(me(request), pk)
    try:
        services.volunteer_return(volunteer=row)
    except ConflictError as error:
        messages.error(request, str(error))
    return redirect("volunteers:volunteer", pk=row.pk)
