"""The desk's pages: who is told what, and the links to the private pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.family.forms import USUALLY_AT, TellingForm
from shouwang.apps.family.selectors import telling_of
from shouwang.apps.family.services import (
    link_end as end_link,
    link_make as make_link,
    telling_choose,
)
from shouwang.apps.residents.selectors import contact_for
from shouwang.common import clock
from shouwang.common.qr import qr_svg
from shouwang.domain.family import Tells


@for_member(Role.COORDINATOR)
def telling(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose when a contact person is told how she is."""
    contact = contact_for(me(request), pk)
    row = telling_of(contact=contact)
    initial = {
        "tells": row.tells if row else Tells.NEVER.value,
        "at": row.at if row else USUALLY_AT,
        "weekday": row.weekday if row else 6,
    }
    form = TellingForm(request.POST or None, initial=initial)
    back = reverse("desk:home", args=[contact.home_id])

    def save() -> HttpResponse:
        telling_choose(contact=contact, draft=form.draft(), now=clock.now())
        return redirect(back)

    page = FormPage(
        title=_("What %(name)s is told") % {"name": contact},
        send=_("Save"),
        back=back,
        intro=_(
            "Only what was agreed with her: one sentence, whether she is well, never "
            "what ails her. It rests on the consent on file."
        ),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def link_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the private page of a contact person, and show its link this one time."""
    member = me(request)
    contact = contact_for(member, pk)
    _row, code = make_link(contact=contact, by=member, now=clock.now())
    path = reverse("family:page", args=[code])
    address = (
        f"{settings.PUBLIC_URL}{path}"
        if settings.PUBLIC_URL
        else request.build_absolute_uri(path)
    )
    context = {"contact": contact, "address": address, "qr": qr_svg(address)}
    answer = render(request, "family/link.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@for_member(Role.COORDINATOR)
def link_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the private page of a contact person."""
    member = me(request)
    contact = contact_for(member, pk)
    end_link(contact=contact, by=member, now=clock.now())
    return redirect("desk:home", pk=contact.home_id)
