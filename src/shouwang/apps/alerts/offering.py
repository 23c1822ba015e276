"""Whoever is asked to walk a round is told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from shouwang.apps.alerts.models import OutboxMessage
from shouwang.apps.rounds.models import Offer

ROUND_OFFERED = "round_offered"


@transaction.atomic
def offers_tell_due(*, now: datetime) -> int:
    """Queue a message for each offer nobody was told of; return how many."""
    rows = list(
        Offer.objects.across("the runner serves every community")
        .filter(told_at__isnull=True)
        .order_by("asked_at", "pk")
    )
    for row in rows:
        OutboxMessage.objects.of(row.community_id).bulk_create(
            [
                OutboxMessage(
                    community_id=row.community_id,
                    offer=row,
                    key=f"offer:{row.pk}",
                    to_member_id=row.member_id,
                    channel=settings.NOTIFY_CHANNEL,
                    about=ROUND_OFFERED,
                    priority=1,
                    queued_at=now,
                    next_at=now,
                )
            ],
            ignore_conflicts=True,
        )
    keys = [row.pk for row in rows]
    Offer.objects.across("the same rows").filter(pk__in=keys).update(told_at=now)
    return len(rows)
