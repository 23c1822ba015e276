"""The next festival on which nobody should be alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class Festival:
    """A festival and its date; ``key`` names it in ``words``."""

    key: str
    on: date


@cache
def festivals() -> tuple[Festival, ...]:
    """Return the festivals of the coming years by date."""
    packed = resources.files("shouwang.apps.visits").joinpath("data/festivals.json")
    rows = json.loads(packed.read_text(encoding="utf-8"))["festivals"]
    return tuple(
        Festival(key=row["festival"], on=date.fromisoformat(row["on"])) for row in rows
    )


def next_festival(*, today: date) -> Festival | None:
    """Return the first festival after ``today``; ``None`` where the table has ended."""
    return next((row for row in festivals() if row.on > today), None)
