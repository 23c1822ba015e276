"""A closed alert is over: what she needs goes on as a need, not as another alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm
from tests.apps.api.machines import machine
from tests.domain.building import MORNING

from shouwang.apps.alerts.reaching import Tried, alert_contact
from shouwang.apps.alerts.services import ClosingIn, alert_close, alert_commit
from shouwang.apps.care.models import Need
from shouwang.apps.watch.models import Check, StatusChange
from shouwang.apps.watch.rebuild import rebuild_compare
from shouwang.apps.watch.services import (
    checks_decide_due,
    checks_make,
    sightings_record,
)

pytestmark = pytest.mark.django_db
DOOR = TEN_PAST + timedelta(minutes=10)
OVER = DOOR + timedelta(minutes=10)
TOMORROW = timedelta(days=1)
FACE = replace(MORNING, well=frozenset({"smile"}))
NEEDS = ClosingIn(outcome="needs_help", verified="asks_help", override="药吃完了")


@pytest.fixture
def a():
    return alarm()


def morning(home, on=b.TODAY):
    return Check.objects.of(home.community_id).get(home=home, label="morning", on=on)


def hung(home, clock, state, by):
    item = b.look(home, clock, signal="board", state=state)
    at = item.seen_at
    sightings_record(community=home.community, items=[item], by=by, now=at)


def one_alert_one_need(place, home):
    """Nothing is open but the one need, and the facts say the same as what is stored."""
    assert not home.alerts.exclude(state="closed").exists()
    need = Need.objects.of(place).get(home=home)
    assert need.alert == home.alerts.get()
    assert (need.home, need.words) == (home, "药吃完了")
    compared = rebuild_compare(community=place, now=OVER)
    assert compared.differences == ()


def by_the_desk(a, alert):
    alert_close(alert=alert, closing=NEEDS, by=a.duty, now=OVER)


GIVEN = {
    "outcome": "needs_help",
    "verified": "asks_help",
    "how": "in_person",
    "override": "药吃完了",
}


def by_the_page(a, alert):
    client = Client()
    client.force_login(a.duty.user)
    with time_machine.travel(OVER, tick=False):
        answer = client.post(f"/alerts/{alert.pk}/close", GIVEN)
    assert answer.status_code == 302


def by_the_api(a, alert):
    with time_machine.travel(OVER, tick=False):
        status, _story = machine(a.place, "duty_officer").post(
            f"/alerts/{alert.pk}/close", GIVEN
        )
    assert status == 200


WAYS = [by_the_desk, by_the_page, by_the_api]


@pytest.mark.parametrize("close", WAYS)
def test_a_missed_curtain_that_turns_out_as_a_need_is_one_need_and_no_second_alert(
    a, close
):
    alert = a.alert
    alert_commit(alert=alert, by=a.lin, until=OVER, now=TEN_PAST)
    close(a, alert)
    assert a.home.alerts.count() == 1
    row = morning(a.home)
    assert (row.status, row.strength, row.changed_at) == ("well", "contact", OVER)
    assert row.reasons[0]["why"] == "help_answered"
    one_alert_one_need(a.place, a.home)


@pytest.mark.parametrize("close", WAYS)
def test_who_says_at_the_door_that_she_needs_help_is_answered_by_the_closing(a, close):
    alert = a.alert
    alert_contact(alert=alert, tried=Tried(result="asks_help"), by=a.lin, now=DOOR)
    assert morning(a.home).status == "help"
    close(a, alert)
    assert a.home.alerts.count() == 1
    assert morning(a.home).status == "well"
    told = StatusChange.objects.of(a.place).filter(check_row=morning(a.home))
    last = told.order_by("-pk")[0]
    assert (last.from_status, last.to_status, last.changed_at) == ("help", "well", OVER)
    one_alert_one_need(a.place, a.home)


@pytest.mark.parametrize("close", WAYS)
def test_a_crying_face_that_turns_out_as_a_need_is_one_need_and_tomorrow_is_normal(
    a, close
):
    home = b.watched(a.place, "5-1-101", signal="board", windows=(FACE,))
    checks_make(community=a.place, now=b.DAWN)
    hung(home, "07:30", "cry", a.lin)
    alert = home.alerts.get()
    assert (alert.kind, morning(home).status) == ("help", "help")
    alert_commit(alert=alert, by=a.lin, until=OVER, now=TEN_PAST)
    close(a, alert)
    assert home.alerts.count() == 1
    assert morning(home).status == "well"
    one_alert_one_need(a.place, home)
    tomorrow = b.TODAY + TOMORROW
    checks_make(community=a.place, now=b.DAWN + TOMORROW)
    for clock, status in (
        ("08:00", "open"),
        ("09:05", "grace"),
        ("09:10", "not_looked"),
    ):
        checks_decide_due(now=b.hour(clock) + TOMORROW)
        assert morning(home, tomorrow).status == status


def test_who_has_not_been_answered_still_asks_for_help(a):
    alert_close(alert=a.alert, closing=NEEDS, by=a.duty, now=OVER)
    later = OVER + timedelta(minutes=1)
    tried = Tried(result="asks_help")
    alert_contact(alert=a.alert, tried=tried, by=a.daughter, now=later)
    assert morning(a.home).status == "help"
    assert (a.alert.kind, a.alert.state) == ("help", "open")


def test_a_cry_that_was_seen_before_the_end_and_arrives_after_it_was_answered(a):
    alert_close(alert=a.alert, closing=NEEDS, by=a.duty, now=OVER)
    heard = b.look(a.home, "09:15", signal="contact", state="asks_help")
    for _twice in range(2):
        sightings_record(
            community=a.place,
            items=[heard],
            by=a.lin,
            now=OVER + timedelta(minutes=5),
        )
    assert a.home.alerts.count() == 1
    assert morning(a.home).status == "well"
    assert rebuild_compare(community=a.place, now=OVER).differences == ()


def test_what_another_hears_at_the_very_instant_of_the_end_is_a_new_cry(a):
    closed = a.alert
    alert_close(alert=closed, closing=NEEDS, by=a.duty, now=OVER)
    tried = Tried(result="asks_help")
    alert_contact(alert=closed, tried=tried, by=a.daughter, now=OVER)
    assert a.alert.pk != closed.pk
    assert morning(a.home).status == "help"
