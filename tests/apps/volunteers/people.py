"""Volunteers of tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from tests.apps.building import DAWN, TODAY

from shouwang.apps.communities.models import Member
from shouwang.apps.volunteers.drafts import VolunteerDraft
from shouwang.apps.volunteers.models import Volunteer
from shouwang.apps.volunteers.services import volunteer_add


def draft(**known: Any) -> VolunteerDraft:
    """Return a draft of somebody who agreed today."""
    return VolunteerDraft(**{"consent_on": TODAY, **known})


def volunteer(
    by: Member, name: str = "林小雨", phone: str = "000-0000-0001", **known: Any
) -> Volunteer:
    """Write down a volunteer without a login."""
    return volunteer_add(by=by, name=name, phone=phone, draft=draft(**known), now=DAWN)


def sheet(
    *rows: Sequence[object], headings: str = "姓名 电话 队伍 特长 空闲时间"
) -> bytes:
    """Return an Excel file of volunteers."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.append(headings.split())
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def cells(content: bytes) -> list[list[Any]]:
    """Return the cells of the first sheet of a workbook."""
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]
