"""What a resident who walks by reports, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.neighbours.models import Notice, Report
from shouwang.apps.neighbours.selectors import reports_new
from shouwang.apps.neighbours.services import (
    ABOUT_ONE_BUILDING,
    FROM_ONE_ADDRESS,
    ReportDraft,
    notices_make,
    report_place,
    report_settle,
    report_take,
)
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.common.errors import ConflictError, RefusedError

pytestmark = pytest.mark.django_db
TEN = b.hour("10:00")


@pytest.fixture(autouse=True)
def _photos_elsewhere(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("shouwang.common.clock.now", lambda: TEN)


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    made.building.units = [{"label": "1", "columns": 2}, {"label": "2", "columns": 2}]
    made.building.save()
    services.checks_make(community=place, now=b.DAWN)
    return made


@pytest.fixture
def notice(place, home):
    notices_make(community=place, now=TEN)
    return Notice.objects.of(place).get()


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


HERE = {"unit": "2", "floor": 4, "column": 1}


def take(notice, what="cry", *, address="10.0.0.1", at=TEN, **more):
    draft = ReportDraft(
        what=what, **({**HERE, **more} if "where" not in more else more)
    )
    return report_take(notice=notice, draft=draft, address=address, now=at)


def test_a_crying_face_at_a_known_window_raises_help_at_once(notice, home):
    row = take(notice)
    alert = Alert.objects.of(home.community_id).get()
    assert (alert.kind, alert.home, alert.opened_at) == ("help", home, TEN)
    seen = Sighting.objects.of(home.community_id).get()
    assert (seen.source, seen.by, seen.by_words) == ("resident_report", None, "邻居")
    assert row.home == home


def test_a_crying_face_somewhere_waits_for_somebody_to_say_where(notice, home, chen):
    row = take(notice, where="三楼，自行车上面")
    assert not Alert.objects.of(home.community_id).exists()
    assert reports_new(community=home.community_id) == [row]
    later = TEN + timedelta(minutes=3)
    report_place(report=row, home=home, by=chen, now=later)
    assert Alert.objects.of(home.community_id).get().opened_at == TEN
    elsewhere = b.home(home.community, "12-1-501")
    with pytest.raises(RefusedError) as refusal:
        report_place(report=row, home=elsewhere, by=chen, now=later)
    assert refusal.value.code == "other_building"


def test_a_smile_counts_only_when_somebody_has_looked(notice, home, chen):
    row = take(notice, "smile")
    assert not Sighting.objects.of(home.community_id).exists()
    report_settle(report=row, is_true=True, by=chen, now=TEN)
    seen = Sighting.objects.of(home.community_id).get()
    assert (seen.state, seen.by, seen.seen_at) == ("smile", chen, TEN)
    assert reports_new(community=home.community_id) == []
    with pytest.raises(ConflictError):
        report_settle(report=row, is_true=False, by=chen, now=TEN)


def test_what_is_not_so_leaves_no_trace_in_the_watch(notice, home, chen):
    row = take(notice, "smile")
    report_settle(report=row, is_true=False, by=chen, now=TEN)
    assert not Sighting.objects.of(home.community_id).exists()


def test_a_face_is_confirmed_at_a_window(notice, home, chen):
    row = take(notice, "smile", where="左边")
    with pytest.raises(RefusedError) as refusal:
        report_settle(report=row, is_true=True, by=chen, now=TEN)
    assert refusal.value.code == "which_home"


@pytest.mark.parametrize("draft", [{"what": "x"}, {"floor": None}])
def test_a_report_says_what_and_where(notice, draft):
    with pytest.raises(RefusedError) as refusal:
        take(notice, **draft)
    assert refusal.value.code == "nothing_said"


def test_one_address_cannot_flood_a_building_nor_many_addresses(notice, home):
    for _ in range(FROM_ONE_ADDRESS):
        take(notice, "other")
    with pytest.raises(RefusedError) as refusal:
        take(notice, "other")
    assert refusal.value.code == "too_many"
    for number in range(ABOUT_ONE_BUILDING - FROM_ONE_ADDRESS):
        take(notice, "other", address=f"10.0.1.{number}")
    with pytest.raises(RefusedError):
        take(notice, "other", address="10.0.2.1")
    take(notice, "other", address="10.0.2.1", at=TEN + timedelta(hours=1))
    # Nothing that is kept tells the address.
    assert not [
        row for row in Report.objects.of(home.community_id) if "10." in row.sender
    ]


def test_a_window_that_nobody_watches_looks_the_same(client, notice, home):
    page = client.get(reverse("neighbours:see", args=[notice.code])).content.decode()
    for secret in ("3-2-401", home.shown_name or "王奶奶", "curtain", "窗帘"):
        assert secret not in page
    answers = {
        client.post(
            reverse("neighbours:see", args=[notice.code]),
            {"what": "smile", "window": window},
        ).url
        for window in ("2|4|1", "1|1|1")
    }
    assert answers == {reverse("neighbours:thanks", args=[notice.code])}


def post(client, notice, **given):
    return client.post(reverse("neighbours:see", args=[notice.code]), given)


def test_a_photo_is_encoded_anew_and_what_is_none_is_refused(client, notice, place):
    told = {"what": "other", "window": "2|4|1"}
    photo = SimpleUploadedFile("p.jpg", b.picture())
    assert post(client, notice, photo=photo, **told).status_code == 302
    row = Report.objects.of(place).get()
    assert Photo.objects.of(place).get() == row.photo
    bad = SimpleUploadedFile("p.jpg", b"<svg/>")
    answer = post(client, notice, photo=bad, **told)
    assert answer.status_code == 422
    assert "JPEG" in answer.content.decode()


def test_a_flood_is_told_to_phone(client, notice, place):
    place.desk_phone = "000-0000"
    place.save()
    for _ in range(FROM_ONE_ADDRESS):
        assert post(client, notice, what="other", window="2|4|1").status_code == 302
    answer = post(client, notice, what="cry", window="2|4|1")
    assert answer.status_code == 429
    assert "tel:000-0000" in answer.content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"what": "cry"},
        {"what": "x", "window": "2|4|1"},
        {"what": "cry", "window": "9|9|9"},
        {"what": "cry", "where": "x" * 201},
    ],
)
def test_what_is_not_whole_is_shown_again(client, notice, place, given):
    assert post(client, notice, **given).status_code == 422
    assert not Report.objects.of(place).exists()


def test_a_code_that_is_not_in_use_leads_nowhere(client, db):
    assert client.get("/see/nothing/").status_code == 404


def test_the_desk_sees_to_a_report(client, notice, home, chen):
    client.force_login(chen.user)
    row = take(notice, where="左边")
    act = reverse("neighbours:report_act", args=[row.pk])
    assert "左边" in client.get("/").content.decode()
    client.post(act, {"act": "place", "home": home.pk})
    client.post(act, {"act": "confirm"})
    row.refresh_from_db()
    assert (row.home, row.state) == (home, "confirmed")
    for nonsense in ({}, {"act": "place"}, {"act": "place", "home": "0"}):
        assert client.post(act, nonsense).status_code in {302, 404}
    page = client.get(reverse("neighbours:reports")).content.decode()
    assert "左边" in page


def test_notices_are_made_once_for_each_building(place, home, notice):
    assert notices_make(community=place, now=TEN) == 0
    b.home(place, "12-1-501")
    assert notices_make(community=place, now=TEN) == 1
