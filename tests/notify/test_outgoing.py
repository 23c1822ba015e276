from __future__ import annotations

import logging
import socket
import traceback
from time import monotonic

import pytest
from tests.notify.certificates import certified
from tests.notify.serving import dripping, serving

from shouwang.notify.message import Cause, SendingError
from shouwang.notify.outgoing import ANSWER_BYTES_MOST, SENT_BYTES_A_SECOND, post


def test_an_address_inside_our_own_network_is_refused():
    with serving(lambda _request: (200, b"{}")) as server:
        with pytest.raises(SendingError) as refused:
            post(server.url, json_body={})
        assert refused.value.permanent
        assert refused.value.code == "inside"
        assert server.requests == []


def test_it_is_asked_where_that_is_allowed():
    with serving(lambda _request: (201, b'{"errcode": 0}')) as server:
        answer = post(server.url, json_body={"文": "字"}, may_be_inside=True)
    assert (answer.status, answer.json()) == (201, {"errcode": 0})
    assert server.requests[0].body == '{"文": "字"}'.encode()


def test_a_redirect_is_not_followed():
    with serving(
        lambda _request: (302, b"", {"Location": "http://127.0.0.1:1/"})
    ) as server:
        assert post(server.url, body=b"", may_be_inside=True).status == 302


def test_nobody_there_is_known_not_to_have_arrived():
    with pytest.raises(SendingError) as failed:
        post("http://127.0.0.1:1/", json_body={}, may_be_inside=True)
    assert not failed.value.permanent
    assert not failed.value.may_have_arrived


def test_a_lost_answer_may_have_arrived():
    with serving(lambda _request: None) as server, pytest.raises(SendingError) as lost:
        post(server.url, json_body={}, may_be_inside=True)
    assert lost.value.may_have_arrived
    assert not lost.value.permanent


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"\xff", b"x" * 100, b"[" * 60_000]
)
def test_garbage_is_no_yes(body):
    with serving(lambda _request: (200, body)) as server:
        answer = post(server.url, json_body={}, may_be_inside=True)
    with pytest.raises(SendingError) as failed:
        answer.json()
    assert failed.value.may_have_arrived


def test_an_endless_answer_is_cut():
    with serving(lambda _request: (200, b"x" * 2 * ANSWER_BYTES_MOST)) as server:
        answer = post(server.url, json_body={}, may_be_inside=True)
    assert len(answer.body) == ANSWER_BYTES_MOST


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://127.0.0.1/",
        "nonsense",
        "http://",
        "http://a..b/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        f"http://{'a' * 70}.example/",
    ],
)
def test_what_is_no_address_is_never_tried_again(url):
    with pytest.raises(SendingError) as failed:
        post(url, json_body={})
    assert failed.value.permanent


def test_a_header_that_would_begin_another_is_never_sent():
    with pytest.raises(SendingError) as failed:
        post("http://127.0.0.1:1/", headers={"X": "a\r\nHost: b"}, may_be_inside=True)
    assert failed.value.permanent


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0x7f000001",
        "2130706433",
        "169.254.169.254",
        "10.0.0.1",
    ],
)
def test_no_machine_inside_is_even_knocked_at(scheme, host):
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.05)
        port = door.getsockname()[1]
        with pytest.raises(SendingError) as refused:
            post(f"{scheme}://{host}:{port}/", json_body={})
        assert (refused.value.cause, refused.value.permanent) == (Cause.INSIDE, True)
        with pytest.raises(TimeoutError):
            door.accept()


def looked_up(*addresses: str) -> list[tuple[object, ...]]:
    return [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (row, 443)) for row in addresses
    ]


def test_a_name_with_one_address_inside_is_refused(monkeypatch):
    found = looked_up("8.8.8.8", "192.168.1.1")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: found)
    with pytest.raises(SendingError) as refused:
        post("https://hooks.example/", json_body={})
    assert refused.value.cause is Cause.INSIDE


def test_what_was_judged_is_what_is_connected_to(monkeypatch):
    """A name may stand for another machine the second time it is looked up."""
    asked = []

    def looking_up(host, *_given, **_more):
        asked.append(host)
        if len(asked) > 1:
            raise socket.gaierror
        return looked_up("8.8.8.8")

    monkeypatch.setattr(socket, "getaddrinfo", looking_up)
    with pytest.raises(SendingError) as failed:
        post("https://hooks.example/", json_body={})
    assert asked == ["hooks.example", "8.8.8.8"]
    assert not failed.value.may_have_arrived


def test_the_next_address_of_a_name_is_tried(monkeypatch):
    truly = socket.getaddrinfo

    def looking_up(host, *given, **more):
        if host == "hooks.example":
            # Nobody listens at the first.
            return looked_up("127.0.0.2", "127.0.0.1")
        return truly(host, *given, **more)

    with serving(lambda _request: (200, b"{}")) as server:
        monkeypatch.setattr(socket, "getaddrinfo", looking_up)
        url = server.url.replace("127.0.0.1", "hooks.example")
        assert post(url, may_be_inside=True).status == 200
    assert server.requests[0].headers["Host"].startswith("hooks.example:")


def test_a_name_nobody_knows_is_no_connection(monkeypatch):
    def unknown(*_given, **_more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(SendingError) as failed:
        post("https://hooks.example/", json_body={})
    assert failed.value.cause is Cause.NO_CONNECTION
    assert not failed.value.permanent


def test_a_proxy_of_the_machine_is_not_used(monkeypatch):
    with (
        serving(lambda _request: (200, b"{}")) as server,
        serving(lambda _request: (200, b"{}")) as proxy,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        post(server.url, json_body={}, may_be_inside=True)
        assert len(server.requests) == 1
        assert proxy.requests == []


@pytest.mark.parametrize(
    "begin", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n"]
)
def test_an_answer_that_drips_holds_nobody_up(begin):
    began = monotonic()
    with dripping(begin) as url, pytest.raises(SendingError) as failed:
        post(url, json_body={}, may_be_inside=True, answer_seconds=0.2)
    assert failed.value.may_have_arrived
    assert monotonic() - began < 5


def test_what_is_large_has_longer_to_arrive():
    began, body = monotonic(), b"x" * (SENT_BYTES_A_SECOND // 2)
    with dripping(b"HTTP/1.1 200 OK\r\n") as url, pytest.raises(SendingError):
        post(url, body=body, may_be_inside=True, answer_seconds=0.1)
    assert monotonic() - began > 0.5


def test_an_address_that_cannot_prove_itself_hears_nothing(tmp_path):
    context, _trusted = certified(tmp_path)
    with serving(lambda _request: (200, b"{}"), tls=context) as server:
        with pytest.raises(SendingError) as failed:
            post(server.url, json_body={}, may_be_inside=True)
        assert server.requests == []
    assert failed.value.code == "tls"
    assert not failed.value.may_have_arrived


def test_an_answer_lost_over_tls_may_have_arrived(tmp_path, monkeypatch):
    context, trusted = certified(tmp_path)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(trusted))
    answers = [None, (200, b"{}")]
    with serving(lambda _request: answers.pop(0), tls=context) as server:
        with pytest.raises(SendingError) as failed:
            post(server.url, json_body={}, may_be_inside=True)
        assert failed.value.may_have_arrived
        assert post(server.url, json_body={}, may_be_inside=True).status == 200


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:1", "https://a..b", "served", "cut"]
)
def test_a_key_in_an_address_is_in_no_error_and_no_log(place, caplog):
    key = "s3cret"
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3")
    with serving(lambda _request: None if place == "cut" else (200, b"no")) as server:
        base = server.url if place in {"served", "cut"} else place
        with pytest.raises(SendingError) as failed:
            post(f"{base}/?key={key}", json_body={}, may_be_inside=True).json()
    shown = "".join(traceback.format_exception(failed.value))
    assert key not in shown + repr(failed.value) + caplog.text
