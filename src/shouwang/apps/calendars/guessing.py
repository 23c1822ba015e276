"""Whoever guesses links finds nothing, and soon not even a look."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.crypto import salted_hmac

WITHIN = timedelta(minutes=10)
MISSES_MOST = 30


def guesses_too_often(address: str, *, now: datetime) -> bool:
    """Return whether so many wrong links came from an address that none is looked at."""
    return int(cache.get(_key(address, now), 0)) >= MISSES_MOST


def miss_note(address: str, *, now: datetime) -> None:
    """Count a wrong link; an address is kept as a hash, for ten minutes."""
    key = _key(address, now)
    cache.add(key, 0, timeout=WITHIN.total_seconds())
    try:
        cache.incr(key)
    except ValueError:
        # Its time ran out just now: the count begins anew with the next one.
        return


def _key(address: str, now: datetime) -> str:
    window = int(now.timestamp() // WITHIN.total_seconds())
    sender = salted_hmac("calendars", address, algorithm="sha256").hexdigest()
    return f"calendar-misses:{window}:{sender}"
