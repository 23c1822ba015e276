"""Writes about the pictures of what one sees from a standpoint."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.apps.communities.models import Member
from shouwang.apps.rounds.models import ReferencePicture, Standpoint
from shouwang.apps.watch.services import PhotoIn, photo_store


@transaction.atomic
def picture_store(
    *, standpoint: Standpoint, content: bytes, by: Member, now: datetime
) -> ReferencePicture:
    """Keep what one sees from a standpoint; the picture before it is kept, as ended.

    Nothing is marked on it yet: the viewpoint is another one.

    Raises
    ------
    RefusedError
        ``photo_too_large`` or ``not_a_photo``.
    """
    community = standpoint.community
    # Two who bring in a picture at once do so one after the other.
    Standpoint.objects.of(community).select_for_update().get(pk=standpoint.pk)
    photo, _is_new = photo_store(
        community=community,
        photo=PhotoIn(content=content, standpoint=standpoint.name),
        by=by,
        now=now,
    )
    pictures = ReferencePicture.objects.of(community)
    pictures.filter(standpoint=standpoint, ended_at__isnull=True).update(ended_at=now)
    return pictures.create(
        community=community, standpoint=standpoint, photo=photo, stored_at=now
    )
