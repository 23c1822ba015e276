"""Writes for families: who is told, what is said to them, and what they say."""

from __future__ import annotations

from shouwang.apps.family.services.acting import (
    AbsenceIn,
    VouchIn,
    absence_announce,
    absence_end,
    vouch,
    vouch_take_back,
)
from shouwang.apps.family.services.choosing import (
    TellingDraft,
    link_end,
    link_make,
    telling_choose,
)
from shouwang.apps.family.services.saying import families_tell_due

__all__ = [
    "AbsenceIn",
    "TellingDraft",
    "VouchIn",
    "absence_announce",
    "absence_end",
    "families_tell_due",
    "link_end",
    "link_make",
    "telling_choose",
    "vouch",
    "vouch_take_back",
]
