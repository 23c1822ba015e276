"""The day an absence ends, somebody asks whether she is back (watch-rules.md, 5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.opening import Cause, alerts_raise, open_alerts
from shouwang.apps.residents.models import Absence
from shouwang.apps.watch.selectors import facts_of
from shouwang.domain.alerts import AlertKind
from shouwang.domain.facts import Absence as AbsenceTerms
from shouwang.domain.patterns import return_is_known
from shouwang.domain.status import clean

ASK_AT_ONCE = 200


def returns_ask_due(*, now: datetime) -> int:
    """Ask about every absence whose time has come; return how many were seen to."""
    due = (
        Absence.objects.across("the runner serves every community")
        .filter(ask_at__lte=now, asked_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("community", "home")
        .order_by("ask_at", "pk")[:ASK_AT_ONCE]
    )
    return sum(_ask(row, now) for row in due)


@transaction.atomic
def _ask(absence: Absence, now: datetime) -> bool:
    """Claim an absence, so that two runners never ask twice, and open its alert."""
    claimed = (
        Absence.objects.of(absence.community_id)
        .filter(pk=absence.pk, asked_at__isnull=True, withdrawn_at__isnull=True)
        .update(asked_at=now)
    )
    if not claimed or absence.home.archived_at is not None or _is_known(absence, now):
        return bool(claimed)
    batch = Batch(community=absence.community, now=now)
    cause = Cause(
        home_id=absence.home_id,
        kind=AlertKind.RETURN_CHECK,
        at=absence.ask_at or now,
    )
    alerts_raise(batch, open_alerts(absence.community, [absence.home_id]), [cause])
    batch.write()
    return True


def _is_known(absence: Absence, now: datetime) -> bool:
    found = facts_of(absence.community, [absence.home_id], since=now)
    return return_is_known(
        clean(found[absence.home_id], now=now),
        AbsenceTerms(from_at=absence.from_at, until_at=absence.until_at),
        zone=absence.community.zone,
        now=now,
    )
