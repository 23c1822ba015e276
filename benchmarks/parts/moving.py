"""The program's clock, moved: it runs as ours does, or stands where it is put."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shouwang.common import clock

_real = clock.now


class Moved:
    """A clock of this process, in every thread; ``clock.now`` is replaced by it."""

    def __init__(self) -> None:
        self._shift = timedelta(0)
        self._stands: datetime | None = None
        clock.now = self.now

    def now(self) -> datetime:
        """Return the moved moment, aware, in UTC."""
        return self._stands or _real() + self._shift

    def run_from(self, moment: datetime) -> None:
        """Let it be ``moment`` now, and go on from there."""
        self._stands, self._shift = None, moment - _real()

    def step(self, by: timedelta) -> None:
        """Set it forward, or back."""
        self._shift += by

    def stand(self, moment: datetime) -> None:
        """Let it be ``moment`` until it is put elsewhere."""
        self._stands = moment.astimezone(UTC)
