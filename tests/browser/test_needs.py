"""From the closing of an alert to her word that it is right; and three taps on a phone."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

import pytest
from tests.apps import building as b
from tests.browser.steps import logged_in, tick

from shouwang.apps.care.models import Need
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.residents import services as homes
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services as watch
from shouwang.domain.needs import Act, Asked
from shouwang.domain.schedule import EVERY_DAY


@pytest.fixture
def place(site):
    made = b.community()
    b.member(made, "chen", "coordinator", "duty_officer")
    site.clock_at(b.DAWN)
    return made


@pytest.fixture
def home(place):
    made = b.watched(place)
    made.shown_name, made.at_the_door = "王奶奶", "耳背，敲门要重一点"
    made.save()
    return made


def missed(site, home):
    """Let the curtain be seen shut, and its time run out."""
    watch.checks_make(community=home.community, now=b.DAWN)
    shut = b.look(home, "08:50", state="closed")
    watch.sightings_record(
        community=home.community, items=[shut], by=None, now=b.hour("08:50")
    )
    tick(site, b.hour("09:15"))


def close_with_needs_help(page, home):
    page.goto(f"/alerts/{home.alerts.get().pk}/")
    page.click("form[action$=close] >> xpath=.. >> summary")
    page.select_option("[name=outcome]", "needs_help")
    page.select_option("[name=verified]", "spoke")
    page.click("form[action$=close] button")
    page.wait_for_selector("main a[href*='/needs/'] >> nth=0")


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


def say_what_it_is(page):
    """From the need's page: pills, in words."""
    page.click("a[href$=change\\/]")
    page.fill("[name=words]", "六种药混在一起吃，要人帮着理一理")
    page.select_option("[name=kind]", "medicine")
    page.click("main form button")
    page.wait_for_selector("form[action$=take] >> nth=0")


def do_it(page, note=""):
    """Take it, and say that it is done."""
    page.click("form[action$=take] button >> nth=0")
    page.fill("form[action$=finish] [name=note]", note)
    page.click("form[action$=finish] button")
    page.wait_for_selector("form[action$=right]")


def ask_her(page, how, *, is_right, note=""):
    """Say what she answered."""
    page.check(f"[name=asked][value={how}]")
    page.fill("form[action$=right] [name=note]", note)
    page.click("form[action$=right] button >> nth=0" if is_right else WRONG)
    page.wait_for_selector("form[action$=right]", state="detached")


WRONG = "button[formaction$=wrong]"


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_closed_alert_becomes_a_need_that_ends_with_her_word(
    site, page_at, axe, picture, home, language
):
    missed(site, home)
    page = logged_in(page_at(1440, 900, language))
    close_with_needs_help(page, home)
    axe(page)
    picture(page, f"need-of-home-{language}")
    page.click(".alert-top a[href*='/needs/']")
    say_what_it_is(page)
    axe(page)
    picture(page, f"need-new-{language}")

    do_it(page)
    ask_her(page, "phone", is_right=False, note="晚上的药没分出来")
    assert page.query_selector(".urgency-again")
    do_it(page, note="重新分好了")
    axe(page)
    picture(page, f"need-asked-{language}")
    ask_her(page, "in_person", is_right=True)

    need = Need.objects.of(home.community).get()
    assert (need.stage, need.wrong_count) == ("checked", 1)
    page.goto(f"/alerts/{need.alert_id}/")
    assert page.query_selector(f"a[href='/needs/{need.pk}/']")


def walked_by(place, home, name, role):
    walker = b.member(place, name, role)
    draft = RoundDraft(
        name="早一",
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[walker.pk],
        home_ids=[home.pk],
    )
    round_add(community=place, draft=draft)
    return walker


def test_a_volunteer_says_it_for_her_in_three_taps(
    site, page_at, axe, picture, place, home
):
    walked_by(place, home, "li", "volunteer")
    b.watched(place, "3-2-402")
    site.clock_at(b.hour("10:00"))
    page = logged_in(page_at(390, 844, "zh-Hans"), "li")
    page.click("a[href='/needs/add/']")
    axe(page)
    picture(page, "need-tap-1")
    assert page.locator("a.tap").count() == 1

    page.click("a.tap")
    axe(page)
    picture(page, "need-tap-2")
    page.click("a.tap[href*=medicine]")
    axe(page)
    picture(page, "need-tap-3")
    small = page.evaluate(
        "[...document.querySelectorAll('button.tap')]"
        ".filter(one => one.getBoundingClientRect().height < 60).length"
    )
    assert small == 0
    page.click("button[value=urgent]")
    page.wait_for_selector(".told")

    need = Need.objects.of(place).get()
    assert (need.home, need.kind, need.urgency) == (home, "medicine", "urgent")
    # It is with the desk now, and no longer a thing of hers.
    assert page.query_selector(".need") is None


def test_a_volunteer_takes_what_she_was_asked_for_and_does_it(
    site, page_at, axe, picture, place, home
):
    li = walked_by(place, home, "li", "volunteer")
    need = need_open(
        home=home,
        draft=NeedDraft(kind="haircut", urgency="everyday", at_the_door="有一只小狗"),
        by=None,
        now=b.hour("08:00"),
    )
    need_move(need=need, move=MoveIn(act=Act.OFFER, who=li), by=li, now=b.hour("08:10"))
    site.clock_at(b.hour("10:00"))
    page = logged_in(page_at(390, 844, "zh-Hans", dark=True), "li")
    page.goto("/needs/")
    axe(page)
    fits(page)
    picture(page, "needs-volunteer-dark")
    page.click(".need-title a")
    axe(page)
    fits(page)
    picture(page, "need-volunteer-dark")
    # Who was only asked is told what is needed and in which building, no more.
    assert "有一只小狗" not in page.inner_text("main")
    assert "3-2-401" not in page.inner_text("main")
    page.click("form[action$=take] button")
    page.wait_for_selector("form[action$=finish]")
    assert "有一只小狗" in page.inner_text("main")
    assert "3-2-401" in page.inner_text("main")
    axe(page)
    fits(page)
    picture(page, "need-volunteer-taken-dark")
    page.click("form[action$=finish] button")
    page.wait_for_selector("form[action$=finish]", state="detached")
    assert page.query_selector("form[action$=right]") is None
    need.refresh_from_db()
    assert (need.stage, need.taken_by) == ("done", li)


@pytest.fixture
def filled(place, home):
    """Put a need into every stage, some of them overdue."""
    duty = b.member(place, "duty", "duty_officer")
    li = b.member(place, "li", "volunteer")
    dawn = b.DAWN - timedelta(days=4)
    chase = {"office": "物业维修科", "number": "WX-0312", "chase_at": b.hour("08:00")}
    asked = {"asked": Asked.PHONE, "note": "灯亮了"}
    told: list[tuple[str, str, str, list[tuple[Act, dict[str, Any]]]]] = [
        ("medicine", "urgent", "降压药吃完了，今天要送到", []),
        ("company", "everyday", "", []),
        (
            "haircut",
            "everyday",
            "腿脚不便，想请师傅上门理发",
            [(Act.OFFER, {"who": li})],
        ),
        ("hospital", "difficult", "复查，要人陪着去", [(Act.TAKE, {"who": li})]),
        ("repair", "everyday", "厨房的灯坏了", [(Act.TAKE, {}), (Act.BEGIN, {})]),
        ("paperwork", "difficult", "电费", [(Act.TAKE, {}), (Act.FINISH, {})]),
        ("repair", "difficult", "楼上漏水", [(Act.HAND_ON, chase)]),
        (
            "meal",
            "everyday",
            "",
            [(Act.TAKE, {}), (Act.FINISH, {}), (Act.RIGHT, asked)],
        ),
    ]
    for place_in_list, (kind, urgency, words, moves) in enumerate(told):
        made = b.watched(place, f"3-1-{place_in_list + 1}01")
        homes.resident_add(home=made, draft=homes.ResidentDraft(name="王桂兰"))
        draft = NeedDraft(kind=kind, urgency=urgency, words=words, said_by="女儿")
        at = dawn + timedelta(hours=10 * place_in_list)
        row = need_open(home=made, draft=draft, by=duty, now=at)
        for step, (act, more) in enumerate(moves, start=1):
            need_move(
                need=row,
                move=MoveIn(act=act, **more),
                by=duty,
                now=at + timedelta(hours=step),
            )
    watch.checks_make(community=place, now=b.DAWN)
    return place


SEEN = [
    ("zh-Hans", 390, False),
    ("en", 390, True),
    ("zh-Hans", 1440, True),
    ("en", 1440, False),
]


@pytest.mark.parametrize(("language", "width", "dark"), SEEN)
def test_no_page_of_needs_shuts_anybody_out_or_runs_off_the_screen(
    site, filled, page_at, axe, picture, language, width, dark
):
    site.clock_at(b.hour("10:00"))
    page = logged_in(page_at(width, 844, language, dark=dark))
    rows = Need.objects.of(filled).order_by("pk")
    paths = ["/needs/", "/needs/?urgency=urgent", "/needs/?mine=1", "/needs/add/"]
    paths += [f"/needs/add/{rows[0].home_id}/", "/needs/kinds/", "/needs/kinds/add/"]
    paths += [f"/needs/add/{rows[0].home_id}/?kind=medicine"]
    paths += [f"/needs/{row.pk}/" for row in rows]
    paths += [f"/needs/{rows[0].pk}/change/", f"/homes/{rows[0].home_id}/"]
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, path
        axe(page)
        fits(page)
        name = re.sub(r"\W+", "-", path).strip("-")
        picture(page, f"{name}-{width}-{language}{'-dark' if dark else ''}")


def test_the_board_puts_what_is_overdue_first(site, filled, page_at):
    site.clock_at(b.hour("10:00"))
    page = logged_in(page_at(390, 844, "en"))
    page.goto("/needs/")
    cards = page.locator(".needs > li")
    flags = [
        "need-overdue" in (cards.nth(one).get_attribute("class") or "")
        for one in range(cards.count())
    ]
    assert any(flags)
    assert flags == sorted(flags, reverse=True)
    assert "urgent" in cards.nth(0).inner_text()
