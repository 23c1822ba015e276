"""The watch speaks for itself: it stopped, someone is due back, a message is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.returning import returns_ask_due
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.alerts.stalling import stalls_tell
from shouwang.apps.outbox.models import MessageState, OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.residents.models import Absence
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Heartbeat
from shouwang.domain.alerts import AlertKind
from shouwang.notify.channels import RECORDING

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    made = b.community()
    b.member(made, "duty", "duty_officer")
    return made


@pytest.fixture
def home(place):
    made = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    return made


def stopped(clock):
    Heartbeat.objects.create(name="watch", beat_at=b.hour(clock))


def test_a_stop_is_told_once_and_dated_when_the_heart_stopped(place, home):
    stopped("06:00")
    assert stalls_tell(now=b.hour("06:30")) == 1
    assert stalls_tell(now=b.hour("06:31")) == 0
    alert = Alert.objects.of(place).get(kind="watch_stalled")
    assert (alert.opened_at, alert.noticed_at) == (b.hour("06:00"), b.hour("06:30"))
    outbox_send_due(now=b.hour("06:30"))
    [message] = RECORDING.sent
    assert place.name in message.text


def test_a_stop_that_somebody_closed_is_not_told_again(place, home):
    stopped("06:00")
    stalls_tell(now=b.hour("06:30"))
    duty = b.member(place, "second", "duty_officer")
    alert = Alert.objects.of(place).get(kind="watch_stalled")
    closing = ClosingIn(outcome="other", verified="other", override="power cut")
    alert_close(alert=alert, closing=closing, by=duty, now=b.hour("06:40"))
    assert stalls_tell(now=b.hour("06:41")) == 0


@pytest.mark.parametrize("clock", ["06:29", None])
def test_a_beating_heart_or_a_first_start_tells_nothing(place, home, clock):
    if clock:
        stopped(clock)
    assert stalls_tell(now=b.hour("06:30")) == 0


def test_a_community_that_watches_nobody_is_not_disturbed(place):
    stopped("06:00")
    assert stalls_tell(now=b.hour("06:30")) == 0


def test_a_return_is_asked_about_once(place, home):
    services.absence_declare(home=home, draft=b.away("18:00"), by=None, now=b.DAWN)
    due = Absence.objects.of(place).get().ask_at
    assert due == b.hour("18:00") + timedelta(days=1)
    assert returns_ask_due(now=due - timedelta(seconds=1)) == 0
    assert returns_ask_due(now=due) == 1
    assert returns_ask_due(now=due) == 0
    alert = Alert.objects.of(place).get()
    assert (alert.kind, alert.opened_at) == (AlertKind.RETURN_CHECK, due)


def test_an_open_absence_is_asked_about_on_its_review_date(place, home):
    services.absence_declare(home=home, draft=b.away(), by=None, now=b.DAWN)
    assert Absence.objects.of(place).get().ask_at == b.hour("09:00") + timedelta(days=7)


def test_an_absence_that_is_over_or_withdrawn_asks_nobody(place, home):
    late = b.hour("12:00") + timedelta(days=9)
    services.absence_declare(home=home, draft=b.away("18:00"), by=None, now=late)
    standing = services.absence_declare(
        home=home, draft=b.away("20:00"), by=None, now=b.DAWN
    )
    services.absence_withdraw(absence=standing, by=None, now=b.DAWN)
    assert returns_ask_due(now=late) == 0


def test_nobody_is_sent_up_after_the_alert_was_closed(place, home):
    services.checks_decide_due(now=b.hour("09:10"))
    alert = home.alerts.get()
    duty = b.member(place, "second", "duty_officer")
    closing = ClosingIn(outcome="overslept", verified="spoke")
    alert_close(alert=alert, closing=closing, by=duty, now=b.hour("09:11"))
    assert OutboxMessage.objects.of(place).exclude(ask="").exists()
    assert outbox_send_due(now=b.hour("09:12")) == 0
    states = OutboxMessage.objects.of(place).values_list("state", flat=True)
    assert set(states) == {MessageState.OVER}
