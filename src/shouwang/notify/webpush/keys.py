"""The pair of keys by which push services know our server (VAPID, RFC 8292)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PRIVATE_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class VapidKeys:
    """Both keys as text (base64url); the private one is a secret."""

    private: str = field(repr=False)
    public: str


def vapid_keys() -> VapidKeys:
    """Return a new pair. Phones that subscribed with another must subscribe again."""
    made = ec.generate_private_key(ec.SECP256R1())
    number = made.private_numbers().private_value
    private = _text(number.to_bytes(PRIVATE_BYTES, "big"))
    return VapidKeys(private=private, public=public_key_of(private))


def public_key_of(private: str) -> str:
    """Return the public key, which phones subscribe with; raises ``ValueError``."""
    raw = raw_of(private)
    if len(raw) != PRIVATE_BYTES:
        raise ValueError("not a private key")
    key = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point)


def raw_of(text: str) -> bytes:
    """Return the bytes of base64url without its padding; raises ``ValueError``."""
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
