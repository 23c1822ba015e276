"""Pages of the kinds of need: the built-in ones and the community's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.care.forms.kinds import NeedKindForm
from shouwang.apps.care.selectors import need_kind_for, own_kinds
from shouwang.apps.care.services import (
    need_kind_add as add_kind,
    need_kind_change as change_kind,
    need_kind_end as end_kind,
)
from shouwang.apps.care.words import kind_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.common import clock


@for_member(Role.COORDINATOR)
def kinds(request: HttpRequest) -> HttpResponse:
    """List what a need can be."""
    context = {
        "own": own_kinds(community=me(request).community_id),
        "built_in": kind_words().values(),
    }
    return render(request, "care/kinds.html", context)


@for_member(Role.COORDINATOR)
def kind_add(request: HttpRequest) -> HttpResponse:
    """Add an own kind of need."""
    member = me(request)
    form = NeedKindForm(request.POST or None)

    def save() -> HttpResponse:
        add_kind(community=member.community, name=form.cleaned_data["name"])
        return redirect("care:kinds")

    page = FormPage(
        title=_("An own kind of need"), send=_("Save"), back=reverse("care:kinds")
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def kind_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename an own kind of need."""
    row = need_kind_for(me(request), pk)
    form = NeedKindForm(request.POST or None, initial={"name": row.name})

    def save() -> HttpResponse:
        change_kind(row=row, name=form.cleaned_data["name"])
        return redirect("care:kinds")

    page = FormPage(
        title=row.name,
        send=_("Save"),
        back=reverse("care:kinds"),
        template="care/kind_change.html",
        more={"row": row},
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def kind_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an own kind to no new need."""
    end_kind(row=need_kind_for(me(request), pk), now=clock.now())
    return redirect("care:kinds")
