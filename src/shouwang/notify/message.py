"""A message as channels see it, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


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


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the provider answered to a message it took."""

    code: str = ""
    reference: str = ""


class SendingError(Exception):
    """A message did not go out, or nobody knows whether it did.

    ``permanent``: trying this channel again with this message is no use.
    ``blocked_for``: the provider takes nothing more from this sender for so long.
    ``may_have_arrived``: the answer was lost; a repeat may be a second copy.
    ``code`` is the provider's own.
    """

    def __init__(
        self,
        words: str,
        *,
        permanent: bool = False,
        code: str = "",
        blocked_for: timedelta | None = None,
        may_have_arrived: bool = False,
    ) -> None:
        super().__init__(words)
        self.permanent = permanent
        self.code = code
        self.blocked_for = blocked_for
        self.may_have_arrived = may_have_arrived
