"""Reads of what one sees from a standpoint, and of the windows marked on photos."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.rounds.models import ReferencePicture, Standpoint
from shouwang.apps.rounds.selectors.walking import stands_there
from shouwang.apps.watch.models import Photo
from shouwang.apps.watch.selectors import boxes_on
from shouwang.common.errors import NotFoundError
from shouwang.domain.marks import Box

# How many earlier photos of a standpoint are searched for marks to begin with.
_EARLIER_MOST = 50


@dataclass(frozen=True, kw_only=True)
class SeenFrom:
    """A reference picture with the windows that are marked on it, by home."""

    row: ReferencePicture
    boxes: Mapping[int, Box]


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Marks of another photo, to begin with; ``taken_at`` is when that one was taken."""

    boxes: Mapping[int, Box]
    is_reference: bool
    taken_at: datetime


def picture_for(member: Member, picture_id: int, *, now: datetime) -> ReferencePicture:
    """Return a reference picture in use, for who stands there today, else "not found".

    The desk may stand in for anybody.
    """
    row = (
        _pictures(member.community_id)
        .filter(pk=picture_id, standpoint__ended_at__isnull=True)
        .select_related("standpoint")
        .first()
    )
    may_see = row is not None and (
        has_role(member, DESK_ROLES)
        or stands_there(member=member, standpoint=row.standpoint, now=now)
    )
    if row is None or not may_see:
        raise NotFoundError("unknown_picture", _("There is no such picture here."))
    return row


def picture_of(*, standpoint: Standpoint) -> ReferencePicture | None:
    """Return the picture in use of what one sees from a standpoint, if there is one."""
    return _pictures(standpoint.community_id).filter(standpoint=standpoint).first()


def reference_of(*, photo: Photo) -> ReferencePicture | None:
    """Return the reference picture that a photo is or was, if it is one."""
    rows = ReferencePicture.objects.of(photo.community_id).filter(photo=photo)
    return rows.select_related("standpoint").first()


def pictures_seen(
    *, community: Community | int, standpoint_ids: Collection[int]
) -> dict[int, SeenFrom]:
    """Return the pictures in use of standpoints, with their marks, by standpoint."""
    rows = list(_pictures(community).filter(standpoint_id__in=standpoint_ids))
    boxes = boxes_on(community=community, photo_ids=[row.photo_id for row in rows])
    return {
        row.standpoint_id: SeenFrom(row=row, boxes=boxes.get(row.photo_id, {}))
        for row in rows
    }


def beginning_for(*, photo: Photo) -> Beginning | None:
    """Return the marks of the nearest photo from the same standpoint, if there are any.

    They are where a person may begin: a viewpoint moves from photo to photo, so they
    count on this one only when somebody has confirmed them.
    """
    rows = _from_the_same_place(photo)
    boxes = boxes_on(
        community=photo.community_id, photo_ids=[row.pk for row, _is in rows]
    )
    for row, is_reference in rows:
        if row.pk in boxes:
            return Beginning(
                boxes=boxes[row.pk],
                is_reference=is_reference,
                taken_at=row.taken_at or row.received_at,
            )
    return None


def homes_on(*, photo: Photo, more: Collection[int] = ()) -> list[Home]:
    """Return the homes whose window may be on a photo, in the order of the buildings.

    Those it was sent for, those seen from its standpoint, and ``more`` (ids).
    """
    standpoint = _standpoint_of(photo)
    keys = {*more, *photo.homes.values_list("home_id", flat=True)}
    if standpoint is not None:
        keys |= set(standpoint.windows.values_list("home_id", flat=True))
    return [
        row for row in homes_in_order(community=photo.community_id) if row.pk in keys
    ]


def _pictures(community: Community | int) -> QuerySet[ReferencePicture]:
    rows = ReferencePicture.objects.of(community).filter(ended_at__isnull=True)
    return rows.select_related("photo", "standpoint")


def _standpoint_of(photo: Photo) -> Standpoint | None:
    reference = reference_of(photo=photo)
    if reference is not None:
        return reference.standpoint
    rows = Standpoint.objects.of(photo.community_id)
    return rows.filter(name=photo.standpoint, ended_at__isnull=True).first()


def _from_the_same_place(photo: Photo) -> list[tuple[Photo, bool]]:
    """Return other photos, the reference pictures first, each with whether it is one."""
    standpoint = _standpoint_of(photo)
    references: list[ReferencePicture] = []
    if standpoint is not None:
        references = list(
            ReferencePicture.objects.of(photo.community_id)
            .filter(standpoint=standpoint)
            .exclude(photo=photo)
            .select_related("photo")
            .order_by(F("ended_at").desc(nulls_first=True))
        )
    known = [row.photo for row in references]
    others = (
        Photo.objects.of(photo.community_id)
        .filter(standpoint=photo.standpoint, markings__isnull=False)
        .exclude(pk__in=[photo.pk, *(row.pk for row in known)])
        .exclude(standpoint="")
        .order_by("-received_at", "pk")
        .distinct()[:_EARLIER_MOST]
    )
    return [*((row, True) for row in known), *((row, False) for row in others)]
