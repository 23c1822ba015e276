"""Group reports that named her lose the line; their counts stay."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.privacy.models import Leaving
from shouwang.apps.reports.models import Digest

GONE = "· …"


def digests_forget(*, leaving: Leaving, now: datetime) -> None:
    """Take a home's line out of every report, and the pictures that may show it."""
    if leaving.resident_id is not None:
        return
    address = leaving.home.address
    rows = Digest.objects.of(leaving.community_id).filter(text__contains=address)
    for row in rows:
        if not any(_is_of(line, address) for line in row.text.splitlines()):
            continue
        row.text = "\n".join(
            GONE if _is_of(line, address) else line for line in row.text.splitlines()
        )
        row.drawing, row.drawn_at = "", row.drawn_at or now
        if row.picture.name:
            row.picture.storage.delete(row.picture.name)
            row.picture = ""
        row.save(update_fields=["text", "drawing", "drawn_at", "picture"])


def _is_of(line: str, address: str) -> bool:
    return line.startswith(f"· {address} ") or line == f"· {address}"
