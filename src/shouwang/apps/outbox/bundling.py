"""Many messages through a narrow channel: what is told together (pure)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

One = TypeVar("One")


def bundled(
    rows: Sequence[One],
    *,
    room: int | None,
    same: Callable[[One], Hashable],
    alike: Callable[[One], Hashable],
    akin: Callable[[One], Hashable],
) -> tuple[list[list[One]], list[One]]:
    """Return what goes now, each list as one message, and what has to wait.

    ``rows`` stand in order of urgency; ``room`` is how many messages the channel still
    takes, ``None`` without end. Rows that are the ``same`` are always one message: one
    thing told to several people of a group. While there is room for each, nothing else
    is bundled. When there is not, those ``alike`` (one building, one question) go
    together, each where its most urgent stands; and when even those are too many, the
    last place carries all that are ``akin`` to the first of the rest, so that nobody
    waits who could be told in one breath.
    """
    each = _joined([[row] for row in rows], same)
    if room is None or len(each) <= room:
        return each, []
    if room <= 0:
        return [], list(rows)
    together = _joined(each, alike)
    if len(together) <= room:
        return together, []
    kept, rest = together[: room - 1], together[room - 1 :]
    last, *later = _joined(rest, akin)
    return [*kept, last], [row for rows_ in later for row in rows_]


def _joined(
    groups: Sequence[Sequence[One]], by: Callable[[One], Hashable]
) -> list[list[One]]:
    found: dict[Hashable, list[One]] = {}
    for group in groups:
        found.setdefault(by(group[0]), []).extend(group)
    return list(found.values())
