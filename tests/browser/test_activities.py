"""Dumplings every week: papers, who brings whom, who came, and who never does."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.apps import building as b
from tests.apps.activities import planned as p
from tests.browser.steps import logged_in, tick

from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.activities.services import (
    Minutes,
    activity_cancel,
    guest_bring,
    guest_mark,
    guest_reply,
    helpers_set,
    photo_add,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.watch.models import Sighting
from shouwang.domain.activities import Attended, Reply
from shouwang.notify.channels import RECORDING

NAMES = ("王奶奶", "李奶奶", "赵爷爷", "孙奶奶")


@pytest.fixture(autouse=True)
def _photos_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place(site):
    made = b.community()
    made.desk_phone = "000-0000"
    made.save()
    b.member(made, "chen", "coordinator", "duty_officer")
    b.member(made, "li", "volunteer")
    site.clock_at(b.hour("06:00"))
    return made


@pytest.fixture
def homes(place):
    made = [b.watched(place, f"3-2-{floor}01") for floor in range(3, 7)]
    for home, called in zip(made, NAMES, strict=True):
        home.shown_name = called
        home.save()
        p.resident(home, called)
    p.unsteady(made[0])
    return made


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


def plan_weekly(page):
    page.goto("/activities/")
    page.click("a[href='/activities/add/']")
    page.fill("[name=what]", "一起包饺子")
    page.fill("[name=place]", "社区活动室")
    page.fill("[name=on]", "2026-03-04")
    page.fill("[name=begins]", "09:30")
    page.fill("[name=ends]", "11:00")
    page.select_option("[name=rhythm]", "weekly")
    page.fill("[name=until_on]", "2026-04-29")
    page.fill("[name=places]", "3")
    page.fill("[name=words]", "围裙我们准备，有热茶。")
    page.click("main form .acts button")
    page.wait_for_selector("a[href$='/invite/']")


def invite_all(page):
    page.click("a[href$='/invite/']")
    page.check("[name=group][value=all]")
    page.check("[name=with_coming]")
    page.click("main form .acts button")
    page.wait_for_selector(".guest-list")


def tick_guests(page, *names):
    for name in names:
        page.check(f".guest:has-text('{name}') [name=guest]")


def say_who_brings_and_who_comes(page):
    """Let li bring the first two, always, and all four say yes: one has to wait."""
    assert page.query_selector(".unarmed")
    tick_guests(page, "王奶奶", "李奶奶")
    page.select_option("[name=who]", label="li")
    page.check("[name=with_coming]")
    page.click("button[formaction$=bring]")
    page.wait_for_selector(".unarmed", state="detached")
    tick_guests(page, *NAMES)
    page.click(".guest-acts .button")
    page.wait_for_selector(".tag-waits")


def print_papers(page, picture, language):
    """Print the invitations: four of them stand on two sheets."""
    page.click("a[href$='/papers/']")
    page.emulate_media(media="print")
    picture(page, f"activity-papers-{language}")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    page.emulate_media(media="screen")


def write_down_who_came(phone):
    """There, one tap each, by whoever helps."""
    phone.goto("/activities/")
    phone.click(".event-mine >> nth=0")
    phone.click("a[href$='/attendance/']")
    for name in NAMES[:2]:
        phone.click(f".attend-one:has-text('{name}') button.came")
        phone.wait_for_selector(f".attend-one:has-text('{name}') .tag-came")
    phone.click(".attend-one:has-text('赵爷爷') button[value^=excused]")
    phone.wait_for_selector(".tag-excused")
    phone.click(".attend-one:has-text('孙奶奶') button[value^=absent]")
    phone.wait_for_selector(".tag-absent")


def go_on_for_weeks(place, never):
    """Hold the rest of the series; one home never comes. Return when it is over."""
    rows = list(Activity.objects.of(place).order_by("begins_at"))
    for row in rows[1:]:
        for guest in row.guests.exclude(home=never):
            guest_mark(
                guest=guest,
                attended=Attended.CAME,
                by=place_people(place)[1],
                now=row.ends_at,
            )
    return rows[-1].ends_at


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_dumplings_every_week_from_the_paper_to_who_never_comes(
    site, page_at, axe, picture, place, homes, language
):
    page = logged_in(page_at(1440, 900, language))
    plan_weekly(page)
    invite_all(page)
    say_who_brings_and_who_comes(page)
    axe(page)
    picture(page, f"activity-planned-{language}")
    print_papers(page, picture, language)

    # The evening before, whoever brings somebody is reminded.
    tick(site, b.hour("18:05") + timedelta(days=1))
    told = [row.text for row in RECORDING.sent if row.about == "activity"]
    assert len(told) == 1
    assert not any(name in told[0] for name in NAMES)

    first = Activity.objects.of(place).order_by("begins_at")[0]
    li = place_people(place)[1]
    helpers_set(activity=first, helpers=[Minutes(member=li)], by=li, now=b.DAWN)
    site.clock_at(first.begins_at + timedelta(minutes=10))
    phone = logged_in(page_at(390, 844, language), "li")
    write_down_who_came(phone)
    axe(phone)
    fits(phone)
    picture(phone, f"activity-attendance-{language}")
    assert Sighting.objects.of(place).filter(signal="contact").count() == 2

    over = go_on_for_weeks(place, never=homes[3])
    site.clock_at(over + timedelta(hours=2))
    page.goto("/activities/not-seen/")
    assert [name for name in NAMES if name in page.inner_text(".unseen")] == ["孙奶奶"]
    axe(page)
    picture(page, f"activity-not-seen-{language}")


@pytest.fixture
def filled(place, homes):
    """Plan two series and single ones: full, moved by itself, cancelled, and held."""
    chen, li = place_people(place)
    series = p.series(place, until=date(2026, 5, 31), places=2, leader=chen)
    p.series(
        place, "monthly_weekday", date(2026, 8, 1), what="理发日", place="南门值班室"
    )
    first = series.activities.order_by("begins_at")[0]
    guests = p.invited(first, *homes, with_coming=True)
    guest_bring(guests=guests[1:3], member=li, now=b.DAWN, with_coming=True)
    for minute, guest in enumerate(guests[:3]):
        guest_reply(guest=guest, reply=Reply.YES, now=b.hour(f"05:0{minute}"))
    guest_reply(guest=guests[3], reply=Reply.NO, now=b.DAWN)
    helpers_set(activity=first, helpers=[Minutes(member=li)], by=chen, now=b.DAWN)
    photo_add(
        activity=first,
        content=b.picture(1200, 800, "#c98f68"),
        agreed="王奶奶、李奶奶，都同意",
        by=chen,
        now=b.DAWN,
    )
    off = p.activity(place, what="春天里合唱", on=b.TODAY + timedelta(days=3))
    p.invited(off, homes[0])
    activity_cancel(activity=off, why="活动室停电", by=chen, now=b.hour("06:00"))
    guest_mark(guest=guests[0], attended=Attended.CAME, by=chen, now=b.hour("09:40"))
    return first, off, series


def place_people(place):
    rows = {row.display_name: row for row in Member.objects.of(place)}
    return rows["chen"], rows["li"]


SEEN = [
    ("zh-Hans", 390, False),
    ("en", 390, True),
    ("zh-Hans", 1440, True),
    ("en", 1440, False),
]


@pytest.mark.parametrize(("language", "width", "dark"), SEEN)
def test_no_page_of_activities_shuts_anybody_out_or_runs_off_the_screen(
    site, filled, page_at, axe, picture, language, width, dark
):
    first, off, series = filled
    site.clock_at(b.hour("09:45"))
    page = logged_in(page_at(width, 844, language, dark=dark))
    one = f"/activities/{first.pk}/"
    paths = ["/activities/", "/activities/add/", "/activities/not-seen/", one]
    paths += [f"/activities/series/{series.pk}/", f"/activities/{off.pk}/"]
    paths += [f"/activities/series/{series.pk}/end/", f"{one}change/", f"{one}cancel/"]
    paths += [f"{one}invite/", f"{one}papers/", f"{one}attendance/", f"{one}helpers/"]
    paths += [f"{one}photos/add/", "/account/calendar/"]
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, path
        axe(page)
        fits(page)
        name = re.sub(r"\d+", "n", re.sub(r"\W+", "-", path).strip("-"))
        if path == f"/activities/{off.pk}/":
            name += "-off"
        picture(page, f"{name}-{width}-{language}{'-dark' if dark else ''}")


def test_what_one_taps_on_a_phone_is_large_enough(site, filled, page_at):
    site.clock_at(b.hour("09:45"))
    page = logged_in(page_at(390, 844, "zh-Hans"), "li")
    page.goto(f"/activities/{filled[0].pk}/attendance/")
    small = page.evaluate(
        "[...document.querySelectorAll('.attend-acts button, .how-seen .choice')]"
        ".filter(one => one.getBoundingClientRect().height < 60).length"
    )
    assert small == 0


def test_everything_of_an_activity_works_without_scripts(site, filled, page_at):
    site.clock_at(b.hour("09:45"))
    page = logged_in(page_at(390, 844, "zh-Hans", java_script=False))
    page.goto(f"/activities/{filled[0].pk}/attendance/")
    page.uncheck("[name=seen]")
    page.click(".attend-one:has-text('李奶奶') button.came")
    page.wait_for_selector(".attend-one:has-text('李奶奶') .tag-came")
    assert not page.is_checked("[name=seen]")
    guest = Guest.objects.of(filled[0].community).filter(attended="came")
    assert {str(row) for row in guest} == {"王奶奶", "李奶奶"}


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_calendar_link_is_made_shown_once_and_read(
    site, filled, page_at, axe, picture, language
):
    site.clock_at(b.hour("12:00"))
    page = logged_in(page_at(390, 844, language), "li")
    page.goto("/account/")
    page.click("a[href='/account/calendar/']")
    page.click("form[action$='mine/make'] button")
    address = page.input_value(".calendar-address")
    axe(page)
    fits(page)
    picture(page, f"calendar-made-{language}")
    answer = page.request.get(address)
    assert answer.status == 200
    assert answer.text().startswith("BEGIN:VCALENDAR\r\n")
    assert not any(name in answer.text() for name in NAMES)
    page.goto("/account/calendar/")
    assert page.query_selector(".calendar-address") is None
    picture(page, f"calendar-kept-{language}")
