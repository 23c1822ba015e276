"""Text as people type it, made comparable."""

from __future__ import annotations

import re
import unicodedata

# What a spreadsheet takes for the beginning of a formula.
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－_～~", "-"))


def tidy(text: str) -> str:
    """Return ``text`` with full-width forms folded (NFKC) and spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def prose(text: str) -> str:
    """Return what somebody wrote with spaces collapsed; its signs stay as written."""
    return " ".join(text.split())


def one_dash(text: str) -> str:
    """Return ``text`` tidied, with every kind of dash a plain hyphen."""
    return tidy(text).translate(_DASHES)


def tidy_address(text: str) -> str:
    """Return an address like ``3－２－４０１`` as ``3-2-401``."""
    return one_dash(text).replace(" ", "")


def by_number(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Return the order in which people count: building 2 before 10, numbers first."""
    return tuple(
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.split(r"(\d+)", text)
        if part
    )


def harmless_cell(text: str) -> str:
    """Return ``text`` so that a spreadsheet that opens a CSV computes nothing of it."""
    return f"'{text}" if text.startswith(LIKE_A_FORMULA) else text
