"""Whether the program lives, in three quick reads; nothing personal is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from shouwang.apps.alerts.models import Alert
from shouwang.apps.outbox.selectors import Waiting, outbox_waiting
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.selectors import DECIDED_WITHIN, HEART_OLD_AFTER, heartbeat
from shouwang.domain.ladder import AlertState

# A message that waits this long past its time: nobody sends, or everything is stuck.
OUTBOX_LATE_AFTER = timedelta(minutes=2)
COUNTED_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """How old the heart is (``None``: it never beat), and how late the outbox."""

    heart_age: timedelta | None
    outbox: Waiting

    @property
    def is_heart_well(self) -> bool:
        """Return whether the auditor found all decided in time a moment ago."""
        return self.heart_age is not None and self.heart_age <= HEART_OLD_AFTER

    @property
    def is_outbox_well(self) -> bool:
        """Return whether no message waits long past its time."""
        return self.outbox.overdue <= OUTBOX_LATE_AFTER


def pulse_read(*, now: datetime) -> Pulse:
    """Return how the program is at ``now``."""
    beat_at = heartbeat(now=now)["beat_at"]
    age = None if beat_at is None else max(now - beat_at, timedelta(0))
    return Pulse(heart_age=age, outbox=outbox_waiting(now=now))


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What there is to do: open alerts by (community, kind, state), checks overdue."""

    pulse: Pulse
    alerts: Mapping[tuple[int, str, str], int]
    checks_overdue: int


def counts_read(*, now: datetime) -> Counts:
    """Return the numbers for an outside monitor; communities by their number only."""
    overdue = Check.objects.across("the program counts its own work").filter(
        next_at__lte=now - DECIDED_WITHIN
    )
    return Counts(
        pulse=pulse_read(now=now),
        alerts={(row[0], row[1], row[2]): row[3] for row in _open_alerts()},
        checks_overdue=overdue.order_by()[:COUNTED_MOST].count(),
    )


def _open_alerts() -> Sequence[tuple[int, str, str, int]]:
    rows = Alert.objects.across("the program counts its own work").exclude(
        state=AlertState.CLOSED.value
    )
    return list(
        rows.order_by()
        .values_list("community_id", "kind", "state")
        .annotate(count=Count("pk"))
    )
