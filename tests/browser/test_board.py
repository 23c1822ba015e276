"""The board in a real browser: read, clicked and alive, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b

from shouwang.apps.watch import services

NINE_TEN = b.hour("09:10")


@pytest.fixture
def place(site):
    made = b.community()
    b.member(made, "duty", "duty_officer")
    b.watched(made)
    b.watched(made, "3-2-402")
    services.checks_make(community=made, now=b.DAWN)
    site.clock_at(b.hour("08:00"))
    services.checks_decide_due(now=b.hour("08:00"))
    return made


def logged_in(page_at, width, language):
    page = page_at(width, 844, language)
    page.goto("/")
    page.fill("[name=username]", "duty")
    page.fill("[name=password]", "secret")
    page.click("main button")
    page.wait_for_selector(".counts")
    return page


@pytest.mark.parametrize(
    ("language", "word"), [("zh-Hans", "没看到"), ("en", "not looked at")]
)
@pytest.mark.parametrize("width", [390, 1440])
def test_the_board_turns_by_itself_when_a_deadline_passes(
    site, place, page_at, axe, picture, width, language, word
):
    page = logged_in(page_at, width, language)
    assert page.inner_text(".count-waiting strong") == "2"
    assert word in page.inner_text(".count-unseen")
    page.wait_for_timeout(1500)
    site.clock_at(NINE_TEN)
    services.checks_decide_due(now=NINE_TEN)
    page.wait_for_selector(".window-not_looked")
    assert page.inner_text(".count-unseen strong") == "2"
    axe(page)
    picture(page, f"board-{width}-{language}")


def test_a_home_explains_itself_and_its_alert_is_taken(
    site, place, page_at, axe, picture
):
    site.clock_at(NINE_TEN + timedelta(minutes=1))
    services.checks_decide_due(now=NINE_TEN)
    page = logged_in(page_at, 1440, "en")
    page.click(".alert h3 a")
    page.click("text=The home")
    assert "Nobody has looked." in page.inner_text("main")
    axe(page)
    page.click("text=See to it")
    page.click("text=I am going")
    page.wait_for_selector(".on-the-way >> text=duty")
    page.click("text=The home")
    page.select_option("[name=result]", "spoke")
    page.click("form[action$=contact] button")
    page.wait_for_selector(".chip-well")
    picture(page, "home")
