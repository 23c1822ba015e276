"""Pages of teams and of a community's own skills."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.keeping import SkillForm, TeamForm
from shouwang.apps.volunteers.selectors.people import (
    skill_for,
    skills_own,
    team_counts,
    team_for,
    teams_list,
)
from shouwang.apps.volunteers.stored import season_of
from shouwang.apps.volunteers.words import (
    season_words,
    skill_words,
    team_kind_words,
)
from shouwang.common import clock


@for_member(Role.COORDINATOR)
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams."""
    community = me(request).community
    kinds, counts = team_kind_words(), team_counts(community=community)
    rows = [
        {
            "row": row,
            "kind": kinds[row.kind],
            "season": season_words(season_of(row)),
            "count": counts.get(row.pk, 0),
        }
        for row in teams_list(community=community)
    ]
    return render(request, "volunteers/teams.html", {"rows": rows})


@for_member(Role.COORDINATOR)
def team_add(request: HttpRequest) -> HttpResponse:
    """Begin a team."""
    community = me(request).community
    form = TeamForm(request.POST or None, community=community)

    def save() -> HttpResponse:
        services.team_add(community=community, draft=form.draft())
        return redirect("volunteers:teams")

    page = FormPage(
        title=_("A new team"), send=_("Save"), back=reverse("volunteers:teams")
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def team_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a team."""
    member = me(request)
    row = team_for(member, pk)
    form = TeamForm(request.POST or None, community=member.community, row=row)

    def save() -> HttpResponse:
        services.team_change(team=row, draft=form.draft())
        return redirect("volunteers:teams")

    page = FormPage(
        title=row.name,
        send=_("Save"),
        back=reverse("volunteers:teams"),
        template="volunteers/team_change.html",
        more={"row": row},
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def team_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nobody new into a team."""
    services.team_end(team=team_for(me(request), pk), now=clock.now())
    return redirect("volunteers:teams")


@for_member(Role.COORDINATOR)
def skills(request: HttpRequest) -> HttpResponse:
    """List what somebody can be good at."""
    context = {
        "own": skills_own(community=me(request).community_id),
        "built_in": skill_words().values(),
    }
    return render(request, "volunteers/skills.html", context)


@for_member(Role.COORDINATOR)
def skill_add(request: HttpRequest) -> HttpResponse:
    """Add an own skill."""
    community = me(request).community
    form = SkillForm(request.POST or None)

    def save() -> HttpResponse:
        services.skill_add(community=community, name=form.cleaned_data["name"])
        return redirect("volunteers:skills")

    page = FormPage(
        title=_("An own skill"), send=_("Save"), back=reverse("volunteers:skills")
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def skill_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename an own skill."""
    row = skill_for(me(request), pk)
    form = SkillForm(request.POST or None, initial={"name": row.name})

    def save() -> HttpResponse:
        services.skill_change(row=row, name=form.cleaned_data["name"])
        return redirect("volunteers:skills")

    page = FormPage(
        title=row.name,
        send=_("Save"),
        back=reverse("volunteers:skills"),
        template="volunteers/skill_change.html",
        more={"row": row},
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def skill_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an own skill to nobody new."""
    services.skill_end(row=skill_for(me(request), pk), now=clock.now())
    return redirect("volunteers:skills")
