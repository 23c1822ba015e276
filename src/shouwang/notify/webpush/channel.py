"""Web Push: a notification on a phone that asked for it, encrypted for it alone."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from shouwang.common import clock
from shouwang.notify import outgoing
from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt, SendingError
from shouwang.notify.settings import (
    Fault,
    Reaches,
    Setting,
    Wrong,
    filled_in,
    missing,
)
from shouwang.notify.webpush.keys import public_key_of, raw_of

# One record of 4,096 bytes less its head (86) and its seal (17), with some to spare.
PAYLOAD_BYTES = 3900
TITLE_MOST = 80
# Older than this, whoever has not had it is asked by other ways.
KEPT_FOR = timedelta(hours=4)
PROOF_FOR = timedelta(hours=12)
WAIT, WAIT_MOST = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Where a phone is told, and the keys that only it can open."""

    endpoint: str
    keys: Mapping[str, str] = field(repr=False)


class WebPushChannel:
    """Sends to the subscription in ``Message.address``, as the phone made it (JSON).

    ``needs_https`` and ``may_be_inside`` are for tests.
    """

    kind = "webpush"
    reaches = Reaches.PUSH
    settings: Sequence[Setting] = (
        Setting(name="private_key", is_secret=True),
        Setting(name="subject"),
    )
    limits: Sequence[Limit] = ()
    speed = 5
    takes_pictures = False

    def __init__(
        self, *, needs_https: bool = True, may_be_inside: bool = False
    ) -> None:
        self._needs_https = needs_https
        self._may_be_inside = may_be_inside

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return everything that is wrong with how it is set up."""
        given = filled_in(self.settings, settings)
        found = list(missing(self.settings, given))
        if given["private_key"] and not _is_key(given["private_key"]):
            found.append(Wrong(name="private_key", fault=Fault.UNKNOWN_FORM))
        if given["subject"] and not given["subject"].startswith(
            ("mailto:", "https://")
        ):
            found.append(Wrong(name="subject", fault=Fault.UNKNOWN_FORM))
        return found

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Send ``message``; a repeat of it replaces it. Raises ``SendingError``.

        ``gone`` is the code when the phone has ended its subscription.
        """
        to = subscription_of(message.address)
        if self._needs_https and not to.endpoint.startswith("https://"):
            raise SendingError("not a secure address", permanent=True, code="insecure")
        given = filled_in(self.settings, settings)
        now = clock.now()
        answer = outgoing.post(
            to.endpoint,
            body=_sealed(to, payload_of(message)),
            headers={**_headers(message), **_proof(to, given, now=now)},
            may_be_inside=self._may_be_inside,
        )
        if answer.status not in (200, 201, 202):
            raise _refused(answer, now=now)
        return Receipt(
            code=str(answer.status), reference=answer.headers.get("Location", "")
        )


def subscription_of(text: str) -> Subscription:
    """Return a subscription from its JSON; raises ``SendingError`` (permanent)."""
    try:
        found = json.loads(text)
        keys = {name: str(found["keys"][name]) for name in ("p256dh", "auth")}
        endpoint = str(found["endpoint"])
        if not urlsplit(endpoint).hostname or not _are_keys(**keys):
            raise ValueError(endpoint)
    except (ValueError, KeyError, TypeError):
        raise SendingError(
            "not a subscription", permanent=True, code="not_a_subscription"
        ) from None
    return Subscription(endpoint=endpoint, keys=keys)


def _are_keys(*, p256dh: str, auth: str) -> bool:
    """Return whether these are a point of the curve and a secret of 16 bytes."""
    point = raw_of(p256dh)
    return len(point) == 65 and point[0] == 4 and len(raw_of(auth)) == 16


def payload_of(message: Message) -> bytes:
    """Return what the phone is told; a long text is cut between two characters."""
    text = message.text
    while True:
        made = _written(message, text)
        over = len(made) - PAYLOAD_BYTES
        if over <= 0 or not text:
            return made
        # One character is at most six bytes in JSON: never cut far too much.
        text = text.removesuffix("…")[: -max(1, over // 6) - 1]
        text += "…" if text else ""


def _written(message: Message, text: str) -> bytes:
    told = {
        "title": message.title[:TITLE_MOST],
        "text": text,
        "link": message.link,
        "key": message.key,
        "urgent": message.is_urgent,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _headers(message: Message) -> dict[str, str]:
    digest = hashlib.sha256(message.key.encode()).digest()
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEPT_FOR.total_seconds())),
        "Urgency": "high" if message.is_urgent else "normal",
        # At most 32 letters (RFC 8030, 5.4): one that waits is replaced by its repeat.
        "Topic": urlsafe_b64encode(digest[:24]).decode(),
    }


def _sealed(to: Subscription, payload: bytes) -> bytes:
    # 22 MB, which only who sends this way pays for.
    from pywebpush import WebPusher, WebPushException

    try:
        pusher = WebPusher({"endpoint": to.endpoint, "keys": dict(to.keys)})
        return bytes(pusher.encode(payload)["body"])
    except (WebPushException, ValueError, TypeError):
        raise SendingError(
            "not a subscription", permanent=True, code="not_a_subscription"
        ) from None


def _proof(
    to: Subscription, given: Mapping[str, str], *, now: datetime
) -> Mapping[str, str]:
    """Return the header by which the push service knows that it is us."""
    from py_vapid import Vapid02, VapidException

    where = urlsplit(to.endpoint)
    try:
        key = Vapid02.from_raw(given["private_key"].encode())
        signed: Mapping[str, str] = key.sign(
            {
                "aud": f"{where.scheme}://{where.netloc}",
                "sub": given["subject"],
                "exp": int((now + PROOF_FOR).timestamp()),
            }
        )
    except (VapidException, ValueError):
        raise SendingError(
            "the key or the subject is wrong", permanent=True, code="vapid"
        ) from None
    return signed


def _refused(answer: outgoing.Answer, *, now: datetime) -> SendingError:
    code = str(answer.status)
    match answer.status:
        case 404 | 410:
            return SendingError("the phone ended it", permanent=True, code="gone")
        case 413:
            return SendingError("it is too long", permanent=True, code=code)
        case 429:
            return SendingError(
                "too much at once for the push service",
                code=code,
                blocked_for=_wait(answer.headers.get("Retry-After", ""), now=now),
            )
        case status if 400 <= status < 500 and status != 408:
            return SendingError(
                "the push service refused it", permanent=True, code=code
            )
    return SendingError(
        "the push service has a fault", code=code, may_have_arrived=answer.status >= 500
    )


def _wait(told: str, *, now: datetime) -> timedelta:
    """Return how long to wait by Retry-After, seconds or a date; at most an hour."""
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:9])), WAIT_MOST)
    try:
        return max(WAIT, min(parsedate_to_datetime(told) - now, WAIT_MOST))
    except (TypeError, ValueError):
        return WAIT


def _is_key(text: str) -> bool:
    try:
        return bool(public_key_of(text))
    except ValueError:
        return False
