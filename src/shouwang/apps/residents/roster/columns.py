"""The columns of a roster, and every heading people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shouwang.common.text import tidy


class Column(StrEnum):
    """What a column of a roster holds."""

    ADDRESS = "address"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    NAME = "name"
    CALLED = "called"
    BIRTH_YEAR = "birth_year"
    PHONE = "phone"
    RISK = "risk"
    CONTACT = "contact"
    RELATION = "relation"
    CONTACT_PHONE = "contact_phone"
    KEY = "key"
    SIGNAL = "signal"
    MORNING = "morning"
    EVENING = "evening"
    GRACE = "grace"
    AGREED_BY = "agreed_by"
    AGREED_ON = "agreed_on"
    PAPER = "paper"
    AT_THE_DOOR = "at_the_door"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column's headings; the first of each language is written in templates.

    ``length`` is how many characters its cells may have.
    """

    zh: tuple[str, ...]
    en: tuple[str, ...]
    length: int
    example: str


HEADINGS: Mapping[Column, Heading] = {
    Column.BUILDING: Heading(
        zh=("楼栋", "楼号", "楼", "栋", "楼栋号"), en=("building", "block"), length=20,
        example="3",
    ),
    Column.UNIT: Heading(
        zh=("单元", "单元号", "门洞"), en=("unit", "entrance"), length=20, example="2"
    ),
    Column.ROOM: Heading(
        zh=("房号", "室", "房间", "门牌", "门牌号", "户号"), en=("room", "flat", "door"),
        length=20, example="401",
    ),
    Column.ADDRESS: Heading(
        zh=("地址", "住址", "家庭住址"), en=("address",), length=40, example=""
    ),
    Column.NAME: Heading(
        zh=("姓名", "老人", "老人姓名"), en=("name", "resident"), length=80,
        example="王桂兰",
    ),
    Column.CALLED: Heading(
        zh=("称呼", "怎么称呼"), en=("called", "called as"), length=40, example="王奶奶"
    ),
    Column.BIRTH_YEAR: Heading(
        zh=("出生年份", "出生年", "出生日期", "出生年月"), en=("birth year", "born"),
        length=20, example="1943",
    ),
    Column.PHONE: Heading(
        zh=("电话", "老人电话", "联系电话", "手机"), en=("phone", "telephone"), length=40,
        example="",
    ),
    Column.RISK: Heading(
        zh=("风险等级", "风险", "等级"), en=("risk", "risk level"), length=20,
        example="重点",
    ),
    Column.CONTACT: Heading(
        zh=("联系人", "联系人姓名", "家属", "紧急联系人"), en=("contact", "contact name"),
        length=80, example="李玉珍",
    ),
    Column.RELATION: Heading(
        zh=("联系人关系", "关系", "与老人关系"), en=("relation", "contact relation"),
        length=40, example="女儿",
    ),
    Column.CONTACT_PHONE: Heading(
        zh=("联系人电话", "家属电话", "联系人手机", "紧急联系人电话"),
        en=("contact phone",), length=40, example="000-0000-0000",
    ),
    Column.KEY: Heading(
        zh=("持钥匙", "有钥匙", "联系人持钥匙", "持钥匙人"), en=("has a key", "key"),
        length=20, example="是",
    ),
    Column.SIGNAL: Heading(
        zh=("暗号", "信号", "约定暗号"), en=("signal",), length=40, example="窗帘"
    ),
    Column.MORNING: Heading(
        zh=("早间时段", "早间", "早上", "早晨时段"), en=("morning",), length=40,
        example="07:00-09:00",
    ),
    Column.EVENING: Heading(
        zh=("晚间时段", "晚间", "晚上", "傍晚时段"), en=("evening",), length=40,
        example="18:00-20:00",
    ),
    Column.GRACE: Heading(
        zh=("宽限", "宽限分钟"), en=("grace minutes", "grace"), length=20, example="10"
    ),
    Column.AGREED_BY: Heading(
        zh=("同意人", "签字人"), en=("agreed by",), length=80, example="王桂兰"
    ),
    Column.AGREED_ON: Heading(
        zh=("同意日期", "签字日期", "协议日期"), en=("agreed on",), length=40,
        example="2026-03-02",
    ),
    Column.PAPER: Heading(
        zh=("协议编号", "协议", "协议号"), en=("paper",), length=120, example="协议 0001"
    ),
    Column.AT_THE_DOOR: Heading(
        zh=("备注", "上门须知"), en=("good to know at the door", "note"), length=500,
        example="耳背,敲门要重一点",
    ),
}  # fmt: skip

# What stands in brackets, and stars for "must be filled in", say nothing new.
_DECORATION = re.compile(r"[(\[【].*?[)\]】]|[*:：\s]")


def plain(heading: str) -> str:
    """Return a heading without spaces, brackets and stars, in small letters."""
    return _DECORATION.sub("", tidy(heading)).lower()


_COLUMNS = {
    plain(words): column
    for column, heading in HEADINGS.items()
    for words in (*heading.zh, *heading.en)
}


def column_of(heading: str, *, above: str = "") -> Column | None:
    """Return the column a heading names; ``above`` is a heading merged over it."""
    return _COLUMNS.get(plain(above + heading)) or _COLUMNS.get(plain(heading))
