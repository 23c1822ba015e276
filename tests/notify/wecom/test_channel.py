from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from tests.notify.letters import a_message, base_of, post_here
from tests.notify.rules.answers import said
from tests.notify.rules.wecom import KEY, Wecom
from tests.notify.serving import serving
from tests.notify.test_pictures import noise

from shouwang.notify.message import Cause, Message, Picture, SendingError
from shouwang.notify.settings import Fault, Wrong
from shouwang.notify.wecom.channel import WecomChannel

SETTINGS = {"robot": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"}
LONG = "三号楼四零一的灯昨晚没有亮，请去看一看。" * 75


@pytest.fixture
def wecom() -> Wecom:
    return Wecom()


@pytest.fixture
def channel(wecom: Wecom) -> Iterator[WecomChannel]:
    with serving(wecom) as server:
        yield WecomChannel(base=base_of(server.url), post=post_here)


def refused(
    channel: WecomChannel,
    message: Message | None = None,
    settings: Mapping[str, str] = SETTINGS,
) -> SendingError:
    with pytest.raises(SendingError) as failed:
        channel.send(message or a_message(), settings)
    return failed.value


def test_a_message_arrives_and_calls_people_by_their_numbers(wecom, channel):
    receipt = channel.send(
        a_message(
            title="6号楼302",
            link="https://sw.example/a/1",
            mentions=("+86 139-0000-0001", "13900000001", "13900000002"),
        ),
        SETTINGS,
    )
    assert (receipt.code, receipt.sent_count) == ("0", 1)
    assert wecom.took == [
        {
            "msgtype": "text",
            "text": {
                "content": "6号楼302\n6号楼302：窗帘没有拉开\nhttps://sw.example/a/1",
                "mentioned_mobile_list": ["13900000001", "13900000002"],
            },
        }
    ]


def test_4500_bytes_of_chinese_are_three_messages_in_order(wecom, channel):
    receipt = channel.send(a_message(LONG, mentions=("13900000001",)), SETTINGS)
    assert receipt.sent_count == 3
    assert [row[:6] for row in wecom.texts] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert "".join(row[6:] for row in wecom.texts) == LONG
    # Once: three calls for one matter is what makes people mute a group.
    assert ["mentioned_mobile_list" in row["text"] for row in wecom.took] == [
        True,
        False,
        False,
    ]


def test_what_has_arrived_does_not_go_again(wecom, channel):
    wecom.rate.count = 2
    failed = refused(channel, a_message(LONG))
    assert failed.delivered_count == 2
    assert failed.blocked_for == timedelta(minutes=1)
    wecom.rate.count = 20
    message = a_message(LONG, skip_parts=failed.delivered_count)
    assert channel.send(message, SETTINGS).sent_count == 1
    assert "".join(row[6:] for row in wecom.texts) == LONG


def test_a_text_that_became_shorter_since_goes_out_all_the_same(wecom, channel):
    channel.send(a_message("没人应门", skip_parts=2), SETTINGS)
    assert wecom.texts == ["没人应门"]


def test_a_picture_follows_its_words(wecom, channel):
    content = noise(60, 40)
    receipt = channel.send(a_message(picture=Picture(content=content)), SETTINGS)
    assert (receipt.sent_count, receipt.picture_code) == (2, "")
    assert list(wecom.took[0]) == ["msgtype", "text"]
    assert wecom.pictures == [content]


def test_a_picture_too_large_is_made_smaller(wecom, channel):
    picture = Picture(content=noise(1200, 900))
    assert len(picture.content) > 2 * 1024 * 1024
    assert not channel.send(a_message(picture=picture), SETTINGS).picture_code
    assert len(wecom.pictures[0]) <= 2 * 1024 * 1024


def test_a_picture_of_exactly_two_megabytes_is_taken(wecom, channel):
    content = noise(60, 40)
    content += b"\0" * (2 * 1024 * 1024 - len(content))
    channel.send(a_message(picture=Picture(content=content)), SETTINGS)
    assert wecom.pictures == [content]


def test_a_picture_that_fails_does_not_undo_its_words(wecom, channel, caplog):
    wecom.rate.count = 1
    picture = Picture(content=noise(60, 40))
    receipt = channel.send(a_message(picture=picture), SETTINGS)
    assert (receipt.code, receipt.sent_count) == ("0", 1)
    assert receipt.picture_code == "45009"
    assert len(wecom.texts) == 1
    assert "A picture did not go out" in caplog.text


def test_what_is_no_picture_does_not_undo_the_words_either(wecom, channel):
    receipt = channel.send(a_message(picture=Picture(content=b"<html>")), SETTINGS)
    assert receipt.picture_code == "picture"
    assert len(wecom.took) == 1


def test_a_wrong_key_is_final(channel):
    other = {"robot": KEY.replace("6", "7")}
    failed = refused(channel, settings=other)
    assert (failed.permanent, failed.code) == (True, "93000")
    assert failed.cause is Cause.WRONG_KEY
    assert other["robot"] not in str(failed)


def test_more_than_twenty_a_minute_waits_a_minute(wecom, channel):
    for _again in range(20):
        channel.send(a_message(), SETTINGS)
    failed = refused(channel)
    assert (failed.permanent, failed.code) == (False, "45009")
    assert (failed.cause, failed.blocked_for) == (Cause.TOO_FAST, timedelta(minutes=1))


@pytest.mark.parametrize(
    ("code", "cause", "permanent"),
    [
        (-1, Cause.BUSY, False),
        (40058, Cause.TOO_LONG, True),
        (44004, Cause.CONTENT, True),
        (12345, Cause.UNKNOWN, False),
    ],
)
def test_each_refusal_inside_200_has_its_meaning(code, cause, permanent):
    with serving(lambda _request: said(errcode=code, errmsg="no")) as server:
        failed = refused(WecomChannel(base=base_of(server.url), post=post_here))
    assert (failed.cause, failed.permanent) == (cause, permanent)
    assert failed.code == str(code)
    assert not failed.may_have_arrived


def test_an_empty_message_is_refused_as_such(channel):
    assert refused(channel, a_message("")).cause is Cause.CONTENT


@pytest.mark.parametrize(
    "pasted",
    [
        SETTINGS["robot"],
        f"  {SETTINGS['robot']}\n",
        KEY,
        f"key={KEY}",
        f"“{KEY}”",
        SETTINGS["robot"].removeprefix("https://"),
        f"Webhook 地址：{SETTINGS['robot']}，请勿外传",
        f"curl '{SETTINGS['robot']}' -H 'Content-Type: application/json'",
        f"{SETTINGS['robot']}&debug=1",
    ],
)
def test_whatever_is_pasted_with_the_key_in_it_is_understood(channel, wecom, pasted):
    assert channel.wrong({"robot": pasted}) == ()
    channel.send(a_message(), {"robot": pasted})
    assert len(wecom.took) == 1


@pytest.mark.parametrize(
    ("pasted", "fault"),
    [
        ("", Fault.MISSING),
        ("  ", Fault.MISSING),
        (KEY[:-1], Fault.UNKNOWN_FORM),
        ("我的机器人", Fault.UNKNOWN_FORM),
        (SETTINGS["robot"].replace("https", "http"), Fault.NOT_SECURE),
        (SETTINGS["robot"].replace("/send", "/upload"), Fault.UNKNOWN_FORM),
        (SETTINGS["robot"].split("?")[0], Fault.UNKNOWN_FORM),
        (
            "https://oapi.dingtalk.com/robot/send?access_token=" + "0" * 64,
            Fault.OTHER_PROVIDER,
        ),
        (
            f"https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key={KEY}",
            Fault.OTHER_PROVIDER,
        ),
        (f"https://qyapi.weixin.qq.com@evil.example/?key={KEY}", Fault.NOT_AN_ADDRESS),
        ("https://[::1/", Fault.NOT_AN_ADDRESS),
        ("ftp://qyapi.weixin.qq.com/", Fault.NOT_AN_ADDRESS),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(channel, wecom, pasted, fault):
    assert channel.wrong({"robot": pasted}) == (Wrong(name="robot", fault=fault),)
    assert refused(channel, settings={"robot": pasted}).permanent
    assert wecom.took == []


def test_the_official_address_is_the_one_asked_by_default():
    def asked(url, **_given):
        assert url == SETTINGS["robot"]
        raise SendingError("seen")

    with pytest.raises(SendingError, match="seen"):
        WecomChannel(post=asked).send(a_message(), {"robot": KEY})


def test_the_picture_is_base64_of_the_bytes_themselves(wecom, channel):
    content = noise(20, 20)
    channel.send(a_message(picture=Picture(content=content)), SETTINGS)
    assert wecom.took[1]["image"]["base64"] == base64.b64encode(content).decode()
