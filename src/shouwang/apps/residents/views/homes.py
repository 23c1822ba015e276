"""Pages of homes and of the people in and around them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.privacy.selectors import leaving_of_home
from shouwang.apps.residents.forms.homes import (
    ContactPersonForm,
    HomeForm,
    ResidentForm,
)
from shouwang.apps.residents.models import ContactPerson, Home, Resident
from shouwang.apps.residents.noting import contact_noted, page_noted
from shouwang.apps.residents.selectors import (
    buildings_list,
    contact_for,
    home_for,
    homes_list,
    resident_for,
)
from shouwang.apps.residents.services import (
    contact_add as add_contact,
    contact_change as change_contact,
    contact_end,
    home_add as add_home,
    home_change as change_home,
    resident_add as add_resident,
    resident_change as change_resident,
)
from shouwang.apps.residents.views.agreements import agreements_block
from shouwang.apps.residents.words import risk_words, signal_words_of
from shouwang.common import clock
from shouwang.common.text import tidy

HOME_FIELDS = ("address", "shown_name", "risk", "phone", "at_the_door")
RESIDENT_FIELDS = ("name", "called", "birth_year", "phone", "note")
CONTACT_FIELDS = (
    "name",
    "relation",
    "phone",
    "is_family",
    "is_keyholder",
    "position",
)


def _initial(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@for_member(*DESK_ROLES)
def homes(request: HttpRequest) -> HttpResponse:
    """List the homes; search by address, name or building."""
    member = me(request)
    wanted = tidy(request.GET.get("q", "")).lower()
    building = request.GET.get("building", "")
    names = signal_words_of(member.community_id)
    rows = [
        {
            "row": row,
            "risk": risk_words()[row.risk],
            "signals": [
                names.get(one.signal, one.signal) for one in row.agreements.all()
            ],
        }
        for row in homes_list(community=member.community_id)
        if (not building or row.building.label == building) and _fits(row, wanted)
    ]
    context = {
        "rows": rows,
        "wanted": wanted,
        "building": building,
        "buildings": [
            row.label for row in buildings_list(community=member.community_id)
        ],
        "may_change": has_role(member, {Role.COORDINATOR}),
    }
    return render(request, "residents/homes.html", context)


def _fits(row: Home, wanted: str) -> bool:
    words = [row.address, row.shown_name, row.phone]
    words += [person.name for person in row.residents.all()]
    words += [person.name for person in row.contacts.all()]
    return any(wanted in word.lower() for word in words)


@for_member(Role.COORDINATOR)
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who lives in a home, whom one can reach, and what was agreed."""
    row = home_for(me(request), pk)
    page_noted(request, row)
    context = {
        "home": row,
        "leaving": leaving_of_home(community=row.community_id, home_id=row.pk),
        "risk": risk_words()[row.risk],
        "residents": row.residents.filter(moved_out_at__isnull=True),
        "contacts": row.contacts.filter(ended_at__isnull=True),
        **agreements_block(row),
    }
    return render(request, "residents/home.html", context)


@for_member(Role.COORDINATOR)
def home_add(request: HttpRequest) -> HttpResponse:
    """Write down a home."""
    member = me(request)
    form = HomeForm(request.POST or None)

    def save() -> HttpResponse:
        row = add_home(
            community=member.community, draft=form.draft(), now=clock.now(), by=member
        )
        return redirect("residents:home", pk=row.pk)

    page = FormPage(
        title=_("A new home"), send=_("Save"), back=reverse("residents:homes")
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def home_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a home."""
    row = home_for(me(request), pk)
    _opened(request, row, "home")
    form = HomeForm(request.POST or None, initial=_initial(row, HOME_FIELDS))

    def save() -> HttpResponse:
        change_home(home=row, draft=form.draft())
        return _back_to(row)

    page = FormPage(
        title=row.address,
        send=_("Save"),
        back=_address(row),
        template="residents/home_change.html",
        more={"home": row},
    )
    return form_page(request, form, page, save)


def _opened(request: HttpRequest, home: Home, of: str) -> None:
    """Note that a form was opened in which a number stands; saving it is no look."""
    if request.method == "GET":
        contact_noted(request, home, of)


def _address(row: Home) -> str:
    return reverse("residents:home", args=[row.pk])


def _back_to(row: Home) -> HttpResponse:
    return redirect("residents:home", pk=row.pk)


def _person_page(
    row: Resident | ContactPerson, ending: str, ending_words: str
) -> FormPage:
    """Return the page of somebody in or around a home, and how their part ends."""
    return FormPage(
        title=row.name,
        send=_("Save"),
        back=_address(row.home),
        template="residents/person_change.html",
        more={
            "contact": row if isinstance(row, ContactPerson) else None,
            "ending": reverse(ending, args=[row.pk]),
            "ending_words": ending_words,
            "is_asked": isinstance(row, Resident),
        },
    )


@for_member(Role.COORDINATOR)
def resident_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down somebody who lives in a home."""
    row = home_for(me(request), pk)
    form = ResidentForm(request.POST or None)

    def save() -> HttpResponse:
        add_resident(home=row, draft=form.draft())
        return _back_to(row)

    page = FormPage(title=_("A resident"), send=_("Save"), back=_address(row))
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def resident_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a resident."""
    row = resident_for(me(request), pk)
    _opened(request, row.home, f"resident:{row.pk}")
    form = ResidentForm(request.POST or None, initial=_initial(row, RESIDENT_FIELDS))

    def save() -> HttpResponse:
        change_resident(resident=row, draft=form.draft())
        return _back_to(row.home)

    page = _person_page(row, "residents:resident_leave", _("No longer lives here"))
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down somebody who can be reached about a home."""
    row = home_for(me(request), pk)
    form = ContactPersonForm(request.POST or None)

    def save() -> HttpResponse:
        add_contact(home=row, draft=form.draft())
        return _back_to(row)

    page = FormPage(title=_("A contact person"), send=_("Save"), back=_address(row))
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def contact_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a contact person."""
    row = contact_for(me(request), pk)
    _opened(request, row.home, f"contact:{row.pk}")
    form = ContactPersonForm(
        request.POST or None, initial=_initial(row, CONTACT_FIELDS)
    )

    def save() -> HttpResponse:
        change_contact(contact=row, draft=form.draft())
        return _back_to(row.home)

    page = _person_page(row, "residents:contact_leave", _("Is no longer to be called"))
    return form_page(request, form, page, save)


@require_POST
@for_member(Role.COORDINATOR)
def contact_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody is no longer to be called."""
    row = contact_for(me(request), pk)
    contact_end(contact=row, now=clock.now())
    return _back_to(row.home)
