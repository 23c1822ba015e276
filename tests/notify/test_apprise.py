from __future__ import annotations

import base64
import logging

import pytest
from tests.notify.serving import serving
from tests.notify.texting import LINK, message

from shouwang.notify.apprise_url.channel import OF_THIS_MACHINE, OWN, AppriseChannel
from shouwang.notify.message import Picture, SendingError
from shouwang.notify.settings import Fault, Wrong

CHANNEL = AppriseChannel()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def ok(_request):
    return 200, b"{}"


def url_of(server, kind="json"):
    return server.url.replace("http://", f"{kind}://desk:a-secret@")


def refused(url, *, inside="on"):
    with pytest.raises(SendingError) as failed:
        CHANNEL.send(message(), {"url": url, "inside": inside})
    return failed.value


def test_a_message_goes_where_the_address_says_with_its_picture(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(ok) as server:
        given = {"url": url_of(server), "inside": "on"}
        CHANNEL.send(message(picture=Picture(content=PNG)), given)
    [request] = server.requests
    told = request.json()
    assert told["title"] == "窗帘未拉开"
    assert told["message"] == f"3-2-401 窗帘未拉开，请去看看\n{LINK}"
    [picture] = told["attachments"]
    assert base64.b64decode(picture["base64"]) == PNG
    assert picture["mimetype"] == "image/png"


def test_a_machine_inside_is_never_connected_unless_allowed():
    with serving(ok) as server:
        error = refused(url_of(server), inside="")
        assert server.requests == []
    assert (error.code, error.permanent) == ("inside", True)


def test_a_no_is_tried_again_and_may_hide_a_message_that_went():
    with serving(lambda _request: (500, b"")) as server:
        error = refused(url_of(server))
    assert not error.permanent
    assert error.may_have_arrived
    assert len(server.requests) == 1


def test_no_file_of_this_machine_is_read(tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text('{"type": "message", "text": "of ours"}')
    error = refused(f"workflow://127.0.0.1:1/workflow/signature/?template={secret}")
    assert (error.code, error.permanent) == ("not_allowed", True)
    assert not error.may_have_arrived


def test_an_address_apprise_does_not_know_is_never_tried_again():
    error = refused("nonsense://a/b")
    assert (error.code, error.permanent) == ("unknown", True)


@pytest.mark.parametrize("kind", sorted(OWN))
def test_what_has_a_channel_of_its_own_is_refused(kind):
    given = {"url": f"{kind}://key"}
    fault = Fault.HAS_OWN_CHANNEL
    assert list(CHANNEL.wrong(given)) == [Wrong(name="url", fault=fault)]
    assert refused(given["url"]).code == "has_own_channel"


@pytest.mark.parametrize("kind", sorted(OF_THIS_MACHINE))
def test_what_reaches_for_this_machine_is_refused(kind):
    given = {"url": f"{kind.upper()}://localhost"}
    assert list(CHANNEL.wrong(given)) == [Wrong(name="url", fault=Fault.NOT_ALLOWED)]
    assert refused(given["url"]).permanent


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", Fault.MISSING),
        ("no address", Fault.UNKNOWN_FORM),
        ("tgram://a/b, json://c", Fault.UNKNOWN_FORM),
    ],
)
def test_what_is_no_address_is_named(url, found):
    assert list(CHANNEL.wrong({"url": url})) == [Wrong(name="url", fault=found)]


def test_a_good_address_is_right():
    assert list(CHANNEL.wrong({"url": "tgram://123:abc/456"})) == []


def test_the_secret_in_the_address_is_not_told(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with serving(lambda _request: (500, b"")) as server:
        error = refused(url_of(server))
    told = f"{caplog.text}{capfd.readouterr()}{error!s}{error!r}"
    assert "a-secret" not in told
