"""The template of a roster, and what is stored written as a roster."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.apps.residents.roster.columns import HEADINGS, Column
from shouwang.apps.residents.roster.comparing import NOON
from shouwang.apps.residents.roster.stored import Known, Stored
from shouwang.apps.residents.selectors import terms_of
from shouwang.apps.residents.words import signal_words
from shouwang.common.text import harmless_cell
from shouwang.domain.schedule import Expectation

RISK_WORDS = {"high": "高", "key": "重点", "general": "一般"}
# Written as text down to here, so that a spreadsheet leaves 3-2 and phones alone.
TEXT_ROWS = 1000
WRITTEN = tuple(column for column in HEADINGS if column is not Column.ADDRESS)


def template() -> bytes:
    """Return an empty roster with headings, an example and how to fill it in."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "名册"
    _head(sheet)
    _format_as_text(sheet, TEXT_ROWS)
    guide = workbook.create_sheet("填写说明")
    guide.append(["列", "Column", _("Example")])
    for column in HEADINGS:
        heading = HEADINGS[column]
        guide.append([heading.zh[0], heading.en[0], heading.example])
    _widen(guide, 30)
    return _bytes(workbook)


def export_xlsx(known: Known) -> bytes:
    """Return everything stored as a roster that can be brought in again."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "名册"
    _head(sheet)
    rows = list(_rows(known))
    for row in rows:
        sheet.append(row)
    _format_as_text(sheet, len(rows) + 1)
    return _bytes(workbook)


def export_csv(known: Known) -> bytes:
    """Return everything stored as CSV, for a spreadsheet in any language."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([HEADINGS[column].zh[0] for column in WRITTEN])
    writer.writerows([harmless_cell(cell) for cell in row] for row in _rows(known))
    return out.getvalue().encode("utf-8-sig")


def _head(sheet: Worksheet) -> None:
    sheet.append([HEADINGS[column].zh[0] for column in WRITTEN])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="FBE3AE")
        cell.alignment = Alignment(vertical="center")
    sheet.freeze_panes = "A2"
    _widen(sheet, 14)


def _widen(sheet: Worksheet, width: int) -> None:
    for place in range(1, len(HEADINGS) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _format_as_text(sheet: Worksheet, rows: int) -> None:
    """Format cells as text; what looks like a formula is kept as what was typed."""
    for line in sheet.iter_rows(min_row=2, max_row=max(rows, 2), max_col=len(WRITTEN)):
        for cell in line:
            cell.number_format = "@"
            if isinstance(cell.value, str):
                cell.data_type = "s"


def _bytes(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _rows(known: Known) -> Iterable[list[str]]:
    names = {code: name for name, code in known.own_signals.items()}
    for stored in known.homes.values():
        yield [_cells(stored, names).get(column, "") for column in WRITTEN]


def _cells(stored: Stored, own_names: dict[str, str]) -> dict[Column, str]:
    home = stored.home
    cells = {
        Column.BUILDING: home.building.label,
        Column.UNIT: home.unit,
        Column.ROOM: home.address.split("-")[-1],
        Column.CALLED: home.shown_name,
        Column.RISK: RISK_WORDS[home.risk],
        Column.AT_THE_DOOR: home.at_the_door,
    }
    if stored.residents:
        first = stored.residents[0]
        cells[Column.NAME], cells[Column.PHONE] = first.name, first.phone
        cells[Column.BIRTH_YEAR] = str(first.birth_year or "")
    if stored.contacts:
        person = stored.contacts[0]
        cells[Column.CONTACT], cells[Column.RELATION] = person.name, person.relation
        cells[Column.CONTACT_PHONE] = person.phone
        cells[Column.KEY] = "是" if person.is_keyholder else "否"
    return cells | _agreement_cells(stored, own_names)


def _agreement_cells(stored: Stored, own_names: dict[str, str]) -> dict[Column, str]:
    agreement = next(iter(stored.agreements.values()), None)
    if agreement is None:
        return {}
    windows = terms_of(agreement).expectations
    consent = agreement.consent
    names = {**signal_words(), **own_names}
    return {
        Column.SIGNAL: names[agreement.signal],
        Column.MORNING: _span([row for row in windows if row.opens < NOON]),
        Column.EVENING: _span([row for row in windows if row.opens >= NOON]),
        Column.GRACE: str(int(windows[0].grace.total_seconds() // 60)),
        Column.AGREED_BY: consent.agreed_by,
        Column.AGREED_ON: f"{consent.agreed_on:%Y-%m-%d}",
        Column.PAPER: consent.paper,
    }


def _span(windows: Sequence[Expectation]) -> str:
    return next((f"{row.opens:%H:%M}-{row.due:%H:%M}" for row in windows), "")
