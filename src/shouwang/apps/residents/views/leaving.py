"""Pages for when somebody leaves: why, what stops, and until when names are kept."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Community, Role
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.privacy.selectors import (
    leaving_for,
    leavings_list,
    retention_days,
)
from shouwang.apps.privacy.services import (
    leaving_hold,
    leaving_let_go as let_go,
    leaving_put_off,
    retention_set,
)
from shouwang.apps.privacy.words import did_words, why_words
from shouwang.apps.residents.forms.leaving import KeepForm, LeaveForm, RuleForm
from shouwang.apps.residents.selectors import home_for, resident_for
from shouwang.apps.residents.services import (
    home_archive as archive_home,
    resident_move_out,
)
from shouwang.common import clock


@for_member(Role.COORDINATOR)
def home_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why a home leaves, say what that stops, and stop it."""
    row = home_for(me(request), pk)
    form = LeaveForm(request.POST or None)

    def save() -> HttpResponse:
        left = archive_home(
            home=row, why=form.reason(), by=me(request), now=clock.now()
        )
        return redirect("residents:leaving", pk=left.pk)

    page = FormPage(
        title=_("Stop keeping %(home)s") % {"home": row.address},
        send=_("Stop keeping this home"),
        back=reverse("residents:home", args=[row.pk]),
        intro=_what_stops(row.community),
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def resident_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why a resident no longer lives there; the last one takes the home along."""
    row = resident_for(me(request), pk)
    form = LeaveForm(request.POST or None)

    def save() -> HttpResponse:
        left = resident_move_out(
            resident=row, why=form.reason(), by=me(request), now=clock.now()
        )
        return redirect("residents:leaving", pk=left.pk)

    page = FormPage(
        title=_("%(name)s no longer lives here") % {"name": row},
        send=_("No longer lives here"),
        back=reverse("residents:home", args=[row.home_id]),
        intro=_("If nobody else lives here, the home is no longer watched either.")
        + " "
        + _what_stops(row.community),
    )
    return form_page(request, form, page, save)


def _what_stops(community: Community) -> str:
    return _(
        "Agreements, needs, offers and what the family is told end at once; nobody is "
        "asked to go there any more. After %(days)s days names, numbers and words are "
        "forgotten; how often and when something was stays."
    ) % {"days": retention_days(community=community)}


@for_member(Role.COORDINATOR)
def leavings(request: HttpRequest) -> HttpResponse:
    """List those who left and until when their names are kept; set for how long."""
    community = me(request).community
    form = RuleForm(
        request.POST or None, initial={"days": retention_days(community=community)}
    )

    def save() -> HttpResponse:
        retention_set(community=community, days=form.cleaned_data["days"])
        messages.success(request, _("Saved. Clocks that run already keep their day."))
        return redirect("residents:leavings")

    page = FormPage(
        title=_("Who left"),
        send=_("Save"),
        back=reverse("residents:homes"),
        template="residents/leavings.html",
        more={"rows": [_brief(row) for row in leavings_list(community=community)]},
    )
    return form_page(request, form, page, save)


def _brief(row: Leaving) -> dict[str, Any]:
    return {"row": row, "why": why_words()[row.why], "who": row.resident or row.home}


@for_member(Role.COORDINATOR)
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one who left; keep the names longer, with the reason."""
    row = leaving_for(me(request), pk)
    form = KeepForm(request.POST or None)

    def save() -> HttpResponse:
        _keep(request, row, form)
        return redirect("residents:leaving", pk=row.pk)

    page = FormPage(
        title=str(row.resident or row.home),
        send=_("Keep the names"),
        back=reverse("residents:leavings"),
        template="residents/leaving.html",
        more={
            "left": row,
            "why": why_words()[row.why],
            "moves": [(did_words()[one.did], one) for one in row.moves.all()],
            "is_running": not (row.forgotten_at or row.ended_at or row.done),
        },
    )
    return form_page(request, form, page, save)


def _keep(request: HttpRequest, row: Leaving, form: KeepForm) -> None:
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    by, now = me(request), clock.now()
    if until is None:
        leaving_hold(leaving=row, reason=reason, by=by, now=now)
    else:
        until_at = _midnight(until, row.community)
        leaving_put_off(leaving=row, until=until_at, reason=reason, by=by, now=now)


def _midnight(on: date, community: Community) -> datetime:
    return datetime.combine(on, time(), tzinfo=community.zone)


@require_POST
@for_member(Role.COORDINATOR)
def leaving_let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a held clock go on."""
    row = leaving_for(me(request), pk)
    let_go(leaving=row, by=me(request), now=clock.now())
    return redirect("residents:leaving", pk=row.pk)
