"""The cells of one row, taken one by one; what is to be said about each is gathered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from shouwang.apps.residents.roster import cells
from shouwang.apps.residents.roster.cells import CellError, Text
from shouwang.apps.residents.roster.reading import FORMULA, Row, Table, Value

Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class CellNote:
    """What is to be said about one cell."""

    reference: str
    column: str
    read: str
    words: str
    is_refusal: bool


@dataclass(kw_only=True)
class CellReader:
    """Takes the cells of one row, gathering what is to be said about them."""

    table: Table
    row: Row
    notes: list[CellNote] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Return whether some cell cannot be taken."""
        return any(note.is_refusal for note in self.notes)

    def refuse(self, column: str, words: str) -> None:
        """Note that a cell cannot be taken, and why."""
        self._note(column, words, is_refusal=True)

    def mention(self, column: str, words: str) -> None:
        """Note something about a cell that is taken."""
        self._note(column, words, is_refusal=False)

    def _note(self, column: str, words: str, *, is_refusal: bool) -> None:
        value = self.row.cells.get(column)
        read = "=…" if value is not None and not _is_plain(value) else str(value or "")
        self.notes.append(
            CellNote(
                reference=self.table.reference(self.row, column),
                column=column,
                read=read,
                words=words,
                is_refusal=is_refusal,
            )
        )

    def take(self, column: str, make: Callable[[Value], Made]) -> Made | None:
        """Return what ``make`` makes of a cell, ``None`` where it is empty or refused."""
        value = self.row.cells.get(column)
        if value is None:
            return None
        try:
            return make(value)
        except CellError as error:
            self.refuse(column, str(error))
            return None

    def text(
        self,
        column: str,
        length: int,
        make: Callable[[Value], Text] = cells.text_of,
    ) -> str:
        """Return a cell as text of at most ``length`` characters, empty where it is."""
        found = self.take(column, make)
        if found is None:
            return ""
        if len(found.text) > length:
            words = _("Longer than %(length)s characters.") % {"length": length}
            self.refuse(column, words)
        if found.note:
            self.mention(column, found.note)
        return found.text


def _is_plain(value: Value) -> bool:
    return value is not FORMULA
