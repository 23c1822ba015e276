"""One row of a roster as what it says; every cell that cannot be taken is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import gettext as _

from shouwang.apps.residents.addresses import AddressParts, address_of, parse_address
from shouwang.apps.residents.roster import cells
from shouwang.apps.residents.roster.cells import Text
from shouwang.apps.residents.roster.columns import HEADINGS, Column
from shouwang.apps.residents.roster.reading import Value
from shouwang.apps.residents.roster.taking import CellReader


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
class RowReader(CellReader):
    """Takes one row apart, gathering what is to be said about its cells."""

    own_signals: Mapping[str, str]

    def entry(self) -> Entry | None:
        """Return what the row says, or ``None`` when it cannot be taken."""
        parts = self._parts()
        entry = Entry(
            parts=parts or address_of("?", "", "?"),
            texts={column: self._words(column) for column in _TEXTS},
            birth_year=self.take(Column.BIRTH_YEAR, cells.birth_year_of),
            risk=self.take(Column.RISK, cells.risk_of),
            has_key=self.take(Column.KEY, cells.yes_or_no),
            signal=self.take(
                Column.SIGNAL, lambda value: cells.signal_of(value, self.own_signals)
            ),
            morning=self.take(Column.MORNING, cells.window_of),
            evening=self.take(Column.EVENING, cells.window_of),
            grace_minutes=self.take(Column.GRACE, cells.grace_of),
            agreed_on=self.take(Column.AGREED_ON, cells.date_of),
        )
        return None if parts is None or self.is_refused else entry

    def _words(
        self, column: Column, make: Callable[[Value], Text] = cells.text_of
    ) -> str:
        return self.text(column, HEADINGS[column].length, make)

    def _parts(self) -> AddressParts | None:
        if Column.BUILDING in self.row.cells or Column.ROOM in self.row.cells:
            return self._parts_of_fields()
        text = self._words(Column.ADDRESS, cells.address_text)
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
        building = self._words(Column.BUILDING, cells.place_of)
        unit = self._words(Column.UNIT, cells.place_of)
        room = self._words(Column.ROOM, cells.place_of)
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
