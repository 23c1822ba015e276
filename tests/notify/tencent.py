"""Tencent's text messages on this machine, by the rules of its documents."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter
from typing import Any

from tests.notify.serving import Answered, Request

KEY, SECRET, SIGN, TEMPLATE = "AKIDtest", "a-secret-of-tencent", "守望", "110000"
APP, A_DAY_MOST, LONGEST, COUNT = "1400000000", 50, 12, 4


class Tencent:
    """Answers as the provider would; errors come inside HTTP 200."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.had: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Answered:
        asked = request.json()
        for code, is_wrong in self._account(request, asked):
            if is_wrong:
                return error(code)
        [number] = asked["PhoneNumberSet"]
        for code, is_wrong in self._message(number, asked):
            if is_wrong:
                return status(code)
        self.counted[number] += 1
        self.had.append(asked)
        return status("Ok")

    def _account(self, request, asked):
        headers = {name.lower(): value for name, value in request.headers.items()}
        auth = headers.get("authorization", "")
        yield "AuthFailure.SecretIdNotFound", f"Credential={KEY}/" not in auth
        yield "AuthFailure.SignatureFailure", not is_signed(request)
        yield "InvalidAction", headers.get("x-tc-action") != "SendSms"
        yield "NoSuchVersion", headers.get("x-tc-version") != "2021-01-11"
        yield "UnsupportedRegion", headers.get("x-tc-region") != "ap-guangzhou"
        wrong_app = asked["SmsSdkAppId"] != APP
        yield "UnauthorizedOperation.SmsSdkAppIdVerifyFail", wrong_app

    def _message(self, number, asked):
        is_number = re.fullmatch(r"\+861[3-9]\d{9}", number)
        yield "InvalidParameterValue.IncorrectPhoneNumber", not is_number
        wrong_sign = asked["SignName"] != SIGN
        yield "FailedOperation.SignatureIncorrectOrUnapproved", wrong_sign
        wrong_template = asked["TemplateId"] != TEMPLATE
        yield "FailedOperation.TemplateIncorrectOrUnapproved", wrong_template
        given = asked["TemplateParamSet"]
        yield (
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
            len(given) != COUNT,
        )
        has_address = any("://" in value for value in given)
        yield (
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
            has_address,
        )
        is_long = any(len(value) > LONGEST for value in given)
        yield "InvalidParameterValue.TemplateParameterLengthLimit", is_long
        is_full = self.counted[number] >= A_DAY_MOST
        yield "LimitExceeded.PhoneNumberDailyLimit", is_full


def error(code: str) -> Answered:
    told = {"Error": {"Code": code, "Message": "no"}, "RequestId": "ed93f3cb"}
    return answered({"Response": told})


def status(code: str) -> Answered:
    row = {"SerialNo": "5000:1", "PhoneNumber": "x", "Fee": 1, "Code": code}
    return answered({"Response": {"SendStatusSet": [row], "RequestId": "a0aabda6"}})


def answered(body: dict[str, Any], status: int = 200) -> Answered:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return status, json.dumps(body).encode(), kind


def is_signed(request: Request) -> bool:
    """Reckon the signature (TC3-HMAC-SHA256) anew from what came."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    found = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=\w+/([\d-]+)/(\w+)/tc3_request, "
        r"SignedHeaders=([\w;-]+), Signature=(\w+)",
        headers.get("authorization", ""),
    )
    if found is None:
        return False
    date, service, names, signature = found.groups()
    canonical = "\n".join(
        (
            "POST",
            request.path,
            "",
            *(f"{name}:{headers[name]}" for name in names.split(";")),
            "",
            names,
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    told = "\n".join(
        (
            "TC3-HMAC-SHA256",
            headers["x-tc-timestamp"],
            f"{date}/{service}/tc3_request",
            hashlib.sha256(canonical.encode()).hexdigest(),
        )
    )
    key = f"TC3{SECRET}".encode()
    for part in (date, service, "tc3_request", told):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    must = {"content-type", "host"} <= set(names.split(";"))
    return must and hmac.compare_digest(key.hex(), signature)
