"""When nobody was watching, people are told from when on (watch-rules.md, 5 and 7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.opening import begin, new_alert
from shouwang.apps.communities.models import Community
from shouwang.apps.watch.selectors import heartbeat
from shouwang.domain.alerts import AlertKind


def stalls_tell(*, now: datetime) -> int:
    """Open one alert a community when the heart is old; return how many opened.

    Its time is the last beat: from then on nobody can say that all was decided in
    time. A community is told once about each stop, whoever closes that alert.
    """
    heart = heartbeat(now=now)
    stopped_at = heart["beat_at"]
    if stopped_at is None or not heart["stale"]:
        return 0
    watching = Community.objects.filter(checks_until_on__isnull=False)
    return sum(_tell(row, stopped_at, now) for row in watching.order_by("pk"))


@transaction.atomic
def _tell(community: Community, stopped_at: datetime, now: datetime) -> bool:
    Community.objects.select_for_update().get(pk=community.pk)
    kind = AlertKind.WATCH_STALLED
    known = Alert.objects.of(community).filter(kind=kind.value, opened_at=stopped_at)
    if known.exists():
        return False
    batch = Batch(community=community, now=now)
    alert = new_alert(batch, kind, stopped_at, risk=None)
    alert.save(force_insert=True)
    begin(batch, alert, directory(community, (), now=now).reach(alert))
    batch.write()
    return True
