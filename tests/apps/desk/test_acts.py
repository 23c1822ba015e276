"""What people do at the desk: it is kept, or they are told what is wrong with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.residents.models import Absence
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Check, Sighting

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")
ENGLISH = {"accept-language": "en"}


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
    services.checks_make(community=place, now=b.DAWN)
    return made


@pytest.fixture
def duty(client, place):
    client.force_login(b.member(place, "duty", "duty_officer").user)
    client.raise_request_exception = False
    return client


@pytest.fixture
def alert(home):
    item = b.look(home, "08:50", state="closed")
    services.sightings_record(
        community=home.community, items=[item], by=None, now=b.hour("08:50")
    )
    services.checks_decide_due(now=b.hour("09:10"))
    return home.alerts.get()


def send(client, name, row, act=None, **values):
    kwargs = {"pk": row.pk, **({"act": act} if act else {})}
    return client.post(reverse(f"desk:{name}", kwargs=kwargs), values)


def of(model, place):
    return model.objects.of(place)


def test_a_look_typed_in_from_paper_keeps_the_time_it_was_seen(duty, home, place):
    answer = send(
        duty, "sighting_add", home, seen="curtain:open", seen_at="2026-03-02T07:40"
    )
    assert answer.status_code == 302
    row = of(Sighting, place).get()
    assert (row.seen_at, row.received_at) == (b.hour("07:40"), NOON)
    assert of(Check, place).get(label="morning", on=b.TODAY).status == "well"


def test_why_it_could_not_be_seen_is_kept(duty, home, place):
    send(duty, "sighting_add", home, seen="curtain:!glare")
    row = of(Sighting, place).get()
    assert (row.state, row.could_not_see) == ("", "glare")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sighting_add", {"seen": "curtain:ajar"}),
        ("sighting_add", {"seen": ""}),
        ("sighting_add", {"seen": "curtain:open", "seen_at": "2026-03-02T12:30"}),
        ("sighting_add", {"seen": "curtain:open", "note": "x" * 501}),
        ("contact_add", {"how": "phone", "result": "maybe"}),
        ("contact_add", {"how": "phone", "result": "spoke", "seen_at": "yesterday"}),
        ("absence_add", {"first_on": "2026-03-05", "last_on": "2026-03-04"}),
        ("absence_add", {"first_on": "2026-03-05", "reason": "bored"}),
        ("absence_add", {"first_on": "2026-03-05", "last_on": "9999-12-31"}),
        ("absence_add", {"first_on": "0001-01-01", "last_on": "2026-03-05"}),
        ("absence_add", {"first_on": "2026-03-05", "review_on": "9999-12-31"}),
        ("alert_add", {"note": ""}),
    ],
)
def test_bad_input_is_told_beside_its_form_and_nothing_is_kept(
    duty, home, place, name, values
):
    plain = {"reason": "family", "said_by": "女儿"} if name == "absence_add" else {}
    answer = send(duty, name, home, **{**plain, **values})
    assert answer.status_code == 422
    assert 'class="errorlist' in answer.content.decode()
    for model in (Sighting, Absence, Alert):
        assert not of(model, place).exists()


def test_an_absence_is_declared_and_taken_back(duty, home, place):
    values = {"first_on": "2026-03-02", "last_on": "2026-03-03"}
    send(duty, "absence_add", home, reason="hospital", said_by="女儿", **values)
    row = of(Absence, place).get()
    assert row.until_at - row.from_at == timedelta(days=2)
    assert of(Check, place).get(label="evening", on=b.TODAY).status == "excused"
    send(duty, "absence_withdraw", row)
    assert of(Check, place).get(label="evening", on=b.TODAY).status != "excused"


def test_who_came_back_has_missed_nothing_while_she_was_away(duty, home, place):
    values = {"first_on": "2026-03-02", "last_on": ""}
    send(duty, "absence_add", home, reason="hospital", said_by="女儿", **values)
    for _ in range(2):
        send(duty, "absence_end", of(Absence, place).order_by("pk").first())
    status = dict(of(Check, place).filter(on=b.TODAY).values_list("label", "status"))
    assert (status["morning"], status["evening"]) == ("excused", "scheduled")
    assert not of(Alert, place).exists()
    # What was said stands as it was said, and beside it how long it was.
    said, was = of(Absence, place).order_by("pk")
    assert (said.until_at, said.withdrawn_at) == (None, b.hour("12:00"))
    assert (was.until_at, was.reason) == (b.hour("12:00"), "hospital")


def test_a_worry_opens_an_alert_and_a_second_joins_it(duty, home, place):
    for _ in range(2):
        assert send(duty, "alert_add", home, note="灯亮了一夜").status_code == 302
    story = [row.did for row in of(Alert, place).get().events.order_by("pk")]
    assert (story.count("opened"), story[-1]) == (1, "joined")


@pytest.mark.parametrize(
    ("act", "values", "state"),
    [
        ("acknowledge", {}, "acknowledged"),
        ("commit", {"minutes": "20"}, "committed"),
        ("mute", {"reason": "女儿在路上", "hours": "2"}, "muted"),
        ("close", {"outcome": "overslept", "verified": "spoke"}, "closed"),
    ],
)
def test_an_alert_stands_where_it_was_put(duty, alert, act, values, state):
    assert send(duty, "alert_act", alert, act, **values).status_code == 302
    alert.refresh_from_db()
    assert alert.state == state


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("commit", {"minutes": "3000"}),
        ("mute", {"reason": "", "hours": "2"}),
        ("mute", {"reason": "x", "hours": "1000"}),
        ("close", {"outcome": "overslept", "verified": "looked"}),
        ("close", {"outcome": "nonsense", "verified": "spoke"}),
        ("close", {"outcome": "seen_in_time", "verified": "spoke"}),
    ],
)
def test_what_the_rules_do_not_allow_changes_nothing(duty, alert, act, values):
    before = alert.state
    assert send(duty, "alert_act", alert, act, **values).status_code == 422
    alert.refresh_from_db()
    assert alert.state == before


def test_two_people_cannot_both_close_it(duty, alert):
    values = {"outcome": "overslept", "verified": "spoke"}
    assert send(duty, "alert_act", alert, "close", **values).status_code == 302
    assert send(duty, "alert_act", alert, "close", **values).status_code == 409


sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="these faults are made by SQLite's pragmas"
)


@pytest.fixture
def pragma():
    """Set one of SQLite's pragmas for a while."""
    undo = []

    def put(words, back):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {words}")
        undo.append(back)

    yield put
    with connection.cursor() as cursor:
        for words in undo:
            cursor.execute(f"PRAGMA {words}")


FAULTS = {
    "read-only": ("query_only = ON", "query_only = OFF"),
    "full": ("max_page_count = 1", "max_page_count = 1073741823"),
}


@sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_database_that_takes_nothing_is_told_loudly_and_nothing_is_half_written(
    duty, home, place, pragma, fault
):
    # Pages that earlier tests have left free would take much before it is full.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    pragma(*FAULTS[fault])
    many = [f"note {number} " + "x" * 480 for number in range(60)]
    statuses = {
        send(duty, "sighting_add", home, seen="curtain:closed", note=note).status_code
        for note in many
    }
    assert 503 in statuses
    pragma(FAULTS[fault][1], FAULTS[fault][1])
    kept = of(Sighting, place).count()
    assert kept < len(many)
    assert duty.get(reverse("desk:home", args=[home.pk])).status_code == 200


@sqlite
@pytest.mark.django_db(transaction=True)
def test_a_runner_that_cannot_write_does_not_beat_its_heart(place, home, pragma):
    from shouwang.apps.watch.models import Heartbeat
    from shouwang.apps.watch.runner import Runner

    pragma(*FAULTS["read-only"])
    assert not Runner().tick(now=NOON)
    pragma(FAULTS["read-only"][1], FAULTS["read-only"][1])
    assert not Heartbeat.objects.exists()
    assert Runner().tick(now=NOON)


def test_a_home_without_a_check_today_says_so_to_those_who_do_not_see_the_strip(
    duty, place
):
    bare = b.home(place, "5-1-101")
    page = duty.get(reverse("desk:home", kwargs={"pk": bare.pk}), headers=ENGLISH)
    words = page.content.decode()
    assert 'aria-label=""' not in words
    assert 'aria-label="Today nothing is due."' in words
