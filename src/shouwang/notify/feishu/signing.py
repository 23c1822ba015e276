"""How Feishu knows that a message comes from who set the robot up."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime


def signed(secret: str, *, at: datetime) -> dict[str, str]:
    """Return the signature as fields of the body; ``at`` within an hour of theirs.

    The words to sign are the key, and what is signed is nothing: so Feishu has it.
    """
    stamp = str(int(at.timestamp()))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
