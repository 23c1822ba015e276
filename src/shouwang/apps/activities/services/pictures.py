"""Photos of an activity: encoded anew without where and when, and agreed to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.apps.activities.models import Activity, ActivityPhoto
from shouwang.apps.activities.services.planning import refused
from shouwang.apps.communities.models import Member
from shouwang.apps.watch.services import PhotoIn, photo_store
from shouwang.common.text import prose


@transaction.atomic
def photo_add(
    *, activity: Activity, content: bytes, agreed: str, by: Member, now: datetime
) -> ActivityPhoto:
    """Keep a photo of an activity, with who is on it and that they are content.

    It is kept as every photo is: at most 1600 px, without its metadata.

    Raises
    ------
    RefusedError
        ``say_who_agreed``, ``photo_too_large`` or ``not_a_photo``.
    """
    if not prose(agreed):
        raise refused("say_who_agreed", "agreed")
    photo, _is_new = photo_store(
        community=activity.community, photo=PhotoIn(content=content), by=by, now=now
    )
    return ActivityPhoto.objects.of(activity.community_id).create(
        community_id=activity.community_id,
        activity=activity,
        photo=photo,
        agreed=prose(agreed)[:200],
        added_at=now,
        added_by=by,
    )


def photo_end(*, photo: ActivityPhoto, now: datetime) -> None:
    """Take a photo down: it is shown to nobody any more."""
    ActivityPhoto.objects.of(photo.community_id).filter(
        pk=photo.pk, ended_at__isnull=True
    ).update(ended_at=now)
