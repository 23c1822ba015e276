"""What a volunteer with a login sees and says of themselves; nobody else's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.people import OwnForm
from shouwang.apps.volunteers.selectors.hours import hours_of_person
from shouwang.apps.volunteers.selectors.people import volunteer_of
from shouwang.apps.volunteers.showing import hours_lines
from shouwang.apps.volunteers.views.people import HOURS_SHOWN, volunteer_context
from shouwang.apps.volunteers.words import consent_text
from shouwang.common import clock


@for_member(*LOOKING_ROLES)
def own(request: HttpRequest) -> HttpResponse:
    """Show the reader what is known of them as a volunteer, and their hours."""
    member = me(request)
    row = volunteer_of(member)
    if row is None:
        given = hours_lines(hours_of_person(member, of=member)[:HOURS_SHOWN], set())
        return render(request, "volunteers/own_empty.html", {"hours": given})
    context = {**volunteer_context(member, row), "is_own": True}
    return render(request, "volunteers/volunteer.html", context)


@for_member(*LOOKING_ROLES)
def own_change(request: HttpRequest) -> HttpResponse:
    """Say what one can do and when."""
    member = me(request)
    row = volunteer_of(member)
    lacks_consent = row is None or row.consent_on is None
    form = OwnForm(
        request.POST or None,
        community=member.community,
        row=row,
        consent=consent_text(member.community.name) if lacks_consent else "",
    )

    def save() -> HttpResponse:
        services.volunteer_own_change(
            member=member, draft=form.own_draft(), now=clock.now()
        )
        return redirect("volunteers:own")

    page = FormPage(
        title=_("What I can do, and when"),
        send=_("Save"),
        back=reverse("volunteers:own"),
        template="volunteers/form.html",
    )
    return form_page(request, form, page, save)
