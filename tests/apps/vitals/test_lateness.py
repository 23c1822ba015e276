"""The coordinator hears of a day on which something was late, and of no other."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import translation
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import ladders_advance_due
from shouwang.apps.alerts.stalling import stalls_tell
from shouwang.apps.outbox.models import MessageState, OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.vitals.selectors.lateness import lateness_of_day
from shouwang.apps.vitals.words import lateness_words
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Heartbeat
from shouwang.domain.lateness import Lateness
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
DUE = b.hour("09:10")
NEXT_DAY = b.hour("09:00") + timedelta(days=1)


@pytest.fixture
def place():
    made = b.community()
    b.member(made, "chen", "coordinator", "duty_officer")
    return made


def missed(place, *, decided_at=DUE):
    home = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    look = b.look(home, "08:00", state="closed")
    services.sightings_record(
        community=place, items=[look], by=None, now=b.hour("08:00")
    )
    services.checks_decide_due(now=decided_at)


def late(place):
    found = lateness_of_day(community=place, on=b.TODAY, now=NEXT_DAY)
    return None if found is None else found.counts


def test_a_day_in_time_is_silent_though_somebody_was_missed(place):
    missed(place)
    outbox_send_due(now=DUE + timedelta(seconds=5))
    next_at = Alert.objects.of(place).get().next_at
    assert next_at is not None
    ladders_advance_due(now=next_at + timedelta(seconds=5))
    assert Alert.objects.of(place).get().step > 1
    assert late(place) is None


def test_a_check_decided_late_and_told_late_is_counted(place):
    missed(place, decided_at=DUE + timedelta(minutes=5))
    outbox_send_due(now=DUE + timedelta(minutes=5))
    assert late(place) == {"checks_late": 1, "told_late": 1}


def test_what_arrives_late_is_not_a_check_decided_late(place):
    home = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    services.checks_decide_due(now=DUE)
    outbox_send_due(now=DUE)
    for minutes in range(60):
        ladders_advance_due(now=DUE + timedelta(minutes=minutes))
    look = b.look(home, "08:00", state="closed")
    services.sightings_record(
        community=place, items=[look], by=None, now=b.hour("11:00")
    )
    assert late(place) is None


def test_a_ladder_that_moved_on_late_is_counted(place):
    missed(place)
    outbox_send_due(now=DUE)
    ladders_advance_due(now=DUE + timedelta(minutes=30))
    assert late(place) == {"steps_late": 1}


def test_a_message_that_reached_nobody_is_counted(place):
    missed(place)
    outbox_send_due(now=DUE)
    OutboxMessage.objects.of(place).update(state=MessageState.GIVEN_UP)
    assert late(place) == {"unsent": 1}


def test_a_stop_of_the_watch_is_counted_by_itself(place):
    missed(place)
    outbox_send_due(now=DUE)
    Heartbeat.objects.create(name="watch", beat_at=b.hour("10:00"))
    stalls_tell(now=b.hour("10:30"))
    assert late(place) == {"stalls": 1}


def test_a_round_nobody_was_down_for_is_counted(place):
    home = b.watched(place)
    draft = RoundDraft(
        name="早一",
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[],
        home_ids=[home.pk],
    )
    round_add(community=place, draft=draft)
    assert late(place) == {"rounds_uncovered": 1}


def test_another_community_is_not_told_of_it(place):
    missed(place, decided_at=DUE + timedelta(minutes=5))
    assert late(b.community("槐树社区")) is None


def test_it_is_one_line_with_the_gravest_first():
    found = Lateness(told_late=2, stalls=1, rounds_uncovered=1)
    with translation.override("en"):
        line = lateness_words(found, on=b.TODAY)
    assert line == (
        "03-02, late: the watch stopped once, 2 alerts told late, "
        "nobody was down for 1 round."
    )
    with translation.override("zh-hans"):
        line = lateness_words(found, on=b.TODAY)
    assert line == "03-02 有延误：守望停过 1 次、2 个预警通知晚了、1 趟巡查没有人走。"
