"""What asking about homes before their deadlines found, and what it cost."""

from __future__ import annotations

from datetime import date

from shouwang.apps.alerts.models import AlertCheck
from shouwang.apps.communities.models import Community
from shouwang.domain.alerts import AlertKind, Outcome
from shouwang.domain.unusual import Asked, Early, early_of


def early_between(community: Community, *, first: date, last: date) -> Early:
    """Return what was asked early on local days, both included, and its end."""
    rows = (
        AlertCheck.objects.of(community)
        .filter(kind=AlertKind.UNUSUAL.value, alert__on__gte=first, alert__on__lte=last)
        .values_list("joined_at", "check_row__alert_at", "alert__outcome")
    )
    return early_of(
        [
            Asked(
                asked_at=joined_at,
                alert_at=alert_at,
                outcome=Outcome(outcome) if outcome else None,
            )
            for joined_at, alert_at, outcome in rows
        ]
    )
