"""What neighbours wrote about her window goes; that somebody reported, and when, stays."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.neighbours.models import Report
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.watch.forgetting import photos_forget


def reports_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget the words, the window, the sender and the photos of reports about a home."""
    if leaving.resident_id is not None:
        return
    rows = Report.objects.of(leaving.community_id).filter(home=leaving.home_id)
    photos = set(rows.exclude(photo=None).values_list("photo_id", flat=True))
    rows.update(
        where="",
        note="",
        phone="",
        sender="",
        unit="",
        floor=None,
        column=None,
        photo=None,
    )
    photos_forget(community_id=leaving.community_id, photo_ids=photos)
