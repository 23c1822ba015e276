"""A need on somebody's behalf in three taps: which home, what kind, how urgent."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.apps.care.forms.raising import RaiseForm
from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import (
    home_to_raise_for,
    homes_to_raise_for,
    need_kinds,
)
from shouwang.apps.care.services import need_open
from shouwang.apps.care.words import urgency_hints, urgency_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.residents.models import Home
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.ids import uuid7


@for_member(*LOOKING_ROLES)
def home_choose(request: HttpRequest) -> HttpResponse:
    """First tap: which home."""
    wanted = request.GET.get("q", "").strip().lower()
    homes = homes_to_raise_for(me(request), now=clock.now())
    fitting = [row for row in homes if _fits(row, wanted)]
    context = {
        "wanted": wanted,
        "has_homes": bool(homes),
        "buildings": [
            (label, list(rows))
            for label, rows in groupby(fitting, key=lambda row: row.building.label)
        ],
    }
    return render(request, "care/home_choose.html", context)


def _fits(row: Home, wanted: str) -> bool:
    return wanted in row.address.lower() or wanted in row.shown_name.lower()


@for_member(*LOOKING_ROLES)
def need_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Second tap: what kind. Third tap: how urgent, and it is written down."""
    member, now = me(request), clock.now()
    home = home_to_raise_for(member, pk, now=now)
    kinds = need_kinds(member.community_id)
    chosen = request.POST.get("kind") or request.GET.get("kind", "")
    if chosen not in kinds:
        return render(request, "care/kind_choose.html", {"home": home, "kinds": kinds})
    form = RaiseForm(
        request.POST or None,
        community=member.community,
        initial={"key": uuid7(now=now), "kind": chosen},
    )
    if request.method == "POST" and form.is_valid():
        try:
            need = need_open(
                home=home,
                draft=form.need(),
                by=member,
                now=now,
                key=form.cleaned_data["key"],
            )
        except (RefusedError, ConflictError) as error:
            _note(form, error)
        else:
            return _raised(request, need)
    return render(
        request,
        "care/need_add.html",
        {"home": home, "form": form, "kind": kinds[chosen], **_buttons()},
        status=422 if form.errors else 200,
    )


def _note(form: RaiseForm, error: RefusedError | ConflictError) -> None:
    field = "wanted_on" if "wanted_by" in error.fields else None
    form.add_error(field, str(error))


def _buttons() -> dict[str, Any]:
    hints = urgency_hints()
    return {
        "urgencies": [
            (key, words, hints[key]) for key, words in urgency_words().items()
        ]
    }


def _raised(request: HttpRequest, need: Need) -> HttpResponse:
    if has_role(me(request), DESK_ROLES):
        return redirect("care:need", pk=need.pk)
    words = _("Written down for %(home)s. The desk sees it now and finds somebody.")
    messages.success(request, words % {"home": need.home})
    return redirect("care:needs")
