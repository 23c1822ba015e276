from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.apps.outbox.channels import estate, missed

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import (
    alert_commit,
    ladders_advance_due,
    ladders_keep_time,
)
from shouwang.apps.communities.models import Member

pytestmark = pytest.mark.django_db
NINE = b.hour("09:10")
HOUR = timedelta(hours=1)


def stood():
    place = estate("3-2-401")
    missed(place)
    alert = Alert.objects.of(place).get()
    assert (alert.state, alert.step) == ("open", 2)
    return alert


def test_a_step_told_by_a_clock_that_ran_ahead_waits_no_longer_than_it_may():
    alert = stood()
    ladders_advance_due(now=NINE + HOUR)
    alert.refresh_from_db()
    wait = alert.next_at - (NINE + HOUR)
    now = NINE + timedelta(minutes=5)
    assert ladders_keep_time(now=now) == 1
    alert.refresh_from_db()
    assert alert.next_at == now + wait
    assert alert.step == 3


def test_by_a_clock_that_goes_right_every_wait_stands_as_it_is():
    alert = stood()
    before = alert.next_at
    assert ladders_keep_time(now=NINE) == 0
    assert ladders_keep_time(now=NINE + timedelta(minutes=4)) == 0
    alert.refresh_from_db()
    assert alert.next_at == before


def test_until_when_somebody_goes_is_their_own_word_whatever_the_clock_does():
    alert = stood()
    by = Member.objects.of(alert.community_id).get(display_name="lin")
    until = NINE + 2 * HOUR
    alert_commit(alert=alert, by=by, until=until, now=NINE)
    assert ladders_keep_time(now=NINE) == 0
    alert.refresh_from_db()
    assert alert.next_at == until
