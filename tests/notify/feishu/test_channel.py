from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from tests.notify.letters import a_message, base_of, post_here
from tests.notify.rules.answers import said
from tests.notify.rules.feishu import KEY, SECRET, Feishu
from tests.notify.serving import serving

from shouwang.common import clock
from shouwang.notify.feishu.channel import FeishuChannel
from shouwang.notify.feishu.signing import signed
from shouwang.notify.message import Cause, Message, SendingError
from shouwang.notify.settings import Fault, Wrong

ROBOT = f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}"
SETTINGS = {"robot": ROBOT, "secret": SECRET}


@pytest.fixture
def feishu() -> Feishu:
    return Feishu()


@pytest.fixture
def channel(feishu: Feishu) -> Iterator[FeishuChannel]:
    with serving(feishu) as server:
        yield FeishuChannel(base=base_of(server.url), post=post_here)


def refused(
    channel: FeishuChannel,
    message: Message | None = None,
    settings: Mapping[str, str] = SETTINGS,
) -> SendingError:
    with pytest.raises(SendingError) as failed:
        channel.send(message or a_message(), settings)
    return failed.value


def test_the_signature_is_that_of_the_documentation():
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert signed("demo", at=at) == {
        "timestamp": "1772424000",
        "sign": "Z40oCy0BbnO2gzsz2RCuR3IUInho7bMZHVrDoN9mzuU=",
    }


def test_a_signed_message_arrives(feishu, channel):
    receipt = channel.send(a_message(), SETTINGS)
    assert (receipt.code, receipt.sent_count) == ("0", 1)
    assert feishu.texts == ["6号楼302：窗帘没有拉开"]


def test_a_robot_without_a_secret_is_asked_without_a_signature(feishu, channel):
    feishu.secret = ""
    channel.send(a_message(), {"robot": KEY})
    assert set(feishu.took[0]) == {"msg_type", "content"}


def test_who_is_called_stands_before_the_words_by_name(feishu, channel):
    channel.send(a_message(mentions=("13900000001",)), SETTINGS)
    assert feishu.texts == ["@值班员 6号楼302：窗帘没有拉开"]


def test_a_note_cannot_call_the_whole_group(feishu, channel):
    channel.send(a_message('<at user_id="all">所有人</at>'), SETTINGS)
    assert "<at" not in feishu.texts[0]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_two_hours_off_is_tried_again(channel, hours):
    with clock.set_to(clock.now() + timedelta(hours=hours)):
        failed = refused(channel)
    assert (failed.code, failed.permanent) == ("19021", False)


def test_a_wrong_secret_has_a_cause(channel):
    failed = refused(channel, settings={"robot": KEY, "secret": SECRET + "x"})
    assert failed.cause is Cause.WRONG_SIGNATURE


def test_a_wrong_key_is_final(channel):
    failed = refused(channel, settings=SETTINGS | {"robot": KEY.replace("d3", "d4")})
    assert (failed.code, failed.cause) == ("19001", Cause.WRONG_KEY)
    assert failed.permanent


def test_a_keyword_stands_in_every_part(feishu, channel):
    feishu.keyword = "守望"
    channel.send(a_message("好" * 8000), SETTINGS | {"keyword": "守望"})
    assert len(feishu.texts) == 2
    assert refused(channel).cause is Cause.KEYWORD


def test_more_than_five_a_second_waits_and_goes(feishu, channel):
    now = clock.now()
    for rate in feishu.rates:
        rate.now = lambda: now
    for _again in range(5):
        channel.send(a_message(), SETTINGS)
    failed = refused(channel)
    assert (failed.code, failed.cause) == ("11232", Cause.TOO_FAST)
    assert failed.blocked_for == timedelta(seconds=10)
    for rate in feishu.rates:
        rate.now = lambda: now + timedelta(seconds=10)
    channel.send(a_message(), SETTINGS)


@pytest.mark.parametrize(
    "text", ["好" * 15_000, '"\n\\' * 9000, "a" * 45_000, "<at" * 9000, "\x01" * 9000]
)
def test_a_long_text_goes_in_parts_whose_bodies_fit(feishu, channel, text):
    receipt = channel.send(a_message(text), SETTINGS)
    assert receipt.sent_count == len(feishu.took) >= 2


@pytest.mark.parametrize(
    ("code", "words", "cause", "permanent"),
    [
        (9499, "Bad Request", Cause.REFUSED, True),
        (9499, "too many request", Cause.TOO_FAST, False),
        (19022, "Ip Not Allowed", Cause.SENDER_NOT_ALLOWED, True),
        (19024, "Key Words Not Found", Cause.KEYWORD, True),
        (12345, "", Cause.UNKNOWN, False),
    ],
)
def test_each_refusal_inside_200_has_its_meaning(code, words, cause, permanent):
    with serving(lambda _request: said(code=code, msg=words, data={})) as server:
        failed = refused(FeishuChannel(base=base_of(server.url), post=post_here))
    assert (failed.cause, failed.permanent) == (cause, permanent)
    assert failed.code == str(code)


def test_its_former_way_of_saying_yes_is_understood():
    with serving(lambda _request: said(StatusCode=0, StatusMessage="ok")) as server:
        channel = FeishuChannel(base=base_of(server.url), post=post_here)
        assert channel.send(a_message(), SETTINGS).code == "0"


@pytest.mark.parametrize(
    ("pasted", "fault"),
    [
        (ROBOT.replace("https", "http"), Fault.NOT_SECURE),
        (ROBOT.replace("/v2", ""), Fault.UNKNOWN_FORM),
        (ROBOT.removesuffix(KEY), Fault.UNKNOWN_FORM),
        (f"https://qyapi.weixin.qq.com/?key={KEY}", Fault.OTHER_PROVIDER),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(channel, pasted, fault):
    assert channel.wrong({"robot": pasted}) == (Wrong(name="robot", fault=fault),)


@pytest.mark.parametrize("pasted", [ROBOT, f"{ROBOT}/", KEY, f"《{KEY}》"])
def test_the_key_alone_is_enough(channel, pasted):
    assert channel.wrong({"robot": pasted}) == ()
