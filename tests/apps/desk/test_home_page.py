"""The page of a home costs the same however much was seen there."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.privacy.models import Why
from shouwang.apps.residents.services import home_archive
from shouwang.apps.watch import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(client):
    place = b.community()
    client.force_login(b.member(place, "duty", "duty_officer").user)
    client.home = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    return client


def queries_of(client):
    url = reverse("desk:home", args=[client.home.pk])
    # The first look is noted, and fills what is kept in memory.
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def look_often(home, minutes):
    items = [b.look(home, f"08:{minute:02}", state="open") for minute in minutes]
    spoke = {"signal": "contact", "state": "spoke", "how": "in_person"}
    items += [b.look(home, f"09:{minute:02}", **spoke) for minute in minutes]
    services.sightings_record(
        community=home.community, items=items, by=None, now=b.hour("10:00")
    )


def test_many_looks_cost_no_more_than_few(duty):
    with time_machine.travel(b.hour("10:00"), tick=False):
        look_often(duty.home, [1, 2])
        few = queries_of(duty)
        look_often(duty.home, range(10, 40))
        assert queries_of(duty) == few


def test_after_a_death_the_coordinator_is_led_to_let_the_home_rest(duty):
    place, home = duty.home.community, duty.home
    boss = b.member(place, "boss", "coordinator")
    url, rest = (
        reverse(name, args=[home.pk])
        for name in ("desk:home", "residents:home_archive")
    )
    with time_machine.travel(b.hour("10:00"), tick=False):
        services.checks_decide_due(now=b.hour("09:10"))
        closing = ClosingIn(outcome="died", verified="spoke")
        alert_close(
            alert=home.alerts.get(), closing=closing, by=boss, now=b.hour("09:40")
        )
        assert rest not in duty.get(url).content.decode()
        duty.force_login(boss.user)
        assert rest in duty.get(url).content.decode()
        home_archive(home=home, why=Why.DIED, by=boss, now=b.hour("09:50"))
        assert rest not in duty.get(url).content.decode()
