"""An alert closed with "needs help" opens a need that keeps the link."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.alerts.models import Alert
from shouwang.apps.care.services import NeedDraft, need_open
from shouwang.apps.communities.models import Member
from shouwang.domain.alerts import AlertKind, Outcome
from shouwang.domain.ladder import Risk
from shouwang.domain.needs import NeedKind, Source, urgency_after_alert


def alert_closed(*, alert: Alert, by: Member, now: datetime) -> None:
    """Open the need of an alert that turned out so; a second call changes nothing."""
    if alert.outcome != Outcome.NEEDS_HELP.value or alert.home is None:
        return
    urgency = urgency_after_alert(AlertKind(alert.kind), Risk(alert.home.risk))
    draft = NeedDraft(
        kind=NeedKind.OTHER.value,
        urgency=urgency.value,
        source=Source.ALERT.value,
        words=alert.override,
    )
    need_open(home=alert.home, draft=draft, by=by, now=now, alert=alert)
