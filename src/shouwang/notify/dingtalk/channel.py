"""The robot of a DingTalk group (钉钉自定义机器人).

It takes pictures only by an address that the whole internet can open, and ours can be
opened by nobody: it takes none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.dingtalk.errors import refusal
from shouwang.notify.dingtalk.signing import signed
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
from shouwang.notify.phones import mobiles
from shouwang.notify.refusals import code_in, require_taken
from shouwang.notify.sequence import send_parts
from shouwang.notify.settings import Reaches, Setting, Wrong, text_of
from shouwang.notify.text import json_size, parts, whole

HOST = "oapi.dingtalk.com"
PATH = "/robot/send"
BODY_BYTES_MOST = 20_000
FORM = RobotForm(
    host=HOST,
    path=PATH,
    parameter="access_token",
    key=re.compile(r"[0-9A-Za-z]{40,128}"),
)
_SECRET = re.compile(r"SEC[0-9A-Za-z]{32,128}")


class DingtalkChannel:
    """Writes into one DingTalk group, and calls people there by their phone numbers."""

    kind = "dingtalk"
    reaches = Reaches.GROUP
    settings: Sequence[Setting] = (
        Setting(name="robot", is_secret=True),
        Setting(name="secret", is_secret=True, is_required=False),
        Setting(name="keyword", is_required=False),
    )
    limits: Sequence[Limit] = (Limit(count=20, per=timedelta(minutes=1)),)
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
        required_key(settings.get("robot", ""), FORM)
        called, keyword = mobiles(message.mentions), text_of(settings, "keyword")

        def send(_index: int, part: str) -> Receipt:
            return self._ask(settings, _body(with_keyword(part, keyword), called))

        # The greatest body there can be around a part: the keyword, and all called.
        around = keyword_size(keyword) + len(
            outgoing.json_bytes(_body(_calls(called), called))
        )
        cut = parts(_words(message, called), BODY_BYTES_MOST - around, size=json_size)
        return send_parts(cut, message.skip_parts, send)

    def _ask(self, settings: Mapping[str, str], body: Mapping[str, Any]) -> Receipt:
        url = f"{self._base}{PATH}?access_token={required_key(settings['robot'], FORM)}"
        now, secret = clock.now(), text_of(settings, "secret")
        if secret:
            url += signed(secret, at=now)
        answer = self._post(url, json_body=body)
        require_taken(answer, now=now)
        code = code_in(answer, "errcode")
        if code != "0":
            raise refusal(code, str(answer.json().get("errmsg", "")))
        return Receipt(code=code)


def _words(message: Message, called: Sequence[str]) -> str:
    # Only a number that stands in the text too is called.
    return "\n".join(row for row in (whole(message), _calls(called)) if row)


def _calls(called: Sequence[str]) -> str:
    return " ".join(f"@{row}" for row in called)


def _body(content: str, called: Sequence[str]) -> dict[str, Any]:
    return {
        "msgtype": "text",
        "text": {"content": content},
        "at": {
            "atMobiles": [row for row in called if f"@{row}" in content],
            "isAtAll": False,
        },
    }
