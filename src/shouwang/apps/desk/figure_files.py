"""The figures as files: CSV for one table, Excel for all of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.apps.desk.figure_tables import Table
from shouwang.common.text import harmless_cell

Value = float | int | str | None
# Excel takes no longer name of a sheet, and none of these in it.
SHEET_NAME_MOST = 31
NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
COLUMN_WIDTH = 18


def table_csv(table: Table) -> bytes:
    """Return a table as CSV with a byte order mark, as spreadsheets want it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(harmless_cell, _headings(table)))
    for row in _values(table):
        writer.writerow(
            harmless_cell(cell) if isinstance(cell, str) else cell for cell in row
        )
    return out.getvalue().encode("utf-8-sig")


def tables_xlsx(tables: Sequence[Table]) -> bytes:
    """Return an Excel file with a sheet for each table; at least one is needed."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for table in tables:
        title = table.title.translate(NOT_IN_A_SHEET_NAME)[:SHEET_NAME_MOST]
        _fill(workbook.create_sheet(title), table)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, table: Table) -> None:
    lines: list[Sequence[Value]] = [_headings(table), *_values(table)]
    for line, row in enumerate(lines, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(line, place, value)
            if isinstance(value, str):
                # Whatever it looks like, it is text and never a formula.
                cell.data_type = "s"
    for heading in sheet[1]:
        heading.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for place in range(1, len(table.headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = COLUMN_WIDTH


def _headings(table: Table) -> list[str]:
    return [
        f"{words} ({unit})" if unit else words
        for words, unit in zip(table.headings, table.units, strict=True)
    ]


def _values(table: Table) -> Iterable[list[Value]]:
    return ([cell.value for cell in row] for row in table.rows)
