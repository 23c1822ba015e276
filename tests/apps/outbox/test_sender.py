from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.apps.outbox.channels import Invented, estate, missed, set_up

from shouwang.apps.communities.models import Community
from shouwang.apps.outbox import sender as sender_module
from shouwang.apps.outbox.claiming import LEASE
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.sender import SenderThread
from shouwang.apps.outbox.sending import HANDS, HOLD, Sender
from shouwang.apps.watch import services
from shouwang.common import clock
from shouwang.notify import channels
from shouwang.notify.settings import Reaches

pytestmark = pytest.mark.django_db
NINE = b.hour("09:10")


class Hangs(Invented):
    """A provider that answers only when it is let."""

    answers: threading.Event

    def send(self, message, settings):
        self.answers.wait(timeout=10)
        return super().send(message, settings)


@pytest.fixture
def slow(monkeypatch):
    made = Hangs(kind="slow", reaches=Reaches.GROUP, speed=5)
    made.answers = threading.Event()
    monkeypatch.setitem(channels.CHANNELS, "slow", made)
    yield made
    made.answers.set()


@pytest.fixture
def robot(monkeypatch):
    made = Invented(kind="robot", reaches=Reaches.GROUP, speed=5)
    monkeypatch.setitem(channels.CHANNELS, "robot", made)
    return made


@pytest.fixture
def sender():
    made = Sender()
    yield made
    made.close()


def neighbours(robot):
    """Another community, of one home, told by a robot of its own."""
    place = Community.objects.create(name="柳荫里社区", created_at=b.DAWN)
    b.member(place, "qian", "duty_officer", "coordinator")
    b.watched(place, "8-1-101")
    services.checks_make(community=place, now=b.DAWN)
    set_up(place, robot)
    return place


def test_a_provider_that_hangs_keeps_no_other_community_waiting(slow, robot, sender):
    place = estate(*(f"3-2-{number}" for number in range(401, 404)))
    set_up(place, slow)
    missed(place)
    sender.turn(now=NINE, patience=0)
    missed(neighbours(robot))
    for _ in range(3):
        sender.turn(now=NINE, patience=0.05)
    assert [row.about for row in robot.took] == ["not_looked"]
    slow.answers.set()
    while sender.turn(now=NINE, patience=0.05):
        pass
    assert len(slow.took) == 3


def test_what_waits_too_long_for_its_provider_is_left_to_be_claimed_anew(slow, sender):
    place = estate(*(f"3-2-{number}" for number in range(401, 404)))
    set_up(place, slow)
    missed(place)
    sender.turn(now=NINE, patience=0)
    rows = OutboxMessage.objects.of(place)
    assert {row.next_at for row in rows} == {NINE + LEASE}
    later = NINE + HOLD + timedelta(seconds=1)
    sender.turn(now=later, patience=0)
    # The two rows of the first message are still in a hand.
    assert rows.filter(next_at=NINE + LEASE).count() == 2
    assert rows.filter(next_at=later + LEASE).count() == 4
    slow.answers.set()
    while sender.turn(now=later, patience=0.05):
        pass
    assert len(slow.took) == 3


def test_more_hands_than_providers_never_mix_the_order_of_a_group(robot, sender):
    place = estate(*(f"3-2-{number}" for number in range(401, 401 + 2 * HANDS)))
    set_up(place, robot)
    missed(place)
    while sender.turn(now=NINE, patience=0.05):
        pass
    keys = [int(row.key.split(":")[0]) for row in robot.took]
    assert keys == sorted(keys)
    assert len(keys) == 2 * HANDS


def test_slow_work_is_done_one_piece_at_a_time_and_only_when_nobody_waits(
    robot, sender, monkeypatch, settings
):
    place = estate("3-2-401")
    set_up(place, robot)
    missed(place)
    told_before = []

    def draw(*, now):
        told_before.append(len(robot.took))
        return len(told_before) < 3

    settings.SENDER_PASSES = ["slow.work"]
    monkeypatch.setattr(sender_module, "import_string", lambda _path: draw)
    monkeypatch.setattr(clock, "now", lambda: NINE)
    thread = SenderThread()
    waits = [thread.turn(sender) for _ in range(20)]
    assert told_before[0] == 1
    assert waits[-1] == sender_module.IDLE_SECONDS


def test_what_was_queued_by_a_clock_that_ran_ahead_goes_out_when_it_is_right_again(
    robot, sender
):
    place = estate("3-2-401")
    setup = set_up(place, robot)
    missed(place)
    ahead = timedelta(hours=1)
    while sender.turn(now=NINE + ahead + timedelta(seconds=30), patience=0.05):
        pass
    OutboxMessage.objects.of(place).update(
        state="failed", claim=None, next_at=NINE + ahead
    )
    setup.blocked_until = NINE + ahead + timedelta(seconds=30)
    setup.save()
    robot.took.clear()
    later = NINE + timedelta(seconds=31)
    while sender.turn(now=later, patience=0.05):
        pass
    assert len(robot.took) == 1
