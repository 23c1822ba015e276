"""Pages of the kinds of signal: the built-in ones and the community's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.residents.forms.signals import SignalKindForm
from shouwang.apps.residents.models import SignalKindRow
from shouwang.apps.residents.selectors import signal_kind_for
from shouwang.apps.residents.services import (
    signal_kind_add as add_kind,
    signal_kind_change as change_kind,
)
from shouwang.apps.residents.words import meaning_words, signal_words, state_words
from shouwang.domain.signals import BUILT_IN


@for_member(Role.COORDINATOR)
def signals(request: HttpRequest) -> HttpResponse:
    """List what can be agreed on, and what each state means."""
    meanings = meaning_words()
    own = SignalKindRow.objects.of(me(request).community_id).order_by("name")
    context = {
        "own": [
            {
                "row": row,
                "states": [
                    (state["name"], meanings[state["meaning"]]) for state in row.states
                ],
            }
            for row in own
        ],
        "built_in": [
            {
                "name": signal_words()[kind.kind],
                "states": [
                    (state_words()[state], meanings[meaning.value])
                    for state, meaning in kind.states.items()
                ],
            }
            for kind in BUILT_IN.values()
        ],
    }
    return render(request, "residents/signals.html", context)


def _page(title: str) -> FormPage:
    return FormPage(
        title=title,
        intro=_(
            "Name each state that can be seen. A state that asks for help opens an "
            "alert at any hour; one that means nothing by itself counts only in an "
            "agreed window."
        ),
        send=_("Save"),
        back=reverse("residents:signals"),
    )


@for_member(Role.COORDINATOR)
def signal_add(request: HttpRequest) -> HttpResponse:
    """Add an own kind of signal."""
    member = me(request)
    form = SignalKindForm(request.POST or None)

    def save() -> HttpResponse:
        add_kind(community=member.community, draft=form.draft())
        return redirect("residents:signals")

    return form_page(request, form, _page(_("An own kind of signal")), save)


@for_member(Role.COORDINATOR)
def signal_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename an own kind of signal or add states."""
    row = signal_kind_for(me(request), pk)
    form = SignalKindForm(
        request.POST or None, initial=_initial(row), fixed_kind=row.kind
    )

    def save() -> HttpResponse:
        change_kind(row=row, draft=form.draft())
        return redirect("residents:signals")

    return form_page(request, form, _page(row.name), save)


def _initial(row: SignalKindRow) -> dict[str, Any]:
    initial = {"name": row.name}
    for place, state in enumerate(row.states, start=1):
        initial[f"state_{place}"] = state["name"]
        initial[f"meaning_{place}"] = state["meaning"]
    return initial
