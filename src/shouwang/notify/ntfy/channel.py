"""A topic of ntfy: everybody who subscribed to it gets a notification on the phone.

Published as JSON: as headers, Chinese would arrive as question marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.limits import Limit
from shouwang.notify.message import Cause, Message, Receipt, SendingError
from shouwang.notify.ntfy.errors import require_published
from shouwang.notify.outgoing import Post
from shouwang.notify.pasted import address_fault, address_in, all_wrong, form_fault
from shouwang.notify.refusals import code_in
from shouwang.notify.sequence import send_parts
from shouwang.notify.settings import (
    Fault,
    Kind,
    Reaches,
    Setting,
    Wrong,
    is_on,
    text_of,
)
from shouwang.notify.text import json_size, parts

HOST = "ntfy.sh"
MESSAGE_BYTES_MOST = 4096
TITLE_MOST = 250
NORMAL, HIGHEST = 3, 5
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
_TOKEN = re.compile(r"[!-~]{8,128}")


class NtfyChannel:
    """Publishes to one topic, at ntfy.sh or at a server of one's own."""

    kind = "ntfy"
    reaches = Reaches.GROUP
    settings: Sequence[Setting] = (
        # Whoever knows a topic reads it: its address is a secret.
        Setting(name="topic", kind=Kind.ADDRESS, is_secret=True),
        Setting(name="token", is_secret=True, is_required=False),
        Setting(name="inside", kind=Kind.FLAG, is_required=False),
    )
    # A visitor may burst with 60 and then gets one each five seconds.
    limits: Sequence[Limit] = (Limit(count=60, per=timedelta(minutes=5)),)
    speed = 15
    takes_pictures = False

    def __init__(
        self, *, base: str = f"https://{HOST}", post: Post = outgoing.post
    ) -> None:
        self._base = base
        self._post = post

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return what is wrong with the topic's address and the token."""
        return all_wrong(
            [
                ("topic", self._topic_fault(settings)),
                ("token", form_fault(text_of(settings, "token"), _TOKEN)),
            ]
        )

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Publish the text, in parts if it is long; raises ``SendingError``."""
        if self._topic_fault(settings):
            raise SendingError(
                "the topic is not set up", permanent=True, cause=Cause.WRONG_KEY
            )

        def send(_index: int, part: str) -> Receipt:
            return self._publish(_fields(message, part), settings)

        cut = parts(_encodable(message.text), MESSAGE_BYTES_MOST, size=json_size)
        return send_parts(cut, message.skip_parts, send)

    def _publish(
        self, fields: Mapping[str, Any], settings: Mapping[str, str]
    ) -> Receipt:
        base, topic = self._base_and_topic(settings)
        token = text_of(settings, "token")
        answer = self._post(
            f"{base}/",
            json_body={"topic": topic, **fields},
            headers={"Authorization": f"Bearer {token}"} if token else {},
            may_be_inside=is_on(settings, "inside"),
        )
        require_published(answer, now=clock.now())
        # The id is what tells ntfy's yes from that of a login page in between.
        return Receipt(code=str(answer.status), reference=code_in(answer, "id"))

    def _topic_fault(self, settings: Mapping[str, str]) -> Fault | None:
        topic = address_in(settings.get("topic", ""))
        if not topic:
            return Fault.MISSING
        if "://" in topic:
            is_inside = is_on(settings, "inside")
            fault = address_fault(topic, may_be_inside=is_inside)
            if fault:
                return fault
        _base, name = self._base_and_topic(settings)
        return None if _TOPIC.fullmatch(name) else Fault.UNKNOWN_FORM

    def _base_and_topic(self, settings: Mapping[str, str]) -> tuple[str, str]:
        topic = address_in(settings.get("topic", ""))
        if "://" not in topic:
            return self._base, topic
        address = urlsplit(topic)
        return f"{address.scheme}://{address.netloc}", address.path.strip("/")


def _fields(message: Message, part: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "message": part,
        "priority": HIGHEST if message.is_urgent else NORMAL,
    }
    if message.title.strip():
        fields["title"] = _encodable(message.title)[:TITLE_MOST]
    if message.link.strip():
        fields["click"] = message.link
    return fields


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()
