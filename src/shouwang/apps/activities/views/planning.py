"""Activities and series are planned, changed, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.activities.forms.planning import (
    ActivityForm,
    PlanForm,
    SeriesForm,
    WhyForm,
)
from shouwang.apps.activities.models import Activity, Told
from shouwang.apps.activities.selectors import (
    activities_between,
    activity_to_plan,
    series_for,
)
from shouwang.apps.activities.services import (
    activity_add as add_activity,
    activity_cancel as cancel_activity,
    activity_change as change_activity,
    series_add,
    series_change as change_series,
    series_end as end_series,
)
from shouwang.apps.activities.words import rhythm_sentence
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.common import clock
from shouwang.domain.activities import SERIES_MOST


@for_member(*DESK_ROLES)
def activity_add(request: HttpRequest) -> HttpResponse:
    """Plan an activity, or a series of them."""
    member, now = me(request), clock.now()
    community = member.community
    initial = {"on": request.GET.get("on", "")}
    form = PlanForm(request.POST or None, community=community, initial=initial)

    def save() -> HttpResponse:
        if not form.is_series:
            row = add_activity(
                community=community, draft=form.draft(), by=member, now=now
            )
            return redirect("activities:activity", pk=row.pk)
        series = series_add(
            community=community, draft=form.series_draft(), by=member, now=now
        )
        messages.success(request, _("%(what)s is planned.") % {"what": series})
        first = series.activities.order_by("begins_at")[0]
        return redirect("activities:activity", pk=first.pk)

    page = FormPage(
        title=_("Plan an activity"),
        send=_("Plan it"),
        back=reverse("activities:activities"),
        template="activities/plan.html",
    )
    return form_page(request, form, page, save)


@for_member(*DESK_ROLES)
def activity_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or move one activity."""
    member, now = me(request), clock.now()
    row = activity_to_plan(member, pk)
    zone = row.community.zone
    initial = {
        **_told(row),
        "on": clock.local_day(row.begins_at, zone),
        "begins": clock.local(row.begins_at, zone).time(),
        "ends": clock.local(row.ends_at, zone).time(),
    }
    form = ActivityForm(request.POST or None, community=row.community, initial=initial)

    def save() -> HttpResponse:
        change_activity(activity=row, draft=form.draft(), by=member, now=now)
        return redirect("activities:activity", pk=row.pk)

    intro = _("Only this one; the others of the series stay as they are.")
    page = FormPage(
        title=str(row),
        send=_("Save"),
        back=reverse("activities:activity", args=[row.pk]),
        intro=intro if row.series_id else "",
        template="activities/plan.html",
    )
    return form_page(request, form, page, save)


def _told(row: Told) -> dict[str, Any]:
    return {
        "what": row.what,
        "place": row.place,
        "words": row.words,
        "places": row.places,
        "leader": str(row.leader_id or ""),
    }


@for_member(*DESK_ROLES)
def activity_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an activity, and tell whoever brings somebody."""
    member, now = me(request), clock.now()
    row = activity_to_plan(member, pk)
    form = WhyForm(request.POST or None)

    def save() -> HttpResponse:
        cancel_activity(activity=row, why=form.cleaned_data["why"], by=member, now=now)
        return redirect("activities:activity", pk=row.pk)

    page = FormPage(
        title=_("%(what)s does not take place") % {"what": row},
        send=_("Cancel it and tell them"),
        back=reverse("activities:activity", args=[row.pk]),
        intro=_(
            "Whoever leads, helps or brings somebody is told at once, and once more on "
            "the evening before."
        ),
    )
    return form_page(request, form, page, save)


@for_member(*DESK_ROLES)
def series_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a series and what is to come of it."""
    member, now = me(request), clock.now()
    row = series_for(member, pk)
    initial = {
        **_told(row),
        "begins": row.begins,
        "ends": row.ends,
        "until_on": row.until_on,
    }
    form = SeriesForm(
        request.POST or None,
        community=row.community,
        rhythm=row.rhythm,
        first_on=row.first_on,
        initial=initial,
    )

    def save() -> HttpResponse:
        change_series(series=row, draft=form.series_draft(), by=member, now=now)
        return redirect("activities:activities")

    page = FormPage(
        title=f"{row} · {rhythm_sentence(row)}",
        send=_("Save"),
        back=reverse("activities:activities"),
        intro=_(
            "It counts for what is to come. What was changed by itself stays as it is."
        ),
        template="activities/series.html",
        more={"series": row, "coming": _coming(row.pk, member.community_id, now)},
    )
    return form_page(request, form, page, save)


def _coming(series_id: int, community_id: int, now: datetime) -> list[Activity]:
    rows = activities_between(
        community=community_id, since=now, until=now + 2 * SERIES_MOST
    )
    return list(rows.filter(series_id=series_id))


@for_member(*DESK_ROLES)
def series_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a series: what is to come of it is cancelled."""
    member, now = me(request), clock.now()
    row = series_for(member, pk)
    form = WhyForm(request.POST or None)

    def save() -> HttpResponse:
        end_series(series=row, why=form.cleaned_data["why"], by=member, now=now)
        return redirect("activities:activities")

    page = FormPage(
        title=_("%(what)s comes back no more") % {"what": row},
        send=_("End it and tell them"),
        back=reverse("activities:series_change", args=[row.pk]),
        intro=_("Everything of it that is to come is cancelled; what was held stays."),
    )
    return form_page(request, form, page, save)
