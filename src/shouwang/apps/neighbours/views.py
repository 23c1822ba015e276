"""The page behind the code on a notice, and what the desk does with what comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.neighbours.forms import ReportForm
from shouwang.apps.neighbours.models import Notice, Report
from shouwang.apps.neighbours.selectors import (
    notice_by,
    notices_list,
    report_for,
    reports_list,
)
from shouwang.apps.neighbours.services import (
    notices_make,
    report_place as place_report,
    report_settle as settle_report,
    report_take,
)
from shouwang.apps.neighbours.words import (
    act_words,
    place_words,
    report_state_words,
    what_words,
)
from shouwang.apps.residents.selectors import home_for, homes_in_order
from shouwang.apps.residents.words import state_words_of
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError, ShouwangError
from shouwang.common.qr import qr_svg

TOO_MANY = 429


@require_http_methods(["GET", "POST"])
def see(request: HttpRequest, code: str) -> HttpResponse:
    """Take what a resident saw; the page knows a building, and nobody who lives in it."""
    notice = notice_by(code)
    is_told = request.method == "POST"
    form = ReportForm(
        request.POST if is_told else None,
        request.FILES if is_told else None,
        building=notice.building,
    )
    if form.is_valid():
        try:
            report_take(
                notice=notice,
                draft=form.draft(),
                address=request.META.get("REMOTE_ADDR", ""),
                now=clock.now(),
            )
        except RefusedError as error:
            if error.code == "too_many":
                return _page(request, notice, form, words=str(error), status=TOO_MANY)
            field = next(iter(error.fields), None)
            form.add_error("photo" if "photo" in error.code else field, str(error))
        else:
            return redirect("neighbours:thanks", code=code)
    return _page(request, notice, form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    notice: Notice,
    form: ReportForm,
    *,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"notice": notice, "form": form, "words": words}
    return render(request, "neighbours/see.html", context, status=status)


def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """Say thank you, and how to reach somebody."""
    return render(request, "neighbours/thanks.html", {"notice": notice_by(code)})


@for_member(*DESK_ROLES)
def reports(request: HttpRequest) -> HttpResponse:
    """List what residents reported, what waits first."""
    member = me(request)
    homes: dict[int, list[Any]] = {}
    for row in homes_in_order(community=member.community_id):
        homes.setdefault(row.building_id, []).append(row)
    rows = reports_list(community=member.community_id, now=clock.now())
    seen_words = state_words_of(member.community_id)
    context = {
        "rows": [
            {
                "row": row,
                "words": what_words()[row.what],
                "place": place_words(row),
                "state": report_state_words()[row.state],
                "acts": [
                    {"at": act.said_at, "words": act_words(act, seen_words)}
                    for act in row.acts.all()
                ],
                "homes": homes.get(row.building_id, []),
            }
            for row in rows
        ],
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "neighbours/reports.html", context)


@require_POST
@for_member(*DESK_ROLES)
def report_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which home a report is about, confirm it, or dismiss it."""
    by, now = me(request), clock.now()
    row = report_for(by, pk)
    try:
        _act(request, row)
    except NotFoundError:
        raise
    except ShouwangError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted at %(at)s.") % {"at": _hour(now, row)})
    return redirect("neighbours:reports")


def _act(request: HttpRequest, row: Report) -> None:
    by, now = me(request), clock.now()
    given = request.POST.get("home", "")
    match request.POST.get("act"):
        case "place" if given.isdecimal():
            place_report(report=row, home=home_for(by, int(given)), by=by, now=now)
        case "confirm" | "dismiss" as act:
            settle_report(report=row, is_true=act == "confirm", by=by, now=now)
        case _:
            raise RefusedError("nothing_chosen", _("Choose something first."))


def _hour(now: datetime, row: Report) -> str:
    return f"{clock.local(now, row.community.zone):%H:%M}"


@for_member(Role.COORDINATOR)
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices to print, a code for each building; POST makes those that lack."""
    community = me(request).community
    if request.method == "POST":
        count = notices_make(community=community, now=clock.now())
        words = ngettext(
            "%(count)s notice is made.", "%(count)s notices are made.", count
        )
        messages.success(request, words % {"count": count})
        return redirect("neighbours:notices")
    rows = notices_list(community=community)
    context = {
        "community": community,
        "rows": [(row, qr_svg(_address(request, row))) for row in rows],
    }
    return render(request, "neighbours/notices.html", context)


def _address(request: HttpRequest, row: Notice) -> str:
    return request.build_absolute_uri(reverse("neighbours:see", args=[row.code]))
