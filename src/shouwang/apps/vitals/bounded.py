"""A question that is answered in time, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import connections

from shouwang.common import clock

Answer = TypeVar("Answer")
# One that hangs for so long is left behind, so that the next may succeed.
LEFT_BEHIND_SECONDS = 60.0


class NoAnswerError(Exception):
    """Nothing came back in time."""


class Bounded(Generic[Answer]):
    """Asks the database in a thread of its own, and waits only so long.

    A database that hangs, or is locked, must not make the question about it hang as
    well. Who asks while it is being asked waits for the same answer: however many
    ask, one thread waits for the database.
    """

    def __init__(self, question: Callable[[], Answer], *, seconds: float) -> None:
        self._question = question
        self._seconds = seconds
        self._lock = threading.Lock()
        self._running: Future[Answer] | None = None
        self._began = 0.0

    def ask(self) -> Answer:
        """Return the answer; whatever the question raised is raised here.

        Raises
        ------
        NoAnswerError
            When none came within the seconds.
        """
        running = self._asked()
        try:
            return running.result(timeout=self._seconds)
        except TimeoutError as error:
            raise NoAnswerError from error

    def _asked(self) -> Future[Answer]:
        with self._lock:
            old = self._running
            hangs = clock.steady() - self._began > LEFT_BEHIND_SECONDS
            if old is not None and not old.done() and not hangs:
                return old
            self._running, self._began = Future(), clock.steady()
            threading.Thread(
                target=self._answer, args=(self._running,), name="vitals", daemon=True
            ).start()
            return self._running

    def _answer(self, future: Future[Answer]) -> None:
        try:
            future.set_result(self._question())
        except Exception as error:  # noqa: BLE001 -- handed to whoever asked
            future.set_exception(error)
        finally:
            # Of this thread: nobody else would close them.
            connections.close_all()
