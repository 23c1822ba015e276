"""Text as people type it, made comparable."""

from __future__ import annotations

import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－_～~", "-"))


def tidy(text: str) -> str:
    """Return ``text`` with full-width forms folded (NFKC) and spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def tidy_address(text: str) -> str:
    """Return an address like ``3－２－４０１`` as ``3-2-401``."""
    return tidy(text).translate(_DASHES).replace(" ", "")
