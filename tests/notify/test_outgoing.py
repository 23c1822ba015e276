from __future__ import annotations

import pytest
from tests.notify.serving import serving

from shouwang.notify.message import SendingError
from shouwang.notify.outgoing import ANSWER_BYTES_MOST, post


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


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"\xff", b"x" * 100])
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


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "nonsense", "http://"])
def test_what_is_no_address_is_never_tried_again(url):
    with pytest.raises(SendingError) as failed:
        post(url, json_body={})
    assert failed.value.permanent
