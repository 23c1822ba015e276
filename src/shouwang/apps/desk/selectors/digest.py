"""The group report of now, read from the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shouwang.apps.desk.selectors.board import Board, HomeToday
from shouwang.domain.digest import Digest, HomeLine, digest_of


@dataclass(frozen=True, kw_only=True)
class DigestToday:
    """The report, and each home it speaks of by its key."""

    digest: Digest
    homes: Mapping[int, HomeToday]


def digest_today(board: Board) -> DigestToday:
    """Return the group report of a board; homes in the order of the buildings."""
    ordered = [row for rows in board.by_building().values() for row in rows]
    return DigestToday(
        digest=digest_of(
            [
                HomeLine(key=row.home.pk, status=row.shown, is_visited=_is_visited(row))
                for row in ordered
            ]
        ),
        homes={row.home.pk: row for row in ordered},
    )


def _is_visited(row: HomeToday) -> bool:
    if row.alert is None:
        return False
    # Those that run; the board reads no others.
    return bool(row.alert.commitments.all())
