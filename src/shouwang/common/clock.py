"""The only reader of the clock.

Everything else takes ``now`` as an argument, so that a day can be told again, and
rehearsed, at any speed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware), in a rehearsal or a test."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def steady() -> float:
    """Return seconds that only grow, to measure how long something takes.

    They say nothing of the date, and no change of the clock moves them.
    """
    return time.monotonic()


def worked() -> float:
    """Return the seconds of processor time this process has used, to measure work.

    What else the machine does meanwhile is not in them.
    """
    return time.process_time()


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return ``moment`` as people in ``zone`` read it."""
    return moment.astimezone(zone)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """Return the date people in ``zone`` write at ``moment``."""
    return moment.astimezone(zone).date()
