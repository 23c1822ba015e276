"""What was written beside a look goes, and the photos; what was seen, and when, stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from shouwang.apps.privacy.models import Leaving
from shouwang.apps.watch.models import (
    Marking,
    Photo,
    PhotoHome,
    Sighting,
    Trouble,
    WindowMark,
)

REASON = "the home left, and the time of keeping is over"


def watch_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget words and photos of a home; nothing that a status is computed from."""
    if leaving.resident_id is not None:
        return
    community, home = leaving.community_id, leaving.home_id
    looks = Sighting.objects.to_forget(community, REASON).filter(home=home)
    photos = set(looks.exclude(photo=None).values_list("photo_id", flat=True))
    looks.update(by_words="", note="", digest="", photo=None)
    links = PhotoHome.objects.of(community).filter(home=home)
    photos |= set(links.values_list("photo_id", flat=True))
    links.delete()
    WindowMark.objects.to_forget(community, REASON).filter(home=home).delete()
    photos_forget(community_id=community, photo_ids=photos)
    Trouble.objects.filter(community=community, home=home).update(detail="")


def photos_forget(*, community_id: int, photo_ids: Collection[UUID]) -> None:
    """Delete the photos that show no other home and that nothing else needs.

    The file goes before the row: one that was lost half-way is looked for again.
    """
    rows = Photo.objects.of(community_id).filter(
        pk__in=photo_ids, homes__isnull=True, sightings__isnull=True
    )
    for row in rows.distinct():
        try:
            with transaction.atomic():
                _delete(row)
        except ProtectedError:
            # A standpoint's picture, or on a neighbour's report of another home.
            continue


def _delete(row: Photo) -> None:
    marks = WindowMark.objects.to_forget(row.community_id, REASON)
    marks.filter(marking__photo=row).delete()
    Marking.objects.to_forget(row.community_id, REASON).filter(photo=row).delete()
    name, storage = row.file.name, row.file.storage
    row.delete()
    if name:
        storage.delete(name)
