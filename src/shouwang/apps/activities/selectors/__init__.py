"""Reads of activities; permission is inside.

Everybody who looks sees what is on. Who is invited is seen by the desk, and by whoever
leads or helps there until a day after it; who only brings somebody sees those alone. A
supervisor sees none of it.
"""

from __future__ import annotations

from shouwang.apps.activities.selectors.coming import (
    activities_between,
    activities_with,
    activity_for,
    activity_to_hold,
    activity_to_plan,
    may_hold,
    series_for,
    series_running,
)
from shouwang.apps.activities.selectors.guests import (
    Listed,
    guest_to_mark,
    guests_listed,
    guests_of,
    helpers_of,
    photo_of,
    photos_of,
    seats_of,
)
from shouwang.apps.activities.selectors.homes import (
    HomeOut,
    activities_of_home,
    homes_long_unseen,
    homes_of_group,
    last_out_of_homes,
    standings_of,
)

__all__ = [
    "HomeOut",
    "Listed",
    "activities_between",
    "activities_of_home",
    "activities_with",
    "activity_for",
    "activity_to_hold",
    "activity_to_plan",
    "guest_to_mark",
    "guests_listed",
    "guests_of",
    "helpers_of",
    "homes_long_unseen",
    "homes_of_group",
    "last_out_of_homes",
    "may_hold",
    "photo_of",
    "photos_of",
    "seats_of",
    "series_for",
    "series_running",
    "standings_of",
]
