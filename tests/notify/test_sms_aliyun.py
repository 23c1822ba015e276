from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.notify import aliyun
from tests.notify.aliyun import Aliyun, answered
from tests.notify.serving import serving
from tests.notify.texting import PHONE, message

from shouwang.notify.message import SendingError
from shouwang.notify.sms_aliyun.channel import SmsAliyunChannel

SETTINGS = {
    "key_id": aliyun.KEY,
    "key_secret": aliyun.SECRET,
    "sign": aliyun.SIGN,
    "template": aliyun.TEMPLATE,
}


@contextmanager
def provider(answer):
    with serving(answer) as server:
        where = server.url.removesuffix("/hook")
        yield SmsAliyunChannel(endpoint=where, may_be_inside=True), server


def refused(answer, settings=SETTINGS, **given):
    with provider(answer) as (channel, _), pytest.raises(SendingError) as failed:
        channel.send(message(**given), settings)
    return failed.value


def test_a_message_goes_out_signed_and_with_its_parameters():
    there = Aliyun()
    with provider(there) as (channel, server):
        receipt = channel.send(message(address="+86 139 0000 0001"), SETTINGS)
    assert (receipt.code, receipt.reference) == ("OK", "9001^0")
    [had] = there.had
    assert had["PhoneNumbers"] == PHONE
    assert had["OutId"] == "alert-7-step-2"
    assert json.loads(had["TemplateParam"]) == {
        "place": "3-2-401",
        "words": "窗帘未拉开",
        "asked": "请去看看",
        "link_tail": "t/abc?x=1",
    }
    assert len(server.requests) == 1


def test_the_fifty_first_of_a_day_goes_another_way():
    there = Aliyun()
    with provider(there) as (channel, server):
        for _ in range(aliyun.A_DAY_MOST):
            channel.send(message(), SETTINGS)
        with pytest.raises(SendingError) as failed:
            channel.send(message(), SETTINGS)
        # Another number is not touched by it.
        channel.send(message(address="13900000002"), SETTINGS)
    assert failed.value.code == "isv.BUSINESS_LIMIT_CONTROL"
    assert failed.value.permanent
    assert failed.value.blocked_for is None
    assert len(server.requests) == aliyun.A_DAY_MOST + 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"key_id": "LTAIother"}, "InvalidAccessKeyId.NotFound"),
        ({"key_secret": "another"}, "SignatureDoesNotMatch"),
        ({"sign": "别家"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"template": "SMS_2"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"parameters": "place,words"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        (
            {"parameters": "place,words,asked,link_tail=link"},
            "isv.PARAM_NOT_SUPPORT_URL",
        ),
        ({"longest": "60"}, "isv.PARAM_LENGTH_LIMIT"),
    ],
)
def test_a_wrong_setting_is_refused_for_good_with_its_code(changed, code):
    error = refused(Aliyun(), {**SETTINGS, **changed}, words="一" * 60)
    assert (error.permanent, error.code, error.may_have_arrived) == (True, code, False)


@pytest.mark.parametrize(
    ("code", "words", "permanent", "blocked"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1", False, None),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", True, None),
        ("isv.AMOUNT_NOT_ENOUGH", "", False, timedelta(minutes=10)),
        ("isv.DAY_LIMIT_CONTROL", "", False, timedelta(hours=1)),
        ("Throttling.User", "", False, timedelta(seconds=10)),
        ("isp.SYSTEM_ERROR", "", False, None),
        ("isv.SOMETHING_NEW", "", True, None),
    ],
)
def test_a_code_says_whether_waiting_helps(code, words, permanent, blocked):
    error = refused(lambda _request: answered(200, code, words))
    assert (error.code, error.permanent) == (code, permanent)
    assert error.blocked_for == blocked
    assert not error.may_have_arrived


def test_a_fault_of_the_provider_may_hide_a_message_that_went():
    error = refused(lambda _request: answered(503, "ServiceUnavailable", ""))
    assert (error.code, error.permanent) == ("ServiceUnavailable", False)
    assert error.may_have_arrived


@pytest.mark.parametrize("answer", [None, (200, b"<html>"), (200, b"[]"), (200, b"{}")])
def test_no_answer_and_garbage_are_never_a_yes(answer):
    with provider(lambda _request: answer) as (channel, server):
        with pytest.raises(SendingError) as failed:
            channel.send(message(), SETTINGS)
        assert len(server.requests) == 1
    assert failed.value.may_have_arrived
    assert not failed.value.permanent


def test_a_landline_is_refused_before_anybody_is_asked():
    with provider(Aliyun()) as (channel, server):
        with pytest.raises(SendingError) as failed:
            channel.send(message(address="0351-0000000"), SETTINGS)
        assert server.requests == []
    assert (failed.value.code, failed.value.permanent) == ("landline", True)


def test_neither_proxies_nor_the_environment_are_followed(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("DEBUG", "sdk")
    there = Aliyun()
    with provider(there) as (channel, _):
        channel.send(message(), SETTINGS)
    assert len(there.had) == 1


def test_neither_number_nor_secret_is_told(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with provider(Aliyun()) as (channel, _):
        channel.send(message(), SETTINGS)
    error = refused(Aliyun(), {**SETTINGS, "key_secret": "another"})
    told = f"{caplog.text}{capfd.readouterr()}{error!s}{error!r}"
    for secret in (PHONE, aliyun.SECRET, "another", "窗帘"):
        assert secret not in told
