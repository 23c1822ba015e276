"""What was told about alerts, for those who count it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, QuerySet

from shouwang.apps.alerts.models import Alert
from shouwang.apps.outbox.models import OutboxMessage


def first_sent_at(
    alerts: QuerySet[Alert], *, community_ids: Collection[int]
) -> Mapping[int, datetime]:
    """Return when a first message about each of ``alerts`` went out, where one did.

    ``community_ids`` are theirs: the index of the outbox begins with it.
    """
    rows = (
        OutboxMessage.objects.across("the alerts were chosen by the reader's rights")
        .filter(
            community_id__in=community_ids,
            subject_type=ContentType.objects.get_for_model(Alert),
            subject_id__in=alerts.order_by().values("pk"),
            sent_at__isnull=False,
        )
        .values_list("subject_id")
        .annotate(first=Min("sent_at"))
        .order_by()
    )
    return dict(rows)
