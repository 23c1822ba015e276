"""The word without which some robots take no message."""

from __future__ import annotations

import re

from shouwang.notify.text import json_size

KEYWORD = re.compile(r"[^\r\n]{1,50}")


def with_keyword(text: str, keyword: str) -> str:
    """Return ``text`` with the keyword in it, before it where it lacks it."""
    return text if keyword in text else f"{keyword} {text}"


def keyword_size(keyword: str) -> int:
    """Return the bytes a keyword adds inside JSON, at most."""
    return json_size(f"{keyword} ")
