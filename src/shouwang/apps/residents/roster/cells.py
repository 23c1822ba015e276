"""What people type into the cells of a roster, and what spreadsheets make of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from shouwang.apps.residents.models import RiskLevel
from shouwang.apps.residents.roster.reading import Formula, Value
from shouwang.common.text import tidy, tidy_address


class CellError(Exception):
    """A cell that cannot be taken; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A cell as text; ``note`` says what was mended, for people to check."""

    text: str
    note: str = ""


RISKS: Mapping[str, RiskLevel] = {
    **dict.fromkeys(("高", "高风险", "high", "high risk"), RiskLevel.HIGH),
    **dict.fromkeys(("重点", "重点关注", "key", "key care"), RiskLevel.KEY),
    **dict.fromkeys(("一般", "普通", "低", "general", "normal"), RiskLevel.GENERAL),
}
YES = frozenset({"是", "有", "y", "yes", "true", "√", "✓", "1"})
NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "-"})
SIGNALS: Mapping[str, str] = {
    **dict.fromkeys(("窗帘", "curtain"), "curtain"),
    **dict.fromkeys(("灯", "灯光", "电灯", "light", "lamp"), "light"),
    **dict.fromkeys(
        (
            "窗口牌",
            "窗牌",
            "笑脸牌",
            "双面牌",
            "牌",
            "笑脸",
            "board",
            "board in the window",
        ),
        "board",
    ),
    **dict.fromkeys(("门口信物", "信物", "token", "token at the door"), "token"),
    **dict.fromkeys(("联系", "contact"), "contact"),
    **dict.fromkeys(("传感器", "sensor"), "sensor"),
}
_TIME = r"(\d{1,2})(?:[:：点时](\d{1,2}|半)?分?)?"
_WINDOW = re.compile(rf"^{_TIME}(?:-|到|至){_TIME}$")
_DATE = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YEAR = re.compile(r"^((?:18|19|20)\d{2})(?:\D.*)?$")


def text_of(value: Value) -> Text:
    """Return a cell as plain text: numbers without ``.0``, full-width letters folded."""
    if isinstance(value, Formula):
        raise CellError(_("This is a formula. Copy the column and paste it as values."))
    if isinstance(value, bool):
        return Text(text="1" if value else "0")
    if isinstance(value, float) and value.is_integer():
        return Text(text=str(int(value)))
    if isinstance(value, datetime):
        return Text(text=f"{value:%Y-%m-%d}")
    return Text(text=tidy(str(value)))


def place_of(value: Value) -> Text:
    """Return a building, unit or room; 3-2 that became a date is 3-2 again."""
    if isinstance(value, datetime | date):
        words = _("Excel had made a date of it; read as %(text)s.")
        text = f"{value.month}-{value.day}"
        return Text(text=text, note=words % {"text": text})
    return text_of(value)


def address_text(value: Value) -> Text:
    """Return a whole address; one that became a date cannot be told from another."""
    if isinstance(value, datetime | date):
        raise CellError(
            _(
                "Excel made a date of this address. Format the column as text and retype."
            )
        )
    return text_of(value)


def birth_year_of(value: Value) -> int:
    """Return a year of birth from a year or from a whole date."""
    if isinstance(value, datetime | date):
        return value.year
    found = _YEAR.match(text_of(value).text)
    if found is None:
        raise CellError(_("This is not a year of birth, for example 1943."))
    return int(found[1])


def risk_of(value: Value) -> str:
    """Return one of ``RiskLevel``."""
    risk = RISKS.get(text_of(value).text.lower())
    if risk is None:
        raise CellError(_("Risk is 高 (high), 重点 (key) or 一般 (general)."))
    return risk.value


def yes_or_no(value: Value) -> bool:
    """Return whether somebody wrote yes."""
    text = text_of(value).text.lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellError(_("Write 是 (yes) or 否 (no)."))


def grace_of(value: Value) -> int:
    """Return whole minutes, at most 600."""
    text = text_of(value).text.removesuffix("分钟").removesuffix("min").strip()
    if not text.isdecimal() or int(text) > 600:
        raise CellError(_("Grace is a number of minutes, at most 600."))
    return int(text)


def date_of(value: Value) -> date:
    """Return a day, written in one of the usual ways."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = tidy_address(text_of(value).text)
    found = _DATE.match(text) or _COMPACT_DATE.match(text)
    try:
        return date(*map(int, found.groups())) if found else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> date:
    raise CellError(_("This is not a day, for example 2026-03-02."))


def window_of(value: Value) -> tuple[time, time]:
    """Return from when to when, from ``07:00-09:00``, ``7点到9点半`` and the like."""
    found = _WINDOW.match(tidy_address(text_of(value).text))
    if found is None:
        raise CellError(_("Write the window as 07:00-09:00."))
    first = _clock(found[1], found[2])
    return first, _clock(found[3], found[4])


def _clock(hour: str, minute: str | None) -> time:
    minutes = {"半": 30, None: 0}.get(minute)
    try:
        return time(int(hour) % 24, int(minute or 0) if minutes is None else minutes)
    except ValueError as error:
        raise CellError(_("There is no such time of day.")) from error


def signal_of(value: Value, own: Mapping[str, str]) -> str:
    """Return the code of a signal; ``own`` maps the names of own kinds to codes."""
    text = text_of(value).text
    code = own.get(text) or SIGNALS.get(text.lower())
    if code is None:
        known = ["窗帘", "灯", "窗口牌", "门口信物", *own]
        words = _("This signal is not known. Known are: %(known)s.")
        raise CellError(words % {"known": " ".join(known)})
    return code
