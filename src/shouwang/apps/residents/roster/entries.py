"""One row of a roster as what it says; every cell that cannot be taken is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar

from django.utils.translation import gettext as _

from shouwang.apps.residents.addresses import AddressParts, address_of, parse_address
from shouwang.apps.residents.roster import cells
from shouwang.apps.residents.roster.cells import CellError, Text
from shouwang.apps.residents.roster.columns import HEADINGS, Column
from shouwang.apps.residents.roster.reading import FORMULA, Row, Table, Value

Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class CellNote:
    """What is to be said about one cell."""

    reference: str
    column: Column
    read: str
    words: str
    is_refusal: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a row says; ``None`` where its cell is empty, which changes nothing."""

    parts: AddressParts
    texts: Mapping[Column, str]
    birth_year: int | None = None
    risk: str | None = None
    has_key: bool | None = None
    signal: str | None = None
    morning: tuple[time, time] | None = None
    evening: tuple[time, time] | None = None
    grace_minutes: int | None = None
    agreed_on: date | None = None

    def text(self, column: Column) -> str:
        """Return a text cell, empty where it was."""
        return self.texts.get(column, "")


@dataclass(kw_only=True)
class RowReader:
    """Takes one row apart, gathering what is to be said about its cells."""

    table: Table
    row: Row
    own_signals: Mapping[str, str]
    notes: list[CellNote] = field(default_factory=list)

    def entry(self) -> Entry | None:
        """Return what the row says, or ``None`` when it cannot be taken."""
        parts = self._parts()
        entry = Entry(
            parts=parts or address_of("?", "", "?"),
            texts={column: self._text(column) for column in _TEXTS},
            birth_year=self._take(Column.BIRTH_YEAR, cells.birth_year_of),
            risk=self._take(Column.RISK, cells.risk_of),
            has_key=self._take(Column.KEY, cells.yes_or_no),
            signal=self._take(
                Column.SIGNAL, lambda value: cells.signal_of(value, self.own_signals)
            ),
            morning=self._take(Column.MORNING, cells.window_of),
            evening=self._take(Column.EVENING, cells.window_of),
            grace_minutes=self._take(Column.GRACE, cells.grace_of),
            agreed_on=self._take(Column.AGREED_ON, cells.date_of),
        )
        return None if parts is None or self.is_refused else entry

    @property
    def is_refused(self) -> bool:
        """Return whether some cell cannot be taken."""
        return any(note.is_refusal for note in self.notes)

    def refuse(self, column: Column, words: str) -> None:
        """Note that a cell cannot be taken, and why."""
        self._note(column, words, is_refusal=True)

    def mention(self, column: Column, words: str) -> None:
        """Note something about a cell that is taken."""
        self._note(column, words, is_refusal=False)

    def _note(self, column: Column, words: str, *, is_refusal: bool) -> None:
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

    def _take(self, column: Column, make: Callable[[Value], Made]) -> Made | None:
        value = self.row.cells.get(column)
        if value is None:
            return None
        try:
            return make(value)
        except CellError as error:
            self.refuse(column, str(error))
            return None

    def _text(
        self, column: Column, make: Callable[[Value], Text] = cells.text_of
    ) -> str:
        found = self._take(column, make)
        if found is None:
            return ""
        length = HEADINGS[column].length
        if len(found.text) > length:
            words = _("Longer than %(length)s characters.") % {"length": length}
            self.refuse(column, words)
        if found.note:
            self.mention(column, found.note)
        return found.text

    def _parts(self) -> AddressParts | None:
        if Column.BUILDING in self.row.cells or Column.ROOM in self.row.cells:
            return self._parts_of_fields()
        text = self._text(Column.ADDRESS, cells.address_text)
        if self.is_refused:
            return None
        parts = parse_address(text)
        if parts is None:
            self.refuse(
                Column.ADDRESS,
                _("Write the address as building-unit-room, for example 3-2-401."),
            )
        return parts

    def _parts_of_fields(self) -> AddressParts | None:
        building = self._text(Column.BUILDING, cells.place_of)
        unit = self._text(Column.UNIT, cells.place_of)
        room = self._text(Column.ROOM, cells.place_of)
        for column, text in ((Column.BUILDING, building), (Column.ROOM, room)):
            if not text and not self.is_refused:
                self.refuse(column, _("Building and room are needed."))
        if self.is_refused:
            return None
        parts = parse_address("-".join(part for part in (building, unit, room) if part))
        if parts is None:
            self.refuse(
                Column.ROOM,
                _("Building, unit and room make no address such as 3-2-401."),
            )
        return parts


_TEXTS = (
    Column.NAME,
    Column.CALLED,
    Column.PHONE,
    Column.CONTACT,
    Column.RELATION,
    Column.CONTACT_PHONE,
    Column.AGREED_BY,
    Column.PAPER,
    Column.AT_THE_DOOR,
)


def _is_plain(value: Value) -> bool:
    return value is not FORMULA
