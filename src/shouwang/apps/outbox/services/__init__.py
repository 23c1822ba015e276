"""Writes of the outbox: messages become rows, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.apps.outbox.models import OutboxMessage

WRITE_AT_ONCE = 500


def messages_queue(rows: Iterable[OutboxMessage]) -> None:
    """Queue messages, of one transaction with what they are about.

    A key that was queued before is not queued again.
    """
    OutboxMessage.unscoped.bulk_create(
        rows, batch_size=WRITE_AT_ONCE, ignore_conflicts=True
    )
