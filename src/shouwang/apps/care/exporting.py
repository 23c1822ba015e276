"""Needs as a spreadsheet, in which nothing can run."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _, pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import waiting_of
from shouwang.apps.care.showing import holder
from shouwang.apps.care.words import (
    due_sentence,
    kind_words_of,
    source_words,
    stage_words,
    urgency_words,
)
from shouwang.apps.communities.models import Community
from shouwang.common.clock import local
from shouwang.domain.needs import due_of

WIDTH = 18


def needs_xlsx(rows: Iterable[Need], *, community: Community, now: datetime) -> bytes:
    """Return needs, read by a selector, as an Excel file of text cells."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = _("Needs")
    headings = _headings()
    kinds = dict(kind_words_of(community))
    sheet.append(headings)
    for row in rows:
        sheet.append([_harmless(cell) for cell in _cells(row, kinds, now)])
    for line in sheet.iter_rows(min_row=2, max_col=len(headings)):
        for cell in line:
            # Text whatever it begins with: no formula, and 3-2 is no date.
            cell.number_format = "@"
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for place, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _headings() -> list[str]:
    return [
        _("Written down"),
        _("Home"),
        pgettext("of a home", "Name"),
        _("How urgent"),
        _("What kind"),
        _("In words"),
        _("How we know"),
        _("Who said so"),
        _("Stage"),
        _("In whose hands"),
        _("Wanted by"),
        _("What is next"),
        _("Closed"),
        _("Times not right"),
    ]


def _cells(need: Need, kinds: dict[str, str], now: datetime) -> list[str]:
    zone = need.community.zone

    def moment(at: datetime | None) -> str:
        return f"{local(at, zone):%Y-%m-%d %H:%M}" if at else ""

    due = due_of(waiting_of(need))
    return [
        moment(need.opened_at),
        need.home.address,
        need.home.shown_name,
        urgency_words()[need.urgency],
        kinds.get(need.kind, need.kind),
        need.words,
        source_words()[need.source],
        need.said_by,
        stage_words()[need.stage],
        holder(need),
        moment(need.wanted_by),
        due_sentence(due, now=now, zone=zone) if due else "",
        moment(need.closed_at),
        str(need.wrong_count),
    ]


def _harmless(cell: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", cell)
