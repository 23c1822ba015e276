"""Her own time on the page of a home, and what is done when she is late for it."""

from __future__ import annotations

import pytest
from tests.apps import building as b
from tests.apps.habits.mornings import day, learn, pass_by, weeks
from tests.browser.steps import logged_in

from shouwang.apps.habits.models import Habit

WEEKS = 28


@pytest.fixture
def home(site):
    """Make four weeks of mornings, and one on which the curtain is late."""
    place = b.community()
    b.member(place, "chen", "coordinator", "duty_officer")
    made = b.watched(place)
    made.shown_name = "王奶奶"
    made.save()
    weeks(place, made, WEEKS)
    learn(WEEKS)
    pass_by(place, made, WEEKS, {"08:20": "closed"})
    site.clock_at(day(WEEKS, "08:25"))
    return made


@pytest.mark.parametrize(
    ("width", "height", "language"),
    [(1440, 900, "zh-Hans"), (390, 844, "en")],
)
def test_the_page_of_a_home_shows_her_own_time(
    home, page_at, axe, picture, width, height, language
):
    page = logged_in(page_at(width, height, language))
    page.goto(f"/homes/{home.pk}/")
    card = page.locator(".habits")
    assert "8:20" in card.inner_text()
    assert card.locator("svg.habit").count() == 2
    axe(page)
    picture(page, f"habit-{width}-{language}")


@pytest.mark.parametrize(
    ("width", "height", "language"),
    [(1440, 900, "en"), (390, 844, "zh-Hans")],
)
def test_a_coordinator_says_what_is_done(
    home, page_at, axe, picture, width, height, language
):
    Habit.objects.of(home.community_id).filter(anchor="morning").update(
        drift="later", drift_since_on=b.TODAY
    )
    page = logged_in(page_at(width, height, language, expected=("422",)))
    page.goto("/habits/")
    assert "王奶奶" in page.inner_text("main")
    axe(page)
    picture(page, f"habits-{width}-{language}")
    page.locator("main a[href='/habits/settings/']").click()
    axe(page)
    picture(page, f"habits-settings-{width}-{language}")
    page.fill("input[name=latitude]", "37.87")
    page.locator("main button[type=submit]").click()
    assert page.locator(".errorlist").count() == 1
    page.fill("input[name=longitude]", "112.55")
    page.locator("input[value=gentle]").check()
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/habits/")
