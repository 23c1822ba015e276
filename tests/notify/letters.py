"""Messages, and how tests call a provider on this machine."""

from __future__ import annotations

from functools import partial
from typing import Any

from shouwang.notify import outgoing
from shouwang.notify.message import Message

# As the program posts, but to this machine; and without patience.
post_here = partial(outgoing.post, may_be_inside=True)
post_in_haste = partial(post_here, answer_seconds=0.3)


def a_message(text: str = "6号楼302：窗帘没有拉开", **given: Any) -> Message:
    return Message(**({"key": "alert-7/1", "to_name": "值班员", "text": text} | given))


def base_of(url: str) -> str:
    return url.removesuffix("/hook")
