from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from standardwebhooks.webhooks import Webhook
from tests.notify.letters import a_message, post_here
from tests.notify.serving import serving
from tests.notify.test_pictures import noise

from shouwang.common import clock
from shouwang.notify.message import Cause, Picture, SendingError
from shouwang.notify.settings import Fault, Wrong
from shouwang.notify.webhook.channel import WebhookChannel

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def settings_of(url: str) -> dict[str, str]:
    return {"url": url, "secret": SECRET, "inside": "on"}


def failed_with(status: int, headers: dict[str, str] | None = None) -> SendingError:
    with (
        serving(lambda _request: (status, b"", headers or {})) as server,
        pytest.raises(SendingError) as failed,
        clock.set_to(NOON),
    ):
        WebhookChannel().send(a_message(), settings_of(server.url))
    return failed.value


def test_the_other_side_can_be_sure_that_it_was_us():
    with serving(lambda _request: (204, b"")) as server:
        receipt = WebhookChannel().send(
            a_message(key="预警.7", values={"place": "302"}), settings_of(server.url)
        )
    request = server.requests[0]
    body = Webhook(SECRET).verify(request.body, dict(request.headers))
    assert receipt.code == "204"
    assert body["type"] == "message"
    assert body["data"] == {
        "key": "预警.7",
        "to_name": "值班员",
        "title": "",
        "text": "6号楼302：窗帘没有拉开",
        "link": "",
        "is_urgent": False,
        "mentions": [],
        "values": {"place": "302"},
        "picture": None,
    }


def test_a_repeat_has_the_same_id_and_a_new_time():
    with serving(lambda _request: (200, b"")) as server:
        for at in (NOON, NOON + timedelta(minutes=1)):
            with clock.set_to(at):
                WebhookChannel().send(a_message(), settings_of(server.url))
    first, second = (row.headers for row in server.requests)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 60


def test_a_picture_goes_along():
    content = noise(20, 20)
    with serving(lambda _request: (200, b"")) as server:
        message = a_message(picture=Picture(content=content))
        WebhookChannel().send(message, settings_of(server.url))
    sent = server.requests[0].json()["data"]["picture"]
    assert base64.b64decode(sent["base64"]) == content


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 413, 422])
def test_a_refusal_is_final(status):
    failed = failed_with(status)
    assert (failed.permanent, failed.code) == (True, str(status))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_later_is_not_never(status):
    failed = failed_with(status)
    assert (failed.permanent, failed.code) == (False, str(status))
    assert failed.may_have_arrived is (status in {500, 502, 504})


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("120", timedelta(minutes=2)),
        (
            format_datetime(NOON + timedelta(minutes=5), usegmt=True),
            timedelta(minutes=5),
        ),
        ("9" * 5000, timedelta(hours=1)),
        ("86400", timedelta(hours=1)),
        ("-5", timedelta(minutes=1)),
        ("0", timedelta(minutes=1)),
        ("soon", timedelta(minutes=1)),
        ("Mon, 02 Mar 2026 04:05:00", timedelta(minutes=1)),
        ("", timedelta(minutes=1)),
    ],
)
def test_too_many_waits_as_long_as_asked_within_an_hour(asked, waits):
    failed = failed_with(429, {"Retry-After": asked})
    assert (failed.blocked_for, failed.cause) == (waits, Cause.TOO_FAST)


def test_busy_waits_only_if_asked_to():
    assert failed_with(503).blocked_for is None
    waits = failed_with(503, {"Retry-After": "30"}).blocked_for
    assert waits == timedelta(seconds=30)


def test_an_address_inside_is_asked_only_where_that_is_allowed():
    with serving(lambda _request: (200, b"")) as server:
        given = settings_of(server.url) | {"inside": ""}
        assert WebhookChannel().wrong(given) == (Wrong(name="url", fault=Fault.INSIDE),)
        with pytest.raises(SendingError) as refused:
            WebhookChannel().send(a_message(), given)
        assert server.requests == []
    assert refused.value.permanent


def test_a_name_that_only_turns_out_to_be_inside_is_refused_when_asked(monkeypatch):
    inside = [(2, 1, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_given, **_more: inside)
    given = {"url": "https://hooks.example/", "secret": SECRET}
    assert WebhookChannel().wrong(given) == ()
    with pytest.raises(SendingError) as refused:
        WebhookChannel().send(a_message(), given)
    assert refused.value.cause is Cause.INSIDE


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", Fault.MISSING),
        ("hooks.example", Fault.NOT_AN_ADDRESS),
        ("https://", Fault.NOT_AN_ADDRESS),
        ("https://user:word@hooks.example/", Fault.NOT_AN_ADDRESS),
        ("http://hooks.example/", Fault.NOT_SECURE),
        ("https://[::ffff:10.0.0.1]/", Fault.INSIDE),
        ("https://localhost./", Fault.INSIDE),
    ],
)
def test_a_wrong_address_is_named(url, fault):
    wrong = WebhookChannel().wrong({"url": url, "secret": SECRET})
    assert wrong == (Wrong(name="url", fault=fault),)


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        ("", Fault.MISSING),
        ("whsec_", Fault.UNKNOWN_FORM),
        ("whsec_c2hvcnQ=", Fault.UNKNOWN_FORM),
        ("whsec_密码密码", Fault.UNKNOWN_FORM),
        ("whsec_" + "A" * 33, Fault.UNKNOWN_FORM),
        ("whsec_" + "A" * 100, Fault.UNKNOWN_FORM),
    ],
)
def test_a_secret_that_cannot_sign_is_named(secret, fault):
    wrong = WebhookChannel().wrong({"url": "https://hooks.example/", "secret": secret})
    assert wrong == (Wrong(name="secret", fault=fault),)


def test_a_secret_without_its_first_letters_signs_as_well():
    bare = SECRET.removeprefix("whsec_").rstrip("=")
    with serving(lambda _request: (200, b"")) as server:
        given = settings_of(server.url) | {"secret": bare}
        WebhookChannel(post=post_here).send(a_message(), given)
    request = server.requests[0]
    assert Webhook(SECRET).verify(request.body, dict(request.headers))
