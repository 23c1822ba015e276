"""Pauses and training: noted, and taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.volunteers import services
from shouwang.apps.volunteers.forms.people import PauseForm, TrainingForm
from shouwang.apps.volunteers.selectors.people import (
    pause_for,
    training_for,
    volunteer_to_keep,
)
from shouwang.apps.volunteers.views.people import today_of
from shouwang.apps.volunteers.views.places import page_of
from shouwang.common import clock


@for_member(*LOOKING_ROLES)
def pause_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody nothing for a while; one may say so oneself."""
    member = me(request)
    row = volunteer_to_keep(member, pk)
    form = PauseForm(request.POST or None, initial={"from_on": today_of(member)})

    def save() -> HttpResponse:
        services.pause_add(
            volunteer=row, **form.cleaned_data, by=member, now=clock.now()
        )
        return redirect(page_of(member, row))

    page = FormPage(
        title=_("%(name)s pauses") % {"name": row.member.display_name},
        send=_("Save"),
        back=page_of(member, row),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(*LOOKING_ROLES)
def pause_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pause back."""
    member = me(request)
    pause = pause_for(member, pk)
    row = volunteer_to_keep(member, pause.volunteer_id)
    services.pause_withdraw(pause=pause, now=clock.now())
    return redirect(page_of(member, row))


@for_member(Role.COORDINATOR)
def training_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a course somebody took."""
    member = me(request)
    row = volunteer_to_keep(member, pk)
    form = TrainingForm(request.POST or None, initial={"on": today_of(member)})

    def save() -> HttpResponse:
        services.training_add(
            volunteer=row, draft=form.draft(), by=member, now=clock.now()
        )
        return redirect(page_of(member, row))

    page = FormPage(
        title=_("%(name)s was taught something") % {"name": row.member.display_name},
        send=_("Save"),
        back=page_of(member, row),
    )
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def training_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a course that was noted by mistake."""
    member = me(request)
    training = training_for(member, pk)
    services.training_withdraw(training=training, now=clock.now())
    return redirect("volunteers:volunteer", pk=training.volunteer_id)
