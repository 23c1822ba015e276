"""A WeCom that takes from a robot exactly what its documentation says."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from tests.notify.rules.answers import Rate, said
from tests.notify.serving import Answered, Request

KEY = "693a91f6-7aac-4bc4-97a0-0ec2aaaaaaaa"


class Wecom:
    def __init__(self) -> None:
        self.rate = Rate(count=20, per=timedelta(minutes=1))
        self.took: list[Any] = []

    def __call__(self, request: Request) -> Answered:
        address = urlsplit(request.path)
        if address.path != "/cgi-bin/webhook/send":
            return 404, b""
        if parse_qs(address.query).get("key") != [KEY]:
            return self._no(93000, "invalid webhook url")
        if self.rate.is_too_fast():
            return self._no(45009, "api freq out of limit")
        body = request.json()
        checks = {"text": self._text, "image": self._image}
        check = checks.get(body.get("msgtype"))
        if check is None:
            return self._no(40008, "invalid message type")
        return check(body[body["msgtype"]]) or self._yes(body)

    @property
    def texts(self) -> list[str]:
        return [row["text"]["content"] for row in self.took if "text" in row]

    @property
    def pictures(self) -> list[bytes]:
        return [
            base64.b64decode(row["image"]["base64"])
            for row in self.took
            if "image" in row
        ]

    def _text(self, text: dict[str, Any]) -> Answered:
        if not text["content"]:
            return self._no(44004, "empty content")
        if len(text["content"].encode()) > 2048:
            return self._no(40058, "text.content exceed max length 2048")
        return None

    def _image(self, image: dict[str, str]) -> Answered:
        try:
            content = base64.b64decode(image["base64"], validate=True)
            kind = Image.open(io.BytesIO(content)).format
        except (binascii.Error, OSError):
            return self._no(40009, "invalid image size")
        if len(content) > 2 * 1024 * 1024 or kind not in {"PNG", "JPEG"}:
            return self._no(40009, "invalid image size")
        if hashlib.md5(content).hexdigest() != image["md5"]:
            return self._no(301019, "media md5 not match")
        return None

    def _yes(self, body: Any) -> Answered:
        self.took.append(body)
        return said(errcode=0, errmsg="ok")

    def _no(self, code: int, words: str) -> Answered:
        hint = f"{words}, hint: [1701155943194122456784251], from ip: 127.0.0.1"
        return said(errcode=code, errmsg=hint)
