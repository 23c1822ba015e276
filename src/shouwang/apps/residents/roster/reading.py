"""A sheet as people send it, read into rows of cells; nothing in it is trusted.

Which headings it may have is said by a ``SheetForm``: a roster of homes, or another
list of people.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.apps.residents.roster.columns import HEADINGS, Column, column_of
from shouwang.common.errors import RefusedError
from shouwang.common.text import LIKE_A_FORMULA, tidy

BYTES_MOST = 10 * 1024 * 1024
UNPACKED_MOST = 60 * 1024 * 1024
ROWS_MOST = 5_000
# Beyond this a sheet holds more empty rows than a person would scroll past.
LINES_MOST = 4 * ROWS_MOST
COLUMNS_MOST = 100
HEADER_WITHIN = 10
# A cell that begins so is taken for a formula by a spreadsheet that opens a CSV.
ENCODINGS = ("utf-8-sig", "gb18030")


class Formula:
    """Stands where a cell holds a formula, whose result is never trusted."""


FORMULA: Final = Formula()
Value = Any  # text, number, date, time, FORMULA or None
Grid = list[list[Value]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line below the headings; ``cells`` holds what is not empty."""

    number: int
    cells: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class SheetForm:
    """Which headings a sheet may have.

    ``column_of`` returns the column a heading names, given what is merged above it;
    ``is_header`` whether columns found in one line are those of such a sheet;
    ``wanted`` the words that say what was looked for.
    """

    column_of: Callable[[str, str], str | None]
    is_header: Callable[[Collection[str]], bool]
    wanted: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet: its name, where each column stands, and its rows."""

    sheet: str
    places: Mapping[str, int]
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]

    def reference(self, row: Row, column: str) -> str:
        """Return a cell as the spreadsheet calls it, such as ``C7``."""
        place = self.places.get(column, 0)
        return f"{get_column_letter(place + 1)}{row.number}"


def read_table(content: bytes, filename: str, form: SheetForm | None = None) -> Table:
    """Read an Excel or CSV file, as a roster of homes unless ``form`` says otherwise.

    Raises
    ------
    RefusedError
        ``roster_too_large``, ``roster_unreadable``, ``roster_too_many_rows`` or
        ``roster_no_header``.
    """
    if len(content) > BYTES_MOST:
        raise RefusedError("roster_too_large", _("The file is larger than 10 MB."))
    suffix = PurePath(filename).suffix.lower()
    if suffix == ".csv":
        return _table([("CSV", _csv_grid(content))], form or ROSTER)
    if suffix in {".xlsx", ".xlsm"}:
        return _table(_sheets(content), form or ROSTER)
    if suffix in {".xls", ".et", ".ods", ".numbers"}:
        raise _unreadable(
            _("This kind of file is not read. Save it as .xlsx or .csv and try again.")
        )
    raise _unreadable(_("A roster is an Excel file (.xlsx) or a CSV file (.csv)."))


def _unreadable(words: str) -> RefusedError:
    return RefusedError("roster_unreadable", words)


def _too_many() -> RefusedError:
    return RefusedError(
        "roster_too_many_rows",
        _(
            "The sheet has more than %(most)s rows. Divide it, or delete the empty "
            "rows below the last home."
        )
        % {"most": ROWS_MOST},
    )


# --- CSV ---------------------------------------------------------------------------


def _csv_grid(content: bytes) -> Grid:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    grid: Grid = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(grid) > LINES_MOST:
                raise _too_many()
            grid.append([_csv_value(cell) for cell in line[:COLUMNS_MOST]])
    except csv.Error as error:
        raise _unreadable(_("The CSV file is damaged; nothing was read.")) from error
    return grid


def _decoded(content: bytes) -> str:
    encodings: tuple[str, ...] = ENCODINGS
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(_("The letters of this file cannot be read; save it as UTF-8."))


def _csv_value(cell: str) -> Value:
    # An export of ours marks text that only looks like a formula with an apostrophe.
    if cell.startswith("'") and cell[1:].startswith(LIKE_A_FORMULA):
        return cell[1:]
    return FORMULA if cell.lstrip().startswith("=") else cell


# --- Excel -------------------------------------------------------------------------


def _sheets(content: bytes) -> Iterator[tuple[str, Grid]]:
    _require_honest_zip(content)
    _require_few_rows(content)
    workbook = _opened(content, read_only=False)
    for sheet in workbook.worksheets:
        yield sheet.title, _grid(sheet)


def _require_honest_zip(content: bytes) -> None:
    """Refuse what is no workbook, and what would unpack into far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _unreadable(
            _("This is not an Excel file (.xlsx), or it has a password.")
        ) from error
    if "xl/workbook.xml" not in names:
        raise _unreadable(_("This is not an Excel file (.xlsx), or it has a password."))
    if size > UNPACKED_MOST:
        raise RefusedError(
            "roster_too_large",
            _("The file unpacks into more than 60 MB; it was not opened."),
        )


def _opened(content: bytes, *, read_only: bool) -> Any:
    try:
        return load_workbook(io.BytesIO(content), read_only=read_only)
    except Exception as error:  # whatever a broken workbook makes the reader raise
        raise _unreadable(
            _("This Excel file is damaged; open and save it again, then try again.")
        ) from error


def _require_few_rows(content: bytes) -> None:
    """Look through the rows one by one, so that a huge sheet is never held whole."""
    workbook = _opened(content, read_only=True)
    try:
        for sheet in workbook.worksheets:
            filled = 0
            for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                filled += any(value is not None for value in values)
                if filled > ROWS_MOST + HEADER_WITHIN or line > LINES_MOST:
                    raise _too_many()
    finally:
        workbook.close()


def _grid(sheet: Worksheet) -> Grid:
    """Return the cells of a sheet; a merged value stands in each cell it covers."""
    grid: Grid = [
        [FORMULA if cell.data_type == "f" else cell.value for cell in row]
        for row in sheet.iter_rows(max_col=min(sheet.max_column, COLUMNS_MOST))
    ]
    for merged in sheet.merged_cells.ranges:
        rows = range(merged.min_row - 1, min(merged.max_row, len(grid)))
        columns = range(merged.min_col - 1, min(merged.max_col, COLUMNS_MOST))
        for row in rows:
            for column in columns:
                grid[row][column] = grid[rows[0]][columns[0]]
    return grid


# --- headings and rows -------------------------------------------------------------


def _table(sheets: Any, form: SheetForm) -> Table:
    titles = []
    for title, grid in sheets:
        titles.append(title)
        found = _header(grid, form)
        if found is not None:
            return _read(title, grid, *found)
    raise RefusedError(
        "roster_no_header",
        _(
            "No sheet has the headings that are needed (%(wanted)s). Looked at: "
            "%(sheets)s. The template shows how."
        )
        % {"wanted": form.wanted(), "sheets": ", ".join(titles)},
    )


def _header(grid: Grid, form: SheetForm) -> tuple[int, dict[str, int]] | None:
    """Return the line of the headings and where each column stands."""
    best: tuple[int, dict[str, int]] | None = None
    for line in range(min(HEADER_WITHIN, len(grid))):
        places = _places(grid, line, form)
        fits = form.is_header(places.keys())
        if fits and (best is None or len(places) > len(best[1])):
            best = line, places
    return best


def _has_address(columns: Collection[str]) -> bool:
    return Column.ADDRESS in columns or {Column.BUILDING, Column.ROOM} <= set(columns)


def _address_wanted() -> str:
    names = [
        HEADINGS[column].zh[0]
        for column in (Column.BUILDING, Column.ROOM, Column.ADDRESS)
    ]
    return _("%(building)s %(room)s, or %(address)s") % dict(
        zip(("building", "room", "address"), names, strict=True)
    )


ROSTER = SheetForm(
    column_of=lambda heading, above: column_of(heading, above=above),
    is_header=_has_address,
    wanted=_address_wanted,
)


def _places(grid: Grid, line: int, form: SheetForm) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, value in enumerate(grid[line]):
        column = form.column_of(_words(value), _above(grid, line, place))
        if column is not None:
            places.setdefault(column, place)
    return places


def _above(grid: Grid, line: int, place: int) -> str:
    if line == 0 or place >= len(grid[line - 1]):
        return ""
    above = _words(grid[line - 1][place])
    return "" if above == _words(grid[line][place]) else above


def _words(value: Value) -> str:
    return tidy(value) if isinstance(value, str) else ""


def _read(title: str, grid: Grid, line: int, places: dict[str, int]) -> Table:
    known = set(places.values())
    ignored = tuple(
        _words(value)
        for place, value in enumerate(grid[line])
        if place not in known and _words(value)
    )
    rows = [
        Row(number=number, cells=_cells(values, places))
        for number, values in enumerate(grid[line + 1 :], start=line + 2)
    ]
    filled = tuple(row for row in rows if row.cells)
    if len(filled) > ROWS_MOST:
        raise _too_many()
    return Table(sheet=title, places=places, ignored=ignored, rows=filled)


def _cells(values: Sequence[Value], places: Mapping[str, int]) -> dict[str, Value]:
    return {
        column: values[place]
        for column, place in places.items()
        if place < len(values) and not _is_blank(values[place])
    }


def _is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not tidy(value))
