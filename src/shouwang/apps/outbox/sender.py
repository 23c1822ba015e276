"""The sender's thread: turn after turn, until told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from shouwang.apps.outbox.sending import Sender
from shouwang.common import clock

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
# Short, so that what becomes due meanwhile need not wait for a slow answer.
PATIENCE_SECONDS = 0.2
AFTER_A_FAULT_SECONDS = 2.0


class SenderThread:
    """Keeps the outbox empty beside the runner, whose tick never waits for a provider."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender")

    def start(self) -> None:
        """Begin sending in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand, note it, and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        sender = Sender()
        while not self._stop.is_set():
            close_old_connections()
            self._stop.wait(self.turn(sender))
        try:
            sender.close()
        except Exception:
            logger.exception("What was sent last could not be noted")
        close_old_connections()

    def turn(self, sender: Sender) -> float:
        """Do what can be done now; return how many seconds there is nothing to do.

        Slow work is done a piece at a time, and only while no message waits.
        """
        try:
            is_busy = sender.turn(now=clock.now(), patience=PATIENCE_SECONDS)
            if not is_busy:
                is_busy = any(run(now=clock.now()) for run in _slow_work())
        except Exception:
            # The database is locked or gone: what was claimed is claimed anew later.
            logger.exception("The sender failed and will try again")
            return AFTER_A_FAULT_SECONDS
        return 0.0 if is_busy else IDLE_SECONDS


def _slow_work() -> list[Callable[..., object]]:
    return [import_string(path) for path in settings.SENDER_PASSES]
