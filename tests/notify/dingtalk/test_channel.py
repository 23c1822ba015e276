from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from tests.notify.letters import a_message, base_of, post_here
from tests.notify.rules.answers import said
from tests.notify.rules.dingtalk import KEY, SECRET, Dingtalk
from tests.notify.serving import serving

from shouwang.common import clock
from shouwang.notify.dingtalk.channel import DingtalkChannel
from shouwang.notify.dingtalk.signing import signed
from shouwang.notify.message import Cause, Message, SendingError
from shouwang.notify.settings import Fault, Wrong

ROBOT = f"https://oapi.dingtalk.com/robot/send?access_token={KEY}"
SETTINGS = {"robot": ROBOT, "secret": SECRET}
NUMBER = "13900000001"


@pytest.fixture
def dingtalk() -> Dingtalk:
    return Dingtalk()


@pytest.fixture
def channel(dingtalk: Dingtalk) -> Iterator[DingtalkChannel]:
    with serving(dingtalk) as server:
        yield DingtalkChannel(base=base_of(server.url), post=post_here)


def refused(
    channel: DingtalkChannel,
    message: Message | None = None,
    settings: Mapping[str, str] = SETTINGS,
) -> SendingError:
    with pytest.raises(SendingError) as failed:
        channel.send(message or a_message(), settings)
    return failed.value


def test_the_signature_is_that_of_the_documentation():
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert signed("SECx", at=at) == (
        "&timestamp=1772424000000&sign=ZEq1phrYedIWZuUZWEDAeHExHHJXN5KZk2iqbqX4hlg%3D"
    )


def test_a_signed_message_arrives(dingtalk, channel):
    receipt = channel.send(a_message(), SETTINGS)
    assert (receipt.code, receipt.sent_count) == ("0", 1)
    assert dingtalk.texts == ["6号楼302：窗帘没有拉开"]


def test_only_who_stands_in_the_text_is_called(dingtalk, channel):
    channel.send(a_message(mentions=("+8613900000001", "13900000002")), SETTINGS)
    assert dingtalk.called == [NUMBER, "13900000002"]
    assert dingtalk.texts == ["6号楼302：窗帘没有拉开\n@13900000001 @13900000002"]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_two_hours_off_is_tried_again(channel, hours):
    with clock.set_to(clock.now() + timedelta(hours=hours)):
        failed = refused(channel)
    assert (failed.code, failed.cause) == ("310000", Cause.CLOCK)
    assert not failed.permanent


@pytest.mark.parametrize("minutes", [-55, 55])
def test_a_clock_within_an_hour_is_good_enough(channel, dingtalk, minutes):
    with clock.set_to(clock.now() + timedelta(minutes=minutes)):
        channel.send(a_message(), SETTINGS)
    assert len(dingtalk.took) == 1


def test_a_wrong_secret_is_final(channel):
    failed = refused(channel, settings={"robot": KEY, "secret": SECRET[:-1] + "0"})
    assert (failed.code, failed.cause) == ("310000", Cause.WRONG_SIGNATURE)
    assert failed.permanent


def test_a_wrong_key_is_final(channel):
    failed = refused(channel, settings={"robot": "0" * 64, "secret": SECRET})
    assert (failed.code, failed.cause) == ("300005", Cause.WRONG_KEY)
    assert failed.permanent


def test_a_keyword_stands_in_every_part(dingtalk, channel):
    dingtalk.secret, dingtalk.keyword = "", "守望"
    settings = {"robot": KEY, "keyword": "守望"}
    channel.send(a_message("好" * 8000), settings)
    assert len(dingtalk.texts) == 2
    assert all(row.startswith("守望 (") for row in dingtalk.texts)
    channel.send(a_message("守望：平安"), settings)
    assert dingtalk.texts[-1] == "守望：平安"


def test_a_missing_keyword_is_final(dingtalk, channel):
    dingtalk.keyword = "守望"
    failed = refused(channel)
    assert (failed.code, failed.cause) == ("310000", Cause.KEYWORD)
    assert failed.permanent


def test_after_more_than_twenty_a_minute_it_rests_ten_minutes(dingtalk, channel):
    for _again in range(20):
        channel.send(a_message(), SETTINGS)
    failed = refused(channel)
    assert (failed.code, failed.cause) == ("130101", Cause.TOO_FAST)
    assert failed.blocked_for == timedelta(minutes=10)
    assert not failed.permanent
    now = clock.now()
    dingtalk.rate.now = lambda: now + timedelta(minutes=9)
    assert refused(channel).cause is Cause.TOO_FAST
    dingtalk.rate.now = lambda: now + timedelta(minutes=11)
    channel.send(a_message(), SETTINGS)


@pytest.mark.parametrize(
    "text", ["好" * 15_000, '"\n\\' * 9000, "a" * 45_000, "\x01" * 9000]
)
def test_a_long_text_goes_in_parts_whose_bodies_fit(dingtalk, channel, text):
    called = tuple(f"139000000{row:02}" for row in range(60))
    channel.send(a_message(text, mentions=called), SETTINGS)
    assert len(dingtalk.took) >= 3
    assert dingtalk.called == list(called[:50])


@pytest.mark.parametrize(
    ("code", "words", "cause", "permanent"),
    [
        (-1, "system busy", Cause.BUSY, False),
        (410100, "send too fast", Cause.TOO_FAST, False),
        (400102, "robot is off", Cause.SWITCHED_OFF, True),
        (430104, "bad words", Cause.CONTENT, True),
        (460101, "message too long", Cause.TOO_LONG, True),
        (310000, "ip 1.2.3.4 not in whitelist", Cause.SENDER_NOT_ALLOWED, True),
        (310000, "", Cause.REFUSED, True),
        (12345, "", Cause.UNKNOWN, False),
    ],
)
def test_each_refusal_inside_200_has_its_meaning(code, words, cause, permanent):
    with serving(lambda _request: said(errcode=code, errmsg=words)) as server:
        failed = refused(DingtalkChannel(base=base_of(server.url), post=post_here))
    assert (failed.cause, failed.permanent) == (cause, permanent)
    assert failed.code == str(code)


def test_the_key_alone_is_enough(channel):
    assert channel.wrong({"robot": KEY}) == ()
    assert channel.wrong({"robot": f"access_token={KEY}"}) == ()
    assert channel.wrong(SETTINGS) == ()


def test_all_that_is_wrong_is_said_at_once(channel):
    given = {"robot": ROBOT.replace("https", "http"), "secret": KEY, "keyword": "a\nb"}
    assert channel.wrong(given) == (
        Wrong(name="robot", fault=Fault.NOT_SECURE),
        Wrong(name="secret", fault=Fault.UNKNOWN_FORM),
        Wrong(name="keyword", fault=Fault.UNKNOWN_FORM),
    )
