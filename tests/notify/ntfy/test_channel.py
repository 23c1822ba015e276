from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.notify.letters import a_message, base_of, post_here
from tests.notify.rules.ntfy import TOKEN, TOPIC, Ntfy
from tests.notify.serving import serving

from shouwang.notify.message import Cause, SendingError
from shouwang.notify.ntfy.channel import NtfyChannel
from shouwang.notify.outgoing import post
from shouwang.notify.settings import Fault, Wrong


@pytest.fixture
def ntfy() -> Ntfy:
    return Ntfy()


@pytest.fixture
def settings(ntfy: Ntfy) -> Iterator[dict[str, str]]:
    with serving(ntfy) as server:
        yield {
            "topic": f"{base_of(server.url)}/{TOPIC}",
            "token": TOKEN,
            "inside": "on",
        }


def refused(settings: dict[str, str]) -> SendingError:
    with pytest.raises(SendingError) as failed:
        NtfyChannel(post=post_here).send(a_message(), settings)
    return failed.value


def test_a_notification_is_published(ntfy, settings):
    message = a_message(title="6号楼302", link="https://sw.example/a/1")
    receipt = NtfyChannel().send(message, settings)
    assert (receipt.code, receipt.reference) == ("200", "m1")
    assert ntfy.took == [
        {
            "topic": TOPIC,
            "title": "6号楼302",
            "message": "6号楼302：窗帘没有拉开",
            "click": "https://sw.example/a/1",
            "priority": 3,
        }
    ]


def test_what_is_urgent_rings_through(ntfy, settings):
    NtfyChannel().send(a_message(is_urgent=True), settings)
    assert ntfy.took[0]["priority"] == 5


def test_a_long_text_stays_readable_in_parts(ntfy, settings):
    receipt = NtfyChannel().send(a_message("好" * 2000), settings)
    assert receipt.sent_count == len(ntfy.took) == 2


def test_the_bare_topic_is_one_at_ntfy_sh(ntfy):
    with serving(ntfy) as server:
        channel = NtfyChannel(base=base_of(server.url))
        given = {"topic": TOPIC, "token": TOKEN, "inside": "1"}
        assert channel.wrong(given) == ()
        channel.send(a_message(), given)
    assert ntfy.took[0]["topic"] == TOPIC


def test_a_server_inside_is_asked_only_where_that_is_allowed(ntfy, settings):
    given = settings | {"inside": ""}
    assert NtfyChannel().wrong(given) == (Wrong(name="topic", fault=Fault.INSIDE),)
    with pytest.raises(SendingError) as failed:
        NtfyChannel(post=post).send(a_message(), given)
    assert failed.value.permanent
    assert ntfy.took == []


def test_a_wrong_token_is_final(settings):
    failed = refused(settings | {"token": "tk_another1"})
    assert (failed.code, failed.cause) == ("40101", Cause.WRONG_KEY)
    assert failed.permanent


def test_the_limit_of_the_minute_and_that_of_the_day_wait_differently(ntfy, settings):
    ntfy.refuses = (429, 42901)
    failed = refused(settings)
    assert (failed.code, failed.blocked_for) == ("42901", timedelta(minutes=1))
    ntfy.refuses = (429, 42908)
    assert refused(settings).blocked_for == timedelta(hours=1)
    assert not failed.permanent


def test_a_login_page_in_between_is_no_yes(settings):
    with serving(lambda _request: (200, b'{"welcome": "guest"}')) as server:
        failed = refused(settings | {"topic": f"{base_of(server.url)}/{TOPIC}"})
    assert failed.may_have_arrived


@pytest.mark.parametrize(
    ("topic", "fault"),
    [
        ("", Fault.MISSING),
        ("http://ntfy.sh/a", Fault.NOT_SECURE),
        ("https://ntfy.sh/", Fault.UNKNOWN_FORM),
        ("https://ntfy.sh/a/b", Fault.UNKNOWN_FORM),
        ("楼长群", Fault.UNKNOWN_FORM),
        ("https://169.254.169.254/a", Fault.INSIDE),
        ("ftp://ntfy.sh/a", Fault.NOT_AN_ADDRESS),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(topic, fault):
    given = {"topic": topic, "token": "带 空格"}
    assert NtfyChannel().wrong(given) == (
        Wrong(name="topic", fault=fault),
        Wrong(name="token", fault=Fault.UNKNOWN_FORM),
    )
