"""Signed codes: a few numbers and an end, in an address that nobody can guess or alter.

The code is everything there is: nothing about it is stored. Its bytes are a version, the
numbers, the minute at which it expires, and a MAC of all that under the program's secret
key; about 30 characters, so that it fits a text message.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.crypto import constant_time_compare, salted_hmac

# 96 bits: nobody guesses one, and it keeps the code short.
_MAC_BYTES = 12
_EXPIRY_BYTES = 4


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a code says, once its signature was found good."""

    version: int
    numbers: tuple[int, ...]
    expires_at: datetime


def code_made(
    salt: str, numbers: Sequence[int], *, version: int = 1, expires_at: datetime
) -> str:
    """Return the code that says ``numbers`` until ``expires_at`` (whole minutes).

    Codes of one ``salt`` say nothing under another.
    """
    minutes = int(expires_at.timestamp()) // 60
    said = (
        bytes([version])
        + b"".join(_number(value) for value in numbers)
        + minutes.to_bytes(_EXPIRY_BYTES, "big")
    )
    return _text(said + _mac(salt, said))


def code_read(salt: str, code: str) -> Code | None:
    """Return what a code says, or ``None``: nobody issued it, or it was altered."""
    try:
        raw = urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        return None
    said, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    # One spelling only: base64 leaves bits over, and characters it would ignore.
    if not constant_time_compare(_mac(salt, said), mac) or _text(raw) != code:
        return None
    minutes = int.from_bytes(said[-_EXPIRY_BYTES:], "big")
    return Code(
        version=said[0],
        numbers=tuple(_numbers(said[1:-_EXPIRY_BYTES])),
        expires_at=datetime.fromtimestamp(minutes * 60, UTC),
    )


def _mac(salt: str, said: bytes) -> bytes:
    return salted_hmac(salt, said, algorithm="sha256").digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _number(value: int) -> bytes:
    """Return a number in as few bytes as it needs, seven bits a byte, lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _numbers(raw: bytes) -> Iterator[int]:
    value = place = 0
    for byte in raw:
        value |= (byte & 0x7F) << (7 * place)
        place += 1
        if byte < 0x80:
            yield value
            value = place = 0
