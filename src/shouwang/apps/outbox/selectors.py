"""Reads of the outbox, for whoever watches over it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from shouwang.apps.outbox.models import OutboxMessage


def outbox_is_due(*, now: datetime) -> bool:
    """Return whether any message waits to go out at ``now``."""
    rows = OutboxMessage.objects.across("the sender serves every community")
    return rows.filter(next_at__lte=now).exists()


def outbox_waiting_since() -> datetime | None:
    """Return since when the message waits that should have gone out first."""
    rows = OutboxMessage.objects.across("the monitor looks at everything")
    oldest: datetime | None = rows.filter(next_at__isnull=False).aggregate(
        at=Min("next_at")
    )["at"]
    return oldest
