"""What people do at the desk: record, declare, open; each is one service."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shouwang.apps.alerts.services import alert_open_by_hand
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.selectors import DESK_ROLES
from shouwang.apps.desk.forms import (
    AbsenceForm,
    ContactForm,
    SightingForm,
    WorryForm,
)
from shouwang.apps.desk.views.home import home_page
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import absence_for, home_for
from shouwang.apps.watch.services import (
    ItemAnswer,
    SightingIn,
    absence_declare,
    absence_end as end_absence,
    absence_withdraw as withdraw_absence,
    contact_record,
    sightings_record,
)
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.ids import uuid7

Save = Callable[[], None]


def _saved(
    request: HttpRequest, row: Home, name: str, form: BaseForm, save: Save
) -> HttpResponse:
    """Save a form of the home's page, or show the page again with what is wrong."""
    if form.is_valid():
        try:
            save()
        except (RefusedError, ConflictError) as error:
            form.add_error(None, str(error))
        else:
            return redirect("desk:home", pk=row.pk)
    return home_page(request, row, wrong={name: form})


def _require_accepted(answer: ItemAnswer) -> None:
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)


@require_POST
@for_member(*DESK_ROLES)
def sighting_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what somebody saw, just now or, typed in from paper, earlier."""
    member, now = me(request), clock.now()
    row = home_for(member, pk)
    form = SightingForm(request.POST, home=row)

    def save() -> None:
        signal, state, reason = form.what()
        item = SightingIn(
            id=uuid7(now=now),
            home_id=row.pk,
            signal=signal,
            state=state,
            could_not_see=reason,
            seen_at=form.cleaned_data["seen_at"] or now,
            note=form.cleaned_data["note"],
        )
        answers = sightings_record(
            community=row.community, items=[item], by=member, now=now
        )
        _require_accepted(answers[0])

    return _saved(request, row, "sighting", form, save)


@require_POST
@for_member(*DESK_ROLES)
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody reached, or tried to reach, the resident."""
    member, now = me(request), clock.now()
    row = home_for(member, pk)
    form = ContactForm(request.POST)

    def save() -> None:
        contact = form.contact(now=now)
        _require_accepted(contact_record(home=row, contact=contact, by=member, now=now))

    return _saved(request, row, "contact", form, save)


@require_POST
@for_member(*DESK_ROLES)
def absence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare that a home is empty for some days."""
    member = me(request)
    row = home_for(member, pk)
    form = AbsenceForm(request.POST)

    def save() -> None:
        absence_declare(home=row, draft=form.draft(), by=member, now=clock.now())

    return _saved(request, row, "absence", form, save)


@require_POST
@for_member(*DESK_ROLES)
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an absence: she is back, and the days away stay excused."""
    member = me(request)
    absence = absence_for(member, pk)
    end_absence(absence=absence, by=member, now=clock.now())
    return redirect("desk:home", pk=absence.home_id)


@require_POST
@for_member(*DESK_ROLES)
def absence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an absence: she never left, or does not leave."""
    member = me(request)
    absence = absence_for(member, pk)
    withdraw_absence(absence=absence, by=member, now=clock.now())
    return redirect("desk:home", pk=absence.home_id)


@require_POST
@for_member(*DESK_ROLES)
def alert_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an alert because somebody worries."""
    member = me(request)
    row = home_for(member, pk)
    form = WorryForm(request.POST)

    def save() -> None:
        alert_open_by_hand(
            home=row, note=form.cleaned_data["note"], by=member, now=clock.now()
        )

    return _saved(request, row, "worry", form, save)
