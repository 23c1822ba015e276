"""A home's story, a number that opens, who looked, and a practice taken over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.browser.steps import logged_in
from tests.domain.building import MORNING

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.care.models import Need
from shouwang.apps.care.services import MoveIn, NeedDraft, need_change, need_move
from shouwang.apps.practices.models import PracticeUse
from shouwang.apps.privacy.models import Access
from shouwang.apps.residents import services as homes
from shouwang.apps.watch import services as watch
from shouwang.domain.needs import Act, Asked

SIZES = {"phone": (390, 844), "desk": (1440, 900)}
LATER = b.hour("16:00") + timedelta(days=9)


@pytest.fixture
def chen(site):
    place = b.community()
    site.clock_at(LATER)
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def home(chen):
    """Return a home: a missed curtain, the wrong pills, a nurse, and it was right."""
    place = chen.community
    made = b.watched(place, windows=(MORNING,))
    made.shown_name, made.phone = "王奶奶", "13900000001"
    made.save()
    draft = homes.ResidentDraft(name="王桂兰", phone="13900000002")
    homes.resident_add(home=made, draft=draft)
    daughter = homes.ContactDraft(name="李玉珍", relation="女儿", phone="13900000003")
    homes.contact_add(home=made, draft=daughter)
    for day in range(9):
        _morning(place, made, chen, day, is_open=day != 4)
        if day == 4:
            _wrong_pills(place, chen, b.hour("09:30") + timedelta(days=day))
    return made


def _morning(place, home, chen, day, *, is_open):
    begin = b.DAWN + timedelta(days=day)
    watch.checks_make(community=place, now=begin)
    state = "open" if is_open else "closed"
    at = b.hour("08:20") + timedelta(days=day)
    look = b.look(home, "08:20", state=state, seen_at=at)
    watch.sightings_record(community=place, items=[look], by=chen, now=at)
    watch.checks_decide_due(now=b.hour("09:10") + timedelta(days=day))


def _wrong_pills(place, chen, began):
    alert = Alert.objects.of(place).get()
    closing = ClosingIn(outcome="needs_help", verified="spoke", override="吃错了药")
    alert_close(alert=alert, closing=closing, by=chen, now=began)
    need = Need.objects.of(place).get()
    said = NeedDraft(
        kind="medicine", urgency="urgent", words="六种药混着吃，请护士来理一理"
    )
    need_change(need=need, draft=said, by=chen, now=began)
    steps = (
        MoveIn(act=Act.TAKE),
        MoveIn(act=Act.FINISH, note="护士来过了"),
        MoveIn(act=Act.RIGHT, asked=Asked.IN_PERSON),
    )
    for number, step in enumerate(steps, start=1):
        at = began + timedelta(hours=number)
        need_move(need=need, move=step, by=chen, now=at)


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_story_leads_from_the_curtain_to_her_word(
    page_at, axe, picture, home, size, language
):
    page = logged_in(page_at(*SIZES[size], language), "chen")
    page.goto(f"/homes/{home.pk}/")
    story = page.locator(".home-story")
    assert story.locator(".quiet-days").count() == 2
    titles = story.locator(".entry p:first-child").all_inner_texts()
    order = [
        next(n for n, words in enumerate(titles) if re.search(pattern, words))
        for pattern in (
            "预警：|Alert: ",
            "预警结束|Alert closed",
            "需求：|Need: ",
        )
    ]
    assert order == sorted(order)
    because = story.locator(".because a")
    target = because.first.get_attribute("href")
    assert target
    fits(page)
    axe(page)
    picture(page, f"story-home-{size}-{language}")
    page.goto(f"/homes/{home.pk}/story/?month=2026-03&kind=need")
    assert page.locator(".entry-alert").count() == 0
    assert page.locator(".entry-need").count() >= 4
    fits(page)
    axe(page)
    picture(page, f"story-needs-{size}-{language}")
    page.goto(f"/homes/{home.pk}/story/?month=nonsense&kind=nothing")
    assert page.locator(".entry-alert").count() == 2


@pytest.mark.parametrize("java_script", [True, False])
def test_a_number_opens_by_one_tap_and_the_coordinator_sees_who_opened_it(
    page_at, axe, picture, home, java_script
):
    page = logged_in(page_at(*SIZES["phone"], java_script=java_script), "chen")
    page.goto(f"/homes/{home.pk}/")
    assert page.locator("a[href^='tel:']").count() == 0
    page.click(".show-phone button >> nth=0")
    page.wait_for_selector("a[href='tel:13900000001']")
    assert ("/phone" in page.url) is not java_script
    if java_script:
        axe(page)
    picture(page, f"story-number-{java_script}")
    rows = Access.objects.of(home.community_id).filter(what="contact")
    assert [row.of for row in rows] == ["home"]
    page.goto(f"/homes/{home.pk}/looked/")
    assert page.locator(".accesses li").count() >= 2
    assert "13900000001" not in page.content()
    fits(page)
    picture(page, f"story-looked-{java_script}")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_practice_is_looked_at_and_taken_over(
    page_at, axe, picture, chen, size, language
):
    page = logged_in(page_at(*SIZES[size], language), "chen")
    page.goto("/practices/")
    assert page.locator(".person").count() == 6
    fits(page)
    axe(page)
    picture(page, f"practices-{size}-{language}")
    page.click("a[href$=flag-with-decoys\\/]")
    fits(page)
    axe(page)
    picture(page, f"practice-{size}-{language}")
    page.click("form[action$=use] button")
    page.wait_for_selector(".told")
    assert PracticeUse.objects.of(chen.community).get().signal == "flag"
    page.goto("/practices/save/")
    fits(page)
    axe(page)
    picture(page, f"practice-save-{size}-{language}")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_somebody_leaves_and_the_page_says_until_when_names_are_kept(
    page_at, axe, picture, home, language
):
    page = logged_in(page_at(*SIZES["phone"], language), "chen")
    page.goto(f"/homes/{home.pk}/archive")
    fits(page)
    axe(page)
    picture(page, f"leave-{language}")
    page.check("[name=why][value=died]")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/homes/left/\d+/"))
    fits(page)
    axe(page)
    picture(page, f"left-{language}")
    page.goto("/homes/left/")
    fits(page)
    axe(page)
    picture(page, f"leavings-{language}")
