"""The robot of a Feishu group (飞书自定义机器人).

It takes a picture only by a key that an app with its own rights gets for it: it takes
none. And it calls nobody by a phone number: the name stands before the words instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.feishu.errors import refusal
from shouwang.notify.feishu.signing import signed
from shouwang.notify.keyword import KEYWORD, keyword_size, with_keyword
from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt
from shouwang.notify.outgoing import Post
from shouwang.notify.pasted import (
    RobotForm,
    all_wrong,
    form_fault,
    required_key,
    robot_key,
)
from shouwang.notify.refusals import code_in, require_taken
from shouwang.notify.sequence import send_parts
from shouwang.notify.settings import Reaches, Setting, Wrong, text_of
from shouwang.notify.text import json_size, parts, whole

HOST = "open.feishu.cn"
PATH = "/open-apis/bot/v2/hook/"
BODY_BYTES_MOST = 20_000
FORM = RobotForm(
    host=HOST, path=PATH, parameter="", key=re.compile(r"[0-9A-Za-z-]{20,64}")
)
_SECRET = re.compile(r"[0-9A-Za-z_+/=-]{8,128}")
# Everything around the text: the form, the time and the signature.
_AROUND_BYTES = 300


class FeishuChannel:
    """Writes into one Feishu group."""

    kind = "feishu"
    reaches = Reaches.GROUP
    settings: Sequence[Setting] = (
        Setting(name="robot", is_secret=True),
        Setting(name="secret", is_secret=True, is_required=False),
        Setting(name="keyword", is_required=False),
    )
    limits: Sequence[Limit] = (
        Limit(count=100, per=timedelta(minutes=1)),
        Limit(count=5, per=timedelta(seconds=1)),
    )
    speed = 60
    takes_pictures = False

    def __init__(
        self, *, base: str = f"https://{HOST}", post: Post = outgoing.post
    ) -> None:
        self._base = base
        self._post = post

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return what is wrong with the robot, its secret and its keyword."""
        return all_wrong(
            [
                ("robot", robot_key(settings.get("robot", ""), FORM)),
                ("secret", form_fault(text_of(settings, "secret"), _SECRET)),
                ("keyword", form_fault(text_of(settings, "keyword"), KEYWORD)),
            ]
        )

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Write the text, in parts if it is long; raises ``SendingError``."""
        key = required_key(settings.get("robot", ""), FORM)
        keyword = text_of(settings, "keyword")

        def send(_index: int, part: str) -> Receipt:
            text = with_keyword(part, keyword)
            return self._ask(key, text_of(settings, "secret"), text)

        room = BODY_BYTES_MOST - _AROUND_BYTES - keyword_size(keyword)
        cut = parts(_words(message), room, size=json_size)
        return send_parts(cut, message.skip_parts, send)

    def _ask(self, key: str, secret: str, text: str) -> Receipt:
        now = clock.now()
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            body |= signed(secret, at=now)
        answer = self._post(f"{self._base}{PATH}{key}", json_body=body)
        require_taken(answer, now=now)
        # Its success was once called StatusCode, and still is at times.
        code = code_in(answer, "code", "StatusCode")
        if code != "0":
            raise refusal(code, str(answer.json().get("msg", "")))
        return Receipt(code=code)


def _words(message: Message) -> str:
    """Return the words, in which nobody who wrote a note can call the whole group."""
    words = whole(message)
    if message.mentions and message.to_name and message.to_name not in words:
        words = f"@{message.to_name} {words}"
    return words.replace("<at", "＜at")
