"""A missed curtain, its ladder, the door, and the need that came of it; how people are told."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from tests.apps import building as b
from tests.apps.outbox.channels import Invented, set_up
from tests.browser.steps import logged_in, tick

from shouwang.apps.alerts.models import Alert
from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services as watch
from shouwang.domain.schedule import EVERY_DAY
from shouwang.notify import channels
from shouwang.notify.settings import Reaches

ROBOT = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def sms(monkeypatch):
    made = Invented(kind="sms_aliyun", reaches=Reaches.PHONE)
    monkeypatch.setitem(channels.CHANNELS, made.kind, made)
    return made


@pytest.fixture
def home(site, sms, settings):
    settings.PUBLIC_URL = site.url
    place = b.community()
    place.desk_phone = "000-0000"
    place.save()
    b.member(place, "chen", "coordinator", "duty_officer")
    lin = b.member(place, "lin", "walker")
    Member.objects.of(place).update(phone="13900000001")
    made = b.watched(place)
    made.shown_name = "王奶奶"
    made.save()
    draft = RoundDraft(
        name="早一",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[lin.pk],
        home_ids=[made.pk],
    )
    round_add(community=place, draft=draft)
    set_up(place, sms)
    watch.checks_make(community=place, now=b.DAWN)
    return made


def link_to(sms, name):
    return next(row.link for row in sms.took if row.to_name == name)


def go_and_close(site, desk):
    """From the board: somebody goes, and finds that she needs help."""
    desk.click(".urgent a >> nth=0")
    desk.click("#commit button")
    desk.wait_for_selector(".on-the-way")
    site.clock_at(b.hour("09:40"))
    desk.click("form[action$=close] >> xpath=.. >> summary")
    desk.select_option("[name=outcome]", "needs_help")
    desk.select_option("[name=verified]", "spoke")
    desk.click("form[action$=close] button")
    desk.wait_for_selector(".is-closed")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_missed_curtain_is_carried_through_the_ladder_to_a_need(
    site, page_at, axe, picture, home, sms, language
):
    shut = b.look(home, "08:50", state="closed")
    watch.sightings_record(
        community=home.community, items=[shut], by=None, now=b.hour("08:50")
    )
    tick(site, b.hour("09:10"))
    assert [row.to_name for row in sms.took] == ["lin"]

    # The walker cannot: the next step is told at once.
    phone = page_at(390, 844, language)
    phone.goto(link_to(sms, "lin"))
    axe(phone)
    picture(phone, f"to-the-end-link-{language}")
    phone.click("button[name=act][value=cannot]")
    phone.wait_for_selector(".noted")
    tick(site, b.hour("09:11"))
    assert [row.to_name for row in sms.took] == ["lin", "chen"]

    # Nobody answers; the ladder climbs by itself, and asks for the bell.
    tick(site, b.hour("09:20"))
    assert [row.values["asked"] for row in sms.took][-1] != sms.took[1].values["asked"]

    desk = logged_in(page_at(1440, 900, language))
    go_and_close(site, desk)
    axe(desk)
    picture(desk, f"to-the-end-closed-{language}")
    desk.click(".alert-top a[href*='/needs/']")
    desk.wait_for_url("**/needs/*/")

    alert = Alert.objects.of(home.community).get()
    need = Need.objects.of(home.community).get()
    assert (alert.state, alert.outcome, need.alert_id) == (
        "closed",
        "needs_help",
        alert.pk,
    )
    tick(site, b.hour("10:40"))
    assert len(sms.took) == len([row for row in sms.took if row.about == "missed"])


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh-Hans", 390, True), ("en", 1440, False)]
)
def test_a_channel_is_set_up_and_a_report_writes_itself(
    site, page_at, axe, picture, home, language, width, dark, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    site.clock_at(b.hour("09:00"))
    page = logged_in(page_at(width, 844, language, dark=dark, expected=("422",)))
    page.goto("/channels/")
    axe(page)
    page.click("a[href='/channels/add/wecom/']")
    page.click("main form button")
    page.wait_for_selector(".errorlist >> nth=0")
    axe(page)
    picture(page, f"channel-wrong-{width}-{language}")
    page.fill("[name=robot]", ROBOT)
    page.click("main form button")
    page.wait_for_selector("text=" + ("企业微信" if language != "en" else "WeCom"))
    picture(page, f"channels-{width}-{language}")

    page.goto("/group-report/times/add/")
    page.fill("[name=at]", "09:15")
    page.click("main form button")
    page.wait_for_url("**/group-report/times/")
    tick(site, b.hour("09:15") + timedelta(seconds=1))
    page.reload()
    page.wait_for_selector(".digest a")
    axe(page)
    picture(page, f"digests-{width}-{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
