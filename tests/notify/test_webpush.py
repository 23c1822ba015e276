from __future__ import annotations

import base64
import json
import logging
from datetime import UTC, datetime, timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from tests.notify.serving import serving
from tests.notify.texting import LINK, message

from shouwang.common import clock
from shouwang.notify.message import SendingError
from shouwang.notify.settings import Fault, Wrong
from shouwang.notify.webpush.channel import PAYLOAD_BYTES, WebPushChannel, payload_of
from shouwang.notify.webpush.keys import public_key_of, vapid_keys

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
KEYS = vapid_keys()
SETTINGS = {"private_key": KEYS.private, "subject": "mailto:desk@watch.example"}


def text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Phone:
    """A phone that subscribed: only it can read what is sent to it."""

    def __init__(self, endpoint):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = bytes(range(16))
        point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": text(point), "auth": text(self.auth)}
        self.subscription = json.dumps({"endpoint": endpoint, "keys": keys})

    def read(self, body):
        opened = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(opened)


def taken(_request):
    return 201, b"", {"Location": "/m/1"}


def sent(answer=taken, **given):
    channel = WebPushChannel(needs_https=False, may_be_inside=True)
    with serving(answer) as server, clock.set_to(NOON):
        phone = Phone(server.url)
        receipt = channel.send(message(address=phone.subscription, **given), SETTINGS)
    [request] = server.requests
    return receipt, request, phone


def refused(answer, **given):
    with pytest.raises(SendingError) as failed:
        sent(answer, **given)
    return failed.value


def test_only_the_phone_can_read_what_was_sent():
    receipt, request, phone = sent(is_urgent=True)
    assert receipt.code == "201"
    assert phone.read(request.body) == {
        "title": "窗帘未拉开",
        "text": "3-2-401 窗帘未拉开，请去看看",
        "link": LINK,
        "key": "alert-7-step-2",
        "urgent": True,
    }
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert request.headers["Urgency"] == "high"
    assert request.headers["TTL"] == "14400"
    assert "窗帘".encode() not in request.body


def test_a_repeat_has_the_topic_of_the_first_and_another_has_not():
    topics = [
        sent(key=key)[1].headers["Topic"] for key in ("alert-1", "alert-1", "alert-2")
    ]
    assert topics[0] == topics[1] != topics[2]
    assert len(topics[0]) <= 32


def test_the_push_service_can_tell_that_it_is_us():
    _, request, _ = sent()
    proof = dict(
        row.strip().split("=", 1)
        for row in request.headers["Authorization"].removeprefix("vapid ").split(",")
    )
    assert proof["k"] == KEYS.public
    head, claims, seal = proof["t"].split(".")
    key = Vapid02.from_raw_public(KEYS.public.encode())
    assert key.verify_token(f"{head}.{claims}".encode(), seal)
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert told["sub"] == SETTINGS["subject"]
    assert told["exp"] == int((NOON + timedelta(hours=12)).timestamp())
    assert told["aud"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("words", ["窗" * 4000, '"' * 4000, "\x01" * 4000, "😀" * 2000])
def test_a_long_text_is_cut_between_characters_and_the_link_is_not(words):
    payload = payload_of(message(text=words))
    assert PAYLOAD_BYTES - 700 < len(payload) <= PAYLOAD_BYTES
    told = json.loads(payload)
    assert told["link"] == LINK
    assert told["text"].endswith("…")
    assert words.startswith(told["text"][:-1])
    _, request, phone = sent(text=words)
    assert phone.read(request.body) == told
    assert len(request.body) <= 4096


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_ended_it_is_told_apart(status):
    error = refused(lambda _request: (status, b""))
    assert (error.code, error.permanent) == ("gone", True)


@pytest.mark.parametrize(
    ("status", "permanent", "may_have_arrived"),
    [
        (400, True, False),
        (403, True, False),
        (408, False, False),
        (413, True, False),
        (302, False, False),
        (500, False, True),
        (503, False, True),
    ],
)
def test_an_answer_says_whether_to_try_again(status, permanent, may_have_arrived):
    error = refused(lambda _request: (status, b""))
    assert (error.code, error.permanent) == (str(status), permanent)
    assert error.may_have_arrived == may_have_arrived


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("999999999999", timedelta(hours=1)),
        ("Mon, 02 Mar 2026 04:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 03:10:00 GMT", timedelta(minutes=1)),
        ("later", timedelta(minutes=1)),
        ("", timedelta(minutes=1)),
    ],
)
def test_too_much_waits_as_long_as_it_is_told(told, wait):
    error = refused(lambda _request: (429, b"", {"Retry-After": told}))
    assert (error.blocked_for, error.permanent) == (wait, False)


def test_an_address_inside_or_in_the_clear_is_never_asked():
    with serving(taken) as server:
        phone = Phone(server.url)
        for channel, code in (
            (WebPushChannel(), "insecure"),
            (WebPushChannel(needs_https=False), "inside"),
        ):
            with pytest.raises(SendingError) as failed:
                channel.send(message(address=phone.subscription), SETTINGS)
            assert (failed.value.code, failed.value.permanent) == (code, True)
        assert server.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "13900000001",
        "[]",
        "{}",
        '{"endpoint": "https://push.example/1"}',
        '{"endpoint": "https://", "keys": {"p256dh": "a", "auth": "b"}}',
        '{"endpoint": "https://push.example/1", "keys": {"p256dh": "a", "auth": "b"}}',
        '{"endpoint": "https://push.example/1", "keys": {"p256dh": "€", "auth": 1}}',
    ],
)
def test_what_is_no_subscription_is_refused_for_good(address):
    with pytest.raises(SendingError) as failed:
        WebPushChannel().send(message(address=address), SETTINGS)
    assert (failed.value.code, failed.value.permanent) == ("not_a_subscription", True)


def test_a_pair_of_keys_belongs_together_and_is_new_each_time():
    assert public_key_of(KEYS.private) == KEYS.public
    assert vapid_keys().private != KEYS.private
    assert KEYS.private not in repr(KEYS)


@pytest.mark.parametrize(
    ("changed", "name", "fault"),
    [
        ({"private_key": ""}, "private_key", Fault.MISSING),
        ({"private_key": "abc"}, "private_key", Fault.UNKNOWN_FORM),
        ({"private_key": "密钥"}, "private_key", Fault.UNKNOWN_FORM),
        ({"subject": "desk"}, "subject", Fault.UNKNOWN_FORM),
    ],
)
def test_a_wrong_setting_is_named(changed, name, fault):
    found = WebPushChannel().wrong({**SETTINGS, **changed})
    assert list(found) == [Wrong(name=name, fault=fault)]


def test_neither_the_key_nor_where_the_phone_is_told(caplog):
    caplog.set_level(logging.DEBUG)
    _, request, phone = sent()
    error = refused(lambda _request: (500, b"secret of theirs"))
    told = f"{caplog.text}{error!s}{error!r}"
    for secret in (KEYS.private, "/hook", text(phone.auth), "窗帘"):
        assert secret not in told
    assert request.path == "/hook"
