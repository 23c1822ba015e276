"""How DingTalk knows that a message comes from who set the robot up."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote


def signed(secret: str, *, at: datetime) -> str:
    """Return the signature as a piece of the query; ``at`` within an hour of theirs."""
    stamp = milliseconds(at)
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    sign = quote(base64.b64encode(digest.digest()), safe="")
    return f"&timestamp={stamp}&sign={sign}"


def milliseconds(at: datetime) -> int:
    """Return a moment as milliseconds since 1970."""
    return int(at.timestamp() * 1000)
