"""A message as alerts write it, and what a log kept of its sending."""

from __future__ import annotations

from typing import Any

from shouwang.notify.message import Message

LINK = "https://watch.example/t/abc?x=1"
PHONE = "13900000001"


def message(**given: Any) -> Message:
    values = {"place": "3-2-401", "words": "窗帘未拉开", "asked": "请去看看"}
    parts = {
        name: given.pop(name)
        for name in ("place", "words", "asked", "nothing")
        if name in given
    }
    whole: dict[str, Any] = {
        "key": "alert-7-step-2",
        "to_name": "小林",
        "title": "窗帘未拉开",
        "text": "3-2-401 窗帘未拉开，请去看看",
        "link": LINK,
        "address": PHONE,
        "values": {**values, **parts},
    }
    return Message(**{**whole, **given})
