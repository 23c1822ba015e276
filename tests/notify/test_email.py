from __future__ import annotations

import logging

import pytest
from tests.notify.mailing import certificate, mail_server
from tests.notify.texting import LINK, message

from shouwang.notify.email.channel import EmailChannel
from shouwang.notify.message import Picture, SendingError
from shouwang.notify.settings import Fault, Wrong

TO = "lin@mail.example"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def settings(server, **changed):
    return {
        "host": "127.0.0.1",
        "port": str(server.port),
        "security": "plain",
        "sender": "desk@watch.example",
        "sender_name": "守望 幸福社区",
        "inside": "on",
        **changed,
    }


def sent(server, *, changed=None, channel=None, **given):
    given.setdefault("address", TO)
    return (channel or EmailChannel()).send(
        message(**given), settings(server, **(changed or {}))
    )


def refused(*, changed=None, channel=None, address=TO, **given):
    with mail_server(**given) as server, pytest.raises(SendingError) as failed:
        sent(server, changed=changed, channel=channel, address=address)
    return failed.value, server


def verbs(server, verb):
    return [line for line in server.said if line.lower().startswith(verb)]


def test_a_letter_says_who_writes_what_to_whom():
    with mail_server() as server:
        receipt = sent(server, is_urgent=True)
    letter = server.letter()
    assert receipt.code == "250"
    assert receipt.reference == letter["Message-ID"]
    assert str(letter["From"]) == "守望 幸福社区 <desk@watch.example>"
    assert str(letter["To"]) == "小林 <lin@mail.example>"
    assert letter["Subject"] == "窗帘未拉开"
    assert letter["Importance"] == "high"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().split() == ["3-2-401", "窗帘未拉开，请去看看", LINK]
    assert server.had[0].isascii()


def test_the_same_message_has_the_same_id_and_another_has_not():
    with mail_server() as server:
        ids = [
            sent(server, key=key).reference for key in ("alert-1", "alert-1", "alert-2")
        ]
    assert ids[0] == ids[1] != ids[2]
    assert "alert" not in ids[0]


def test_a_picture_comes_along():
    with mail_server() as server:
        sent(server, picture=Picture(content=PNG))
    [picture] = server.letter().iter_attachments()
    assert picture.get_content() == PNG
    assert picture.get_content_type() == "image/png"
    assert picture.get_content_disposition() == "inline"


@pytest.mark.parametrize("given", ["title", "text", "to_name", "link"])
def test_nobody_writes_a_header_of_ours(given):
    evil = "晚上好\r\nBcc: everybody@mail.example\r\n\r\nhello\x00\u2028Cc: x@y.example"
    with mail_server() as server:
        sent(server, **{"title": "", given: evil})
    letter = server.letter()
    assert letter["Bcc"] is None
    assert letter["Cc"] is None
    assert verbs(server, "rcpt") == [f"rcpt TO:<{TO}>"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "小林",
        "lin@",
        "@mail.example",
        "lin@localhost",
        "a@b.example, c@d.example",
        "lin@mail.example\r\nRCPT TO:<x@y.example>",
        "Lin <lin@mail.example>",
        "林@mail.example",
        "13900000001",
    ],
)
def test_what_is_no_address_is_refused_before_anybody_is_asked(address):
    error, server = refused(address=address)
    assert (error.permanent, error.code) == (True, "not_an_address")
    assert server.said == []


@pytest.mark.parametrize(
    ("verb", "answer", "code", "permanent"),
    [
        ("HELLO", "421 4.3.2 busy", "421 4.3.2", False),
        ("AUTH", "535 5.7.8 wrong", "535 5.7.8", True),
        ("AUTH", "454 4.7.0 later", "454 4.7.0", False),
        ("MAIL", "550 5.7.1 not you", "550 5.7.1", True),
        ("RCPT", "550 5.1.1 <lin@mail.example> unknown", "550 5.1.1", True),
        ("RCPT", "450 lin@mail.example is greylisted", "450", False),
        ("DATA", "451 4.3.0 later", "451 4.3.0", False),
        ("DONE", "552 5.2.2 box full", "552 5.2.2", True),
        ("DONE", "452 4.2.2 box full", "452 4.2.2", False),
    ],
)
def test_a_refusal_keeps_its_code_and_only_that(verb, answer, code, permanent):
    changed = {"user": "desk", "password": "a-secret-of-mail"}
    error, _ = refused(answers={verb: answer}, changed=changed)
    assert (error.code, error.permanent) == (code, permanent)
    assert not error.may_have_arrived
    assert TO not in f"{error!s}{error!r}"


@pytest.mark.parametrize(
    ("verb", "may_have_arrived"),
    [("HELLO", False), ("EHLO", False), ("RCPT", False), ("DONE", True)],
)
def test_only_after_the_letter_itself_may_it_have_arrived(verb, may_have_arrived):
    error, _ = refused(answers={verb: ""})
    assert error.may_have_arrived == may_have_arrived
    assert not error.permanent


def test_who_hangs_up_after_the_yes_has_said_yes():
    with mail_server(answers={"QUIT": ""}) as server:
        assert sent(server).code == "250"


def test_nobody_there_is_tried_again():
    with mail_server() as server:
        pass
    with pytest.raises(SendingError) as failed:
        sent(server)
    assert not failed.value.permanent
    assert not failed.value.may_have_arrived


def test_a_server_inside_is_not_asked_unless_that_is_allowed():
    error, server = refused(changed={"inside": "", "security": "tls"})
    assert (error.code, error.permanent) == ("inside", True)
    assert server.said == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_name_and_password_go_out_only_encrypted(tmp_path, security, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    shown, believed = certificate(tmp_path)
    offers = ("AUTH PLAIN",) if security == "tls" else ("STARTTLS", "AUTH PLAIN")
    changed = {"security": security, "user": "desk", "password": "a-secret-of-mail"}
    with mail_server(
        context=shown, from_start=security == "tls", offers=offers
    ) as server:
        sent(server, changed=changed, channel=EmailChannel(context=believed))
    said = [line.split(" ")[0].lower() for line in server.said]
    if security == "starttls":
        assert said.index("starttls") < said.index("auth")
    assert len(server.had) == 1
    told = f"{caplog.text}{capfd.readouterr()}"
    assert TO not in told
    assert "a-secret-of-mail" not in told


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_nobody_knows_is_not_believed(tmp_path, security):
    shown, _ = certificate(tmp_path)
    error, server = refused(
        context=shown,
        from_start=security == "tls",
        offers=("STARTTLS", "AUTH PLAIN"),
        changed={"security": security, "user": "desk", "password": "secret"},
    )
    assert not error.permanent
    assert verbs(server, "auth") == []


def test_a_server_without_starttls_gets_nothing():
    changed = {"security": "starttls", "user": "desk", "password": "secret"}
    error, server = refused(changed=changed)
    assert (error.code, error.permanent) == ("not_secure", True)
    assert verbs(server, "auth") + verbs(server, "mail") == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"host": ""}, [("host", Fault.MISSING)]),
        ({"host": "https://mail.example"}, [("host", Fault.NOT_AN_ADDRESS)]),
        ({"port": "70000"}, [("port", Fault.NOT_A_NUMBER)]),
        ({"port": "二五"}, [("port", Fault.NOT_A_NUMBER)]),
        ({"security": "none"}, [("security", Fault.UNKNOWN_FORM)]),
        ({"inside": ""}, [("security", Fault.NOT_SECURE)]),
        ({"sender": "desk"}, [("sender", Fault.NOT_AN_ADDRESS)]),
        (
            {"host": "", "port": "x"},
            [("host", Fault.MISSING), ("port", Fault.NOT_A_NUMBER)],
        ),
    ],
)
def test_everything_wrong_is_named_at_once(changed, found):
    given = {**settings(type("S", (), {"port": 25})), **changed}
    wanted = [Wrong(name=name, fault=fault) for name, fault in found]
    assert list(EmailChannel().wrong(given)) == wanted
