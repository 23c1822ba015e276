"""A barber who comes up, and medicine fetched when ill: from need to checked by messages."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from tests.apps import building as b
from tests.apps.dispatch.helping import a_need, page_of, the_run, volunteer
from tests.browser.steps import logged_in

from shouwang.apps.care.models import Need
from shouwang.apps.dispatch.services import need_maybe, need_take, run_start
from shouwang.apps.volunteers.models import HoursRow

TEN = b.hour("10:00")


@pytest.fixture
def place(site):
    made = b.community()
    made.desk_phone = "0351-0000000"
    made.save()
    site.clock_at(TEN)
    return made


@pytest.fixture
def home(place):
    made = b.watched(place)
    made.shown_name, made.at_the_door = "王奶奶", "耳背，敲门要重一点"
    made.save()
    return made


@pytest.fixture
def duty(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def people(place, home):
    friend = volunteer(place, "赵师傅", skills=["barber"], knows=[home])
    others = [
        volunteer(place, "李叔", skills=["barber"], buildings=[home.building]),
        volunteer(place, "小雨", skills=["errands"]),
        volunteer(place, "孙阿姨", skills=["nurse", "barber"], a_week=3),
        volunteer(place, "老周", skills=["barber"], consent_on=None),
    ]
    return [friend, *others]


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_barber_is_found_by_message_and_she_says_it_was_right(
    site, page_at, axe, picture, home, duty, people, language
):
    need = a_need(
        home,
        duty,
        kind="haircut",
        urgency="everyday",
        words="王奶奶想理个短发",
        wanted_by=b.hour("15:00") + timedelta(days=1),
    )
    desk, phone, second = (
        page_at(*size, language) for size in [(1440, 900), (390, 844), (390, 844)]
    )
    seen = partial(look, axe, picture, language)
    offer_it(logged_in(desk), need, seen)
    assert the_run(need).asks.count() == 2
    take_it(phone, page_of(need, people[0], TEN), seen)

    second.goto(page_of(need, people[1], TEN))
    assert "赵师傅" in second.content()
    assert "3-2-401" not in second.content()
    seen(second, "taken")

    do_it(phone, seen)
    assert HoursRow.objects.of(home.community).get().minutes == 60
    ask_her(desk, need)
    assert Need.objects.of(home.community).get().stage == "checked"
    seen(desk, "checked")


def look(axe, picture, language, page, name):
    axe(page)
    fits(page)
    picture(page, f"dispatch-{name}-{language}")


def offer_it(desk, need, seen):
    """From the need's page: who would be asked, and one tap."""
    desk.goto(f"/needs/{need.pk}/")
    desk.click("a[href$=find\\/]")
    desk.wait_for_selector(".plan-waves")
    seen(desk, "preview")
    desk.click(".find .send button")
    desk.wait_for_selector(".run-running")
    seen(desk, "run")


def take_it(phone, address, seen):
    """By the message alone: maybe first, then yes; only then her door shows."""
    phone.goto(address)
    assert "3-2-401" not in phone.content()
    seen(phone, "offer")
    phone.click("button[value=maybe]")
    phone.wait_for_selector(".noted")
    phone.click("button[value=yes]")
    phone.wait_for_selector(".where-place")
    assert "3-2-401 王奶奶" in phone.content()
    seen(phone, "mine")


def do_it(phone, seen):
    """Begin, and say that it is done, how long it took, and a word for the next."""
    phone.click("button[value=begin]")
    phone.wait_for_selector(".done[open]")
    phone.check("[name=minutes][value='60']", force=True)
    phone.fill("[name=for_next]", "门铃坏了，敲门")
    seen(phone, "done")
    phone.click(".done form button")
    phone.wait_for_selector(".noted")


def ask_her(desk, need):
    desk.goto(f"/needs/{need.pk}/")
    desk.check("[name=asked][value=phone]")
    desk.click("form[action$=right] button >> nth=0")
    desk.wait_for_selector("form[action$=right]", state="detached")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_day_is_proposed_changed_and_offered(
    site, page_at, axe, picture, place, home, duty, people, language
):
    far = b.home(place, "5-1-101")
    a_need(home, duty, words="饭后的降压药没了", wanted_by=b.hour("16:00"))
    a_need(far, duty, kind="repair", urgency="difficult", words="厨房的灯不亮")
    a_need(far, duty, kind="haircut", urgency="everyday")
    meal = a_need(b.home(place, "3-1-201"), duty, kind="meal", urgency="urgent")
    held = a_need(b.home(place, "3-1-202"), duty, kind="company", urgency="everyday")
    need_take(need=held, who=people[2], now=TEN)
    desk = logged_in(page_at(1440, 900, language))
    desk.goto("/tasks/")
    axe(desk)
    picture(desk, f"dispatch-day-{language}")
    desk.select_option(f"#who-{meal.pk}", str(people[1].pk))
    desk.click(".day-form button")
    desk.wait_for_selector(".more-cost")
    axe(desk)
    picture(desk, f"dispatch-day-changed-{language}")
    small = logged_in(page_at(390, 844, language))
    small.goto("/tasks/")
    fits(small)
    picture(small, f"dispatch-day-phone-{language}")
    desk.click(".day-offer button")
    desk.wait_for_selector(".told")
    assert the_run(meal).asks.get().member == people[1]


def test_on_a_phone_the_needs_page_and_the_preview_fit(
    site, page_at, axe, picture, home, duty, people
):
    need = a_need(home, duty, kind="haircut")
    run_start(need=need, by=duty, now=TEN)
    need_maybe(need=need, who=people[0], now=TEN)
    page = logged_in(page_at(390, 844, "zh-Hans"))
    for address in (f"/needs/{need.pk}/", f"/needs/{need.pk}/find/", "/needs/skills/"):
        page.goto(address)
        fits(page)
        axe(page)
        picture(page, f"dispatch-phone-{address.strip('/').replace('/', '-')[-4:]}")
