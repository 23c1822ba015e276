"""A signed webhook: another program is told, and can be sure that it was us.

The message is JSON, signed as https://www.standardwebhooks.com describes. A repeat has
the same ``webhook-id``, so that the other side can leave it out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from standardwebhooks.webhooks import Webhook

from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.limits import Limit
from shouwang.notify.message import Cause, Message, Picture, Receipt, SendingError
from shouwang.notify.outgoing import Post
from shouwang.notify.pasted import address_fault, address_in, all_wrong
from shouwang.notify.refusals import require_taken
from shouwang.notify.settings import (
    Fault,
    Kind,
    Reaches,
    Setting,
    Wrong,
    is_on,
    text_of,
)

_SECRET = re.compile(r"(whsec_)?([A-Za-z0-9+/]+=*)")
# Shorter can be guessed; the standard names both bounds.
SECRET_BYTES_LEAST, SECRET_BYTES_MOST = 24, 64


class WebhookChannel:
    """Posts each message to one address."""

    kind = "webhook"
    reaches = Reaches.GROUP
    settings: Sequence[Setting] = (
        # Such addresses often hold a key.
        Setting(name="url", kind=Kind.ADDRESS, is_secret=True),
        Setting(name="secret", is_secret=True),
        Setting(name="inside", kind=Kind.FLAG, is_required=False),
    )
    limits: Sequence[Limit] = ()
    speed = 30
    takes_pictures = True

    def __init__(self, *, post: Post = outgoing.post) -> None:
        self._post = post

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return what is wrong with the address and the secret."""
        return all_wrong(
            [("url", _url_fault(settings)), ("secret", _secret_fault(settings))]
        )

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Post ``message``, signed; raises ``SendingError``."""
        if self.wrong(settings):
            raise SendingError(
                "the webhook is not set up", permanent=True, cause=Cause.WRONG_KEY
            )
        now = clock.now()
        body = outgoing.json_bytes(body_of(message, at=now))
        answer = self._post(
            address_in(settings["url"]),
            body=body,
            headers=_headers(message, body, text_of(settings, "secret"), at=now),
            may_be_inside=is_on(settings, "inside"),
        )
        require_taken(answer, now=now)
        return Receipt(code=str(answer.status))


def body_of(message: Message, *, at: datetime) -> dict[str, Any]:
    """Return what the other program reads."""
    return {
        "type": message.about or "message",
        "timestamp": at.isoformat(),
        "data": {
            "key": message.key,
            "to_name": message.to_name,
            "title": message.title,
            "text": message.text,
            "link": message.link,
            "is_urgent": message.is_urgent,
            "mentions": list(message.mentions),
            "values": dict(message.values),
            "picture": _picture(message.picture),
        },
    }


def _picture(picture: Picture | None) -> dict[str, str] | None:
    if picture is None:
        return None
    return {
        "media_type": picture.media_type,
        "base64": base64.b64encode(picture.content).decode(),
    }


def _headers(
    message: Message, body: bytes, secret: str, *, at: datetime
) -> dict[str, str]:
    # A header takes no Chinese, and the id ends at the first dot of what is signed.
    key = quote(message.key, safe="-_:/").replace(".", "%2E")
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(key, at, body.decode()),
    }


def _url_fault(settings: Mapping[str, str]) -> Fault | None:
    if not address_in(settings.get("url", "")):
        return Fault.MISSING
    inside = is_on(settings, "inside")
    return address_fault(settings["url"], may_be_inside=inside)


def _secret_fault(settings: Mapping[str, str]) -> Fault | None:
    given = text_of(settings, "secret")
    if not given:
        return Fault.MISSING
    found = _SECRET.fullmatch(given)
    try:
        # As the library reads it: with or without the filling at its end.
        size = len(base64.b64decode(found[2] + "==")) if found else 0
    except binascii.Error:
        size = 0
    fits = SECRET_BYTES_LEAST <= size <= SECRET_BYTES_MOST
    return None if fits else Fault.UNKNOWN_FORM
