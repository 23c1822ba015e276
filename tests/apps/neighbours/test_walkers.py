"""Walkers look at what a passer-by reported, and say what they saw."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from tests.apps import building as b
from tests.apps.api.machines import Machine, look

from shouwang.apps.alerts.models import Alert
from shouwang.apps.neighbours.models import Notice, ReportAct
from shouwang.apps.neighbours.selectors import reports_for_walkers
from shouwang.apps.neighbours.services import (
    ReportDraft,
    notices_make,
    report_place,
    report_settle,
    report_take,
)
from shouwang.apps.neighbours.words import telling_words
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.rounds.reporting import reports_call_due
from shouwang.apps.rounds.selectors.telling import report_tellings
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.covering import drop_out
from shouwang.apps.rounds.services.phone_files import phone_file_record
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Sighting
from shouwang.domain.reporting import Asks
from shouwang.domain.schedule import EVERY_DAY
from shouwang.notify.channels import RECORDING

pytestmark = pytest.mark.django_db
TEN = b.hour("10:00")
FIVE_LATER = TEN + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _five_past_ten():
    with time_machine.travel(FIVE_LATER, tick=False):
        yield


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
def lin(place):
    return b.member(place, "lin", "walker")


@pytest.fixture
def phone(lin):
    return Machine(lin)


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


def take(home, what="cry", *, at=TEN, **more):
    notices_make(community=home.community, now=b.DAWN)
    draft = ReportDraft(what=what, **(more or {"where": "三楼左边"}))
    notice = Notice.objects.of(home.community).get(building=home.building)
    return report_take(notice=notice, draft=draft, address=uuid.uuid4().hex, now=at)


HERE = {"unit": "2", "floor": 4, "column": 1}


def looked(phone, report, home, **seen):
    """Look at a board and say that it was for the report."""
    state = {"signal": "board", **(seen or {"state": "cry"})}
    item = look(home, "10:04", **state)
    assert phone.post("/sightings", {"sightings": [item]})[0] == 200
    return said(phone, report, "looked", sighting=item["id"])


def said(phone, report, did, **more):
    body = {
        "id": str(uuid.uuid4()),
        "report": str(report.pk),
        "did": did,
        "at": b.hour("10:04").isoformat(),
        **more,
    }
    return body, phone.post("/phone/reports", body)


def shown(phone):
    status, body = phone.get("/phone/reports")
    assert status == 200
    return body["reports"]


def test_a_look_confirms_a_crying_face_and_says_where(place, home, lin, phone):
    report = take(home)
    assert not Alert.objects.of(place).exists()
    body, answer = looked(phone, report, home)
    assert answer == (200, {"new": True})
    report.refresh_from_db()
    assert (report.state, report.home, report.settled_by) == ("confirmed", home, lin)
    act = ReportAct.objects.of(place).get()
    assert (str(act.pk), act.by, act.said_at) == (body["id"], lin, b.hour("10:04"))
    assert (act.from_state, act.to_state) == ("new", "confirmed")
    assert act.sighting == Sighting.objects.of(place).get(source="look", state="cry")
    assert Alert.objects.of(place).get().kind == "help"
    # What the neighbour saw is known of this home, too, since it was seen.
    seen = (
        Sighting.objects.of(place).order_by("seen_at").values_list("source", "seen_at")
    )
    assert [*seen] == [("resident_report", TEN), ("look", b.hour("10:04"))]


def test_sending_an_answer_again_is_harmless_and_its_id_is_used_once(
    place, home, phone
):
    report = take(home)
    body, _answer = looked(phone, report, home)
    assert phone.post("/phone/reports", body) == (200, {"new": False})
    status, told = phone.post("/phone/reports", {**body, "did": "cannot"})
    assert (status, told["error"]["code"]) == (422, "id_used")
    assert ReportAct.objects.of(place).count() == 1


def test_who_could_not_see_leaves_the_report_open_but_asks_for_help_there(
    place, home, phone
):
    report = take(home)
    looked(phone, report, home, state="", could_not_see="glare")
    report.refresh_from_db()
    assert (report.state, report.home) == ("new", home)
    assert Alert.objects.of(place).get().kind == "help"
    assert Sighting.objects.of(place).get(state="cry").seen_at == TEN


def test_two_walkers_look_and_both_are_kept(place, home, phone):
    ma = Machine(b.member(place, "ma", "volunteer"))
    report = take(home)
    said(phone, report, "nothing")
    report.refresh_from_db()
    assert report.state == "dismissed"
    looked(ma, report, home)
    report.refresh_from_db()
    assert report.state == "confirmed"
    [row] = shown(phone)
    acts = [(act["by"], act["mine"], act["did"], act["state"]) for act in row["acts"]]
    assert sorted(acts) == [
        ("lin", True, "nothing", ""),
        ("ma", False, "looked", "cry"),
    ]


def test_another_face_is_looked_at_and_not_confirmed(place, home, phone):
    report = take(home, **HERE)
    looked(phone, report, home, state="smile")
    report.refresh_from_db()
    assert report.state == "looked"


def test_a_smile_that_a_walker_confirms_counts_since_it_was_reported(
    place, home, phone
):
    report = take(home, "smile", **HERE)
    looked(phone, report, home, state="smile")
    report.refresh_from_db()
    assert report.state == "confirmed"
    seen = Sighting.objects.of(place).get(source="resident_report")
    assert (seen.state, seen.seen_at) == ("smile", TEN)


def test_the_most_urgent_comes_first_and_nothing_old(place, home, phone):
    smile = take(home, "smile")
    take(home, "cry", at=TEN - timedelta(hours=12))
    other = take(home, "other")
    late, early = take(home, at=FIVE_LATER), take(home)
    done = take(home, at=TEN - timedelta(minutes=1))
    said(phone, done, "nothing")
    assert [row["id"] for row in shown(phone)] == [
        str(row.pk) for row in (early, late, other, smile, done)
    ]


def test_what_is_settled_leaves_the_phones_after_two_hours(place, home, chen, lin):
    report = take(home, "other")
    report_settle(report=report, is_true=True, by=chen, now=TEN)
    soon, later = TEN + timedelta(minutes=119), TEN + timedelta(minutes=121)
    assert reports_for_walkers(member=lin, now=soon) == [report]
    assert reports_for_walkers(member=lin, now=later) == []


def test_a_walker_learns_nothing_of_who_reported_it(place, home, phone):
    take(
        home,
        where="打 138 0000 0000 找我",
        note="我是 13800001111",
        phone="139-0000-2222",
    )
    told = json.dumps(phone.get("/phone/reports")[1], ensure_ascii=False)
    for number in ("0000", "13800001111", "139"):
        assert number not in told
    [row] = shown(phone)
    assert (row["place"], row["note"]) == ("3 号楼 · 打 … 找我", "我是 …")


def test_only_watched_windows_come_to_the_phone_and_only_when_one_is_sought(
    place, home, phone
):
    unwatched = b.home(place, "3-1-101")
    unwatched.column = 2
    unwatched.save()
    take(home, **HERE)
    body = phone.get("/phone/reports")[1]
    assert [row["address"] for row in body["windows"]] == ["3-2-401"]
    b.watched(place, "12-1-501")
    assert len(phone.get("/phone/reports")[1]["windows"]) == 1
    take(home)
    body = phone.get("/phone/reports")[1]
    assert {row["address"] for row in body["windows"]} == {"3-2-401", "12-1-501"}
    assert set(body["buildings"]) == {"3", "12"}


def test_nothing_there_says_nothing_of_a_window_that_became_known(
    place, home, phone, chen
):
    report = take(home)
    report_place(report=report, home=home, by=chen, now=TEN)
    said(phone, report, "nothing")
    report.refresh_from_db()
    assert report.state == "new"
    dids = {*ReportAct.objects.of(place).values_list("did", flat=True)}
    assert dids == {"placed", "nothing"}


def test_the_look_comes_first_and_is_ones_own(place, home, phone):
    report = take(home)
    ma = Machine(b.member(place, "ma", "walker"))
    item = look(home, "10:04", signal="board", state="cry")
    ma.post("/sightings", {"sightings": [item]})
    wrong = [
        ("looked", {"sighting": str(uuid.uuid4())}, "unknown_sighting"),
        ("looked", {"sighting": item["id"]}, "unknown_sighting"),
        ("looked", {}, "look_or_none"),
        ("cannot", {"sighting": item["id"]}, "look_or_none"),
    ]
    for did, more, code in wrong:
        _body, (status, told) = said(phone, report, did, **more)
        assert (status, told["error"]["code"]) == (422, code)
    assert not ReportAct.objects.of(place).exists()


def test_another_communitys_report_is_not_there(place, home):
    stranger = Machine(b.member(b.community("槐树社区"), "x", "walker"))
    report = take(home)
    assert shown(stranger) == []
    _body, (status, _told) = said(stranger, report, "cannot")
    assert status == 404


def test_nobody_answers_for_somebody_else_nor_tomorrow(place, home, phone):
    report = take(home)
    _body, (status, told) = said(phone, report, "cannot", member=10**6)
    assert (status, told["error"]["code"]) == (409, "other_member")
    said(phone, report, "cannot", at=(FIVE_LATER + timedelta(hours=3)).isoformat())
    assert ReportAct.objects.of(place).get().said_at == FIVE_LATER


def test_a_phones_file_brings_answers_in_once(place, home, lin, chen):
    report = take(home)
    seen = look(home, "10:04", signal="board", state="cry", member=lin.pk)
    answer = {
        "member": lin.pk,
        "id": str(uuid.uuid4()),
        "report": str(report.pk),
        "did": "looked",
        "at": b.hour("10:04").isoformat(),
        "sighting": seen["id"],
    }
    stray = {**answer, "id": str(uuid.uuid4()), "report": str(uuid.uuid4())}
    stranger = {**answer, "id": str(uuid.uuid4()), "member": 10**6}
    content = json.dumps(
        {
            "shouwang_phone": 1,
            "looks": [seen],
            "photos": [],
            "answers": [answer, stray, stranger],
        }
    ).encode()
    done = [
        phone_file_record(community=place, content=content, by=chen, now=FIVE_LATER)
        for _again in range(2)
    ]
    assert [(row.new_count, row.had_count, len(row.refused)) for row in done] == [
        (2, 0, 2),
        (0, 2, 2),
    ]
    act = ReportAct.objects.of(place).get()
    assert (act.by, act.typed_by, act.to_state) == (lin, chen, "confirmed")


def test_the_desk_sees_who_looked(client, home, phone, chen):
    report = take(home)
    looked(phone, report, home, state="smile")
    client.force_login(chen.user)
    page = client.get("/neighbours/", headers={"accept-language": "en"})
    words = page.content.decode()
    assert "lin" in words
    assert "lin saw: smile" in words
    assert "looked at" in words


# --- who is told --------------------------------------------------------------------


def round_past(home, *walkers, at="10:00", days=EVERY_DAY):
    draft = RoundDraft(
        name=uuid.uuid4().hex,
        at=b.hour(at).astimezone(home.community.zone).time(),
        days=days,
        walker_ids=[row.pk for row in walkers],
        home_ids=[home.pk],
    )
    return round_add(community=home.community, draft=draft)


def test_walkers_past_that_building_and_the_desk_are_told_of_a_cry_somewhere(
    place, home, lin, chen
):
    ma, far = b.member(place, "ma", "walker"), b.member(place, "far", "walker")
    gone, other = b.member(place, "gone", "walker"), b.member(place, "xu", "walker")
    round_past(home, ma, at="18:00")
    walked = round_past(home, lin, gone, at="09:00")
    drop_out(walked=walked, on=b.TODAY, member=gone, by=gone, now=TEN)
    round_past(b.watched(place, "12-1-501"), far)
    round_past(home, other, days=frozenset({1}))
    report = take(home)
    told = [(row.member, row.asks) for row in report_tellings(report=report, now=TEN)]
    assert told == [
        (lin.pk, Asks.LOOK),
        (ma.pk, Asks.LOOK),
        (chen.pk, Asks.PLACE),
    ]
    assert (reports_call_due(now=TEN), reports_call_due(now=TEN)) == (1, 0)
    assert outbox_send_due(now=TEN) == 3
    assert [row.to_name for row in RECORDING.sent] == ["lin", "ma", "chen"]
    assert "10:" in RECORDING.sent[0].text


def test_a_call_is_over_once_the_window_is_known(place, home, lin, chen):
    round_past(home, lin)
    report = take(home)
    reports_call_due(now=TEN)
    report_place(report=report, home=home, by=chen, now=TEN)
    outbox_send_due(now=TEN)
    assert [row.about for row in RECORDING.sent if row.about == "report"] == []


def test_who_cannot_go_is_not_asked_again(place, home, lin, phone):
    round_past(home, lin)
    report = take(home)
    said(phone, report, "cannot")
    assert report_tellings(report=report, now=TEN) == ()


def test_a_cry_at_a_known_window_is_left_to_its_alert(place, home, lin):
    round_past(home, lin)
    report = take(home, **HERE)
    assert report_tellings(report=report, now=TEN) == ()
    take(home, "smile")
    assert reports_call_due(now=TEN) == 0


def test_the_message_says_what_where_and_what_to_do(home):
    report = take(home, where="三楼左边，打 13800001111")
    words = telling_words(report, Asks.LOOK, "10:00")
    for part in ("10:00", "哭脸", "3 号楼", "三楼左边"):
        assert part in words
    assert "138" not in words
