"""Whatever a provider does, a channel says what it knows, and no more."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.notify.letters import a_message, base_of, post_here, post_in_haste
from tests.notify.rules import dingtalk, feishu, ntfy, wecom
from tests.notify.serving import Answered, Request, serving

from shouwang.notify.channels import CHANNELS, Channel
from shouwang.notify.dingtalk.channel import DingtalkChannel
from shouwang.notify.feishu.channel import FeishuChannel
from shouwang.notify.message import SendingError
from shouwang.notify.ntfy.channel import NtfyChannel
from shouwang.notify.outgoing import Post
from shouwang.notify.webhook.channel import WebhookChannel
from shouwang.notify.wecom.channel import WecomChannel

SECRETS = {
    "wecom": {"robot": wecom.KEY},
    "dingtalk": {"robot": dingtalk.KEY, "secret": dingtalk.SECRET},
    "feishu": {"robot": feishu.KEY, "secret": feishu.SECRET},
    "ntfy": {"token": ntfy.TOKEN},
    "webhook": {"secret": "whsec_" + "c2VjcmV0" * 6},
}
READS_ANSWERS = ("wecom", "dingtalk", "feishu", "ntfy")
every_channel = pytest.mark.parametrize("kind", sorted(SECRETS))


def channel_at(
    kind: str, url: str, post: Post = post_here
) -> tuple[Channel, dict[str, str]]:
    """Return a channel that asks ``url``, and how it is set up."""
    base = base_of(url)
    channels: dict[str, Channel] = {
        "wecom": WecomChannel(base=base, post=post),
        "dingtalk": DingtalkChannel(base=base, post=post),
        "feishu": FeishuChannel(base=base, post=post),
        "ntfy": NtfyChannel(post=post),
        "webhook": WebhookChannel(post=post),
    }
    own = {
        "ntfy": {"topic": f"{base}/{ntfy.TOPIC}", "inside": "on"},
        "webhook": {"url": f"{url}?k=s3cretinurl", "inside": "on"},
    }
    return channels[kind], SECRETS[kind] | own.get(kind, {})


@contextmanager
def failing(
    kind: str, answer: Callable[[Request], Answered], post: Post = post_here
) -> Iterator[SendingError]:
    with serving(answer) as server:
        yield failed_at(kind, server.url, post)


def failed_at(kind: str, url: str, post: Post = post_here) -> SendingError:
    channel, settings = channel_at(kind, url, post)
    assert channel.wrong(settings) == ()
    with pytest.raises(SendingError) as failed:
        channel.send(a_message(), settings)
    return failed.value


@every_channel
def test_every_channel_is_found_by_its_kind(kind):
    assert CHANNELS[kind].kind == kind


@every_channel
def test_nobody_there_has_not_got_it(kind):
    failed = failed_at(kind, "http://127.0.0.1:1/hook")
    assert (failed.permanent, failed.may_have_arrived) == (False, False)


@every_channel
def test_who_is_too_slow_may_have_got_it(kind):
    over = threading.Event()

    def slow(_request: Request) -> Answered:
        over.wait(5)
        return None

    with failing(kind, slow, post_in_haste) as failed:
        over.set()
    assert (failed.permanent, failed.may_have_arrived) == (False, True)


@every_channel
def test_a_lost_answer_may_have_arrived(kind):
    with failing(kind, lambda _request: None) as failed:
        assert (failed.permanent, failed.may_have_arrived) == (False, True)


@every_channel
def test_a_server_in_trouble_is_tried_again(kind):
    with failing(kind, lambda _request: (500, b"<html>oops</html>")) as failed:
        assert (failed.permanent, failed.code) == (False, "500")


@every_channel
def test_a_refusal_by_status_is_final(kind):
    with failing(kind, lambda _request: (404, b"")) as failed:
        assert (failed.permanent, failed.code) == (True, "404")


@pytest.mark.parametrize("kind", READS_ANSWERS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ok",
        b"<html>log in first</html>",
        b"{}",
        b"[]",
        b"null",
        b'{"errcode": null, "code": true, "id": []}',
        b"\xff\xfe",
        b"[" * 50_000,
    ],
)
def test_garbage_inside_200_is_no_yes(kind, body):
    with failing(kind, lambda _request: (200, body)) as failed:
        assert (failed.permanent, failed.may_have_arrived) == (False, True)


@every_channel
@pytest.mark.parametrize(
    "answered", [None, (500, b"{}"), (403, b"{}"), (200, b'{"errcode": 1, "code": 1}')]
)
def test_no_secret_is_in_an_error_or_a_log(kind, answered, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3")
    with serving(lambda _request: answered) as server:
        channel, settings = channel_at(kind, server.url)
        try:
            channel.send(a_message(), settings)
        except SendingError as error:
            shown = "".join(traceback.format_exception(error)) + repr(vars(error))
        else:
            shown = ""
            assert kind == "webhook"
    hidden = [*SECRETS[kind].values(), "s3cretinurl", ntfy.TOPIC]
    assert not [row for row in hidden if row in shown + caplog.text + repr(channel)]
    assert server.requests
