"""Writes about activities: planned, invited to, attended, helped at."""

from __future__ import annotations

from shouwang.apps.activities.services.attending import (
    Seen,
    guest_mark,
    walk_in_add,
)
from shouwang.apps.activities.services.helping import Minutes, helpers_set
from shouwang.apps.activities.services.inviting import (
    Answered,
    Invited,
    guest_bring,
    guest_remove,
    guest_reply,
    guests_invite,
)
from shouwang.apps.activities.services.pictures import photo_add, photo_end
from shouwang.apps.activities.services.planning import (
    ActivityDraft,
    activity_add,
    activity_cancel,
    activity_change,
)
from shouwang.apps.activities.services.repeating import (
    SeriesDraft,
    series_add,
    series_change,
    series_end,
)

__all__ = [
    "ActivityDraft",
    "Answered",
    "Invited",
    "Minutes",
    "Seen",
    "SeriesDraft",
    "activity_add",
    "activity_cancel",
    "activity_change",
    "guest_bring",
    "guest_mark",
    "guest_remove",
    "guest_reply",
    "guests_invite",
    "helpers_set",
    "photo_add",
    "photo_end",
    "series_add",
    "series_change",
    "series_end",
    "walk_in_add",
]
