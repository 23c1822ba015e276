"""Identifiers made where a record is made."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74


def uuid7(*, now: datetime) -> UUID:
    """Return a version 7 UUID for ``now`` (RFC 9562, section 5.7).

    48 bits of milliseconds, then 74 random bits, so that ids sort by time.
    """
    milliseconds = int(now.timestamp() * 1000)
    noise = secrets.randbits(_RANDOM_BITS)
    high = noise >> 62
    low = noise & ((1 << 62) - 1)
    value = (milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low
    return UUID(int=value)
