"""Writes: who looked, and the clock that runs once somebody has left."""

from __future__ import annotations

from shouwang.apps.privacy.services.accesses import Looked, access_note
from shouwang.apps.privacy.services.leavings import (
    leaving_begin,
    leaving_end,
    leaving_hold,
    leaving_let_go,
    leaving_put_off,
    leavings_forget_due,
    retention_set,
)

__all__ = [
    "Looked",
    "access_note",
    "leaving_begin",
    "leaving_end",
    "leaving_hold",
    "leaving_let_go",
    "leaving_put_off",
    "leavings_forget_due",
    "retention_set",
]
