"""Where one stands, what one sees from there, and the rounds that stop there."""

from __future__ import annotations

import io
from datetime import time, timedelta

import pytest
from django.urls import reverse
from PIL import Image
from tests.apps import building as b

from shouwang.apps.rounds.models import EstatePlan, RoundHome, Standpoint
from shouwang.apps.rounds.selectors.sheets import sheet_of
from shouwang.apps.rounds.selectors.standpoints import homes_without_standpoint
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.standpoints import (
    StandpointDraft,
    plan_store,
    standpoint_add,
    standpoint_change,
    standpoint_end,
)
from shouwang.apps.watch import services
from shouwang.common.errors import RefusedError
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def homes(place):
    made = [
        b.watched(place, row) for row in ("3-2-401", "3-2-402", "12-1-501", "5-1-101")
    ]
    services.checks_make(community=place, now=b.DAWN)
    return made


def stand(place, name, *homes, **more):
    draft = StandpointDraft(name=name, home_ids=[row.pk for row in homes], **more)
    return standpoint_add(community=place, draft=draft)


def walk(place, *standpoints, homes=()):
    draft = RoundDraft(
        name="早一",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[],
        standpoint_ids=[row.pk for row in standpoints],
        home_ids=[row.pk for row in homes],
    )
    return round_add(community=place, draft=draft)


def stops(walked):
    return [
        (stop.name, [line.home.address for line in stop.lines])
        for stop in sheet_of(walked=walked, on=b.TODAY).stops
    ]


def test_a_round_goes_from_standpoint_to_standpoint_and_then_to_the_rest(place, homes):
    tree = stand(place, "老槐树下", homes[2], homes[0])
    gate = stand(place, "南门", homes[0], homes[1])
    walked = walk(place, tree, gate, homes=homes)
    assert stops(walked) == [
        ("老槐树下", ["12-1-501", "3-2-401"]),
        ("南门", ["3-2-402"]),
        ("5 号楼", ["5-1-101"]),
    ]


def test_a_new_window_joins_the_rounds_and_one_no_longer_seen_stays(place, homes):
    gate = stand(place, "南门", homes[0], homes[1])
    walked = walk(place, gate)
    draft = StandpointDraft(name="南门", home_ids=[homes[2].pk, homes[0].pk])
    standpoint_change(row=gate, draft=draft)
    assert stops(walked) == [
        ("南门", ["12-1-501", "3-2-401"]),
        ("3 号楼", ["3-2-402"]),
    ]


def test_when_nobody_stands_there_any_more_the_windows_stay(place, homes):
    gate = stand(place, "南门", homes[0], homes[2])
    walked = walk(place, gate)
    standpoint_end(row=gate, now=b.DAWN)
    assert stops(walked) == [("3 号楼", ["3-2-401"]), ("12 号楼", ["12-1-501"])]
    stand(place, "南门", homes[0])
    assert [row.address for row in homes_without_standpoint(community=place)] == [
        "3-2-402",
        "5-1-101",
        "12-1-501",
    ]


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("name_taken", {"name": " 南门 "}),
        ("no_window", {"home_ids": ()}),
        ("off_the_plan", {"x": 0.5}),
        ("off_the_plan", {"x": 0.5, "y": 1.5}),
        ("unknown_home", {"home_ids": (10**6,)}),
    ],
)
def test_what_is_no_standpoint_is_refused(place, homes, code, more):
    stand(place, "南门", homes[0])
    plain = {"name": "北门", "home_ids": (homes[0].pk,)}
    with pytest.raises(RefusedError) as refusal:
        standpoint_add(community=place, draft=StandpointDraft(**{**plain, **more}))
    assert refusal.value.code == code


def test_a_standpoint_of_another_community_is_on_no_round(place, homes):
    elsewhere = b.community("槐树社区")
    theirs = stand(elsewhere, "南门", b.watched(elsewhere))
    with pytest.raises(RefusedError) as refusal:
        walk(place, theirs)
    assert refusal.value.code == "unknown_people_or_homes"


def test_the_plan_is_encoded_anew_and_one_at_a_time(place, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    plan_store(community=place, content=b.picture(), now=b.DAWN)
    later = b.DAWN + timedelta(days=1)
    row = plan_store(community=place, content=b.picture(3200, 800), now=later)
    assert (row.width, row.height) == (1600, 400)
    assert EstatePlan.objects.of(place).get(ended_at__isnull=True) == row
    with pytest.raises(RefusedError) as refusal:
        plan_store(community=place, content=b"<svg/>", now=later)
    assert refusal.value.code == "not_a_photo"


@pytest.fixture
def chen(client, place):
    client.force_login(b.member(place, "chen", "coordinator").user)
    return client


def test_a_coordinator_plans_a_round_by_standpoints(chen, place, homes):
    page = {"name": "南门", "x": "25", "y": "50", "homes": [homes[0].pk, homes[1].pk]}
    assert chen.post(reverse("rounds:standpoint_add"), page).status_code == 302
    gate = Standpoint.objects.of(place).get()
    assert (gate.x, gate.y) == (0.25, 0.5)
    tree = stand(place, "老槐树下", homes[2])
    given = {
        "name": "早一",
        "at": "07:30",
        "days": [0],
        f"stop_{gate.pk}": "2",
        f"stop_{tree.pk}": "1",
        "homes": [homes[3].pk],
    }
    assert chen.post(reverse("rounds:round_add"), given).status_code == 302
    rows = RoundHome.objects.of(place)
    assert [(row.home, row.standpoint) for row in rows] == [
        (homes[2], tree),
        (homes[0], gate),
        (homes[1], gate),
        (homes[3], None),
    ]
    walked = rows[0].round
    form = chen.get(reverse("rounds:round_change", args=[walked.pk]))
    assert form.context["form"].initial[f"stop_{gate.pk}"] == 2
    assert form.context["form"].initial["homes"] == [homes[3].pk]


def test_the_picture_of_the_plan_is_served_as_we_encoded_it(
    chen, place, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    assert chen.get(reverse("rounds:plan_picture")).status_code == 404
    plan_store(community=place, content=b.picture(), now=b.DAWN)
    answer = chen.get(reverse("rounds:plan_picture"))
    assert answer["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (40, 30)
