"""The runner: every second it does what is due, audits itself, and beats its heart.

It knows nothing of alerts or messages: its passes and audits are named in settings.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from shouwang.apps.watch.models import Heartbeat
from shouwang.apps.watch.selectors import WATCH
from shouwang.apps.watch.telling import Outside
from shouwang.common import clock, metrics

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0

Pass = Callable[..., object]
Audit = Callable[..., list[str]]


class Runner:
    """Runs the passes on a tick until told to stop."""

    def __init__(self) -> None:
        self.passes: Sequence[Pass] = [
            import_string(path) for path in settings.RUNNER_PASSES
        ]
        self.audits: Sequence[Audit] = [
            import_string(path) for path in settings.RUNNER_AUDITS
        ]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="runner")
        self._outside = Outside(settings.HEARTBEAT_URL)

    def start(self) -> None:
        """Begin ticking in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the tick in progress and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            close_old_connections()
            self.tick(now=clock.now())
            self._stop.wait(TICK_SECONDS)
        close_old_connections()

    def tick(self, *, now: datetime) -> bool:
        """Do everything due; beat the heart and return true if all of it went well."""
        with metrics.TICK_SECONDS.time():
            return self._tick(now)

    def _tick(self, now: datetime) -> bool:
        failed = [row for row in self.passes if not self._pass(row, now)]
        complaints = [
            words for audit in self.audits for words in self._audit(audit, now)
        ]
        for words in complaints:
            logger.error("The auditor: %s", words)
        if failed or complaints:
            return False
        return self._beat(now)

    def _pass(self, run: Pass, now: datetime) -> bool:
        name = getattr(run, "__name__", "pass")
        try:
            with metrics.PASS_SECONDS.labels(run=name).time():
                run(now=now)
        except Exception:
            logger.exception("A pass failed and will be tried again")
            metrics.PASS_FAILURES.labels(run=name).inc()
            return False
        return True

    def _audit(self, audit: Audit, now: datetime) -> list[str]:
        try:
            return audit(now=now)
        except Exception as error:
            logger.exception("An audit failed")
            return [f"audit failed: {error}"]

    def _beat(self, now: datetime) -> bool:
        try:
            Heartbeat.objects.update_or_create(name=WATCH, defaults={"beat_at": now})
        except Exception:
            logger.exception("The heart could not be written")
            return False
        self._outside.beat(now=now)
        return True
