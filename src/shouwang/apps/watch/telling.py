"""The heart-beat told outside: a dead man's switch elsewhere notices its silence."""

from __future__ import annotations

import logging
import threading
import urllib.request
from datetime import datetime, timedelta
from urllib.error import HTTPError
from urllib.parse import urlsplit

from shouwang.common.metrics import OUTSIDE

logger = logging.getLogger(__name__)

TELL_EVERY = timedelta(minutes=1)
ANSWER_WITHIN_SECONDS = 5.0
# An answer that trickles in for ever holds a thread; never more than these.
AT_ONCE_MOST = 3


def may_be_told(url: str) -> bool:
    """Return whether ``url`` is one of the web with a host in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


class Outside:
    """Tells one address that the watch is well, at most once a minute.

    It is asked in a thread of its own, so that an address that hangs never holds up
    the tick. Files and other schemes are never opened, not even by redirection.
    """

    def __init__(self, url: str) -> None:
        self._url = url if may_be_told(url) else ""
        self._told_at: datetime | None = None
        self._threads: list[threading.Thread] = []
        self._opener = _opener()
        if url and not self._url:
            logger.error(
                "SHOUWANG_HEARTBEAT_URL is no http or https address: nobody is told."
            )

    def beat(self, *, now: datetime) -> None:
        """Tell that all is well at ``now``; returns at once."""
        if not self._url or not self._is_due(now):
            return
        self._threads = [row for row in self._threads if row.is_alive()]
        if len(self._threads) >= AT_ONCE_MOST:
            OUTSIDE.labels(result="failed").inc()
            return
        self._told_at = now
        thread = threading.Thread(target=self._tell, name="outside", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _is_due(self, now: datetime) -> bool:
        # A clock that was set back must not silence it until that time comes again.
        return self._told_at is None or abs(now - self._told_at) >= TELL_EVERY

    def _tell(self) -> None:
        try:
            self._opener.open(self._url, timeout=ANSWER_WITHIN_SECONDS).close()
        except Exception as error:  # noqa: BLE001 -- whatever the outside does, the watch goes on
            # Its words may hold the address, which is a secret.
            told = error.code if isinstance(error, HTTPError) else type(error).__name__
            logger.warning("The outside heart-beat address did not answer: %s", told)
            OUTSIDE.labels(result="failed").inc()
            return
        OUTSIDE.labels(result="answered").inc()

    def wait(self, seconds: float) -> None:
        """Wait until whoever is being told has answered, at most so long."""
        for thread in self._threads:
            thread.join(seconds)


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens the web and nothing else; proxies of the machine are used."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
