"""A Feishu that takes from a robot exactly what its documentation says."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.notify.rules.answers import Rate, is_within_an_hour, said
from tests.notify.serving import Answered, Request

KEY = "d3f1a2b4-0000-4b4b-8c8c-1a2b3c4d5e6f"
SECRET = "q9hJx2LmT0vR5cWbZ1aKdA"


class Feishu:
    def __init__(self, *, secret: str = SECRET, keyword: str = "") -> None:
        self.secret, self.keyword = secret, keyword
        self.rates = (
            Rate(count=100, per=timedelta(minutes=1)),
            Rate(count=5, per=timedelta(seconds=1)),
        )
        self.took: list[Any] = []

    def __call__(self, request: Request) -> Answered:
        if request.path != f"/open-apis/bot/v2/hook/{KEY}":
            return self._no(
                19001, "param invalid: incoming webhook access token invalid"
            )
        if any(rate.is_too_fast() for rate in self.rates):
            return self._no(11232, "frequency limited psm[lark.oapi.app_platform]")
        body = request.json()
        if len(request.body) > 20_000 or body.get("msg_type") != "text":
            return self._no(9499, "Bad Request")
        return self._unsafe(body) or self._yes(body)

    @property
    def texts(self) -> list[str]:
        return [row["content"]["text"] for row in self.took]

    def _unsafe(self, body: Any) -> Answered:
        if self.secret and not self._is_signed(body):
            words = "sign match fail or timestamp is not within one hour"
            return self._no(19021, f"{words} from current time")
        if self.keyword not in body["content"]["text"]:
            return self._no(19024, "Key Words Not Found")
        return None

    def _is_signed(self, body: Any) -> bool:
        stamp = body.get("timestamp", "")
        if len(stamp) != 10:
            return False
        expected = hmac.digest(f"{stamp}\n{self.secret}".encode(), b"", hashlib.sha256)
        is_ours = base64.b64encode(expected).decode() == body.get("sign")
        return is_ours and is_within_an_hour(datetime.fromtimestamp(int(stamp), UTC))

    def _yes(self, body: Any) -> Answered:
        self.took.append(body)
        return said(
            StatusCode=0, StatusMessage="success", code=0, data={}, msg="success"
        )

    def _no(self, code: int, words: str) -> Answered:
        return said(code=code, data={}, msg=words)
