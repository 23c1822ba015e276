"""The API: who may, what is answered, and that nothing bad is half taken."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from PIL import Image
from tests.apps import building as b
from tests.apps.activities import planned as plan
from tests.apps.api.machines import Machine, look, machine

from shouwang.apps.activities.services import guest_bring
from shouwang.apps.alerts.services import alert_commit
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.models import ApiToken
from shouwang.apps.communities.selectors import LOOKING_ROLES, has_role
from shouwang.apps.communities.services import (
    member_leave,
    token_make,
    token_revoke,
    token_used,
)
from shouwang.apps.neighbours.models import Notice
from shouwang.apps.neighbours.services import ReportDraft, notices_make, report_take
from shouwang.apps.residents import services as homes
from shouwang.apps.rounds.models import Offer, RoundWalker
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.visits.services import VisitIn, visit_record
from shouwang.apps.volunteers.services import VolunteerDraft, volunteer_keep
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.common import clock
from shouwang.common.errors import RefusedError
from shouwang.domain.needs import Act
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    homes.resident_add(home=made, draft=homes.ResidentDraft(name="王桂兰"))
    homes.contact_add(
        home=made, draft=homes.ContactDraft(name="李玉珍", relation="女儿")
    )
    services.checks_make(community=place, now=b.DAWN)
    return made


def walks_past(home, member):
    """Let a member walk past the home, every day."""
    draft = RoundDraft(
        name=f"早 {member.pk}",
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[member.pk],
        home_ids=[home.pk],
    )
    round_add(community=home.community, draft=draft)


@pytest.fixture
def desk(place):
    return machine(place, "duty_officer")


def code(answer):
    """Return the code of an error, after making sure of its shape."""
    status, body = answer
    assert status >= 400
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "fields"}
    assert body["error"]["message"]
    return status, body["error"]["code"]


# --- who may --------------------------------------------------------------------


def with_alert(home):
    services.checks_decide_due(now=NOON)
    return home.alerts.get()


SUBSCRIPTION = {
    "endpoint": "https://push.example.org/abc",
    "keys": {"p256dh": "B" + "x" * 86, "auth": "y" * 22},
}
DUMPLINGS = {
    "what": "一起包饺子",
    "place": "社区活动室",
    "on": "2026-03-02",
    "begins": "14:00",
    "ends": "15:30",
}
OPERATIONS = {
    "sightings_record": lambda m, h: m.post("/sightings", {"sightings": [look(h)]}),
    "sightings_list": lambda m, h: m.get("/sightings", home=h.pk),
    "checks_list": lambda m, h: m.get("/checks", on="2026-03-02"),
    "homes_list": lambda m, h: m.get("/homes"),
    "home_get": lambda m, h: m.get(f"/homes/{h.pk}"),
    "home_phones": lambda m, h: m.post(f"/homes/{h.pk}/phones", {}),
    "absences_list": lambda m, h: m.get("/absences"),
    "absence_declare": lambda m, h: m.post("/absences", away(h)),
    "absence_withdraw": lambda m, h: m.post(
        f"/absences/{absence(h).pk}/withdraw", None
    ),
    "photo_store": lambda m, h: photo(m),
    "phone_day": lambda m, h: m.get("/phone/day"),
    "phone_clock": lambda m, h: m.get("/phone/clock"),
    "phone_reports": lambda m, h: m.get("/phone/reports"),
    "phone_report_answer": lambda m, h: m.post(
        "/phone/reports",
        {
            "id": str(uuid.uuid4()),
            "report": str(report(h).pk),
            "did": "cannot",
            "at": NOON.isoformat(),
        },
    ),
    "home_going": lambda m, h: m.post(
        "/going", {"home": h.pk, "minutes": 15, "at": NOON.isoformat()}
    ),
    "phone_cannot": lambda m, h: m.post(
        "/phone/cannot", {"round": round_past(h).pk, "on": "2026-03-02", "out": False}
    ),
    "phone_reply": lambda m, h: m.post(
        "/phone/reply", {"offer": offer(h).pk, "walks": True}
    ),
    "alerts_list": lambda m, h: m.get("/alerts"),
    "alert_get": lambda m, h: m.get(f"/alerts/{with_alert(h).pk}"),
    "alert_open_by_hand": lambda m, h: m.post("/alerts", {"home": h.pk, "note": "?"}),
    "alert_acknowledge": lambda m, h: act(m, h, "acknowledge"),
    "alert_commit": lambda m, h: act(m, h, "commit", {"minutes": 20}),
    "alert_decline": lambda m, h: act(m, h, "cannot"),
    "alert_mute": lambda m, h: act(m, h, "mute", {"minutes": 20, "reason": "?"}),
    "alert_close": lambda m, h: act(
        m, h, "close", {"outcome": "overslept", "verified": "spoke"}
    ),
}
OPERATIONS |= {
    "needs_list": lambda m, h: m.get("/needs"),
    "need_get": lambda m, h: m.get(f"/needs/{need(h).pk}"),
    "need_open": lambda m, h: m.post(
        "/needs", {"home": past(h).pk, "kind": "meal", "urgency": "urgent"}
    ),
    "need_move": lambda m, h: m.post(f"/needs/{need(h).pk}/move", {"act": "take"}),
}
OPERATIONS |= {
    "activities": lambda m, _h: m.get(
        "/activities", since=b.DAWN.isoformat(), until=NOON.isoformat()
    ),
    "activity_get": lambda m, h: m.get(f"/activities/{activity(h).pk}"),
    "activity_add": lambda m, h: m.post("/activities", {**DUMPLINGS, **led_by(h)}),
    "activity_cancel": lambda m, h: m.post(
        f"/activities/{activity(h).pk}/cancel", {"why": "停电"}
    ),
    "activity_invite": lambda m, h: m.post(
        f"/activities/{activity(h).pk}/invite", {"homes": [h.pk]}
    ),
    "activity_guest": lambda m, h: m.post(
        f"/activities/guests/{brought(h).pk}", {"reply": "yes"}
    ),
}
OPERATIONS |= {
    "push": lambda m, _h: m.get("/push"),
    "push_begin": lambda m, _h: m.post("/push", {"subscription": SUBSCRIPTION}),
    "push_end": lambda m, _h: m.delete("/push", {"endpoint": "https://x.example.org/"}),
}
OPERATIONS |= {
    "phone_visits": lambda m, _h: m.get("/phone/visits"),
    "visit_record": lambda m, h: m.post("/phone/visits", visit(h)),
    "chat_record": lambda m, h: m.post(
        "/phone/chats",
        {"id": str(uuid.uuid4()), "home": h.pk, "at": NOON.isoformat()},
    ),
    "visits_list": lambda m, h: m.get("/visits", home=h.pk),
    "visits_due": lambda m, _h: m.get("/visits/due"),
    "visit_get": lambda m, h: m.get(f"/visits/{made_visit(h)}"),
    "company_list": lambda m, _h: m.get("/company"),
}
LOOKING = {"sightings_record", "checks_list", "homes_list", "home_get", "photo_store"}
LOOKING |= {"phone_clock", "phone_reports", "phone_report_answer"}
LOOKING |= {"phone_day", "home_going", "phone_cannot", "phone_reply"}
LOOKING |= {"push", "push_begin", "push_end"}
LOOKING |= {"phone_visits", "visit_record", "chat_record"}
LOOKING |= {"needs_list", "need_get", "need_open", "need_move"}
OPERATIONS |= {
    "volunteers_list": lambda m, h: m.get("/volunteers"),
    "volunteer_get": lambda m, h: m.get(f"/volunteers/{helper(h).pk}"),
    "hours_add": lambda m, h: m.post(
        f"/volunteers/{helper(h).pk}/hours",
        {"on": str(b.TODAY), "minutes": 60, "what": "理发"},
    ),
    "hours_list": lambda m, h: m.get("/volunteer-hours", month=str(b.TODAY)),
}
LOOKING |= {"volunteers_list", "volunteer_get", "hours_add"}


def helper(home):
    """Make whoever got the newest key a volunteer, where they can help."""
    who = newest(home)
    if not has_role(who, LOOKING_ROLES) or who.community_id != home.community_id:
        who = b.member(home.community, uuid.uuid4().hex, "volunteer")
    draft = VolunteerDraft(consent_on=b.TODAY)
    return volunteer_keep(member=who, draft=draft, now=NOON)


def visit(home):
    return {
        "id": str(uuid.uuid4()),
        "home": home.pk,
        "outcome": "spoke",
        "visited_at": NOON.isoformat(),
        "answers": [{"code": "how_is_she", "value": "well"}],
    }


def made_visit(home):
    chen = b.member(home.community, uuid.uuid4().hex, "coordinator")
    made = VisitIn(
        id=uuid.uuid4(),
        home_id=home.pk,
        outcome="nobody_opened",
        visited_at=NOON,
    )
    return visit_record(community=home.community, visit=made, by=chen, now=NOON)[0].pk


LOOKING |= {"activities", "activity_get", "activity_guest"}


def round_past(home):
    draft = RoundDraft(
        name=uuid.uuid4().hex,
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[],
        home_ids=[home.pk],
    )
    return round_add(community=home.community, draft=draft)


def report(home):
    notices_make(community=home.community, now=NOON)
    return report_take(
        notice=Notice.objects.of(home.community).get(building=home.building),
        draft=ReportDraft(what="cry", where="左边"),
        address="",
        now=NOON,
    )


def newest(home):
    """Return whoever got the newest key."""
    token = ApiToken.objects.across("a test").order_by("-pk").first()
    return token.member if token else b.member(home.community, uuid.uuid4().hex)


def past(home):
    """Let whoever got the newest key walk past a home."""
    RoundWalker.objects.of(home.community).create(
        community=home.community, round=round_past(home), member=newest(home)
    )
    return home


def activity(home):
    """Plan something for this afternoon."""
    return plan.activity(home.community, begins=time(14), ends=time(15, 30))


def led_by(home):
    """Name somebody of the home's community as who leads."""
    leader = b.member(home.community, uuid.uuid4().hex, "volunteer")
    return {"leader": leader.pk}


def brought(home):
    """Invite the home, and let whoever got the newest key bring her."""
    guest = plan.invited(activity(home), home)[0]
    to = newest(home)
    if has_role(to, LOOKING_ROLES) and to.community_id == home.community_id:
        guest_bring(guests=[guest], member=to, now=NOON)
    return guest


def need(home):
    """Offer a need to whoever got the newest key, where they can help."""
    draft = NeedDraft(kind="haircut", urgency="everyday")
    row = need_open(home=home, draft=draft, by=None, now=NOON)
    to = newest(home)
    if has_role(to, LOOKING_ROLES) and to.community_id == home.community_id:
        need_move(need=row, move=MoveIn(act=Act.OFFER, who=to), by=to, now=NOON)
    return row


def offer(home):
    """Offer a round to whoever got the newest key."""
    to = newest(home)
    return Offer.objects.of(home.community).create(
        community=home.community,
        round=round_past(home),
        on=b.TODAY,
        member=to,
        asked_at=NOON,
    )


def act(who, home, name, body=None):
    return who.post(f"/alerts/{with_alert(home).pk}/{name}", body)


def away(at, **more):
    plain = {"home": at.pk, "first_on": "2026-03-03", "last_on": "2026-03-05"}
    return {**plain, "reason": "family", "said_by": "女儿", **more}


def absence(home):
    return services.absence_declare(home=home, draft=b.away(), by=None, now=NOON)


def picture(kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, kind)
    return out.getvalue()


def photo(who, content=None):
    given = SimpleUploadedFile("p.jpg", content or picture())
    answer = who.client.post("/api/v1/photos", {"photo": given}, headers=who.headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("own", "sent_late", "unsure", "seen", "is_flagged"),
    [
        # The clock was three hours on when it was seen, or only while sending.
        (180, 180, False, "07:30", True),
        (0, 180, False, "10:30", True),
        (0, 0, True, "10:30", True),
        (0, 1, False, "10:30", False),
    ],
)
def test_an_item_may_know_itself_how_far_the_clock_was_off(
    place, home, own, sent_late, unsure, seen, is_flagged
):
    item = look(home, "10:30", clock_offset_ms=own * 60_000, clock_unsure=unsure)
    device_now = (NOON + timedelta(minutes=sent_late)).isoformat()
    batch = {"device_now": device_now, "sightings": [item]}
    _, body = machine(place, "walker").post("/sightings", batch)
    assert body["answers"][0]["outcome"] == "accepted"
    row = Sighting.objects.of(place).get()
    assert (row.seen_at, row.claimed_at) == (b.hour(seen), b.hour("10:30"))
    assert row.clock_flagged is is_flagged


@pytest.mark.parametrize("offset", [10**12, -(10**12), "far"])
def test_an_offset_of_more_than_a_year_tells_no_time(place, home, offset):
    batch = {"sightings": [look(home, clock_offset_ms=offset)]}
    _, body = machine(place, "walker").post("/sightings", batch)
    assert body["answers"][0]["code"] == "invalid"


def test_every_operation_stands_in_the_table():
    from shouwang.config.api import api

    paths = api.get_openapi_schema()["paths"].values()
    found = {row["operationId"] for path in paths for row in path.values()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(
    "role", ["coordinator", "duty_officer", "walker", "volunteer", "supervisor"]
)
def test_an_operation_is_there_for_its_roles_only(place, home, name, role):
    asking = machine(place, role)
    if role in {"walker", "volunteer"}:
        walks_past(home, asking.member)
    status, _body = answer = OPERATIONS[name](asking, home)
    desk = role in {"coordinator", "duty_officer"}
    if desk or (name in LOOKING and role != "supervisor"):
        assert status in {200, 201}
    else:
        assert code(answer) == (404, "not_here")


@pytest.mark.parametrize("name", OPERATIONS)
def test_nobody_does_anything_without_a_key(home, name):
    assert code(OPERATIONS[name](Machine(None), home)) == (401, "unauthorized")
    assert code(OPERATIONS[name](Machine(None, "sw_x"), home)) == (401, "unauthorized")


@pytest.mark.parametrize(
    "name",
    sorted(
        set(OPERATIONS)
        - {"checks_list", "homes_list", "alerts_list", "absences_list", "photo_store"}
        - {"phone_day", "phone_clock", "phone_reports", "needs_list"}
        - {"volunteers_list", "hours_list", "activities"}
        - {"push", "push_begin", "push_end"}
        - {"phone_visits", "visits_due", "company_list"}
    ),
)
def test_another_communitys_machine_finds_nothing(home, name):
    outsider = machine(b.community("槐树社区"), "coordinator")
    status, body = OPERATIONS[name](outsider, home)
    if name == "sightings_record":
        assert body["answers"][0]["code"] == "unknown_home"
    else:
        assert status == 404
    assert "3-2-401" not in str(body)


@pytest.mark.parametrize(
    "path", ["/checks", "/homes", "/alerts", "/absences", "/needs"]
)
def test_another_communitys_lists_are_empty(home, path):
    need(home)
    with_alert(home)
    absence(home)
    outsider = machine(b.community("槐树社区"), "coordinator")
    assert outsider.get(path) == (200, {"items": [], "next_offset": None})
    status, _body = outsider.get(path, home=home.pk)
    assert status == (200 if path == "/homes" else 404)


def test_walkers_learn_nothing_private_of_a_home(place, home):
    walker = machine(place, "walker")
    # Not today's: as if it were not there.
    assert code(walker.get(f"/homes/{home.pk}")) == (404, "unknown_home")
    assert walker.get("/homes")[1]["items"] == []
    walks_past(home, walker.member)
    _status, body = walker.get(f"/homes/{home.pk}")
    assert body["private"] is None
    assert "王桂兰" not in str(body)
    _status, body = machine(place, "coordinator").get(f"/homes/{home.pk}")
    people = body["private"]["people"]
    assert [row["name"] for row in people] == ["王桂兰", "李玉珍"]


# --- keys -----------------------------------------------------------------------


def test_a_revoked_key_opens_nothing(place):
    row, secret = token_make(
        member=b.member(place, "m", "walker"), name="kiosk", now=b.DAWN
    )
    assert Machine(None, secret).get("/homes")[0] == 200
    token_revoke(token=row, now=NOON)
    assert code(Machine(None, secret).get("/homes")) == (401, "unauthorized")


def test_the_key_of_somebody_who_left_opens_nothing(place):
    member = b.member(place, "m", "walker")
    _row, secret = token_make(member=member, name="kiosk", now=b.DAWN)
    member_leave(member=member, now=NOON)
    assert Machine(None, secret).get("/homes")[0] == 401
    with pytest.raises(RefusedError):
        token_make(member=member, name="kiosk", now=NOON)


def test_only_the_hash_of_a_key_is_kept(place):
    row, secret = token_make(
        member=b.member(place, "m", "walker"), name="kiosk", now=b.DAWN
    )
    assert secret.startswith("sw_")
    assert secret not in str(vars(row))


def test_the_use_of_a_key_is_noted_at_most_once_a_minute(place):
    row, _secret = token_make(
        member=b.member(place, "m", "walker"), name="kiosk", now=b.DAWN
    )
    for minute, noted in ((0, 0), (0.5, 0), (2, 2)):
        row.refresh_from_db()
        token_used(token=row, now=NOON + timedelta(minutes=minute))
        stored = ApiToken.objects.of(place).get()
        assert stored.last_used_at == NOON + timedelta(minutes=noted)


def test_a_login_may_read_and_writes_only_with_its_csrf_token(place, home):
    who = Machine(None)
    who.login(b.member(place, "duty", "duty_officer"))
    assert who.get("/homes")[0] == 200
    assert code(who.post("/sightings", {"sightings": [look(home)]})) == (
        403,
        "forbidden",
    )
    who.client.cookies["csrftoken"] = "a" * 32
    who.headers = {"X-CSRFToken": "a" * 32}
    assert who.post("/sightings", {"sightings": [look(home)]})[0] == 200


def test_a_wrong_key_is_not_helped_by_a_login(place):
    who = Machine(None, "sw_wrong")
    who.login(b.member(place, "duty", "duty_officer"))
    assert who.get("/homes")[0] == 401


# --- sightings ------------------------------------------------------------------


def test_a_batch_is_answered_item_by_item_and_the_good_ones_are_kept(desk, home):
    good, bad = look(home), look(home, state="ajar")
    malformed = {"id": "x", "home": "?"}
    status, body = desk.post("/sightings", {"sightings": [bad, malformed, good]})
    assert status == 200
    assert [row["outcome"] for row in body["answers"]] == [
        "refused",
        "refused",
        "accepted",
    ]
    assert body["answers"][0]["code"] == "unknown_state"
    assert set(body["answers"][1]["fields"]) >= {"id", "home", "signal", "seen_at"}
    assert [str(row.pk) for row in Sighting.objects.of(home.community)] == [good["id"]]


def test_sending_a_batch_again_changes_nothing(desk, home):
    batch = {"sightings": [look(home)]}
    desk.post("/sightings", batch)
    _status, body = desk.post("/sightings", batch)
    assert body["answers"][0]["outcome"] == "already_had"


def test_the_same_id_with_other_content_is_refused(desk, home):
    first = look(home)
    desk.post("/sightings", {"sightings": [first]})
    _status, body = desk.post(
        "/sightings", {"sightings": [{**first, "state": "closed"}]}
    )
    assert body["answers"][0]["code"] == "id_used"


def test_what_is_seen_in_the_future_is_refused(desk, home):
    batch = {"sightings": [look(home, "12:10")]}
    assert desk.post("/sightings", batch)[1]["answers"][0]["code"] == (
        "seen_in_the_future"
    )


def test_the_clock_of_the_device_is_measured_and_corrected(desk, home):
    ahead = NOON + timedelta(minutes=30)
    desk.post(
        "/sightings",
        {"device_now": ahead.isoformat(), "sightings": [look(home, "08:40")]},
    )
    row = Sighting.objects.of(home.community).get()
    assert (row.seen_at, row.claimed_at) == (b.hour("08:10"), b.hour("08:40"))
    assert row.clock_flagged


def test_a_clock_years_off_is_refused(desk, home):
    batch = {"device_now": "2024-01-01T00:00:00Z", "sightings": [look(home)]}
    assert code(desk.post("/sightings", batch)) == (422, "clock_far_off")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"seen_at": "2026-03-02T07:30:00"}, "seen_at"),
        ({"seen_at": "1969-03-02T07:30:00Z"}, "seen_at"),
        ({"note": "a\x00b"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"note": "x" * 501}, "note"),
        ({"home": 2**63}, "home"),
        ({"confidence": 2}, "confidence"),
        ({"could_not_see": "asleep", "state": ""}, "could_not_see"),
        ({"source": "dream"}, "source"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_bad_item_names_its_field(desk, home, wrong, field):
    batch = {"sightings": [look(home, **wrong)]}
    status, body = desk.post("/sightings", batch)
    assert status == 200
    assert list(body["answers"][0]["fields"]) == [field]


def test_what_was_seen_is_read_back_in_parts(desk, home):
    items = [look(home, f"07:{minute}") for minute in (10, 20, 30)]
    desk.post("/sightings", {"sightings": items})
    _status, first = desk.get("/sightings", home=home.pk, limit=2)
    assert [row["id"] for row in first["items"]] == [items[0]["id"], items[1]["id"]]
    _status, last = desk.get(
        "/sightings", home=home.pk, limit=2, offset=first["next_offset"]
    )
    assert [row["id"] for row in last["items"]] == [items[2]["id"]]
    assert last["next_offset"] is None


def test_a_check_says_why_it_stands_as_it_does(desk, home):
    item = look(home)
    desk.post("/sightings", {"sightings": [item]})
    _status, body = desk.get("/checks", on="2026-03-02", home=home.pk, status="well")
    [check] = body["items"]
    assert (check["label"], check["strength"]) == ("morning", "presumed")
    assert check["reasons"][0]["sightings"] == [item["id"]]


# --- photos ---------------------------------------------------------------------


def test_a_sighting_names_its_photo(desk, home):
    status, kept = photo(desk)
    assert (status, kept["width"]) == (201, 40)
    batch = {"sightings": [look(home, photo=kept["id"])]}
    assert desk.post("/sightings", batch)[1]["answers"][0]["outcome"] == "accepted"


@pytest.mark.parametrize("content", [b"no photo", b"", b"GIF89a" + bytes(40)])
def test_a_photo_that_is_none_is_refused(desk, home, content):
    given = SimpleUploadedFile("p.jpg", content)
    answer = desk.client.post("/api/v1/photos", {"photo": given}, headers=desk.headers)
    assert answer.status_code == 422
    assert not Photo.objects.of(home.community).exists()


# --- alerts and absences --------------------------------------------------------


def test_closing_without_a_contact_is_refused(desk, home):
    desk.post("/sightings", {"sightings": [look(home, "08:50", state="closed")]})
    answer = act(desk, home, "close", {"outcome": "overslept", "verified": "looked"})
    assert code(answer) == (422, "needs_contact")


def test_a_closed_alert_cannot_be_closed_again(desk, home):
    body = {"outcome": "overslept", "verified": "spoke"}
    alert = with_alert(home)
    status, story = desk.post(f"/alerts/{alert.pk}/close", body)
    assert (status, story["state"]) == (200, "closed")
    assert code(desk.post(f"/alerts/{alert.pk}/close", body)) == (409, "already_closed")


def test_an_alert_tells_its_story(desk, home):
    _status, story = act(desk, home, "commit", {"minutes": 20})
    assert [row["did"] for row in story["events"]][-1] == "committed"
    assert desk.get("/alerts")[1]["items"][0]["state"] == "committed"
    assert desk.get("/alerts", state="closed")[1]["items"] == []


def test_an_absence_is_whole_local_days(desk, home):
    status, row = desk.post("/absences", away(home))
    assert status == 201
    begin = datetime.fromisoformat(row["from_at"])
    end = datetime.fromisoformat(row["until_at"])
    assert begin == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert end - begin == timedelta(days=3)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"last_on": "2026-03-01"}, (422, "absence_ends_before_it_begins")),
        ({"reason": "bored"}, (422, "unknown_reason")),
        ({"home": 999}, (404, "unknown_home")),
        ({"first_on": "0001-01-01"}, (422, "invalid")),
        ({"said_by": ""}, (422, "invalid")),
    ],
)
def test_a_wrong_absence_is_refused(desk, home, wrong, told):
    assert code(desk.post("/absences", away(home, **wrong))) == told


# --- errors ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/homes/999", 404), ("/alerts/x", 422), ("/alerts/0", 422)],
)
def test_unknown_things_are_told_in_the_one_shape(desk, path, status):
    assert code(desk.get(path))[0] == status


def test_a_wrong_method_is_told_in_the_one_shape(desk):
    answer = desk.client.delete("/api/v1/homes", headers=desk.headers)
    assert code((answer.status_code, answer.json())) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("body", ["{", "[]", '{"sightings": []}', '{"sightings": 3}'])
def test_an_unreadable_batch_is_refused(desk, body):
    assert code(desk.post("/sightings", body))[0] in {400, 422}


def test_more_than_can_be_taken_at_once_is_refused(desk, home, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    batch = {"sightings": [look(home)] * 50}
    assert code(desk.post("/sightings", batch)) == (413, "too_large")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10**6
    batch = {"sightings": [look(home)] * 501}
    assert code(desk.post("/sightings", batch)) == (422, "invalid")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OperationalError("locked"), (503, "unavailable")),
        (KeyError("x"), (500, "error")),
    ],
)
def test_what_breaks_inside_is_told_without_its_insides(
    desk, home, monkeypatch, error, told
):
    def broken(**_given):
        raise error

    monkeypatch.setattr("shouwang.apps.watch.api.sightings_record", broken)
    answer = desk.post("/sightings", {"sightings": [look(home)]})
    assert code(answer) == told
    assert "locked" not in str(answer)


def test_whoever_commits_is_told_of_somebody_they_have_not_seen_going(
    desk, home, place
):
    alert = with_alert(home)
    lin = b.member(place, "lin", "walker")
    until = clock.now() + timedelta(minutes=20)
    alert_commit(alert=alert, by=lin, until=until, now=clock.now())
    path = f"/alerts/{alert.pk}"
    going = desk.get(path)[1]["going"]
    assert [(row["key"], row["name"]) for row in going] == [(f"m{lin.pk}", "lin")]
    values = {"minutes": 20, "seen": []}
    assert code(desk.post(f"{path}/commit", values)) == (409, "others_going")
    values["seen"] = [row["key"] for row in going]
    status, story = desk.post(f"{path}/commit", values)
    assert (status, len(story["going"])) == (200, 2)


def test_errors_are_told_in_the_readers_language(desk):
    for language, words in (("zh-hans", "这里"), ("en", "There is")):
        desk.headers["Accept-Language"] = language
        assert words in desk.get("/homes/999")[1]["error"]["message"]
