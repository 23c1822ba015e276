"""The robot of a WeCom group (企业微信群机器人).

Everything goes out as plain text: members who read the group in WeChat see nothing of
Markdown, and only text can call people by their phone numbers.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Picture, Receipt, SendingError
from shouwang.notify.outgoing import Post
from shouwang.notify.pasted import RobotForm, all_wrong, required_key, robot_key
from shouwang.notify.phones import mobiles
from shouwang.notify.pictures import PictureError, fitted
from shouwang.notify.refusals import code_in, refused, require_taken
from shouwang.notify.sequence import send_parts
from shouwang.notify.settings import Reaches, Setting, Wrong
from shouwang.notify.text import parts, whole
from shouwang.notify.wecom.errors import REFUSALS

logger = logging.getLogger(__name__)

HOST = "qyapi.weixin.qq.com"
PATH = "/cgi-bin/webhook/send"
TEXT_BYTES_MOST = 2048
PICTURE_BYTES_MOST = 2 * 1024 * 1024
FORM = RobotForm(
    host=HOST,
    path=PATH,
    parameter="key",
    key=re.compile(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}"),
)


class WecomChannel:
    """Writes into one WeCom group, and calls people there by their phone numbers."""

    kind = "wecom"
    reaches = Reaches.GROUP
    settings: Sequence[Setting] = (Setting(name="robot", is_secret=True),)
    limits: Sequence[Limit] = (Limit(count=20, per=timedelta(minutes=1)),)
    speed = 60
    takes_pictures = True

    def __init__(
        self, *, base: str = f"https://{HOST}", post: Post = outgoing.post
    ) -> None:
        self._base = base
        self._post = post

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return what is wrong with the robot's address or key."""
        return all_wrong([("robot", robot_key(settings.get("robot", ""), FORM))])

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Write the text, in parts if it is long, and after it the picture.

        Raises
        ------
        SendingError
            Not all of the text arrived.
        """
        key = required_key(settings.get("robot", ""), FORM)

        def send(index: int, part: str) -> Receipt:
            return self._ask(key, _text(part, message.mentions if not index else ()))

        cut = parts(whole(message), TEXT_BYTES_MOST)
        receipt = send_parts(cut, message.skip_parts, send)
        if message.picture is None:
            return receipt
        return self._with_picture(receipt, key, message.picture)

    def _with_picture(self, receipt: Receipt, key: str, picture: Picture) -> Receipt:
        """Send the picture, and let the words count without it.

        The words have told people by now. Were its failure that of the message, the
        words would go out twice, or the person would count as not told; and a picture
        that comes minutes after its words stands below others' in a busy group. So it
        is tried once, and the receipt says why it is missing.
        """
        try:
            self._ask(key, _picture(picture))
        except PictureError as error:
            code = "picture"
            logger.warning("A picture did not go out by WeCom: %s", error)
        except SendingError as error:
            code = error.code or error.cause.value
            logger.warning("A picture did not go out by WeCom (%s): %s", code, error)
        else:
            return replace(receipt, sent_count=receipt.sent_count + 1)
        return replace(receipt, picture_code=code)

    def _ask(self, key: str, body: Mapping[str, Any]) -> Receipt:
        answer = self._post(f"{self._base}{PATH}?key={key}", json_body=body)
        require_taken(answer, now=clock.now())
        code = code_in(answer, "errcode")
        if code != "0":
            raise refused(REFUSALS, code)
        return Receipt(code=code)


def _text(content: str, mentions: Sequence[str]) -> dict[str, Any]:
    text: dict[str, Any] = {"content": content}
    if mentions:
        text["mentioned_mobile_list"] = list(mobiles(mentions))
    return {"msgtype": "text", "text": text}


def _picture(picture: Picture) -> dict[str, Any]:
    content = fitted(picture, PICTURE_BYTES_MOST).content
    return {
        "msgtype": "image",
        "image": {
            "base64": base64.b64encode(content).decode(),
            # Of the bytes themselves; it is WeCom that asks for MD5.
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        },
    }
