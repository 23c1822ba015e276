"""At the activity: who came, who just came by, who helped, and a photo."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.apps.activities.forms.holding import (
    HelpersForm,
    PhotoForm,
    SeenForm,
    WalkInForm,
)
from shouwang.apps.activities.models import Activity
from shouwang.apps.activities.selectors import (
    activity_to_hold,
    activity_to_plan,
    guest_to_mark,
    guests_listed,
    helpers_of,
    photo_of,
)
from shouwang.apps.activities.services import (
    guest_mark,
    helpers_set,
    photo_add as add_photo,
    photo_end as end_photo,
    walk_in_add,
)
from shouwang.apps.activities.showing import counts_of, guest_line, line
from shouwang.apps.activities.words import refusal_words
from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.answering import picture_answer
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.common import clock
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.common.text import tidy_address
from shouwang.domain.activities import SEEN_AROUND, Attended


@for_member(*LOOKING_ROLES)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who came, one tap each; how it is known stands once, above."""
    member, now = me(request), clock.now()
    row = activity_to_hold(member, pk, now=now)
    data = (
        request.POST if request.method == "POST" else request.GET or _initial(row, now)
    )
    form = SeenForm(data, activity=row, reader=member)
    if request.method == "POST" and form.is_valid():
        try:
            _mark(request, form, now)
        except (RefusedError, ConflictError) as error:
            form.add_error("seen_at" if "seen_at" in error.fields else None, str(error))
        else:
            return redirect(_here(row, form, request.POST["mark"].rpartition("-")[2]))
    return _page(request, row, form, WalkInForm(), now)


def _initial(row: Activity, now: datetime) -> dict[str, str]:
    """Return how the page begins: seen just now, or, written down later, at its begin."""
    if now <= row.ends_at + SEEN_AROUND:
        return {"seen": "on"}
    begins = clock.local(row.begins_at, row.community.zone)
    return {"seen": "on", "seen_at": f"{begins:%H:%M}"}


def _mark(request: HttpRequest, form: SeenForm, now: datetime) -> None:
    word, _dash, key = request.POST.get("mark", "").rpartition("-")
    if word not in set(Attended) or not key.isdecimal():
        raise NotFoundError("unknown_act", _("There is no such act."))
    member = me(request)
    attended = Attended(word)
    guest_mark(
        guest=guest_to_mark(member, int(key), now=now),
        attended=attended,
        by=member,
        now=now,
        seen=form.seen_of(now=now) if attended is Attended.CAME else None,
    )


def _here(row: Activity, form: SeenForm, guest: str) -> str:
    """Return the page again, as it was set, at the same guest."""
    given = {
        "seen": "on" if form.cleaned_data["seen"] else "",
        "seen_at": form.data.get("seen_at", ""),
        "seen_by": form.cleaned_data["seen_by"],
    }
    address = reverse("activities:attendance", args=[row.pk])
    return f"{address}?{urlencode(given)}#guest-{guest}"


def _page(
    request: HttpRequest,
    row: Activity,
    form: SeenForm,
    walk_in_form: WalkInForm,
    now: datetime,
) -> HttpResponse:
    guests = guests_listed(me(request), row, now=now)
    context = {
        "activity": line(row),
        "guests": [guest_line(one) for one in guests],
        "counts": counts_of(
            [one.row for one in guests], now=row.begins_at, activity=row
        ),
        "form": form,
        "walk_in": walk_in_form,
        "is_early": now < row.begins_at - SEEN_AROUND,
    }
    wrong = request.method == "POST"
    return render(
        request, "activities/attendance.html", context, status=422 if wrong else 200
    )


@require_POST
@for_member(*LOOKING_ROLES)
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Put on the list who came without being invited."""
    member, now = me(request), clock.now()
    row = activity_to_hold(member, pk, now=now)
    form = WalkInForm(request.POST)
    if form.is_valid():
        try:
            home = _home_at(row, form.cleaned_data["home"])
            found = walk_in_add(activity=row, home=home, by=member, now=now)
        except (RefusedError, ConflictError) as error:
            form.add_error("home", str(error))
        else:
            address = reverse("activities:attendance", args=[row.pk])
            return redirect(f"{address}#guest-{found[0].pk}")
    seen = SeenForm(_initial(row, now), activity=row, reader=member)
    return _page(request, row, seen, form, now)


def _home_at(row: Activity, address: str) -> Home:
    wanted = tidy_address(address)
    for home in homes_in_order(community=row.community_id):
        if home.address == wanted:
            return home
    raise RefusedError("unknown_home", refusal_words("unknown_home"))


@for_member(*LOOKING_ROLES)
def helpers(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who helps, and for how long they did."""
    member, now = me(request), clock.now()
    row = activity_to_hold(member, pk, now=now)
    form = HelpersForm(
        request.POST if request.method == "POST" else None,
        activity=row,
        helpers=helpers_of(row),
    )

    def save() -> HttpResponse:
        helpers_set(activity=row, helpers=form.helpers(), by=member, now=now)
        return redirect("activities:activity", pk=row.pk)

    page = FormPage(
        title=_("Who helps: %(what)s") % {"what": row},
        send=_("Save"),
        back=reverse("activities:activity", args=[row.pk]),
        intro=_("Minutes are filled in afterwards; they count as volunteers' hours."),
        template="activities/helpers.html",
    )
    return form_page(request, form, page, save)


@for_member(*DESK_ROLES)
def photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a photo of an activity."""
    member, now = me(request), clock.now()
    row = activity_to_plan(member, pk)
    form = PhotoForm(request.POST or None, request.FILES or None)

    def save() -> HttpResponse:
        add_photo(
            activity=row,
            content=form.cleaned_data["photo"].read(),
            agreed=form.cleaned_data["agreed"],
            by=member,
            now=now,
        )
        messages.success(request, _("Kept, without place and time in it."))
        return redirect("activities:activity", pk=row.pk)

    page = FormPage(
        title=_("A photo of %(what)s") % {"what": row},
        send=_("Keep it"),
        back=reverse("activities:activity", args=[row.pk]),
        intro=_("Where and when it was taken is removed before it is kept."),
    )
    return form_page(request, form, page, save)


@for_member(*DESK_ROLES)
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Serve a photo of an activity, as we encoded it."""
    return picture_answer(photo_of(me(request), pk).photo.file)


@require_POST
@for_member(*DESK_ROLES)
def photo_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a photo down."""
    row = photo_of(me(request), pk)
    end_photo(photo=row, now=clock.now())
    return redirect("activities:activity", pk=row.activity_id)
