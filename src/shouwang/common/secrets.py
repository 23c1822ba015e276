"""Secrets kept unreadable: passwords and keys of channels, as they lie in the database.

The key is derived from the program's own secret key, for this one purpose: whoever has
only the database, or a backup of it, reads nothing. Nothing here knows settings: the
caller gives the key, and the old ones while the key is being changed.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"shouwang channel secrets, version 1"


class UnreadableError(Exception):
    """It was sealed with another key, or somebody changed it.

    Its words say what to do, and nothing of what was sealed.
    """

    def __init__(self) -> None:
        super().__init__(
            "The secret key of this program was changed: enter this secret again. "
            "Nothing else was lost."
        )


def seal(text: str, key: str) -> str:
    """Return ``text`` so that only ``key`` opens it; twice the same never looks so."""
    return _fernet(key).encrypt(text.encode()).decode()


def unseal(sealed: str, key: str, *, old_keys: Sequence[str] = ()) -> str:
    """Return what was sealed with ``key``, or with one of ``old_keys``.

    Raises
    ------
    UnreadableError
        None of the keys opens it, or it was tampered with.
    """
    keys = MultiFernet([_fernet(row) for row in (key, *old_keys)])
    try:
        return keys.decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        raise UnreadableError from None


def is_sealed_with(sealed: str, key: str) -> bool:
    """Return whether ``key`` opens it: if only an old one does, seal it anew."""
    try:
        unseal(sealed, key)
    except UnreadableError:
        return False
    return True


def _fernet(key: str) -> Fernet:
    if not key:
        raise ValueError("no key")
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return Fernet(urlsafe_b64encode(derived.derive(key.encode())))
