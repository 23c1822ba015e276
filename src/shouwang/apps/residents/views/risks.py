"""The page on which the known risks of a home are noted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.residents.forms.risks import KnownRisksForm
from shouwang.apps.residents.selectors import home_for, known_risks
from shouwang.apps.residents.services import known_risks_set
from shouwang.common import clock


@for_member(*DESK_ROLES)
def home_risks(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what whoever goes to the door must know."""
    member = me(request)
    row = home_for(member, pk)
    initial = KnownRisksForm.initial_of(known_risks(home=row))
    is_sent = request.method == "POST"
    form = KnownRisksForm(request.POST if is_sent else None, initial=initial)

    def save() -> HttpResponse:
        known_risks_set(home=row, drafts=form.drafts(), by=member, now=clock.now())
        return redirect("desk:home", pk=row.pk)

    page = FormPage(
        title=_("Good to know about %(home)s") % {"home": row.address},
        intro=_(
            "Whoever goes to the door reads this, also by a link on the phone: "
            "write what they need there, and nothing else."
        ),
        send=_("Save"),
        back=reverse("desk:home", args=[row.pk]),
    )
    return form_page(request, form, page, save)
