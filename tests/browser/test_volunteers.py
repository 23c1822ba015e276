"""From a code scanned on a phone to hours in the official file."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.apps import building as b
from tests.apps.volunteers.people import sheet, volunteer
from tests.browser.steps import logged_in

from shouwang.apps.communities.models import Member
from shouwang.apps.volunteers.models import SignUpLink, TeamKind
from shouwang.apps.volunteers.services import (
    HoursDraft,
    OwnDraft,
    SignUpDraft,
    TeamDraft,
    TrainingDraft,
    hours_say,
    link_make,
    pause_add,
    sign_up_take,
    team_add,
    training_add,
    volunteer_own_change,
)
from shouwang.apps.volunteers.times import times_read

NAMES = ("赵大海", "钱秀英", "孙建国", "李春梅", "吴小军", "郑雅琴", "冯志强", "陈玉兰")
SKILLS = ("barber", "electrician", "nurse", "company", "driver", "reading", "paperwork")


@pytest.fixture
def boss(site: Any) -> Member:
    made = b.community()
    made.desk_phone = "000-0000-0000"
    made.save()
    site.clock_at(b.hour("09:00"))
    return b.member(made, "chen", "coordinator", "duty_officer")


@pytest.fixture
def link(boss: Member) -> SignUpLink:
    return link_make(name="暑期大学生", team=None, by=boss, now=b.DAWN)


def fits(page: Any) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


def peopled(boss: Member) -> None:
    """Write down some volunteers of three teams, and what they gave."""
    flat = b.home(boss.community)
    teams = [
        team_add(community=boss.community, draft=TeamDraft(name=name, kind=kind.value))
        for name, kind in (
            ("党员居民队", TeamKind.RESIDENTS),
            ("红十字志愿队", TeamKind.RED_CROSS),
            ("暑期大学生", TeamKind.STUDENTS),
        )
    ]
    for place, name in enumerate(NAMES):
        row = volunteer(
            boss,
            name,
            f"000-0000-01{place:02}",
            team=teams[place % 3],
            skills=frozenset({SKILLS[place % 7], "company"}),
            times=times_read("周二下午; 周六 9:00-11:30") if place % 2 else (),
            consent_on=None if place == 3 else b.TODAY,
            home_ids=frozenset({flat.pk}) if place == 0 else frozenset(),
        )
        taught = TrainingDraft(
            what="first_aid",
            on=b.TODAY - timedelta(days=700),
            valid_until=b.TODAY + timedelta(days=20 * place - 20),
        )
        training_add(volunteer=row, draft=taught, by=boss, now=b.DAWN)
        said = HoursDraft(on=b.TODAY, minutes=50 + 5 * place, what="陪着坐坐")
        hours_say(member=row.member, draft=said, by=boss, now=b.DAWN)
        if place == 4:
            pause_add(
                volunteer=row,
                from_on=b.TODAY,
                until_on=b.TODAY + timedelta(days=12),
                why="外出",
                by=boss,
                now=b.DAWN,
            )


def sign_up(phone: Any, link: SignUpLink) -> None:
    """Say on a phone that one wants to help; first without anything filled in."""
    phone.goto(f"/join/{link.code}/")
    phone.click("button.send")
    assert phone.locator(".errorlist").count() == 3
    phone.fill("[name=name]", "林小雨")
    phone.fill("[name=phone]", "000-0000-0001")
    phone.check("[name=skills][value=barber]")
    phone.check("[name=parts][value='1-afternoon']")
    phone.check("[name=agrees]")
    phone.click("button.send")
    phone.wait_for_url("**/thanks/")


def write_down_hours(desk: Any) -> None:
    """Find the new volunteer by phone, and write down an hour and a half."""
    desk.goto("/volunteers/?q=0000-0001")
    desk.click("table a[href^='/volunteers/']")
    desk.click("a[href$='/hours/'].button:not(.plain)")
    desk.fill("[name=hours]", "1")
    desk.fill("[name=minutes]", "30")
    desk.fill("[name=from_time]", "08:00")
    desk.fill("[name=what]", "上门理发")
    desk.click("main form .button")
    desk.wait_for_selector("text=上门理发")


def exported(desk: Any, file: Path) -> list[Any]:
    """Return the lines of this month's file."""
    desk.goto("/volunteers/hours/")
    with desk.expect_download() as download:
        desk.click("a[href*='export.xlsx']")
    download.value.save_as(file)
    return [*load_workbook(io.BytesIO(file.read_bytes())).worksheets[0].values]


def test_somebody_signs_up_on_a_phone_and_their_hours_come_out_as_a_file(
    page_at: Any, axe: Any, picture: Any, boss: Member, link: SignUpLink, tmp_path: Path
) -> None:
    phone = page_at(390, 844, "zh-Hans", expected=("422",))
    sign_up(phone, link)
    axe(phone)
    picture(phone, "volunteers-thanks-phone-zh")
    desk = logged_in(page_at(1440, 900, "zh-Hans"), "chen")
    desk.goto("/volunteers/")
    desk.click("a[href='/volunteers/waiting/']")
    desk.click("button[value=approve]")
    write_down_hours(desk)
    lines = exported(desk, tmp_path / "hours.xlsx")
    assert lines[1] == (
        "林小雨", "000-0000-0001", None, "2026-03-02", "08:00", "上门理发", 1.5,
    )  # fmt: skip
    assert lines[-1][-1] == 1.5


@pytest.mark.parametrize(
    ("language", "dark"), [("zh-Hans", False), ("en", False), ("zh-Hans", True)]
)
def test_the_page_to_sign_up_by_fits_a_phone(
    page_at: Any, axe: Any, picture: Any, link: SignUpLink, language: str, *, dark: bool
) -> None:
    phone = page_at(390, 844, language, dark=dark)
    phone.goto(f"/join/{link.code}/")
    fits(phone)
    axe(phone)
    picture(phone, f"volunteers-join-{language[:2]}-{'dark' if dark else 'light'}")


def test_a_volunteer_keeps_their_own_part_on_a_phone(
    page_at: Any, axe: Any, picture: Any, boss: Member
) -> None:
    b.member(boss.community, "lin", "volunteer")
    phone = logged_in(page_at(390, 844, "zh-Hans"), "lin")
    phone.goto("/volunteers/own/")
    axe(phone)
    phone.click("main a.button")
    fits(phone)
    phone.check("[name=skills][value=reading]")
    phone.check("[name=parts][value='5-morning']")
    phone.check("[name=agrees]")
    picture(phone, "volunteers-own-change-phone-zh")
    axe(phone)
    phone.click("main form .button")
    phone.click("main a.button >> nth=0")
    phone.fill("[name=hours]", "2")
    phone.fill("[name=what]", "念报")
    phone.click("main form .button")
    phone.wait_for_selector("text=念报")
    fits(phone)
    axe(phone)
    picture(phone, "volunteers-own-phone-zh")


@pytest.mark.parametrize(
    ("language", "width", "height", "dark"),
    [
        ("zh-Hans", 1440, 900, False),
        ("en", 1440, 900, True),
        ("en", 390, 844, False),
        ("zh-Hans", 390, 844, True),
    ],
)
def test_the_pages_are_whole_in_both_languages_on_desk_and_phone(
    page_at: Any,
    axe: Any,
    picture: Any,
    boss: Member,
    link: SignUpLink,
    language: str,
    width: int,
    height: int,
    *,
    dark: bool,
) -> None:
    peopled(boss)
    for name, phone in (("赵大海", "000-0000-0100"), ("大海", "000 0000 0100")):
        said = SignUpDraft(name=name, phone=phone, skills=frozenset({"barber"}))
        sign_up_take(link=link, draft=said, address="", now=b.DAWN)
    own = OwnDraft(skills=frozenset({"reading"}), agrees=True)
    mine = volunteer_own_change(member=boss, draft=own, now=b.DAWN)
    page = logged_in(page_at(width, height, language, dark=dark), "chen")
    size = "desk" if width > 1000 else "phone"
    shown = {
        "list": "/volunteers/",
        "waiting": "/volunteers/waiting/",
        "one": f"/volunteers/{mine.pk - 1}/",
        "change": f"/volunteers/{mine.pk - 1}/change/",
        "hours": "/volunteers/hours/",
        "teams": "/volunteers/teams/",
        "link": f"/volunteers/links/{link.pk}/",
        "links": "/volunteers/links/",
        "sheet": "/volunteers/sheet/",
    }
    for name, address in shown.items():
        page.goto(address)
        fits(page)
        axe(page)
        picture(page, f"volunteers-{name}-{size}-{language[:2]}")


def test_a_sheet_is_looked_at_cell_by_cell_before_it_is_brought_in(
    page_at: Any, axe: Any, picture: Any, boss: Member, tmp_path: Path
) -> None:
    page = logged_in(page_at(1440, 900, "zh-Hans"), "chen")
    for lines, name in (
        ([["林小雨", "12", "一队", "飞行", "有空就来"]], "refused"),
        ([["林小雨", "000-0000-0001", "一队", "理发", "周二下午"]], "new"),
    ):
        file = tmp_path / f"{name}.xlsx"
        file.write_bytes(sheet(*lines))
        page.goto("/volunteers/sheet/")
        page.set_input_files("[name=file]", file)
        page.click("main form .button")
        page.wait_for_selector(".sums")
        axe(page)
        picture(page, f"volunteers-sheet-{name}-desk-zh")
    page.click("main form .button")
    page.wait_for_selector("text=林小雨")
