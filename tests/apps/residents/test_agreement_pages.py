"""Agreeing at the desk: nothing is watched without terms and a consent that are sound."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.residents.models import Agreement, Consent
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Check

pytestmark = pytest.mark.django_db
MORNING = {"label": "早", "opens": "07:00", "due": "09:00", "well": "open"}
EVENING = {"label": "晚", "opens": "18:00", "due": "20:00", "well": "closed"}
CONSENT = {
    "consent": "new",
    "agreed_by": "王桂兰",
    "agreed_on": "2026-03-01",
    "paper": "协议 0001",
}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(b.hour("12:00"), tick=False):
        yield


@pytest.fixture
def home():
    return b.home(b.community())


@pytest.fixture
def coordinator(client, home):
    client.force_login(b.member(home.community, "chen", "coordinator").user)
    return client


def sent(*windows, **more):
    values = {"window-TOTAL_FORMS": "4", "window-INITIAL_FORMS": "4"}
    for place, window in enumerate(windows):
        whole = {"grace": "10", "days": [*map(str, range(7))], **window}
        values |= {f"window-{place}-{key}": value for key, value in whole.items()}
    return {**values, "valid_from": "2026-03-03", **CONSENT, **more}


def agree(client, home, *windows, **more):
    address = reverse("residents:agreement_add", args=[home.pk])
    return client.post(f"{address}?signal=curtain", sent(*windows, **more))


def test_what_is_agreed_is_watched_from_its_first_day(coordinator, home):
    assert agree(coordinator, home, MORNING, EVENING).status_code == 302
    row = Agreement.objects.of(home.community).get()
    assert [one.label for one in row.expectations.order_by("opens")] == ["早", "晚"]
    services.checks_make_ahead(now=b.hour("12:00"))
    days = Check.objects.of(home.community).values_list("on", flat=True)
    assert min(days).isoformat() == "2026-03-03"


@pytest.mark.parametrize(
    "windows",
    [
        [{**MORNING, "due": "07:00"}],
        [MORNING, {**EVENING, "opens": "08:00"}],
        [MORNING, {**EVENING, "label": "早"}],
        [{**MORNING, "well": []}],
        [{**MORNING, "days": []}],
        [{**MORNING, "grace": "-5"}],
        [{**MORNING, "opens": "25:00"}],
        [],
    ],
)
def test_terms_that_cannot_be_watched_are_told_and_kept_out(coordinator, home, windows):
    answer = agree(coordinator, home, *windows)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not Agreement.objects.of(home.community).exists()
    assert not Consent.objects.of(home.community).exists()


@pytest.mark.parametrize("name", ["agreed_by", "agreed_on", "paper"])
def test_nothing_is_agreed_without_who_when_and_on_what_paper(coordinator, home, name):
    answer = agree(coordinator, home, MORNING, **{name: ""})
    assert answer.status_code == 422
    assert not Agreement.objects.of(home.community).exists()


def test_a_signal_that_is_not_known_here_is_not_there(coordinator, home):
    address = reverse("residents:agreement_add", args=[home.pk])
    answer = coordinator.post(f"{address}?signal=smoke", sent(MORNING))
    assert answer.status_code == 404
    assert not Agreement.objects.of(home.community).exists()
