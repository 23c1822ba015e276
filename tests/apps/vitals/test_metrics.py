"""What the program counts, and who may read it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from prometheus_client.parser import text_string_to_metric_families
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.vitals import views
from shouwang.apps.vitals.bounded import Bounded
from shouwang.apps.vitals.selectors.pulse import counts_read
from shouwang.apps.watch import services
from shouwang.apps.watch.runner import Runner
from shouwang.common.metrics import REGISTRY
from shouwang.notify.channels import RECORDING

NOW = b.hour("09:30")


@pytest.fixture
def counted(monkeypatch):
    """Let the counts be read on the connection of the test, in its transaction."""
    monkeypatch.setattr(
        views,
        "COUNTS",
        type("Direct", (), {"ask": staticmethod(lambda: counts_read(now=NOW))}),
    )


def alerted():
    place = b.community()
    home = b.watched(place)
    home.shown_name = "王奶奶"
    home.save()
    b.member(place, "chen", "duty_officer")
    services.checks_make(community=place, now=b.DAWN)
    look = b.look(home, "08:00", state="closed")
    services.sightings_record(
        community=place, items=[look], by=None, now=b.hour("09:00")
    )
    services.checks_decide_due(now=b.hour("09:10"))
    return place


def read(client, **headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (row.name, tuple(sorted(row.labels.items()))): row.value
        for family in text_string_to_metric_families(answer.content.decode())
        for row in family.samples
    }


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


@pytest.mark.django_db
def test_what_is_to_be_done_is_told_by_number_and_never_by_name(client, counted):
    place = alerted()
    page = client.get("/metrics").content.decode()
    rows = read(client)
    labels = (("community", str(place.pk)), ("kind", "missed"), ("state", "open"))
    assert rows["shouwang_alerts_open", labels] == 1
    assert rows["shouwang_database_up", ()] == 1
    assert rows["shouwang_checks_overdue", ()] == 0
    assert rows["shouwang_outbox_waiting", (("state", "queued"),)] == 1
    assert rows["shouwang_outbox_overdue_seconds", ()] == 20 * 60
    for word in ("王奶奶", "梧桐里", "chen", "3-2-401", "/homes/1"):
        assert word not in page


@pytest.mark.django_db
def test_a_check_past_its_deadline_is_overdue(client, counted):
    place = b.community()
    b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    assert read(client)["shouwang_checks_overdue", ()] >= 1


def test_without_the_database_what_the_process_counts_is_still_told(
    client, monkeypatch
):
    def refuse():
        raise DatabaseError

    monkeypatch.setattr(views, "COUNTS", Bounded(refuse, seconds=1))
    rows = read(client)
    assert rows["shouwang_database_up", ()] == 0
    assert ("shouwang_tick_seconds_count", ()) in rows


@pytest.mark.django_db
def test_messages_are_counted_by_how_they_ended():
    def counts():
        return [
            value("shouwang_messages_total", channel="recording", result=result)
            for result in ("sent", "failed")
        ]

    alerted()
    sent, failed = counts()
    RECORDING.fail(True)
    outbox_send_due(now=b.hour("09:10"))
    # The ladder moves on from whoever was not told: more than one message fails.
    tried = counts()
    assert tried[0] == sent
    assert tried[1] > failed
    RECORDING.fail(False)
    outbox_send_due(now=b.hour("09:11"))
    assert counts() == [sent + tried[1] - failed, tried[1]]


@pytest.mark.django_db
def test_sightings_are_counted_once_they_are_kept(django_capture_on_commit_callbacks):
    place = b.community()
    home = b.watched(place)
    before = value("shouwang_sightings_total", source="look")
    look = b.look(home, "08:00")
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.sightings_record(
                community=place, items=[look], by=None, now=b.hour("08:05")
            )
    assert value("shouwang_sightings_total", source="look") == before + 1


@pytest.mark.django_db
def test_passes_and_ticks_are_timed_and_a_failure_is_counted():
    def fails(*, now):
        raise RuntimeError

    runner = Runner()
    runner.passes, runner.audits = [fails], []
    ticks = value("shouwang_tick_seconds_count")
    failures = value("shouwang_pass_failures_total", run="fails")
    assert runner.tick(now=NOW) is False
    assert value("shouwang_tick_seconds_count") == ticks + 1
    assert value("shouwang_pass_failures_total", run="fails") == failures + 1
    assert value("shouwang_pass_seconds_count", run="fails") > 0


@pytest.mark.django_db
def test_pages_are_timed_by_their_name(client):
    place = alerted()
    chen = Member.objects.of(place).get()
    client.force_login(chen.user)
    labels = {"page": "desk:home", "method": "GET", "status": "2xx"}
    before = value("shouwang_request_seconds_count", **labels)
    home = Alert.objects.of(place).get().home_id
    assert client.get(f"/homes/{home}/").status_code == 200
    assert value("shouwang_request_seconds_count", **labels) == before + 1


def test_a_word_that_is_no_method_makes_no_row_of_its_own(client):
    before = value(
        "shouwang_request_seconds_count", page="none", method="other", status="4xx"
    )
    client.generic("BREW", "/nowhere/王奶奶")
    after = value(
        "shouwang_request_seconds_count", page="none", method="other", status="4xx"
    )
    assert after == before + 1


@pytest.mark.parametrize(
    ("token", "address", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "10.1.2.3", {}, 404),
        ("", "", {}, 404),
        ("", "127.0.0.1", {"X-Forwarded-For": "10.1.2.3"}, 404),
        ("", "127.0.0.1", {"Forwarded": "for=10.1.2.3"}, 404),
        ("", "10.1.2.3", {"Authorization": "Bearer "}, 404),
        ("open sesame", "10.1.2.3", {"Authorization": "Bearer open sesame"}, 200),
        ("open sesame", "10.1.2.3", {"Authorization": "bearer open sesame"}, 200),
        ("open sesame", "10.1.2.3", {"Authorization": "Bearer open"}, 404),
        ("open sesame", "127.0.0.1", {"Authorization": "Bearer öpen"}, 404),
        ("open sesame", "10.1.2.3", {"Authorization": "Basic open sesame"}, 404),
        ("open sesame", "10.1.2.3", {}, 404),
        ("open sesame", "127.0.0.1", {}, 200),
    ],
)
@pytest.mark.django_db
def test_who_may_read(client, settings, counted, token, address, headers, status):
    settings.METRICS_TOKEN = token
    answer = client.get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert answer.status_code == status
