"""From an Excel roster to the end of a watched day, as a coordinator lives it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from tests.apps import building as b
from tests.apps.residents.rosters import WANG, xlsx
from tests.browser.steps import logged_in, tick

from shouwang.apps.alerts.models import Alert
from shouwang.apps.residents import services as homes
from shouwang.apps.residents.models import Agreement, Home, Resident
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services
from shouwang.domain.schedule import EVERY_DAY

EVENING_BEFORE = b.DAWN - timedelta(hours=8)
LI = ("3", "2", "402", "李玉珍", "窗帘", "李玉珍", "2026-03-01", "协议 0002")
ZHAO = ("12", "1", "501", "赵淑芬", "笑脸牌", "赵淑芬", "2026-03-01", "协议 0003")
SPOILED = ("12", "1", "502", "孙凤英", "窗帘", "孙凤英", "去年", "协议 0004")


def choose(page, name, content):
    page.goto("/homes/")
    page.click("a[href*=roster]")
    page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": "", "buffer": content}
    )
    page.click("main form[enctype] button")
    page.wait_for_selector(".sums")


def bring_in_a_roster(page, axe):
    """Show a spoiled roster, which brings nothing in, and then a sound one."""
    choose(page, "spoiled.xlsx", xlsx(WANG, SPOILED))
    assert page.inner_text(".sum-refused strong") == "1"
    assert page.query_selector("form[action$=apply]") is None
    axe(page)
    choose(page, "roster.xlsx", xlsx(WANG, LI, ZHAO))
    assert page.inner_text(".sum-new strong") == "3"
    axe(page)
    page.click("form[action$=apply] button")
    page.wait_for_url("**/homes/**")
    assert page.query_selector("text=3-2-402")


def see_one_home(page, home):
    """Record that its curtain is open."""
    page.goto(f"/homes/{home.pk}/")
    page.select_option("[name=seen]", "curtain:open")
    page.click("form[action$=sighting] button")
    page.wait_for_selector(".chip-presumed")


def answer_the_first_alert(page, axe):
    """Go up, speak with her, and see that the alert is over by that."""
    page.click(".alert h3 a >> nth=0")
    page.click("form[action$=commit] button")
    page.wait_for_selector(".on-the-way")
    axe(page)
    page.click("summary >> nth=0")
    page.click("form[action$=spoke] button")
    page.wait_for_selector(".is-closed")
    assert page.query_selector("form[action$=close]") is None
    axe(page)


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", 390), ("en", 1440)])
def test_a_roster_becomes_tomorrows_watch(site, page_at, axe, picture, language, width):
    place = b.community()
    b.member(place, "chen", "coordinator", "duty_officer")
    site.clock_at(EVENING_BEFORE)
    page = logged_in(page_at(width, 844, language))
    bring_in_a_roster(page, axe)
    tick(site, EVENING_BEFORE + timedelta(minutes=1))
    tick(site, b.hour("07:40"))
    see_one_home(page, Home.objects.of(place).get(address="3-2-401"))

    tick(site, b.hour("09:15"))
    page.goto("/")
    assert page.inner_text(".count-well strong") == "1"
    assert page.inner_text(".count-unseen strong") == "2"
    axe(page)
    picture(page, f"morning-{width}-{language}")
    answer_the_first_alert(page, axe)

    tick(site, b.hour("20:15"))
    page.goto("/")
    assert page.inner_text(".count-unseen strong") == "3"
    page.goto("/figures/")
    axe(page)
    picture(page, f"figures-{width}-{language}")


@pytest.fixture
def filled(site):
    """Make a community in which every page has something to show."""
    place = b.community()
    b.member(place, "chen", "coordinator", "duty_officer")
    home = b.watched(place)
    homes.resident_add(home=home, draft=homes.ResidentDraft(name="王桂兰"))
    homes.contact_add(home=home, draft=homes.ContactDraft(name="李玉珍"))
    draft = RoundDraft(
        name="早一", at=time(7), days=EVERY_DAY, walker_ids=[], home_ids=[home.pk]
    )
    round_add(community=place, draft=draft)
    services.checks_make(community=place, now=b.DAWN)
    tick(site, b.hour("09:15"))
    return place


def addresses(place):
    def first(model):
        return model.objects.of(place).first().pk

    home, agreement = first(Home), first(Agreement)
    return [
        "/",
        "/?view=list",
        "/figures/",
        f"/homes/{home}/",
        "/homes/",
        "/homes/add/",
        f"/homes/{home}/about/",
        f"/homes/{home}/change/",
        f"/homes/{home}/risks/",
        f"/alerts/{first(Alert)}/",
        f"/homes/{home}/residents/add/",
        f"/homes/{home}/agreements/add/",
        f"/residents/{first(Resident)}/",
        f"/agreements/{agreement}/",
        f"/agreements/{agreement}/card/",
        f"/agreements/{agreement}/end/",
        "/roster/",
        "/signals/",
        "/signals/add/",
        "/rounds/",
        "/rounds/add/",
        f"/rounds/{first(Round)}/",
        "/members/",
        "/members/add/",
        "/community/",
        "/account/",
        "/account/password/",
    ]


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh-Hans", 390, True), ("en", 1440, False)]
)
def test_no_page_shuts_anybody_out_or_runs_off_the_screen(
    filled, page_at, axe, language, width, dark
):
    page = logged_in(page_at(width, 844, language, dark=dark))
    for path in addresses(filled):
        answer = page.goto(path)
        assert answer.status == 200, path
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide"
