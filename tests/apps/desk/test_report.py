"""The group report: what is said, and what the picture shows."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import translation
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import alert_commit
from shouwang.apps.desk.contact_sheet import contact_sheet_svg
from shouwang.apps.desk.selectors.board import board_today
from shouwang.apps.desk.selectors.digest import digest_today
from shouwang.apps.desk.words import digest_text
from shouwang.apps.watch import services

pytestmark = pytest.mark.django_db
LATE = b.hour("09:15")


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def homes(place):
    made = [b.watched(place, row) for row in ("3-2-401", "3-2-402", "12-1-501")]
    for row, name in zip(made, ("王奶奶", "李爷爷", "<赵>"), strict=True):
        row.shown_name = name
        row.save()
    services.checks_make(community=place, now=b.DAWN)
    return made


def see(place, home, **more):
    look = b.look(home, "08:00", **more)
    services.sightings_record(community=place, items=[look], by=None, now=LATE)


def text_of(place, language="zh-hans"):
    services.checks_decide_due(now=LATE)
    today = digest_today(board_today(community=place, now=LATE))
    with translation.override(language):
        return digest_text(today, community=place, now=LATE).splitlines()


def test_everybody_is_well_and_nobody_is_left_out(place, homes):
    for home in homes:
        see(place, home)
    assert text_of(place) == [
        "梧桐里社区 03-02 09:15",
        "3 户：3 户平安；没有漏下一户。",
    ]
    assert text_of(place, "en")[1] == "3 homes: 3 well; nobody left out."


def test_exceptions_stand_by_name_and_who_was_not_seen_is_said(place, homes):
    see(place, homes[0])
    see(place, homes[1], state="closed")
    services.checks_decide_due(now=LATE)
    lin = b.member(place, "lin", "walker")
    alert = Alert.objects.of(place).get(home=homes[1])
    alert_commit(alert=alert, by=lin, until=LATE + timedelta(minutes=15), now=LATE)
    first, line, *named = text_of(place, "en")
    assert line == (
        "3 homes: 1 well, 1 not looked at, 1 being visited; "
        "not everybody has been looked at yet."
    )
    assert named == [
        "· 3-2-402 李爷爷 not as agreed, being visited",
        "· 12-1-501 <赵> nobody looked",
    ]
    assert first.startswith("梧桐里社区")


def test_a_long_summary_is_broken_into_lines():
    summary = (
        "200 homes: 182 well, 6 away, 8 not looked at, 4 in need of somebody; all."
    )
    drawn = contact_sheet_svg(title="t", summary=summary, named=[], others=[])
    rows = [
        one.text
        for one in ET.fromstring(drawn).iter()
        if one.get("class") == "sheet-summary"
    ]
    assert len(rows) == 2
    assert " ".join(filter(None, rows)) == summary


def test_the_picture_stands_by_itself_and_names_only_exceptions(
    client, place, homes, monkeypatch
):
    monkeypatch.setattr("shouwang.common.clock.now", lambda: LATE)
    see(place, homes[0])
    services.checks_decide_due(now=LATE)
    client.force_login(b.member(place, "duty", "duty_officer").user)
    answer = client.get(reverse("desk:report_picture"))
    assert answer["Content-Type"] == "image/svg+xml"
    drawn = answer.content.decode()
    ET.fromstring(drawn)
    assert "var(" not in drawn
    assert "李爷爷" in drawn
    assert "&lt;赵&gt;" in drawn
    assert "王奶奶" not in drawn
    assert "3-2-401" in drawn
    page = client.get(reverse("desk:report")).content.decode()
    assert "李爷爷" in page
