"""What becomes of the rows of a sheet: new, changed, as before, or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
Column = TypeVar("Column", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Change(Generic[Column]):
    """One field that would change; ``old`` is empty for what is new."""

    column: Column
    old: str
    new: str


class Judged(Protocol):
    """A row of which it is known what it would do."""

    @property
    def outcome(self) -> str:
        """Return one of the four."""


def counts_of(rows: Iterable[Judged]) -> dict[str, int]:
    """Return how many rows have each outcome."""
    found = Counter(row.outcome for row in rows)
    return {name: found[name] for name in (NEW, CHANGED, UNCHANGED, REFUSED)}
