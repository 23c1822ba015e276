"""The template of a sheet of volunteers, who is here as such a sheet, and hours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _, pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.apps.volunteers.drafts import draft_of
from shouwang.apps.volunteers.models import HoursRow, Volunteer
from shouwang.apps.volunteers.selectors.hours import hours_sum, team_name
from shouwang.apps.volunteers.sheets.columns import HEADINGS, Column
from shouwang.apps.volunteers.sheets.comparing import draft_texts
from shouwang.apps.volunteers.sheets.known import Known
from shouwang.apps.volunteers.stored import is_here
from shouwang.domain.volunteers import Training, hours_in

# Written as text down to here, so that a spreadsheet leaves 3-2 and phones alone.
TEXT_ROWS = 1000
HOURS_FORMAT = "0.00"


def template() -> bytes:
    """Return an empty sheet with headings, an example and how to fill it in."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "志愿者"
    _head(sheet, [heading.zh[0] for heading in HEADINGS.values()])
    _as_text(sheet, range(2, TEXT_ROWS + 1), len(HEADINGS))
    guide = workbook.create_sheet("填写说明")
    guide.append(["列", "Column", _("Example")])
    for heading in HEADINGS.values():
        guide.append([heading.zh[0], heading.en[0], heading.example])
    _as_text(guide, range(2, len(HEADINGS) + 2), 3)
    _widen(guide, 3, 30)
    return _bytes(workbook)


def volunteers_xlsx(known: Known) -> bytes:
    """Return who has not left, as a sheet that can be brought in again."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "志愿者"
    _head(sheet, [heading.zh[0] for heading in HEADINGS.values()])
    rows = [row for row in known.volunteers.values() if is_here(row, known.today)]
    for row in sorted(rows, key=lambda row: row.member.display_name):
        cells = _cells(row, known)
        sheet.append([_harmless(cells.get(column, "")) for column in HEADINGS])
    _as_text(sheet, range(2, len(rows) + 2), len(HEADINGS))
    return _bytes(workbook)


def _cells(row: Volunteer, known: Known) -> dict[Column, str]:
    cells = {Column.NAME: row.member.display_name, Column.PHONE: row.member.phone}
    for one in row.trainings.all():
        if one.withdrawn_at is not None:
            continue
        if one.what == Training.CONFIDENTIALITY:
            cells[Column.CONFIDENTIALITY] = f"{one.on}"
        elif one.what == Training.FIRST_AID:
            cells[Column.FIRST_AID] = f"{one.on}"
            cells[Column.FIRST_AID_UNTIL] = f"{one.valid_until or ''}"
    return cells | draft_texts(draft_of(row), known)


def hours_xlsx(rows: Sequence[HoursRow], *, month: date) -> bytes:
    """Return hours, read by a selector, a line each, and their sum at the end.

    Lengths are numbers of hours with two decimals; everything else is text.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = f"{month:%Y-%m}"
    headings = _hours_headings()
    _head(sheet, headings)
    for row in rows:
        sheet.append([*map(_harmless, _hours_texts(row)), float(hours_in(row.minutes))])
    _as_text(sheet, range(2, len(rows) + 2), len(headings) - 1)
    total = [""] * (len(headings) - 2)
    sheet.append([*total, _("Together"), float(hours_sum(rows))])
    for line in sheet.iter_rows(min_row=2, min_col=len(headings)):
        line[0].number_format = HOURS_FORMAT
    for cell in sheet[len(rows) + 2]:
        cell.font = Font(bold=True)
    return _bytes(workbook)


def _hours_headings() -> list[str]:
    return [
        pgettext("of a person", "Name"),
        _("Phone"),
        _("Team"),
        _("Day"),
        _("Began at"),
        _("What was done"),
        _("Hours"),
    ]


def _hours_texts(row: HoursRow) -> list[str]:
    return [
        row.member.display_name,
        row.member.phone,
        team_name(row.member),
        f"{row.on:%Y-%m-%d}",
        f"{row.from_time:%H:%M}" if row.from_time else "",
        row.what,
    ]


def _head(sheet: Worksheet, headings: Sequence[str]) -> None:
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="FBE3AE")
    sheet.freeze_panes = "A2"
    _widen(sheet, len(headings), 16)


def _widen(sheet: Worksheet, count: int, width: int) -> None:
    for place in range(1, count + 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _as_text(sheet: Worksheet, lines: Iterable[int], columns: int) -> None:
    """Keep cells as text whatever they begin with: no formula, and 3-2 is no date."""
    for line in lines:
        for place in range(1, columns + 1):
            cell = sheet.cell(line, place)
            cell.number_format = "@"
            if isinstance(cell.value, str):
                cell.data_type = "s"


def _harmless(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _bytes(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
