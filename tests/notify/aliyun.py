"""Aliyun's text messages on this machine, by the rules of its documents."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter
from urllib.parse import parse_qsl, quote, urlsplit

from tests.notify.serving import Answered, Request

KEY, SECRET, SIGN, TEMPLATE = "LTAItest", "a-secret-of-aliyun", "守望", "SMS_100"
NAMES = {"place", "words", "asked", "link_tail"}
A_DAY_MOST = 50


class Aliyun:
    """Answers as the provider would; ``counted`` is what each number had today."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.had: list[dict[str, str]] = []

    def __call__(self, request: Request) -> Answered:
        asked = dict(parse_qsl(urlsplit(request.path).query, strict_parsing=True))
        for status, code, words, is_wrong in self._rules(request, asked):
            if is_wrong:
                return answered(status, code, words)
        self.counted[asked["PhoneNumbers"]] += 1
        self.had.append(asked)
        return answered(200, "OK", "OK")

    def _rules(self, request, asked):
        yield 404, "InvalidAccessKeyId.NotFound", "", KEY not in auth_of(request)
        yield 400, "SignatureDoesNotMatch", "", not is_signed(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        yield 404, "InvalidAction", "", headers["x-acs-action"] != "SendSms"
        yield 400, "InvalidVersion", "", headers["x-acs-version"] != "2017-05-25"
        number = asked["PhoneNumbers"]
        is_number = re.fullmatch(r"1[3-9]\d{9}", number)
        yield 200, "isv.MOBILE_NUMBER_ILLEGAL", "", not is_number
        yield 200, "isv.SMS_SIGNATURE_ILLEGAL", "", asked["SignName"] != SIGN
        yield 200, "isv.SMS_TEMPLATE_ILLEGAL", "", asked["TemplateCode"] != TEMPLATE
        given = json.loads(asked["TemplateParam"])
        are_words = all(isinstance(value, str) for value in given.values())
        yield 200, "isv.INVALID_JSON_PARAM", "", not are_words
        yield 200, "isv.TEMPLATE_MISSING_PARAMETERS", "", set(given) != NAMES
        has_address = any("://" in value for value in given.values())
        yield 200, "isv.PARAM_NOT_SUPPORT_URL", "", has_address
        is_long = any(not 1 <= len(value) <= 35 for value in given.values())
        yield 200, "isv.PARAM_LENGTH_LIMIT", "", is_long
        is_full = self.counted[number] >= A_DAY_MOST
        words = f"触发天级流控Permits:{A_DAY_MOST}"
        yield 200, "isv.BUSINESS_LIMIT_CONTROL", words, is_full


def answered(status: int, code: str, words: str) -> Answered:
    body = {"Code": code, "Message": words, "RequestId": "F655A8D5", "BizId": "9001^0"}
    return (
        status,
        json.dumps(body).encode(),
        {"Content-Type": "application/json;charset=utf-8"},
    )


def auth_of(request: Request) -> str:
    return str(request.headers.get("Authorization", ""))


def is_signed(request: Request) -> bool:
    """Reckon the signature (ACS3-HMAC-SHA256) anew from what came."""
    found = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=\w+,SignedHeaders=([\w;-]+),Signature=(\w+)",
        auth_of(request),
    )
    if found is None:
        return False
    headers = {name.lower(): value for name, value in request.headers.items()}
    names = found[1].split(";")
    must = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date"}
    parts = urlsplit(request.path)
    query = "&".join(
        f"{name}={quote(value, safe='~')}"
        for name, value in sorted(parse_qsl(parts.query))
    )
    canonical = "\n".join(
        (
            "POST",
            parts.path,
            query,
            *(f"{name}:{headers[name].strip()}" for name in names),
            "",
            found[1],
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    told = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    made = hmac.new(SECRET.encode(), told.encode(), hashlib.sha256).hexdigest()
    return must <= set(names) and hmac.compare_digest(made, found[2])
