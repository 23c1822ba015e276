"""The columns of a sheet of volunteers, and the headings people give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from shouwang.apps.residents.roster.columns import Heading, plain
from shouwang.apps.residents.roster.reading import SheetForm


class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    PHONE = "phone"
    TEAM = "team"
    SKILLS = "skills"
    TIMES = "times"
    SEASON = "season"
    A_WEEK = "a_week"
    BUILDINGS = "buildings"
    HOMES = "homes"
    CONSENT_ON = "consent_on"
    CONSENT_PAPER = "consent_paper"
    CONFIDENTIALITY = "confidentiality"
    FIRST_AID = "first_aid"
    FIRST_AID_UNTIL = "first_aid_until"
    NOTE = "note"


HEADINGS: Mapping[Column, Heading] = {
    Column.NAME: Heading(
        zh=("姓名", "志愿者", "志愿者姓名"), en=("name", "volunteer"), length=80,
        example="林小雨",
    ),
    Column.PHONE: Heading(
        zh=("电话", "手机", "手机号", "手机号码", "联系电话"), en=("phone", "mobile"),
        length=40, example="000-0000-0000",
    ),
    Column.TEAM: Heading(
        zh=("队伍", "团队", "所属队伍", "组织"), en=("team",), length=60,
        example="红十字志愿队",
    ),
    Column.SKILLS: Heading(
        zh=("特长", "技能", "会什么"), en=("skills", "skill"), length=300,
        example="理发、陪伴聊天",
    ),
    Column.TIMES: Heading(
        zh=("空闲时间", "服务时间", "时间"), en=("times", "free times"), length=300,
        example="周二下午; 周末 9:00-11:30",
    ),
    Column.SEASON: Heading(
        zh=("季节", "服务期间", "期间"), en=("season",), length=40, example="7.1-8.31"
    ),
    Column.A_WEEK: Heading(
        zh=("每周几次", "每周次数", "每周"), en=("a week", "times a week"), length=10,
        example="2",
    ),
    Column.BUILDINGS: Heading(
        zh=("楼栋", "服务楼栋", "负责楼栋"), en=("buildings", "building"), length=200,
        example="3、5",
    ),
    Column.HOMES: Heading(
        zh=("认识的住户", "熟悉的住户", "认识"), en=("homes they know", "knows"),
        length=300, example="3-2-401",
    ),
    Column.CONSENT_ON: Heading(
        zh=("同意日期", "签字日期"), en=("agreed on", "consent on"), length=40,
        example="2026-03-02",
    ),
    Column.CONSENT_PAPER: Heading(
        zh=("同意书编号", "同意书", "编号"), en=("paper", "consent paper"), length=120,
        example="志愿 0001",
    ),
    Column.CONFIDENTIALITY: Heading(
        zh=("保密培训日期", "保密培训"), en=("confidentiality on", "confidentiality"),
        length=40, example="2026-03-02",
    ),
    Column.FIRST_AID: Heading(
        zh=("急救培训日期", "急救培训"), en=("first aid on", "first aid"), length=40,
        example="2026-03-02",
    ),
    Column.FIRST_AID_UNTIL: Heading(
        zh=("急救有效期至", "急救有效期"), en=("first aid until",), length=40,
        example="2028-03-01",
    ),
    Column.NOTE: Heading(zh=("备注",), en=("note",), length=300, example=""),
}  # fmt: skip

_COLUMNS = {
    plain(words): column
    for column, heading in HEADINGS.items()
    for words in (*heading.zh, *heading.en)
}


def column_of(heading: str, above: str) -> Column | None:
    """Return the column a heading names; ``above`` is a heading merged over it."""
    return _COLUMNS.get(plain(above + heading)) or _COLUMNS.get(plain(heading))


def _is_header(columns: Collection[str]) -> bool:
    return {Column.NAME, Column.PHONE} <= set(columns)


VOLUNTEERS = SheetForm(
    column_of=column_of,
    is_header=_is_header,
    wanted=lambda: f"{HEADINGS[Column.NAME].zh[0]} {HEADINGS[Column.PHONE].zh[0]}",
)
