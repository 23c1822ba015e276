"""A DingTalk that takes from a robot exactly what its documentation says."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.notify.rules.answers import Rate, is_within_an_hour, said
from tests.notify.serving import Answered, Request

KEY = "4c0b" * 16
SECRET = "SEC" + "9f2d" * 16


class Dingtalk:
    def __init__(self, *, secret: str = SECRET, keyword: str = "") -> None:
        self.secret, self.keyword = secret, keyword
        self.rate = Rate(
            count=20, per=timedelta(minutes=1), blocked_for=timedelta(minutes=10)
        )
        self.took: list[Any] = []

    def __call__(self, request: Request) -> Answered:
        address = urlsplit(request.path)
        query = {name: row[0] for name, row in parse_qs(address.query).items()}
        if address.path != "/robot/send" or query.get("access_token") != KEY:
            return said(errcode=300005, errmsg="token is not exist")
        if self.rate.is_too_fast():
            words = "send too fast, exceed 20 times per minute"
            return said(errcode=130101, errmsg=words)
        if len(request.body) > 20_000:
            return said(errcode=460101, errmsg="message too long, exceed 20000 bytes")
        return self._unsafe(query, request.json()) or self._yes(request.json())

    @property
    def texts(self) -> list[str]:
        return [row["text"]["content"] for row in self.took]

    @property
    def called(self) -> list[str]:
        """Whom the group sees called: listed, and named in the text as well."""
        return [
            number
            for row in self.took
            for number in row["at"]["atMobiles"]
            if f"@{number}" in row["text"]["content"]
        ]

    def _unsafe(self, query: dict[str, str], body: Any) -> Answered:
        if self.secret:
            stamp = query.get("timestamp", "")
            if len(stamp) != 13 or not is_within_an_hour(_moment(stamp)):
                return said(errcode=310000, errmsg="invalid timestamp")
            expected = hmac.digest(
                self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256
            )
            if base64.b64encode(expected).decode() != query.get("sign"):
                return said(errcode=310000, errmsg="sign not match")
        if self.keyword not in body["text"]["content"]:
            return said(errcode=310000, errmsg="keywords not in content")
        return None

    def _yes(self, body: Any) -> Answered:
        self.took.append(body)
        return said(errcode=0, errmsg="ok")


def _moment(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp) / 1000, UTC)
