"""Noting who looked at a home, from a view: one line each."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest

from shouwang.apps.communities.access import me
from shouwang.apps.privacy.models import Place, What
from shouwang.apps.privacy.services import Looked, access_note
from shouwang.apps.residents.models import Home
from shouwang.common import clock


def page_noted(
    request: HttpRequest,
    home: Home,
    *,
    place: Place = Place.HOME,
    place_id: object = "",
) -> None:
    """Note that a page about a home was read; a part that renews itself is no reading."""
    if request.method == "GET" and "part" not in request.GET:
        looked = Looked(
            what=What.PAGE, home_ids=[home.pk], place=place, place_id=place_id
        )
        noted(request, looked)


def contact_noted(
    request: HttpRequest,
    home: Home,
    of: str,
    *,
    place: Place = Place.HOME,
    place_id: object = "",
) -> None:
    """Note that somebody's contact data was opened: each time a row of its own."""
    looked = Looked(
        what=What.CONTACT, home_ids=[home.pk], place=place, place_id=place_id, of=of
    )
    noted(request, looked)


def photo_noted(
    request: HttpRequest, home_ids: Collection[int], photo_id: object
) -> None:
    """Note that a photo was looked at on which the windows of homes may be."""
    if home_ids:
        looked = Looked(
            what=What.PHOTO, home_ids=home_ids, place=Place.PHOTO, place_id=photo_id
        )
        noted(request, looked)


def noted(request: HttpRequest, looked: Looked) -> None:
    """Note a look of whoever asks, with the key of the machine that asks for them."""
    token = getattr(request, "token", None)
    access_note(by=me(request), looked=looked, now=clock.now(), token=token)
