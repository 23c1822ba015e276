"""An alert seen through: from the link in the message, and at the desk, live."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm
from tests.browser.steps import logged_in

from shouwang.apps.residents.services import KnownRiskDraft, known_risks_set
from shouwang.apps.watch import services

NOW = TEN_PAST + timedelta(minutes=2)
TARGETS = "main button, main summary, main .button"


@pytest.fixture
def a(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = alarm()
    kinds = ("hard_of_hearing", "oversleeps", "no_lift")
    drafts = [KnownRiskDraft(kind=kind) for kind in kinds]
    drafts.append(KnownRiskDraft(kind="key_with", words="402 赵姐"))
    known_risks_set(home=made.home, drafts=drafts, by=made.duty, now=b.DAWN)
    services.photo_store(
        community=made.place,
        photo=services.PhotoIn(
            content=b.picture(800, 600, "tan"),
            home_ids=[made.home.pk],
            standpoint="南门",
        ),
        by=made.lin,
        now=b.hour("08:50"),
    )
    site.clock_at(NOW)
    return made


def is_big_enough(page):
    for target in page.query_selector_all(TARGETS):
        box = target.bounding_box()
        assert box is None or box["height"] >= 60, target.inner_text()
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.innerText)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 18
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("language", "dark", "java_script"),
    [("zh-Hans", False, False), ("en", True, True)],
)
def test_from_the_message_to_the_door_and_back(
    site, a, page_at, axe, picture, language, dark, java_script
):
    page = page_at(
        390, 844, language, dark=dark, java_script=java_script, expected=("409",)
    )
    page.goto(a.address(a.daughter))
    is_big_enough(page)
    if java_script:
        axe(page)
    picture(page, f"linked-{language}")
    page.click("button[name=minutes][value='20']")
    page.wait_for_selector(".noted")
    picture(page, f"linked-going-{language}")
    assert a.alert.commitments.get().contact == a.daughter

    page.goto(a.address(a.lin))
    page.click("button[name=minutes][value='10']")
    page.click("button[value=spoke]")
    page.wait_for_selector(".noted")
    is_big_enough(page)
    picture(page, f"linked-spoke-{language}")
    assert a.alert.state == "acknowledged"


def test_the_second_who_goes_is_asked_on_the_phone(site, a, page_at, axe, picture):
    first = page_at(390, 844)
    second = page_at(390, 844, expected=("409",))
    second.goto(a.address(a.daughter))
    first.goto(a.address(a.lin))
    first.click("button[name=minutes][value='20']")
    first.wait_for_selector(".noted")
    second.click("button[name=minutes][value='10']")
    second.wait_for_selector(".question")
    is_big_enough(second)
    axe(second)
    picture(second, "linked-question")
    second.click(".question button")
    second.wait_for_selector(".noted")
    assert len(second.query_selector_all(".on-the-way")) == 2


def test_a_link_that_does_not_open_is_a_page_too(site, a, page_at, axe, picture):
    page = page_at(390, 844, expected=("404",))
    page.goto("/a/nonsense/")
    axe(page)
    is_big_enough(page)
    picture(page, "linked-over")


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [
        ("zh-Hans", 1440, False),
        ("zh-Hans", 390, True),
        ("en", 1440, True),
        ("en", 390, False),
    ],
)
def test_the_desk_sees_at_once_who_goes_from_the_message(
    site, a, page_at, axe, picture, language, width, dark
):
    desk = logged_in(page_at(width, 900, language, dark=dark), "duty")
    desk.goto(f"/alerts/{a.alert.pk}/")
    axe(desk)
    picture(desk, f"alert-{width}-{language}")
    desk.wait_for_timeout(1500)
    phone = page_at(390, 844, language)
    phone.goto(a.address(a.daughter))
    phone.click("button[name=minutes][value='20']")
    phone.wait_for_selector(".noted")
    desk.wait_for_selector(".on-the-way >> text=李女")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    axe(desk)
    picture(desk, f"alert-going-{width}-{language}")


def test_the_desk_sees_it_through_to_its_end(site, a, page_at, axe, picture):
    page = logged_in(page_at(1440, 900, "en", java_script=False), "duty")
    page.goto(f"/alerts/{a.alert.pk}/")
    page.click("text=I phoned: no answer")
    page.click("form[action$=emergency] button")
    page.click("summary:has-text('She needs help')")
    page.fill("form[action$=help] textarea", "fell in the kitchen")
    page.click("form[action$=help] button")
    page.wait_for_selector(".chip-help")
    assert "fell in the kitchen" in page.inner_text("main")
    page.click("summary:has-text('It is over')")
    page.select_option("[name=outcome]", "in_hospital")
    page.select_option("[name=verified]", "looked")
    page.click("form[action$=close] button")
    page.wait_for_selector(".is-closed")
    assert "in hospital" in page.inner_text(".alert-top")
    picture(page, "alert-closed")
