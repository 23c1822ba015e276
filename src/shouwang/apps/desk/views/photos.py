"""A photo at the desk: its agreed windows, and the copy of it that may be forwarded."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.answering import picture_answer
from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.desk.selectors.photos import copy_of, homes_on, photo_for
from shouwang.apps.residents.noting import photo_noted
from shouwang.apps.rounds.selectors.pictures import reference_of
from shouwang.apps.rounds.views.marking import marking_page
from shouwang.apps.watch.models import Photo
from shouwang.common import clock
from shouwang.common.errors import NotFoundError


@for_member(*DESK_ROLES)
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Serve a photo as we encoded it, to be looked at here; it is not for forwarding."""
    row = photo_for(me(request), pk)
    photo_noted(request, homes_on(photo=row), row.pk)
    return picture_answer(row.file)


@for_member(*DESK_ROLES)
def photo_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a photo, mark the agreed windows on it, and offer the copy to forward."""
    row = photo_for(me(request), pk)
    reference = reference_of(photo=row)
    if (
        reference is not None
        and reference.ended_at is None
        and _marks_pictures(request)
    ):
        return redirect("rounds:standpoint_picture", pk=reference.standpoint_id)
    if reference is not None and request.method == "POST":
        words = _("Marks on a standpoint's picture are made where it is in use.")
        raise NotFoundError("not_here", words)
    page = {
        "title": _title(row),
        "back": reverse("desk:board"),
        "template": "desk/photo.html",
        "more": {"is_reference": reference is not None},
    }
    return marking_page(request, row, page)


def _marks_pictures(request: HttpRequest) -> bool:
    return has_role(me(request), {Role.COORDINATOR})


def _title(row: Photo) -> str:
    at = clock.local(row.taken_at or row.received_at, row.community.zone)
    return _("Photo %(at)s %(standpoint)s") % {
        "at": f"{at:%m-%d %H:%M}",
        "standpoint": row.standpoint,
    }


@for_member(*DESK_ROLES)
def photo_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the copy to forward, only the confirmed windows sharp, or that of ``home``."""
    row = photo_for(me(request), pk)
    photo_noted(request, homes_on(photo=row), row.pk)
    home = request.GET.get("home", "")
    if home and not home.isdecimal():
        raise NotFoundError("unknown_home", _("There is no such home here."))
    content = copy_of(photo=row, home_id=int(home) if home else None)
    at = clock.local(row.taken_at or row.received_at, row.community.zone)
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            # No address in the name either: names of files are forwarded too.
            "Content-Disposition": f'attachment; filename="shouwang-{at:%m%d-%H%M}.jpg"',
            "Cache-Control": "no-store",
        },
    )
