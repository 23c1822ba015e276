"""Opening a number, which is noted, and the page that says who looked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.desk.selectors.phones import Asked, Phone, phone_to_open
from shouwang.apps.privacy.models import Access, Place
from shouwang.apps.privacy.selectors import accesses_of_home
from shouwang.apps.privacy.words import place_words, what_words
from shouwang.apps.residents.models import ContactPerson, Home, Resident
from shouwang.apps.residents.noting import contact_noted
from shouwang.apps.residents.selectors import home_for
from shouwang.common import clock
from shouwang.common.errors import NotFoundError

PAGES_MOST = 1000


@require_POST
@for_member(*LOOKING_ROLES)
def phone_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one number and note who opened it, whose it is, when and from where."""
    asked = _asked(request)
    phone = phone_to_open(me(request), pk, asked)
    contact_noted(
        request,
        phone.home,
        phone.of,
        place=Place(asked.place),
        place_id=asked.place_id or "",
    )
    part = "desk/_phone_shown.html"
    page = part if "HX-Request" in request.headers else "desk/phone_shown.html"
    context = {"phone": phone, "back": _back(phone, asked)}
    answer = render(request, page, context)
    answer["Cache-Control"] = "no-store"
    return answer


def _asked(request: HttpRequest) -> Asked:
    key, place_id = request.POST.get("key", ""), request.POST.get("place_id", "")
    if not _is_key(key) or (place_id and not _is_key(place_id)):
        raise NotFoundError("unknown_phone", _("There is no such number for you here."))
    return Asked(
        kind=request.POST.get("kind", ""),
        key=int(key),
        place=request.POST.get("place", ""),
        place_id=int(place_id) if place_id else None,
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _back(phone: Phone, asked: Asked) -> str:
    match asked.place:
        case Place.ALERT.value:
            return reverse("desk:alert", args=[asked.place_id])
        case Place.NEED.value:
            return reverse("care:need", args=[asked.place_id])
        case _:
            return reverse("desk:home", args=[phone.home.pk])


@for_member(Role.COORDINATOR)
def accesses(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who looked at a home: its page, its numbers, its photos, files with it."""
    home = home_for(me(request), pk)
    number = request.GET.get("page", "")
    page = accesses_of_home(
        community=home.community_id,
        home_id=home.pk,
        number=min(int(number), PAGES_MOST) if _is_key(number) else 1,
    )
    names = _names(home)
    context = {
        "home": home,
        "rows": [_row(row, names) for row in page.rows],
        "number": page.number,
        "newer": page.number - 1,
        "older": page.number + 1 if page.has_more else 0,
    }
    return render(request, "desk/accesses.html", context)


def _names(home: Home) -> dict[str, str]:
    residents = Resident.objects.of(home.community_id).filter(home=home)
    contacts = ContactPerson.objects.of(home.community_id).filter(home=home)
    return {
        "home": _("at home"),
        **{f"resident:{row.pk}": str(row) for row in residents},
        **{f"contact:{row.pk}": row.name for row in contacts},
    }


def _row(row: Access, names: dict[str, str]) -> dict[str, Any]:
    urls = {Place.ALERT.value: "desk:alert", Place.NEED.value: "care:need"}
    name = urls.get(row.place)
    return {
        "at": clock.local(row.at, row.member.community.zone),
        "who": row.member,
        "token": row.token,
        "what": what_words()[row.what],
        "of": names.get(row.of, ""),
        "place": place_words()[row.place],
        "url": reverse(name, args=[row.place_id]) if name else "",
    }
