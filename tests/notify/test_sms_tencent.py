from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.notify import tencent
from tests.notify.serving import serving
from tests.notify.tencent import Tencent, answered, error as told_error
from tests.notify.texting import PHONE, message

from shouwang.notify.message import SendingError
from shouwang.notify.sms_tencent.channel import SmsTencentChannel

SETTINGS = {
    "key_id": tencent.KEY,
    "key_secret": tencent.SECRET,
    "sign": tencent.SIGN,
    "template": tencent.TEMPLATE,
    "app_id": tencent.APP,
}


@contextmanager
def provider(answer):
    with serving(answer) as server:
        where = server.url.removesuffix("/hook")
        yield SmsTencentChannel(endpoint=where, may_be_inside=True), server


def refused(answer, settings=SETTINGS, **given):
    with provider(answer) as (channel, _), pytest.raises(SendingError) as failed:
        channel.send(message(**given), settings)
    return failed.value


def test_a_message_goes_out_signed_and_with_its_parameters():
    there = Tencent()
    with provider(there) as (channel, server):
        receipt = channel.send(message(address="139-0000-0001"), SETTINGS)
    assert (receipt.code, receipt.reference) == ("Ok", "5000:1")
    [had] = there.had
    assert had["PhoneNumberSet"] == [f"+86{PHONE}"]
    assert had["SessionContext"] == "alert-7-step-2"
    assert had["TemplateParamSet"] == [
        "3-2-401",
        "窗帘未拉开",
        "请去看看",
        "t/abc?x=1",
    ]
    assert len(server.requests) == 1


def test_the_fifty_first_of_a_day_goes_another_way():
    with provider(Tencent()) as (channel, _):
        for _ in range(tencent.A_DAY_MOST):
            channel.send(message(), SETTINGS)
        with pytest.raises(SendingError) as failed:
            channel.send(message(), SETTINGS)
        channel.send(message(address="13900000002"), SETTINGS)
    assert failed.value.code == "LimitExceeded.PhoneNumberDailyLimit"
    assert failed.value.permanent
    assert failed.value.blocked_for is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"key_id": "AKIDother"}, "AuthFailure.SecretIdNotFound"),
        ({"key_secret": "another"}, "AuthFailure.SignatureFailure"),
        ({"app_id": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
        ({"sign": "别家"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"template": "2"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        (
            {"parameters": "place"},
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        ),
        (
            {"parameters": "place,words,asked,link"},
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        ),
        (
            {"longest": "30"},
            "InvalidParameterValue.TemplateParameterLengthLimit",
        ),
    ],
)
def test_a_wrong_setting_is_refused_for_good_with_its_code(changed, code):
    error = refused(Tencent(), {**SETTINGS, **changed}, words="一" * 60)
    assert (error.permanent, error.code, error.may_have_arrived) == (True, code, False)


@pytest.mark.parametrize(
    ("code", "permanent", "blocked", "may_have_arrived"),
    [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", False, None, False),
        ("LimitExceeded.PhoneNumberOneHourLimit", True, None, False),
        ("LimitExceeded.AppDailyLimit", False, timedelta(hours=1), False),
        ("RequestLimitExceeded", False, timedelta(seconds=10), False),
        (
            "FailedOperation.InsufficientBalanceInSmsPackage",
            False,
            timedelta(minutes=10),
            False,
        ),
        ("InternalError.Timeout", False, None, True),
        ("InternalError.OtherError", False, None, False),
        ("FailedOperation.SomethingNew", True, None, False),
    ],
)
@pytest.mark.parametrize("told", [told_error, tencent.status])
def test_a_code_says_whether_waiting_helps(
    told, code, permanent, blocked, may_have_arrived
):
    error = refused(lambda _request: told(code))
    assert (error.code, error.permanent) == (code, permanent)
    assert error.blocked_for == blocked
    assert error.may_have_arrived == may_have_arrived


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (200, b"<html>"),
        (502, b"{}"),
        (200, b"{}"),
        answered({"Response": {"RequestId": "1"}}),
        answered({"Response": {"RequestId": "1", "SendStatusSet": []}}),
        answered({"Response": {"RequestId": "1", "SendStatusSet": [{}]}}),
        answered({"Response": {"RequestId": "1", "Error": {}}}),
    ],
)
def test_no_answer_and_garbage_are_never_a_yes(answer):
    with provider(lambda _request: answer) as (channel, server):
        with pytest.raises(SendingError) as failed:
            channel.send(message(), SETTINGS)
        assert len(server.requests) == 1
    assert failed.value.may_have_arrived
    assert not failed.value.permanent


def test_nobody_there_is_known_not_to_have_arrived():
    channel = SmsTencentChannel(endpoint="http://127.0.0.1:1", may_be_inside=True)
    with pytest.raises(SendingError) as failed:
        channel.send(message(), SETTINGS)
    assert not failed.value.may_have_arrived
    assert not failed.value.permanent


def test_neither_proxies_nor_the_environment_are_followed(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    there = Tencent()
    with provider(there) as (channel, _):
        channel.send(message(), SETTINGS)
    assert len(there.had) == 1


def test_neither_number_nor_secret_is_told(caplog):
    caplog.set_level(logging.DEBUG)
    with provider(Tencent()) as (channel, _):
        channel.send(message(), SETTINGS)
    error = refused(Tencent(), {**SETTINGS, "key_secret": "another"})
    told = f"{caplog.text}{error!s}{error!r}"
    for secret in (PHONE, tencent.SECRET, "another", "窗帘"):
        assert secret not in told
