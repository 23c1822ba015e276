"""Changes of status open, feed and retract alerts (watch-rules.md, 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.missed_rounds import hold_back, rounds_settle
from shouwang.apps.alerts.opening import Cause, alerts_raise, open_alerts
from shouwang.apps.alerts.settling import alerts_settle, looks_join
from shouwang.apps.communities.models import Community
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.selectors import facts_of
from shouwang.apps.watch.services import Changed
from shouwang.common.clock import local_day
from shouwang.domain.alerts import (
    SETTLED,
    AlertKind,
    kind_for,
)
from shouwang.domain.facts import HomeFacts
from shouwang.domain.patterns import activity_while_away, shut_with_lamp_on
from shouwang.domain.status import clean, unanswered_cries


def changes_follow(
    *,
    community: Community,
    changes: Sequence[Changed],
    looks: Sequence[Sighting],
    now: datetime,
) -> None:
    """Bring the alerts of a community in line with what just changed."""
    batch = Batch(community=community, now=now)
    home_ids = {row.row.home_id for row in changes} | {row.home_id for row in looks}
    alerts = open_alerts(community, home_ids)
    looks_join(batch, alerts, looks)
    causes = [*_causes_of(changes), *_causes_of_looks(community, looks, now)]
    causes = hold_back(batch, causes)
    alerts_raise(batch, alerts, causes)
    settled = [row for row in changes if row.to_status in SETTLED]
    alerts_settle(batch, alerts, settled)
    rounds_settle(batch, settled)
    batch.write()


def _causes_of(changes: Iterable[Changed]) -> Iterable[Cause]:
    for change in changes:
        kind = kind_for(change.to_status)
        # What was told again on the way may have passed: only where it stands counts.
        if kind is not None and change.row.status == change.to_status.value:
            yield Cause(
                home_id=change.row.home_id,
                kind=kind,
                at=change.changed_at,
                check_row=change.row,
            )


def _causes_of_looks(
    community: Community, looks: Sequence[Sighting], now: datetime
) -> list[Cause]:
    if not looks:
        return []
    home_ids = {row.home_id for row in looks}
    since = min(row.seen_at for row in looks)
    found = facts_of(community, home_ids, since=since)
    causes = []
    for home_id, facts in found.items():
        seen = clean(facts, now=now)
        new = {str(row.pk) for row in looks if row.home_id == home_id}
        causes += _cries(home_id, seen, new)
        causes += _patterns(home_id, seen, community, new)
    return causes


def _cries(home_id: int, facts: HomeFacts, new: Collection[str]) -> list[Cause]:
    return [
        Cause(home_id=home_id, kind=AlertKind.HELP, at=row.seen_at)
        for row in unanswered_cries(facts)
        if row.id in new
    ]


def _patterns(
    home_id: int, facts: HomeFacts, community: Community, new: Collection[str]
) -> list[Cause]:
    days = {
        local_day(row.seen_at, community.zone)
        for row in facts.sightings
        if row.id in new
    }
    noticed = [
        *(
            shut_with_lamp_on(facts, zone=community.zone, on=day)
            for day in sorted(days)
        ),
        *(activity_while_away(facts, absence) for absence in facts.absences),
    ]
    return [
        Cause(home_id=home_id, kind=AlertKind.PATTERN, at=row.at)
        for row in noticed
        if row is not None and any(look.id in new for look in row.sightings)
    ]
