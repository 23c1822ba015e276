"""Marking the agreed windows on a picture: the same for standpoints and for photos."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_watched
from shouwang.apps.rounds.forms.marking import MarkingForm
from shouwang.apps.rounds.selectors.pictures import beginning_for, homes_on
from shouwang.apps.watch.models import Photo
from shouwang.apps.watch.selectors import boxes_on, markings_of
from shouwang.apps.watch.services import windows_mark
from shouwang.common import clock
from shouwang.domain.marks import Box

# How many letters fit across the picture without a script.
_LETTERS_ACROSS = 45


def marking_page(
    request: HttpRequest, photo: Photo, page: dict[str, Any]
) -> HttpResponse:
    """Return the page on which the windows of a photo are marked; POST records them.

    ``page`` are the parts of its ``FormPage``. Where nothing is marked yet the form
    begins with the marks of the nearest photo from the same standpoint.
    """
    community = photo.community_id
    markings = markings_of(photo=photo)
    confirmed = boxes_on(community=community, photo_ids=[photo.pk]).get(photo.pk, {})
    beginning = None if markings else beginning_for(photo=photo)
    shown = beginning.boxes if beginning else confirmed
    asked = _asked(request)
    homes = homes_on(photo=photo, more={*shown, *asked})
    form = MarkingForm(request.POST or None, homes=homes, boxes=shown)

    def save() -> HttpResponse:
        windows_mark(photo=photo, boxes=form.boxes(), by=me(request), now=clock.now())
        messages.success(request, _("The windows are marked."))
        return redirect(request.path)

    more = {
        "photo": photo,
        "markings": markings,
        "marked": [row for row in homes if row.pk in confirmed],
        "beginning": beginning,
        "drawn": [
            _drawn(row, shown[row.pk], photo) for row in homes if row.pk in shown
        ],
        "others": _others(community, homes),
        **page.pop("more", {}),
    }
    return form_page(
        request,
        form,
        FormPage(send=_("These are the windows"), **page, more=more),
        save,
    )


def _drawn(home: Home, box: Box, photo: Photo) -> dict[str, str]:
    """Return a box in pixels of the picture, as it stands without any script."""
    across, down = photo.width, photo.height
    return {
        "name": home.address,
        "x": f"{box.x * across:.1f}",
        "y": f"{box.y * down:.1f}",
        "width": f"{box.width * across:.1f}",
        "height": f"{box.height * down:.1f}",
        "letters": f"{across / _LETTERS_ACROSS:.1f}",
    }


def _asked(request: HttpRequest) -> Collection[int]:
    given = [*request.GET.getlist("home"), *_posted(request)]
    return {int(row) for row in given if row.isdecimal() and len(row) < 19}


def _posted(request: HttpRequest) -> list[str]:
    """Return the homes whose fields were sent: they are still there when one is wrong."""
    return [name[2:] for name in request.POST if name.startswith("x_")]


def _others(community: int, homes: Collection[Home]) -> list[Home]:
    keys = {row.pk for row in homes}
    return [row for row in homes_watched(community=community) if row.pk not in keys]
