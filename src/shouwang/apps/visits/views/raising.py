"""Visits raised for a group, undone, and the lists that are kept for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.visits.festivals import Festival, next_festival
from shouwang.apps.visits.forms.asking import GroupForm, HomeListForm
from shouwang.apps.visits.models import HomeList, RaisedReason
from shouwang.apps.visits.selectors import (
    home_list_for,
    home_lists,
    raise_for,
    raises_of_late,
)
from shouwang.apps.visits.selectors.groups import homes_of_group
from shouwang.apps.visits.services import (
    home_list_end,
    home_list_keep,
    raise_undo,
    visits_raise,
)
from shouwang.apps.visits.words import festival_words, reason_words
from shouwang.common import clock
from shouwang.common.errors import RefusedError

# From here on a festival is near enough to plan for.
FESTIVAL_WITHIN = timedelta(days=21)
WEATHER_WITHIN = timedelta(days=2)


@for_member(*DESK_ROLES)
def raise_group(request: HttpRequest) -> HttpResponse:
    """Choose a group, see whom that is, and raise their visits by one click."""
    member, now = me(request), clock.now()
    today = clock.local_day(now, member.community.zone)
    festival = next_festival(today=today)
    form = GroupForm(
        request.POST or None,
        community=member.community,
        initial=_initial(request, festival, today),
    )
    homes: list[Home] | None = None
    if request.method == "POST" and form.is_valid():
        homes = homes_of_group(form.group(), community=member.community, today=today)
        if "raise" in request.POST:
            try:
                return _raise(request, member, form, homes)
            except RefusedError as error:
                form.add_error("by_on" if error.fields else None, str(error))
    context = {
        "form": form,
        "homes": homes,
        "festival": festival,
        "festival_name": festival_words()[festival.key] if festival else "",
        "days_left": (festival.on - today).days if festival else 0,
        "raised": [_told(row) for row in raises_of_late(community=member.community)],
        "reasons": reason_words(),
    }
    status = 422 if form.errors else 200
    return render(request, "visits/raise.html", context, status=status)


def _initial(
    request: HttpRequest, festival: Festival | None, today: Any
) -> dict[str, Any]:
    """Return a group as it is usual for a reason: the day before, the frail first."""
    reason = request.GET.get("reason", "")
    if reason not in RaisedReason.values:
        is_near = festival is not None and festival.on - today <= FESTIVAL_WITHIN
        reason = RaisedReason.FESTIVAL if is_near else RaisedReason.OTHER
    if reason == RaisedReason.FESTIVAL and festival is not None:
        return {
            "reason": reason,
            "words": festival_words()[festival.key],
            "by_on": festival.on - timedelta(days=1),
        }
    return {"reason": reason, "by_on": today + WEATHER_WITHIN}


def _raise(
    request: HttpRequest, member: Member, form: GroupForm, homes: list[Home]
) -> HttpResponse:
    visits_raise(
        community=member.community,
        homes=homes,
        draft=form.draft(),
        by=member,
        now=clock.now(),
    )
    words = ngettext(
        "%(count)s visit was raised.", "%(count)s visits were raised.", len(homes)
    )
    messages.success(request, words % {"count": len(homes)})
    return redirect("visits:visits")


def _told(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "reason": reason_words()[row.reason],
        "by_on": row.by - timedelta(seconds=1),
        "count": len(row.homes.all()),
    }


@require_POST
@for_member(*DESK_ROLES)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a raised group's visits no longer."""
    member = me(request)
    raise_undo(row=raise_for(member, pk), by=member, now=clock.now())
    return redirect("visits:raise")


@for_member(Role.COORDINATOR)
def lists(request: HttpRequest) -> HttpResponse:
    """Show the kept lists."""
    context = {"lists": home_lists(community=me(request).community_id)}
    return render(request, "visits/lists.html", context)


@for_member(Role.COORDINATOR)
def list_add(request: HttpRequest) -> HttpResponse:
    """Keep homes under a name."""
    return _list_form(request, None, _("Keep a list of homes"))


@for_member(Role.COORDINATOR)
def list_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a kept list."""
    row = home_list_for(me(request), pk)
    return _list_form(request, row, row.name)


def _list_form(request: HttpRequest, row: HomeList | None, title: str) -> HttpResponse:
    community = me(request).community
    initial = (
        {"name": row.name, "homes": [home.pk for home in row.homes.all()]}
        if row
        else {}
    )
    form = HomeListForm(request.POST or None, community=community, initial=initial)

    def save() -> HttpResponse:
        wanted = set(form.cleaned_data["homes"])
        homes = [h for h in homes_in_order(community=community) if h.pk in wanted]
        home_list_keep(
            community=community, name=form.cleaned_data["name"], homes=homes, row=row
        )
        return redirect("visits:lists")

    page = FormPage(title=title, send=_("Save"), back=reverse("visits:lists"))
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def list_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a list no longer."""
    home_list_end(row=home_list_for(me(request), pk), now=clock.now())
    return redirect("visits:lists")
