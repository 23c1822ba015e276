"""A morning on paper: printed, walked, typed in at the desk by keyboard."""

from __future__ import annotations

from datetime import time

import pytest
from tests.apps import building as b
from tests.browser.steps import logged_in

from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Sighting
from shouwang.domain.schedule import EVERY_DAY


@pytest.fixture
def lin(site):
    """Make a community with a round of three homes that Lin walks."""
    place = b.community()
    b.member(place, "chen", "coordinator", "duty_officer")
    lin = b.member(place, "lin", "walker")
    homes = [b.watched(place, row) for row in ("3-2-401", "3-2-402", "12-1-501")]
    draft = RoundDraft(
        name="早一",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[lin.pk],
        home_ids=[row.pk for row in homes],
    )
    round_add(community=place, draft=draft)
    services.checks_make(community=place, now=b.DAWN)
    site.clock_at(b.hour("08:45"))
    return lin


def type_in(page):
    """Type three lines in without touching the mouse."""
    page.fill("[name=at_0]", "07:40")
    page.focus("[name=at_0]")
    for key in ("Enter", "1", "2"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.name") == "at_1"
    page.fill("[name=at_1]", "07:55")
    for key in ("Enter", "1"):
        page.keyboard.press(key)


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", 390), ("en", 1440)])
def test_a_sheet_is_printed_and_typed_in(page_at, axe, picture, lin, language, width):
    page = logged_in(page_at(width, 844, language))
    page.goto("/rounds/")
    axe(page)
    page.click("a[href$='/sheet/']")
    page.wait_for_selector(".sheet")
    axe(page)
    picture(page, f"sheet-{width}-{language}")
    page.click("a[href*=entry]")
    page.wait_for_selector("[data-sheet]")
    axe(page)
    type_in(page)
    picture(page, f"sheet-entry-{width}-{language}")
    page.keyboard.press("Enter")
    page.wait_for_selector(".told")
    assert page.locator(".had").count() == 3

    seen = Sighting.objects.of(lin.community_id).order_by("seen_at", "home__address")
    assert [(row.home.address, row.state, row.seen_at, row.by) for row in seen] == [
        ("3-2-401", "open", b.hour("07:40"), lin),
        ("3-2-402", "closed", b.hour("07:40"), lin),
        ("12-1-501", "open", b.hour("07:55"), lin),
    ]
    page.goto("/")
    assert page.inner_text(".count-well strong") == "2"
    assert page.inner_text(".count-waiting strong") == "1"
