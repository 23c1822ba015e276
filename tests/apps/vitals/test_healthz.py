"""An outside monitor asks whether the program lives, and is answered in time."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from tests.apps import building as b

from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.vitals import bounded, views
from shouwang.apps.vitals.bounded import Bounded, NoAnswerError
from shouwang.apps.vitals.selectors.pulse import pulse_read
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Heartbeat

NOW = b.hour("09:30")


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("shouwang.common.clock.now", lambda: NOW)


def beat(ago):
    Heartbeat.objects.update_or_create(
        name="watch", defaults={"beat_at": NOW - timedelta(seconds=ago)}
    )


def asked(client):
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


def missed():
    """Make an alert whose first message waits since 9:10."""
    place = b.community()
    home = b.watched(place)
    home.shown_name = "王奶奶"
    home.save()
    b.member(place, "chen", "coordinator", "duty_officer")
    services.checks_make(community=place, now=b.DAWN)
    look = b.look(home, "08:00", state="closed")
    services.sightings_record(
        community=place, items=[look], by=None, now=b.hour("08:00")
    )
    services.checks_decide_due(now=b.hour("09:10"))
    return place


@pytest.mark.django_db(transaction=True)
def test_all_is_well(client, noon):
    beat(3)
    status, told = asked(client)
    assert status == 200
    assert told["ok"] is True
    assert told["wrong"] == []
    assert told["heart"] == {"ok": True, "age_seconds": 3.0}
    assert told["outbox"] == {"ok": True, "overdue_seconds": 0.0, "waiting": 0}
    assert told["version"]


@pytest.mark.django_db(transaction=True)
def test_a_heart_that_never_beat_or_is_old_is_told(client, noon):
    assert asked(client)[1]["wrong"] == ["heart"]
    beat(61)
    status, told = asked(client)
    assert (status, told["wrong"]) == (503, ["heart"])
    assert told["heart"]["age_seconds"] == 61


@pytest.mark.django_db(transaction=True)
def test_a_message_that_waits_past_its_time_is_told_without_a_word_of_it(client, noon):
    beat(1)
    missed()
    status, told = asked(client)
    assert (status, told["wrong"]) == (503, ["outbox"])
    assert told["outbox"]["overdue_seconds"] == 20 * 60
    for word in ("王奶奶", "3-2-401", "chen", "梧桐里"):
        assert word not in json.dumps(told, ensure_ascii=False)


@pytest.mark.django_db
def test_a_message_that_will_be_tried_again_later_is_not_late():
    place = missed()
    OutboxMessage.objects.of(place).update(next_at=NOW + timedelta(minutes=5))
    pulse = pulse_read(now=NOW)
    assert pulse.is_outbox_well
    assert pulse.outbox.by_state == {"queued": 1}


def test_a_database_that_hangs_is_told_in_time(client, monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(views, "PULSE", Bounded(let_go.wait, seconds=0.1))
    began = time.perf_counter()
    status, told = asked(client)
    took = time.perf_counter() - began
    let_go.set()
    assert (status, told["wrong"]) == (503, ["database"])
    assert told["database"]["error"] == "no answer"
    assert took < 2


def test_a_database_that_refuses_is_told_without_its_words(client, monkeypatch):
    def refuse():
        raise OperationalError("could not connect to db.example as secret")

    monkeypatch.setattr(views, "PULSE", Bounded(refuse, seconds=1))
    status, told = asked(client)
    assert (status, told["database"]["error"]) == (503, "OperationalError")
    assert "secret" not in json.dumps(told)


def test_it_is_only_read(client):
    assert client.post("/healthz").status_code == 405


def test_however_many_ask_one_thread_waits_for_the_database():
    let_go, asked_count = threading.Event(), []

    def question():
        asked_count.append(1)
        let_go.wait()
        return "well"

    probe = Bounded(question, seconds=0.01)
    for _ in range(5):
        with pytest.raises(NoAnswerError):
            probe.ask()
    assert len(asked_count) == 1
    let_go.set()
    probe = Bounded(lambda: "well", seconds=1)
    assert probe.ask() == "well"


def test_one_that_hangs_for_ever_does_not_spoil_the_next(monkeypatch):
    monkeypatch.setattr(bounded, "LEFT_BEHIND_SECONDS", 0.0)
    let_go = threading.Event()
    asked_count = []

    def question():
        asked_count.append(1)
        return let_go.wait() if len(asked_count) == 1 else "well"

    probe = Bounded(question, seconds=1)
    monkeypatch.setattr(probe, "_seconds", 0.01)
    with pytest.raises(NoAnswerError):
        probe.ask()
    monkeypatch.setattr(probe, "_seconds", 1)
    assert probe.ask() == "well"
    let_go.set()
