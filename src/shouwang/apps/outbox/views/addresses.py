"""Pages that say by which e-mail address a person is told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.communities.selectors import LOOKING_ROLES, member_for
from shouwang.apps.outbox.forms.addresses import EmailForm
from shouwang.apps.outbox.selectors import email_of
from shouwang.apps.outbox.services.addresses import email_set
from shouwang.apps.residents.models import ContactPerson
from shouwang.apps.residents.selectors import contact_for
from shouwang.common import clock


@for_member(*LOOKING_ROLES)
def own_email(request: HttpRequest) -> HttpResponse:
    """Say where one's own e-mail goes."""
    return _page(request, me(request), reverse("account"))


@for_member(Role.COORDINATOR)
def member_email(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a person's e-mail goes."""
    return _page(request, member_for(me(request), pk), reverse("members"))


@for_member(Role.COORDINATOR)
def contact_email(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where the e-mail of a family or keyholder goes."""
    row = contact_for(me(request), pk)
    return _page(request, row, reverse("residents:home", args=[row.home_id]))


def _page(
    request: HttpRequest, person: Member | ContactPerson, back: str
) -> HttpResponse:
    form = EmailForm(request.POST or None, initial={"email": email_of(person)})

    def save() -> HttpResponse:
        email_set(person=person, email=form.cleaned_data["email"], now=clock.now())
        return redirect(back)

    title = _("E-mail of %(name)s") % {"name": person}
    page = FormPage(title=title, send=_("Save"), back=back)
    return form_page(request, form, page, save)
