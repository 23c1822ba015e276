"""A photo at the desk, and the copy of it that leaves."""

from __future__ import annotations

import base64
import io
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from PIL import Image
from tests.apps import building as b
from tests.apps.facades import facade_jpeg, window_box

from shouwang.apps.neighbours.models import Notice
from shouwang.apps.neighbours.services import ReportDraft, notices_make, report_take
from shouwang.apps.rounds.services.pictures import picture_store
from shouwang.apps.rounds.services.standpoints import StandpointDraft, standpoint_add
from shouwang.apps.watch import services
from shouwang.apps.watch.blurring import forwardable
from shouwang.apps.watch.selectors import boxes_on

pytestmark = pytest.mark.django_db
LATE = b.hour("09:15")
BOX, OTHER = window_box(4, 1), window_box(4, 2)


@pytest.fixture(autouse=True)
def _photos_elsewhere(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("shouwang.common.clock.now", lambda: LATE)


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def homes(place):
    made = [b.watched(place, row) for row in ("3-2-401", "3-2-402", "12-1-501")]
    services.checks_make(community=place, now=b.DAWN)
    return made


@pytest.fixture
def duty(place):
    return b.member(place, "duty", "duty_officer")


@pytest.fixture
def desk(client, duty):
    client.force_login(duty.user)
    return client


@pytest.fixture
def photo(place, homes):
    return taken(place, homes[:2])


def taken(place, homes, at="07:41", standpoint="南门"):
    given = services.PhotoIn(
        content=facade_jpeg(),
        home_ids=[row.pk for row in homes],
        taken_at=b.hour(at),
        standpoint=standpoint,
    )
    return services.photo_store(community=place, photo=given, by=None, now=LATE)[0]


def original_of(photo):
    with photo.file.open("rb") as opened:
        return opened.read()


def mark(photo, duty, boxes):
    services.windows_mark(photo=photo, boxes=boxes, by=duty, now=LATE)


def copy(desk, photo, query=""):
    return desk.get(reverse("desk:photo_copy", args=[photo.pk]) + query)


def test_without_confirmed_marks_the_whole_copy_is_blurred(desk, photo):
    answer = copy(desk, photo)
    assert answer.content == forwardable(original_of(photo), [])
    assert answer["Content-Type"] == "image/jpeg"
    assert "attachment" in answer["Content-Disposition"]
    assert "401" not in answer["Content-Disposition"]


def test_offered_marks_alone_leave_the_copy_blurred(desk, place, homes, duty, photo):
    draft = StandpointDraft(name="南门", home_ids=[homes[0].pk])
    gate = standpoint_add(community=place, draft=draft)
    picture = picture_store(standpoint=gate, content=facade_jpeg(), by=duty, now=LATE)
    mark(picture.photo, duty, {homes[0].pk: BOX})
    page = desk.get(reverse("desk:photo_page", args=[photo.pk]))
    assert page.context["beginning"].boxes == {homes[0].pk: BOX}
    assert copy(desk, photo).content == forwardable(original_of(photo), [])


def test_the_copy_keeps_the_marked_windows_or_one_of_them(desk, homes, duty, photo):
    original = original_of(photo)
    mark(photo, duty, {homes[0].pk: BOX, homes[1].pk: OTHER})
    assert copy(desk, photo).content == forwardable(original, [BOX, OTHER])
    one = copy(desk, photo, f"?home={homes[1].pk}")
    assert one.content == forwardable(original, [OTHER])
    for wrong in (f"?home={homes[2].pk}", "?home=x", f"?home={'9' * 30}"):
        assert copy(desk, photo, wrong).status_code == 404
    # What was marked wrongly is out of the copy as soon as it is put right.
    mark(photo, duty, {homes[0].pk: BOX})
    assert copy(desk, photo).content == forwardable(original, [BOX])


def test_the_page_shows_who_marked_and_when(desk, homes, photo, place):
    url = reverse("desk:photo_page", args=[photo.pk])
    given = {
        f"{side}_{homes[0].pk}": f"{getattr(BOX, side) * 100:.2f}"
        for side in ("x", "y", "width", "height")
    }
    assert desk.post(url, given).status_code == 302
    page = desk.get(url, headers={"accept-language": "en"}).content.decode()
    assert "marked 2026-03-02 09:15 duty" in page
    assert [*boxes_on(community=place, photo_ids=[photo.pk])[photo.pk]] == [homes[0].pk]


def test_another_home_can_be_put_on_a_photo(desk, homes, place):
    photo = taken(place, [], standpoint="")
    url = reverse("desk:photo_page", args=[photo.pk])
    assert not desk.get(url).context["form"].homes
    shown = desk.get(url, {"home": [str(homes[2].pk), "x", "-1"]})
    assert shown.context["form"].homes == [homes[2]]
    given = {f"x_{homes[2].pk}": "95", f"x_{10**20}": "1"}
    assert desk.post(url, given).context["form"].homes == [homes[2]]


def test_a_standpoints_picture_is_marked_by_a_coordinator_only(
    client, desk, place, homes, duty
):
    draft = StandpointDraft(name="南门", home_ids=[homes[0].pk])
    gate = standpoint_add(community=place, draft=draft)
    picture = picture_store(standpoint=gate, content=facade_jpeg(), by=duty, now=LATE)
    url = reverse("desk:photo_page", args=[picture.photo_id])
    assert "data-marking" not in desk.get(url).content.decode()
    assert desk.post(url, {}).status_code == 404
    client.force_login(b.member(place, "chen", "coordinator").user)
    answer = client.get(url)
    assert answer.url == reverse("rounds:standpoint_picture", args=[gate.pk])


def test_a_neighbours_photo_leaves_by_the_same_door(desk, place, homes):
    notices_make(community=place, now=b.DAWN)
    report = report_take(
        notice=Notice.objects.of(place).filter(building=homes[0].building).get(),
        draft=ReportDraft(what="other", where="左边", photo=facade_jpeg()),
        address="",
        now=LATE,
    )
    page = desk.get(reverse("neighbours:reports")).content.decode()
    assert reverse("desk:photo_page", args=[report.photo_id]) in page
    assert ".jpg" not in page


def sheet(desk, query=""):
    drawn = desk.get(reverse("desk:report_picture") + query).content.decode()
    ET.fromstring(drawn)
    return drawn


def pictures_in(drawn):
    found = re.findall(r'href="data:image/jpeg;base64,([^"]+)"', drawn)
    return [Image.open(io.BytesIO(base64.b64decode(row))) for row in found]


def test_the_contact_sheet_shows_photos_of_named_windows_when_asked(
    desk, place, homes, duty, photo
):
    look = b.look(homes[1], "08:00")
    services.sightings_record(community=place, items=[look], by=None, now=LATE)
    services.checks_decide_due(now=LATE)
    mark(photo, duty, {homes[0].pk: BOX, homes[1].pk: OTHER})
    assert pictures_in(sheet(desk)) == []
    drawn = sheet(desk, "?photos=1")
    # The first was not looked at and is named; the second is well and is not.
    (shown,) = pictures_in(drawn)
    assert max(shown.size) <= 360
    assert "07:41" in drawn
    # Everything is in the one picture.
    assert not re.search(r'(href|src)="(?!data:)', drawn)


def test_only_the_newest_marked_photo_of_today_is_shown(desk, place, homes, duty):
    services.checks_decide_due(now=LATE)
    for at in ("07:30", "08:10"):
        mark(taken(place, homes[:1], at), duty, {homes[0].pk: BOX})
    taken(place, homes[:1], "08:50")
    yesterday = taken(place, homes[1:2])
    mark(yesterday, duty, {homes[1].pk: BOX})
    type(yesterday).objects.of(place).filter(pk=yesterday.pk).update(
        taken_at=b.DAWN - timedelta(hours=6)
    )
    drawn = sheet(desk, "?photos=1")
    assert len(pictures_in(drawn)) == 1
    assert "08:10" in drawn


def test_the_report_page_turns_photos_on_and_off(desk, homes):
    page = desk.get(reverse("desk:report"), headers={"accept-language": "en"})
    assert "?photos=1" in page.content.decode()
    assert "picture.svg?photos=1" not in page.content.decode()
    page = desk.get(reverse("desk:report") + "?photos=1")
    assert "picture.svg?photos=1" in page.content.decode()
