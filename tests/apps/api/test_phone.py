"""What the phone asks of the server, and what it may not."""

from __future__ import annotations

import io
import uuid
from dataclasses import asdict
from datetime import time, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.apps import building as b
from tests.apps.api.machines import look, machine
from tests.apps.facades import facade_jpeg, window_box

from shouwang.apps.alerts.models import Alert
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.pictures import picture_store
from shouwang.apps.rounds.services.standpoints import StandpointDraft, standpoint_add
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
EIGHT = b.hour("08:00")


@pytest.fixture(autouse=True)
def _eight():
    with time_machine.travel(EIGHT, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    return made


@pytest.fixture
def walker(place):
    return machine(place, "walker")


def plan(place, home, *walkers, days=EVERY_DAY):
    draft = RoundDraft(
        name=f"早{len(walkers)}",
        at=time(7, 30),
        days=days,
        walker_ids=[row.pk for row in walkers],
        home_ids=[home.pk],
    )
    return round_add(community=place, draft=draft)


def rounds(who):
    status, day = who.get("/phone/day")
    assert status == 200
    return day["rounds"]


def test_a_walker_carries_their_own_rounds_and_the_desk_every_one(place, home, walker):
    other = b.member(place, "ma", "walker")
    plan(place, home, other)
    assert rounds(walker) == []
    [row] = rounds(machine(place, "duty_officer"))
    assert row["name"] == "早1"
    [stop] = row["stops"]
    [window] = stop["windows"]
    assert (window["address"], window["well"], window["away"]) == (
        "3-2-401",
        ["open"],
        False,
    )


def test_a_round_of_other_days_is_not_todays(place, home):
    plan(place, home, days=frozenset({1, 2}))
    assert rounds(machine(place, "duty_officer")) == []


def test_the_day_knows_who_looked_last(place, home):
    desk = machine(place, "duty_officer")
    plan(place, home)
    desk.post("/sightings", {"sightings": [look(home, state="closed")]})
    last = rounds(desk)[0]["stops"][0]["windows"][0]["last"]
    assert (last["state"], last["mine"]) == ("closed", True)
    assert not rounds(machine(place, "coordinator"))[0]["stops"][0]["windows"][0][
        "last"
    ]["mine"]


def test_what_somebody_else_recorded_is_not_taken(home, walker):
    batch = {"member": 10**6, "sightings": [look(home)]}
    status, body = walker.post("/sightings", batch)
    assert (status, body["error"]["code"]) == (409, "other_member")
    assert not Sighting.objects.across("a test").exists()


def test_a_slip_and_its_correction_may_come_together(place, home, walker):
    slip = look(home, state="closed")
    right = look(home, replaces=slip["id"])
    _, body = walker.post("/sightings", {"sightings": [slip, right]})
    assert [row["outcome"] for row in body["answers"]] == ["accepted", "accepted"]


def photo(who, **more):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), more.pop("colour", "white")).save(out, "JPEG")
    given = SimpleUploadedFile("p.jpg", out.getvalue())
    answer = who.client.post(
        "/api/v1/photos", {"photo": given, **more}, headers=who.headers
    )
    return answer.status_code, answer.json()


def test_a_photo_sent_twice_is_kept_once(place, home, walker):
    key = str(uuid.uuid4())
    told = {
        "id": key,
        "homes": [home.pk],
        "taken_at": "2026-03-02T10:41:00+08:00",
        "device_now": "2026-03-02T11:00:00+08:00",
    }
    assert photo(walker, **told)[0] == 201
    assert photo(walker, **told)[0] == 200
    row = Photo.objects.of(place).get()
    assert (str(row.pk), row.taken_at) == (key, b.hour("07:41"))
    assert [one.home for one in row.homes.all()] == [home]
    status, body = photo(walker, colour="black", **told)
    assert (status, body["error"]["code"]) == (409, "id_used")


def test_a_photo_names_no_home_of_another_community(place, walker):
    theirs = b.watched(b.community("槐树社区"))
    status, body = photo(walker, homes=[theirs.pk])
    assert (status, body["error"]["code"]) == (404, "unknown_home")
    assert not Photo.objects.of(place).exists()


def going(who, home, at="07:50", **more):
    return who.post(
        "/going", {"home": home.pk, "minutes": 15, "at": b.hour(at).isoformat(), **more}
    )


def test_who_goes_up_is_known_to_the_desk_once(place, home, walker):
    for _ in range(2):
        assert going(walker, home) == (200, {"in_time": True})
    alert = Alert.objects.of(place).get()
    assert alert.state == "committed"
    assert alert.next_at == b.hour("08:05")
    assert alert.events.filter(did="committed").count() == 1


def test_who_went_long_ago_is_history(place, home, walker):
    assert going(walker, home, at="07:30") == (200, {"in_time": False})
    late = b.hour("10:50") - timedelta(days=1)
    assert going(walker, home, device_now=late.isoformat())[1] == {"in_time": True}
    assert Alert.objects.of(place).count() == 1


def test_nobody_goes_for_somebody_else(place, home, walker):
    assert going(walker, home, member=10**6)[0] == 409
    assert not Alert.objects.of(place).exists()


def test_a_stop_carries_its_picture_with_the_marks_of_its_own_windows(
    place, home, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    elsewhere = b.watched(place, "3-2-402")
    chen = b.member(place, "chen", "coordinator")
    draft = StandpointDraft(name="南门", home_ids=[home.pk, elsewhere.pk])
    gate = standpoint_add(community=place, draft=draft)
    row = picture_store(standpoint=gate, content=facade_jpeg(), by=chen, now=b.DAWN)
    # Of the other window nothing is due: it is no window of this stop.
    marks = {home.pk: window_box(4, 1), elsewhere.pk: window_box(4, 2)}
    services.windows_mark(photo=row.photo, boxes=marks, by=chen, now=b.DAWN)
    walked = RoundDraft(
        name="早",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[],
        standpoint_ids=[gate.pk],
        home_ids=[],
    )
    round_add(community=place, draft=walked)
    [told] = rounds(machine(place, "duty_officer"))
    [stop] = told["stops"]
    assert stop["picture"] == {
        "id": row.pk,
        "url": f"/phone/pictures/{row.pk}.jpg",
        "width": 1600,
        "height": 1200,
        "marks": [{"home": home.pk, **asdict(window_box(4, 1))}],
    }
