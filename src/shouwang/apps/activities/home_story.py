"""To what somebody of a home was invited, and whether they came, as its story tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.activities.selectors.homes import activities_of_home
from shouwang.apps.activities.words import attended_words
from shouwang.apps.residents.models import Home
from shouwang.domain.story import Entry, StoryKind


def activities_tell(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield the activities of a home that began in a span of time."""
    for guest in activities_of_home(home=home):
        held = guest.activity
        if begin <= held.begins_at < end:
            values = {"what": held.what, "how": attended_words()[guest.attended]}
            yield Entry(
                key=f"activity:{guest.pk}",
                kind=StoryKind.ACTIVITY,
                at=held.begins_at,
                title=_("%(what)s: %(how)s") % values,
                detail=str(guest.resident or ""),
                url=reverse("activities:activity", args=[held.pk]),
            )
