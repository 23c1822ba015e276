"""A message as an e-mail."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from shouwang.notify.message import Message, Picture, SendingError

# Everything in letters that any server takes; long lines folded.
_POLICY = policy.SMTP.clone(cte_type="7bit")
_SUBJECT_MOST = 120


def letter_of(message: Message, sender: Address, *, now: datetime) -> EmailMessage:
    """Return ``message`` as an e-mail; the same key gives the same Message-ID.

    Raises
    ------
    SendingError
        ``not_an_address``, permanent.
    """
    made = EmailMessage(policy=_POLICY)
    made["From"] = sender
    made["To"] = address_of(message.address, message.to_name)
    made["Subject"] = subject_of(message)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{_digest(message.key)}@{sender.domain}>"
    # Holiday answers must not come back to a machine that cannot read them.
    made["Auto-Submitted"] = "auto-generated"
    if message.is_urgent:
        made["Importance"] = "high"
        made["X-Priority"] = "1"
    made.set_content("\n\n".join(filter(None, (message.text, message.link))) + "\n")
    if message.picture is not None:
        _attach(made, message.picture)
    return made


def address_of(typed: str, name: str = "") -> Address:
    """Return one e-mail address; raises ``SendingError`` (permanent) if it is none."""
    try:
        found = Address(display_name=one_line(name), addr_spec=typed.strip())
    except (ValueError, MessageError, IndexError):
        found = None
    if found is None or not _is_plain(found):
        raise SendingError(
            "not an e-mail address", permanent=True, code="not_an_address"
        )
    return found


def subject_of(message: Message) -> str:
    """Return the title, or the beginning of the text, on one line."""
    return one_line(message.title or message.text)[:_SUBJECT_MOST]


def one_line(text: str) -> str:
    """Return ``text`` without line ends and other control characters."""
    spaced = " ".join(text.split())
    return "".join(sign for sign in spaced if unicodedata.category(sign) != "Cc")


def _is_plain(address: Address) -> bool:
    return bool(
        address.username
        and "." in address.domain.strip(".")
        and address.addr_spec.isascii()
        and not any(sign in address.addr_spec for sign in '"<>(),;: \t')
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _attach(made: EmailMessage, picture: Picture) -> None:
    kind = picture.media_type.removeprefix("image/")
    made.add_attachment(
        picture.content,
        maintype="image",
        subtype=kind,
        disposition="inline",
        filename="shouwang.jpg" if kind == "jpeg" else f"shouwang.{kind}",
    )
