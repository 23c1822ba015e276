"""Rosters for tests, as people make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

HEAD = ("楼栋", "单元", "房号", "姓名", "暗号", "同意人", "同意日期", "协议编号")
WANG = ("3", "2", "401", "王桂兰", "窗帘", "王桂兰", "2026-03-01", "协议 0001")


def xlsx(
    *rows: Sequence[Any],
    head: Sequence[Any] = HEAD,
    change: Callable[[Any], object] = id,
) -> bytes:
    """Return a workbook; ``change`` may spoil its sheet."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
