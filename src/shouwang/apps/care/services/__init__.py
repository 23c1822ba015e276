"""Writes about needs: written down, moved on, and a community's own kinds."""

from __future__ import annotations

from shouwang.apps.care.services.kinds import (
    need_kind_add,
    need_kind_change,
    need_kind_end,
)
from shouwang.apps.care.services.moving import MoveIn, need_move
from shouwang.apps.care.services.offering import need_offer_to
from shouwang.apps.care.services.opening import (
    NeedDraft,
    need_change,
    need_open,
)

__all__ = [
    "MoveIn",
    "NeedDraft",
    "need_change",
    "need_kind_add",
    "need_kind_change",
    "need_kind_end",
    "need_move",
    "need_offer_to",
    "need_open",
]
