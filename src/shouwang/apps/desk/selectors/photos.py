"""Reads of photos at the desk, and of what of them may leave it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.watch.blurring import forwardable, window_crop
from shouwang.apps.watch.models import Photo
from shouwang.apps.watch.selectors import boxes_on
from shouwang.common.clock import local_day
from shouwang.common.errors import NotFoundError


@dataclass(frozen=True, kw_only=True)
class Crop:
    """The agreed window of a home, cut out of a photo of today."""

    jpeg: bytes
    taken_at: datetime


def photo_for(member: Member, photo_id: UUID) -> Photo:
    """Return a photo of the reader's community, else "not found"."""
    rows = Photo.objects.of(member.community_id).select_related("community")
    row = rows.filter(pk=photo_id).first()
    if row is None:
        raise NotFoundError("unknown_photo", _("There is no such photo here."))
    return row


def homes_on(*, photo: Photo) -> list[int]:
    """Return the homes whose windows may be on a photo."""
    return list(photo.homes.values_list("home_id", flat=True))


def copy_of(*, photo: Photo, home_id: int | None = None) -> bytes:
    """Return the JPEG that may leave the desk: all but the confirmed windows blurred.

    With ``home_id`` only that window stays; without marks nothing does.

    Raises
    ------
    NotFoundError
        ``unknown_home``: the window of that home is not marked on the photo.
    """
    found = boxes_on(community=photo.community_id, photo_ids=[photo.pk])
    boxes = found.get(photo.pk, {})
    if home_id is not None and home_id not in boxes:
        words = _("The window of this home is not marked on the photo.")
        raise NotFoundError("unknown_home", words)
    kept = boxes.values() if home_id is None else [boxes[home_id]]
    return forwardable(_content(photo), kept)


def crops_today(
    *, community: Community, home_ids: Collection[int], now: datetime
) -> dict[int, Crop]:
    """Return the window of each home from its newest photo of today that is marked."""
    midnight = datetime.combine(
        local_day(now, community.zone), time(), tzinfo=community.zone
    )
    photos = list(
        Photo.objects.of(community)
        .filter(
            taken_at__gte=midnight,
            taken_at__lte=now,
            markings__marks__home__in=home_ids,
        )
        .distinct()
        .order_by("taken_at", "pk")
    )
    boxes = boxes_on(community=community, photo_ids=[row.pk for row in photos])
    # Later ones take the place of earlier ones.
    newest = {
        key: (row, box)
        for row in photos
        for key, box in boxes.get(row.pk, {}).items()
        if key in home_ids
    }
    return {
        key: Crop(
            jpeg=window_crop(_content(row), box),
            taken_at=row.taken_at or row.received_at,
        )
        for key, (row, box) in newest.items()
    }


def _content(photo: Photo) -> bytes:
    with photo.file.open("rb") as opened:
        content: bytes = opened.read()
    return content
