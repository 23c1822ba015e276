"""Writes of the watch: making checks, deciding them, and the one door of sightings."""

from __future__ import annotations

from shouwang.apps.watch.services.deciding import (
    Changed,
    checks_decide_due,
    home_recompute,
)
from shouwang.apps.watch.services.making import checks_make, checks_make_ahead
from shouwang.apps.watch.services.marking import windows_mark
from shouwang.apps.watch.services.photos import PhotoIn, jpeg_of, photo_store
from shouwang.apps.watch.services.recording import (
    ContactIn,
    ItemAnswer,
    SightingIn,
    absence_declare,
    absence_end,
    absence_withdraw,
    contact_record,
    help_answer,
    sightings_record,
)

__all__ = [
    "Changed",
    "ContactIn",
    "ItemAnswer",
    "PhotoIn",
    "SightingIn",
    "absence_declare",
    "absence_end",
    "absence_withdraw",
    "checks_decide_due",
    "checks_make",
    "checks_make_ahead",
    "contact_record",
    "help_answer",
    "home_recompute",
    "jpeg_of",
    "photo_store",
    "sightings_record",
    "windows_mark",
]
