"""A message as channels see it, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture to send along: PNG or JPEG."""

    content: bytes
    media_type: str = "image/png"


@dataclass(frozen=True, kw_only=True)
class Message:
    """Words for one person, or for a group; ``key`` is the same whenever it is sent again.

    ``address`` is where this channel finds the person (a phone number, an e-mail
    address, a push subscription); empty for a group. ``mentions`` are the phone numbers
    a group channel calls by name. ``values`` are the parts of the text by name, for
    channels that fill a template; ``about`` says in one machine word what it is about.
    ``skip_parts``: so many parts of the same text went out before and do not go again
    (``SendingError.delivered_count`` of the attempt that broke off).
    """

    key: str
    to_name: str
    text: str
    address: str = ""
    title: str = ""
    link: str = ""
    about: str = ""
    mentions: tuple[str, ...] = ()
    picture: Picture | None = None
    is_urgent: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    skip_parts: int = 0


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the provider answered to a message it took.

    ``sent_count``: how many of the channel's messages it took, its parts and its
    picture: what a bucket loses. ``picture_code``: the words arrived, and this is why
    the picture did not; empty where it did, or where there was none.
    """

    code: str = ""
    reference: str = ""
    sent_count: int = 1
    picture_code: str = ""


class Cause(StrEnum):
    """Why a message did not go out, as far as it helps somebody to mend it."""

    UNKNOWN = "unknown"
    # Nothing is wrong here: it can go out later.
    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    TOO_FAST = "too_fast"
    CLOCK = "clock"
    # Somebody has to set the channel up again.
    WRONG_KEY = "wrong_key"
    WRONG_SIGNATURE = "wrong_signature"
    KEYWORD = "keyword"
    SENDER_NOT_ALLOWED = "sender_not_allowed"
    SWITCHED_OFF = "switched_off"
    INSIDE = "inside"
    NOT_AN_ADDRESS = "not_an_address"
    # This message, not the channel.
    TOO_LONG = "too_long"
    PICTURE = "picture"
    CONTENT = "content"
    REFUSED = "refused"


class SendingError(Exception):
    """A message did not go out, or nobody knows whether it did.

    ``permanent``: trying this channel again with this message is no use.
    ``blocked_for``: the provider takes nothing more from this sender for so long.
    ``may_have_arrived``: the answer was lost; a repeat may be a second copy.
    ``code`` is the provider's own, ``cause`` ours. ``delivered_count``: so many parts
    of the text have arrived by now, those of earlier attempts among them.
    """

    def __init__(
        self,
        words: str,
        *,
        permanent: bool = False,
        code: str = "",
        blocked_for: timedelta | None = None,
        may_have_arrived: bool = False,
        cause: Cause = Cause.UNKNOWN,
    ) -> None:
        super().__init__(words)
        self.permanent = permanent
        self.code = code
        self.blocked_for = blocked_for
        self.may_have_arrived = may_have_arrived
        self.cause = cause
        self.delivered_count = 0
