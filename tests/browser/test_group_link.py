"""A group's message, opened on a phone: who are you, then to the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm
from tests.browser.steps import logged_in
from tests.browser.test_alert import is_big_enough

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.links import LINK_PATH, group_link_for
from shouwang.apps.alerts.people import person_of
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.residents.services import KnownRiskDraft, known_risks_set

NOW = TEN_PAST + timedelta(minutes=2)


@pytest.fixture
def a(site):
    made = alarm()
    drafts = [KnownRiskDraft(kind="hard_of_hearing"), KnownRiskDraft(kind="no_lift")]
    known_risks_set(home=made.home, drafts=drafts, by=made.duty, now=b.DAWN)
    walkers = [b.member(made.place, name, "walker") for name in ("林师傅", "马姐")]
    batch = Batch(community=made.place, now=TEN_PAST)
    told = map(person_of, walkers)
    batch.tell(made.alert, told, ask="go_up", key="step:2:0")
    batch.write()
    site.clock_at(NOW)
    return made


def address(a):
    return f"/{LINK_PATH}{group_link_for(a.alert, TEN_PAST)}/"


def said_to_be(page, a, name):
    page.goto(address(a))
    page.click(f"text={name}")
    page.wait_for_selector(".said-to-be")


@pytest.mark.parametrize(
    ("language", "dark", "java_script"),
    [("zh-Hans", False, False), ("en", True, True)],
)
def test_who_one_is_is_asked_once_and_not_me_asks_again(
    site, a, page_at, axe, picture, language, dark, java_script
):
    page = page_at(390, 844, language, dark=dark, java_script=java_script)
    page.goto(address(a))
    is_big_enough(page)
    if java_script:
        axe(page)
    assert page.locator(".who button").count() == 3
    picture(page, f"group-who-{language}")
    said_to_be(page, a, "林师傅")
    is_big_enough(page)
    if java_script:
        axe(page)
    picture(page, f"group-said-{language}")
    page.goto(address(a))
    assert page.locator(".who").count() == 0
    page.click(".said-to-be a")
    page.wait_for_selector(".who")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_two_who_go_by_the_groups_link_see_each_other(
    site, a, page_at, picture, language
):
    first = page_at(390, 844, language)
    second = page_at(390, 844, language, expected=("409",))
    said_to_be(first, a, "林师傅")
    said_to_be(second, a, "马姐")
    first.click("button[name=minutes][value='20']")
    first.wait_for_selector(".noted")
    picture(first, f"group-going-{language}")
    second.click("button[name=minutes][value='10']")
    second.wait_for_selector(".question")
    is_big_enough(second)
    picture(second, f"group-question-{language}")
    second.click(".question button")
    second.wait_for_selector(".noted")
    assert second.locator(".on-the-way").count() == 2
    assert a.alert.commitments.filter(ended_at=None, via="group_link").count() == 2


def test_the_desk_sees_that_it_was_only_said(site, a, page_at, axe, picture):
    phone = page_at(390, 844)
    phone.goto(address(a))
    phone.click("text=林师傅")
    phone.click("button[name=minutes][value='20']")
    phone.wait_for_selector(".noted")
    desk = logged_in(page_at(1440, 900), "duty")
    desk.goto(f"/alerts/{a.alert.pk}/")
    assert "林师傅（自称，来自群链接）" in desk.locator(".on-the-way").inner_text()
    axe(desk)
    picture(desk, "group-at-the-desk")


def test_after_the_end_nobody_is_asked(site, a, page_at, axe, picture):
    where = address(a)
    closing = ClosingIn(outcome="overslept", override="问过邻居")
    alert_close(alert=a.alert, closing=closing, by=a.duty, now=NOW)
    page = page_at(390, 844)
    page.goto(where)
    axe(page)
    is_big_enough(page)
    picture(page, "group-over")
