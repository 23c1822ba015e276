"""A daughter far away: she opens her page on the phone, vouches, and the board knows."""

from __future__ import annotations

import pytest
from tests.apps import building as b
from tests.apps.family.relatives import relatives
from tests.browser.steps import logged_in, tick

from shouwang.apps.residents.models import Absence
from shouwang.domain.family import Tells

PHONE = (390, 844)
LANGUAGES = ["zh-Hans", "en"]


@pytest.fixture
def near(site):
    made = relatives()
    tick(site, b.hour("08:20"))
    return made


def mark(page):
    """Return how the board shows the one home."""
    page.goto("/")
    return page.get_attribute(".window", "class")


@pytest.mark.parametrize("language", LANGUAGES)
def test_she_vouches_on_the_phone_and_the_board_turns_well(
    near, site, page_at, axe, picture, language
):
    desk = logged_in(page_at(1440, 900, language), "duty")
    assert "window-well" not in mark(desk)

    desk.goto(f"/homes/{near.home.pk}/")
    desk.click(".family form[action$='/link'] button")
    address = desk.text_content(".family-address").strip()
    axe(desk)
    picture(desk, f"family-link-{language}")

    page = page_at(*PHONE, language)
    page.goto(address)
    axe(page)
    picture(page, f"family-waiting-{language}")
    page.click(".say summary.good")
    page.fill("input[name=at]", "08:10")
    axe(page)
    picture(page, f"family-vouch-{language}")
    page.click(".say[open] button")
    page.wait_for_selector(".noted")
    axe(page)
    picture(page, f"family-vouched-{language}")

    assert "window-well" in mark(desk)
    desk.goto(f"/homes/{near.home.pk}/")
    axe(desk)
    picture(desk, f"family-home-{language}")

    page.click("button[value=take_back]")
    page.wait_for_selector(".noted")
    assert "window-well" not in mark(desk)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("java_script", [True, False])
def test_she_announces_an_absence_and_takes_it_back(
    near, page_at, axe, picture, language, java_script
):
    _link, code = near.link()
    page = page_at(*PHONE, language, java_script=java_script)
    page.goto(f"/f/{code}/")
    page.click(".say >> nth=1 >> summary")
    if java_script:
        axe(page)
        picture(page, f"family-away-form-{language}")
    page.click("label:has(input[value=hospital])")
    page.click(".say[open] button")
    page.wait_for_selector(".now-away")
    if java_script:
        axe(page)
        picture(page, f"family-away-{language}")
    assert Absence.objects.of(near.place).get().reason == "hospital"
    page.click("button[value=back]")
    page.wait_for_selector(".now:not(.now-away)")


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_told_by_picture_and_word(
    near, site, page_at, axe, picture, language, dark
):
    _link, code = near.link()
    page = page_at(*PHONE, language, dark=dark)
    near.closed_last_evening()
    near.see("closed", "08:50")
    tick(site, b.hour("09:15"))
    page.goto(f"/f/{code}/")
    page.wait_for_selector(".now-unsure")
    axe(page)
    picture(page, f"family-unsure-{language}-{'dark' if dark else 'light'}")
    near.close("overslept", "09:20")
    tick(site, b.hour("09:21"))
    page.goto(f"/f/{code}/")
    page.wait_for_selector(".now-well")
    axe(page)
    picture(page, f"family-well-{language}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_coordinator_chooses_what_she_is_told(
    near, site, page_at, axe, picture, language
):
    near.closed_last_evening()
    near.see("open", "08:05")
    desk = logged_in(page_at(1440, 900, language), "duty")
    desk.goto(f"/homes/{near.home.pk}/")
    desk.click(".relative a")
    axe(desk)
    picture(desk, f"family-telling-{language}")
    desk.click(f"input[value={Tells.DAILY}]")
    desk.fill("input[name=at]", "08:30")
    desk.click("main form button")
    desk.wait_for_selector(".family")
    tick(site, b.hour("08:31"))
    desk.reload()
    axe(desk)
    picture(desk, f"family-card-{language}")
    assert near.said() == ["well"]
    assert desk.query_selector(".relative .story li") is not None


def test_an_ended_link_says_so_in_plain_words(near, page_at, axe, picture):
    _link, code = near.link()
    near.link()
    page = page_at(*PHONE, "zh-Hans", expected=("404",))
    page.goto(f"/f/{code}/")
    axe(page)
    picture(page, "family-over")
    assert page.query_selector(".now") is None
