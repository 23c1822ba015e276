"""The figures are drawn beside their tables, by day and night, and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.browser.steps import logged_in

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_open_by_hand,
)
from shouwang.apps.communities.models import Member, MemberRole

NOW = b.hour("18:00") + timedelta(days=40)
OUTCOMES = (
    "overslept",
    "forgot",
    "unwell",
    "overslept",
    "did_not_hear",
    "away_not_told",
)


@pytest.fixture
def place(site):
    """Make five weeks of alerts that two people took, closed and went for."""
    made = b.community()
    chen = b.member(made, "chen", "coordinator", "duty_officer")
    lin = b.member(made, "lin", "walker")
    other = b.community("槐树社区")
    MemberRole.objects.of(made).create(community=made, member=chen, role="supervisor")
    elsewhere = Member.objects.of(other).create(
        community=other, user=chen.user, display_name="chen", joined_at=b.DAWN
    )
    MemberRole.objects.of(other).create(
        community=other, member=elsewhere, role="supervisor"
    )
    homes = [b.watched(made, f"3-2-{number}01") for number in range(1, 7)]
    for day in range(0, 36, 2):
        at = b.hour("09:10") + timedelta(days=day)
        for place_, home in enumerate(homes[: 1 + day % 5]):
            by = (chen, lin)[place_ % 2]
            alert = alert_open_by_hand(home=home, note="", by=by, now=at)
            taken = at + timedelta(seconds=40 * (1 + place_ + day % 3))
            alert_acknowledge(alert=alert, by=by, now=taken)
            closing = ClosingIn(
                outcome=OUTCOMES[(day + place_) % 6], verified="spoke", how="in_person"
            )
            until = at + timedelta(minutes=12 + 7 * place_ + day % 11)
            alert_close(alert=alert, closing=closing, by=by, now=until)
    alert_open_by_hand(home=homes[0], note="", by=lin, now=NOW - timedelta(hours=1))
    site.clock_at(NOW)
    return made


def opened(page, query=""):
    logged_in(page)
    page.goto(f"/figures/{query}")
    return page


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("zh-Hans", 390, False), ("en", 1440, False), ("zh-Hans", 1440, True)],
)
def test_the_figures_are_drawn_and_shut_nobody_out(
    place, page_at, axe, picture, language, width, dark
):
    page = opened(page_at(width, 900, language, dark=dark))
    page.wait_for_function(
        "document.querySelectorAll('.chart-drawing canvas').length === 4"
    )
    axe(page)
    picture(page, f"figures-{width}-{language}{'-dark' if dark else ''}")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    drawn = page.evaluate(
        """() => [...document.querySelectorAll('.chart-drawing canvas')].map((canvas) => {
          const { data } = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height);
          const colours = new Set();
          for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255)
            colours.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
          return colours.size;
        })"""
    )
    assert min(drawn) > 3


def test_without_javascript_the_tables_say_everything(place, page_at, axe, picture):
    page = opened(page_at(390, 844, "en", java_script=False))
    assert page.locator(".chart").first.is_hidden()
    assert page.locator("table").count() == 8
    row = page.locator("[data-figures=people] tbody tr").first
    assert row.locator("th").inner_text() in {"chen", "lin"}
    picture(page, "figures-plain-en")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_what_is_promised_fits_a_phone(place, page_at, picture, language):
    page = opened(page_at(390, 844, language, java_script=False))
    table = page.locator("[data-figures=promises]")
    box = table.bounding_box()
    assert box["x"] + box["width"] <= 390
    assert (
        table.evaluate("table => table.parentElement.scrollWidth") <= box["width"] + 1
    )
    table.scroll_into_view_if_needed()
    picture(page, f"figures-promises-{language}")


def test_a_span_is_chosen_and_a_wrong_one_is_answered(place, page_at, axe, picture):
    page = opened(page_at(1280, 900, "en", expected=("422",)))
    page.click("text=4 weeks")
    page.wait_for_url("**/figures/?weeks=4")
    assert page.locator("[data-figures=weeks] tbody tr").count() == 4
    page.fill("[name=first]", "2026-04-02")
    page.fill("[name=last]", "2026-04-01")
    page.click("text=Show")
    page.wait_for_selector(".errorlist")
    axe(page)
    picture(page, "figures-wrong-en")
    assert "The last day lies before the first." in page.inner_text("main")


def test_a_table_is_saved_as_a_file(place, page_at):
    page = opened(page_at(1280, 900, "en"))
    with page.expect_download() as saved:
        page.click("[href*='weeks.csv']")
    assert saved.value.suggested_filename.startswith("shouwang-weeks-")
    assert b"2026-W10" in saved.value.path().read_bytes()
    with page.expect_download() as saved:
        page.click("text=All as Excel")
    assert saved.value.path().read_bytes()[:2] == b"PK"


def test_on_paper_the_charts_are_light(place, page_at):
    page = opened(page_at(1280, 900, "zh-Hans", dark=True))
    page.wait_for_selector(".chart-drawing canvas")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".chart.on-paper").count() == 4
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".chart.on-paper").count() == 0
    assert Alert.objects.of(place).filter(state="open").count() == 1
