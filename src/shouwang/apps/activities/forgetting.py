"""Her name goes out of what was written of activities; that somebody came stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from shouwang.apps.activities.models import Activity, ActivityPhoto, Series
from shouwang.apps.privacy.models import Leaving
from shouwang.apps.residents.models import Resident

GONE = "…"
# One letter is a name nobody could be found by, and stands in many words.
NAME_LEAST = 2
TEXTS = ("what", "place", "words")
WHY = "cancelled_why"


def activities_forget(*, leaving: Leaving, now: datetime) -> None:
    """Take a home's names out of activities, and down the photos that she agreed to."""
    if leaving.resident_id is not None:
        return
    names = _names(leaving)
    photos = ActivityPhoto.objects.of(leaving.community_id)
    for photo in photos.exclude(agreed=GONE):
        if _without(photo.agreed, names) != photo.agreed:
            photo.agreed, photo.ended_at = GONE, photo.ended_at or now
            photo.save(update_fields=["agreed", "ended_at"])
    of_community = {"community_id": leaving.community_id}
    _rewrite(Series.unscoped.filter(**of_community), TEXTS, names)
    _rewrite(Series.history.filter(**of_community), TEXTS, names)
    _rewrite(Activity.unscoped.filter(**of_community), (*TEXTS, WHY), names)
    _rewrite(Activity.history.filter(**of_community), (*TEXTS, WHY), names)


def _names(leaving: Leaving) -> list[str]:
    """Return what she is called here, the longest first: one may hold another."""
    home = leaving.home
    residents = Resident.objects.of(leaving.community_id).filter(home=home)
    called = {word for row in residents for word in (row.name, row.called)}
    found = {name.strip() for name in (*called, home.shown_name, home.address)}
    return sorted((one for one in found if len(one) >= NAME_LEAST), key=len)[::-1]


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, GONE)
    return text


def _rewrite(rows: QuerySet[Any], texts: tuple[str, ...], names: Iterable[str]) -> None:
    key = rows.model._meta.pk.name
    for row in rows.values(key, *texts):
        said = {text: _without(row[text], names) for text in texts}
        if any(said[text] != row[text] for text in texts):
            rows.filter(**{key: row[key]}).update(**said)
