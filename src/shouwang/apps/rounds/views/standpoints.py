"""Pages of the standpoints: where one stands, on the plan, and what one sees from there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.answering import picture_answer
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Community, Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.rounds.forms.standpoints import PictureForm, StandpointForm
from shouwang.apps.rounds.models import Standpoint
from shouwang.apps.rounds.selectors.pictures import pictures_seen
from shouwang.apps.rounds.selectors.standpoints import (
    homes_without_standpoint,
    plan_of,
    standpoint_for,
    standpoints_list,
)
from shouwang.apps.rounds.services.standpoints import (
    plan_store,
    standpoint_add as add_standpoint,
    standpoint_change as change_standpoint,
    standpoint_end as end_standpoint,
)
from shouwang.common import clock
from shouwang.common.errors import NotFoundError


@for_member(*DESK_ROLES)
def standpoints(request: HttpRequest) -> HttpResponse:
    """List the standpoints on the plan, and the windows that are seen from none."""
    member = me(request)
    rows = standpoints_list(community=member.community_id)
    pictures = pictures_seen(
        community=member.community_id, standpoint_ids=[row.pk for row in rows]
    )
    context = {
        "rows": [
            (row, [one.home for one in row.windows.all()], pictures.get(row.pk))
            for row in rows
        ],
        "left_out": homes_without_standpoint(community=member.community_id),
        "may_change": has_role(member, {Role.COORDINATOR}),
        **_plan(member.community, rows),
    }
    return render(request, "rounds/standpoints.html", context)


def _plan(
    community: Community, rows: list[Standpoint], *, here: Standpoint | None = None
) -> dict[str, Any]:
    """Return the plan with the standpoints on it, for the page; ``here`` is left out."""
    return {
        "plan": plan_of(community=community),
        "points": [
            {
                "name": row.name,
                "x": row.x,
                "y": row.y,
                "url": reverse("rounds:standpoint_change", args=[row.pk]),
            }
            for row in rows
            if row.x is not None and row != here
        ],
    }


@for_member(Role.COORDINATOR)
def standpoint_add(request: HttpRequest) -> HttpResponse:
    """Describe a standpoint."""
    community = me(request).community
    form = StandpointForm(request.POST or None, community=community)

    def save() -> HttpResponse:
        add_standpoint(community=community, draft=form.draft())
        return redirect("rounds:standpoints")

    page = _page(_("A new standpoint"), community, None)
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def standpoint_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a standpoint; the rounds that stop there follow."""
    row = standpoint_for(me(request), pk)
    initial = {
        "name": row.name,
        "note": row.note,
        "x": None if row.x is None else round(row.x * 100, 1),
        "y": None if row.y is None else round(row.y * 100, 1),
        "homes": [one.home_id for one in row.windows.all()],
    }
    form = StandpointForm(
        request.POST or None, community=row.community, initial=initial
    )

    def save() -> HttpResponse:
        change_standpoint(row=row, draft=form.draft())
        return redirect("rounds:standpoints")

    return form_page(request, form, _page(row.name, row.community, row), save)


def _page(title: str, community: Community, row: Standpoint | None) -> FormPage:
    rows = standpoints_list(community=community)
    return FormPage(
        title=title,
        send=_("Save"),
        back=reverse("rounds:standpoints"),
        template="rounds/standpoint.html",
        more={"row": row, **_plan(community, rows, here=row)},
    )


@require_POST
@for_member(Role.COORDINATOR)
def standpoint_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand there no more; its windows stay on their rounds."""
    end_standpoint(row=standpoint_for(me(request), pk), now=clock.now())
    messages.success(request, _("Its windows stay on their rounds, by building."))
    return redirect("rounds:standpoints")


@for_member(Role.COORDINATOR)
def plan_change(request: HttpRequest) -> HttpResponse:
    """Bring in a picture of the estate from above."""
    community = me(request).community
    form = PictureForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        content = form.cleaned_data["picture"].read()
        plan_store(community=community, content=content, now=clock.now())
        return redirect("rounds:standpoints")

    page = FormPage(
        title=_("The plan of the estate"),
        intro=_(
            "Any picture from above will do: a photo of the board at the gate, a "
            "drawing by hand. It stays in this program; no map service is asked."
        ),
        send=_("Save"),
        back=reverse("rounds:standpoints"),
    )
    return form_page(request, form, page, save)


@for_member(*DESK_ROLES)
def plan_picture(request: HttpRequest) -> HttpResponse:
    """Serve the plan as we encoded it."""
    plan = plan_of(community=me(request).community_id)
    if plan is None:
        raise NotFoundError("no_plan", _("There is no plan of the estate yet."))
    return picture_answer(plan.picture)
