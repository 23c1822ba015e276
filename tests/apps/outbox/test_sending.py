from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.apps.outbox.channels import Invented, estate, missed, set_up

from shouwang.apps.alerts.links import group_link_for, link_read, linked_by
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_close,
    ladders_advance_due,
)
from shouwang.apps.communities.models import Member, User
from shouwang.apps.outbox.claiming import LEASE, messages_claim
from shouwang.apps.outbox.models import (
    Address,
    Attempt,
    MessageState,
    OutboxMessage,
)
from shouwang.apps.outbox.selectors import outbox_waiting_since
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.outbox.services.addresses import subscription_keep
from shouwang.apps.watch.services import sightings_record
from shouwang.notify import channels
from shouwang.notify.channels import RECORDING
from shouwang.notify.limits import Limit
from shouwang.notify.message import SendingError
from shouwang.notify.settings import Reaches

pytestmark = pytest.mark.django_db
NINE = b.hour("09:10")
SUBSCRIPTION = {
    "endpoint": "https://push.example.org/abc",
    "keys": {"p256dh": "B" + "x" * 86, "auth": "y" * 22},
}


@pytest.fixture
def robot(monkeypatch):
    made = Invented(kind="robot", reaches=Reaches.GROUP, speed=5)
    monkeypatch.setitem(channels.CHANNELS, "robot", made)
    return made


@pytest.fixture
def sms(monkeypatch):
    made = Invented(kind="sms", reaches=Reaches.PHONE, speed=20)
    monkeypatch.setitem(channels.CHANNELS, "sms", made)
    return made


def rows(place):
    return OutboxMessage.objects.of(place).order_by("pk")


def did(place):
    alert = Alert.objects.of(place).get()
    return [row.did for row in alert.events.order_by("pk")]


def test_without_a_channel_of_its_own_a_community_is_told_by_the_program():
    place = estate("3-2-401")
    missed(place)
    assert outbox_send_due(now=NINE) == 2
    assert {row.to_name for row in RECORDING.sent} == {"lin", "ma"}
    assert {row.channel for row in rows(place)} == {"recording"}


def test_a_group_is_told_once_and_calls_everybody_by_name(robot):
    place = estate("3-2-401")
    set_up(place, robot)
    missed(place)
    assert outbox_send_due(now=NINE) == 2
    [message] = robot.took
    assert message.mentions == ("13900000001", "13900000002")
    assert "3-2-401" in message.text
    assert {row.state for row in rows(place)} == {MessageState.SENT}


def test_the_fastest_channel_is_taken_and_a_step_may_prefer_another(robot, sms):
    place = estate("3-2-401")
    set_up(place, robot)
    set_up(place, sms)
    missed(place)
    rows(place).filter(to_member__display_name="ma").update(channels=["sms"])
    outbox_send_due(now=NINE)
    assert [row.to_name for row in robot.took] == ["lin"]
    assert [(row.to_name, row.address) for row in sms.took] == [("ma", "13900000002")]


def test_a_channel_that_fails_is_left_for_the_next_one_at_once(robot, sms):
    robot.fails = SendingError("500", code="500")
    place = estate("3-2-401")
    setup = set_up(place, robot)
    set_up(place, sms)
    missed(place)
    assert outbox_send_due(now=NINE) == 2
    assert len(sms.took) == 2
    setup.refresh_from_db()
    assert (setup.trouble, setup.trouble_since) == ("500 500", NINE)
    tried = Attempt.objects.of(place).order_by("pk").values_list("channel", "result")
    assert list(tried) == [("robot", "failed")] * 2 + [("sms", "sent")] * 2


def test_a_channel_that_works_again_is_no_longer_in_trouble(robot, sms):
    robot.fails = SendingError("500")
    place = estate("3-2-401")
    setup = set_up(place, robot)
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    robot.fails = None
    rows(place).update(state="queued", next_at=NINE, tried=[], sent_at=None)
    outbox_send_due(now=NINE)
    setup.refresh_from_db()
    assert (setup.trouble, setup.trouble_since, setup.failed_count) == ("", None, 0)


def test_a_blocked_channel_is_not_asked_until_its_time_is_over(robot, sms):
    robot.fails = SendingError("limit", blocked_for=timedelta(minutes=10))
    place = estate("3-2-401")
    setup = set_up(place, robot)
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    robot.fails, asked = None, robot.asked
    rows(place).update(state="queued", next_at=NINE, tried=[], sent_at=None)
    outbox_send_due(now=NINE + timedelta(minutes=9))
    assert robot.asked == asked
    assert len(sms.took) == 4
    setup.refresh_from_db()
    assert setup.blocked_until == NINE + timedelta(minutes=10)


def test_a_blocked_channel_alone_is_waited_for(robot):
    place = estate("3-2-401")
    set_up(place, robot, blocked_until=NINE + timedelta(minutes=10))
    missed(place)
    assert outbox_send_due(now=NINE) == 0
    assert {row.next_at for row in rows(place)} == {NINE + timedelta(minutes=10)}
    assert outbox_send_due(now=NINE + timedelta(minutes=10)) == 2


def test_a_channel_that_fails_three_times_rests():
    place = estate("3-2-401", "3-2-402", "3-2-403", "3-2-404")
    down = Invented(kind="robot", reaches=Reaches.GROUP, fails=SendingError("down"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(channels.CHANNELS, "robot", down)
        setup = set_up(place, down)
        missed(place)
        outbox_send_due(now=NINE)
    setup.refresh_from_db()
    assert setup.failed_count >= 3
    assert setup.blocked_until == NINE + timedelta(seconds=30)


def test_who_has_no_phone_is_not_reached_by_sms_and_counts_as_not_told(sms):
    place = estate("3-2-401")
    Member.objects.of(place).update(phone="")
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    assert sms.took == []
    assert did(place).count("nobody_told") >= 2
    assert Alert.objects.of(place).get().state == "exhausted"
    assert {row.state for row in rows(place)} == {MessageState.GIVEN_UP}


def test_a_step_that_told_one_of_two_waits_for_an_answer(sms):
    place = estate("3-2-401")
    Member.objects.of(place).filter(display_name="ma").update(phone="")
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    alert = Alert.objects.of(place).get()
    assert (alert.state, alert.step) == ("open", 2)
    assert [row.to_name for row in sms.took] == ["lin"]


def test_what_failed_everywhere_is_tried_again_later(sms):
    sms.fails = SendingError("down")
    place = estate("3-2-401")
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    first = rows(place).filter(part__startswith="step:2").first()
    assert first.state == MessageState.FAILED
    assert first.next_at > NINE
    sms.fails = None
    outbox_send_due(now=first.next_at)
    first.refresh_from_db()
    assert first.state == MessageState.SENT
    assert first.tried == []


def test_a_refusal_for_good_is_never_tried_again(sms):
    sms.fails = SendingError("no such number", permanent=True, code="isv.MOBILE")
    place = estate("3-2-401")
    setup = set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    assert {row.state for row in rows(place)} == {MessageState.GIVEN_UP}
    assert {row.code for row in Attempt.objects.of(place).all()} == {"isv.MOBILE"}
    setup.refresh_from_db()
    assert setup.trouble_since is None


def test_a_fault_of_our_own_in_one_channel_does_not_stop_the_others(robot, sms):
    place = estate("3-2-401")
    set_up(place, robot)
    set_up(place, sms)
    missed(place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(robot, "send", lambda *_given: 1 / 0)
        assert outbox_send_due(now=NINE) == 2
    assert len(sms.took) == 2


def test_homes_of_one_building_are_told_together_when_the_channel_is_narrow(robot):
    robot.limits = (Limit(count=4, per=timedelta(minutes=1)),)
    place = estate("3-2-401", "3-2-402", "3-2-403", "12-1-501")
    set_up(place, robot)
    missed(place)
    outbox_send_due(now=NINE)
    assert len(robot.took) == 2
    told = robot.took[0].text
    assert all(f"3-2-40{last}" in told for last in "123")
    assert "12-1-501" not in told
    assert "12-1-501" in robot.took[1].text


def test_a_narrow_channel_is_never_asked_more_than_it_takes(robot):
    robot.limits = (Limit(count=2, per=timedelta(minutes=1)),)
    place = estate("3-2-401", "12-1-501")
    setup = set_up(place, robot)
    missed(place)
    outbox_send_due(now=NINE)
    assert len(robot.took) == 1
    setup.refresh_from_db()
    assert setup.levels[0][0] < 1


def test_a_cry_goes_before_a_curtain_and_a_first_word_before_a_second():
    place = estate("3-2-401")
    missed(place)
    assert {row.priority for row in rows(place)} == {4}
    ladders_advance_due(now=b.hour("09:30"))
    assert max(row.priority for row in rows(place)) == 104
    cry = b.look(b.watched(place, "3-2-402"), "09:00", signal="board", state="cry")
    sightings_record(community=place, items=[cry], by=None, now=b.hour("09:30"))
    outbox_send_due(now=b.hour("09:30"))
    assert "3-2-402" in RECORDING.sent[0].text


def test_two_senders_never_claim_the_same_row(robot):
    place = estate("3-2-401")
    set_up(place, robot)
    missed(place)
    assert len(messages_claim(now=NINE, most=10).batches) == 1
    assert messages_claim(now=NINE, most=10).batches == []


def test_what_a_dead_sender_had_claimed_goes_out_later(robot):
    place = estate("3-2-401")
    set_up(place, robot)
    missed(place)
    messages_claim(now=NINE, most=10)
    assert outbox_waiting_since() == NINE + LEASE
    assert outbox_send_due(now=NINE + LEASE) == 2


def test_what_was_done_meanwhile_is_not_asked_any_more(robot):
    place = estate("3-2-401")
    set_up(place, robot)
    missed(place)
    closing = ClosingIn(outcome="overslept", verified="spoke")
    by = Member.objects.of(place).get(display_name="lin")
    alert_close(alert=Alert.objects.of(place).get(), closing=closing, by=by, now=NINE)
    assert outbox_send_due(now=NINE) == 0
    assert {row.state for row in rows(place)} == {MessageState.OVER}


def test_each_reads_their_own_language(robot):
    place = estate("3-2-401")
    User.objects.filter(username="ma").update(language="en")
    set_up(place, robot)
    missed(place)
    outbox_send_due(now=NINE)
    assert len(robot.took) == 2
    assert any("look" in row.text for row in robot.took)


def test_who_alone_reads_a_message_can_act_from_it(sms, settings):
    settings.PUBLIC_URL = "http://127.0.0.1"
    place = estate("3-2-401")
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    links = {row.to_name: row.link for row in sms.took}
    assert links["lin"] != links["ma"]
    by = linked_by(links["ma"].rstrip("/").rpartition("/")[2], now=NINE)
    assert str(by.actor) == "ma"


def test_a_group_gets_the_link_of_the_alert_alone(robot, settings):
    settings.PUBLIC_URL = "http://127.0.0.1"
    place = estate("3-2-401")
    set_up(place, robot)
    missed(place)
    outbox_send_due(now=NINE)
    alert = Alert.objects.of(place).get()
    [message] = robot.took
    assert message.link == f"http://127.0.0.1/a/{group_link_for(alert, NINE)}/"
    # A channel that fills a template gets no link that acts as one of them either.
    assert message.values["link"] == message.link


def test_what_a_group_reads_acts_as_nobody_even_where_it_calls_one_person(
    robot, settings
):
    settings.PUBLIC_URL = "http://127.0.0.1"
    place = estate("3-2-401")
    set_up(place, robot)
    Member.objects.of(place).filter(display_name="ma").update(left_at=NINE)
    missed(place)
    outbox_send_due(now=NINE)
    [message] = robot.took
    assert message.mentions == ("13900000001",)
    code = message.link.rstrip("/").rpartition("/")[2]
    assert link_read(code).person is None


def test_several_homes_told_together_each_lead_to_their_own_alert(robot, settings):
    settings.PUBLIC_URL = "http://127.0.0.1"
    robot.limits = (Limit(count=1, per=timedelta(minutes=1)),)
    place = estate("3-2-401", "3-2-402")
    set_up(place, robot)
    missed(place)
    outbox_send_due(now=NINE)
    [message] = robot.took
    assert message.link == ""
    for alert in Alert.objects.of(place):
        assert f"http://127.0.0.1/a/{group_link_for(alert, NINE)}/" in message.text


def test_without_a_public_address_messages_carry_no_link(sms):
    place = estate("3-2-401")
    set_up(place, sms)
    missed(place)
    outbox_send_due(now=NINE)
    assert {row.link for row in sms.took} == {""}


def test_a_phone_that_ended_its_subscription_is_not_asked_again(monkeypatch):
    phone = Invented(kind="phone", reaches=Reaches.PUSH)
    phone.fails = SendingError("gone", permanent=True, code="gone")
    monkeypatch.setitem(channels.CHANNELS, "phone", phone)
    place = estate("3-2-401")
    set_up(place, phone)
    ma = Member.objects.of(place).get(display_name="ma")
    subscription_keep(member=ma, subscription=SUBSCRIPTION, now=b.DAWN)
    missed(place)
    outbox_send_due(now=NINE)
    assert phone.asked == 1
    assert not Address.objects.of(place).filter(ended_at__isnull=True).exists()
