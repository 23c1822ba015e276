"""An alert opens for a home, or new evidence joins the one that is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwang.apps.alerts.climbing import Batch, take, take_new
from shouwang.apps.alerts.directory import Directory, directory
from shouwang.apps.alerts.models import Alert, AlertCheck, Commitment
from shouwang.apps.alerts.people import Person
from shouwang.apps.alerts.policies import steps_json, steps_of
from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local, local_day
from shouwang.domain import ladder
from shouwang.domain.alerts import (
    AlertKind,
)
from shouwang.domain.ladder import AlertState, Did, Risk, policy_for


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why an alert should be open for a home, since when."""

    home_id: int
    kind: AlertKind
    at: datetime
    check_row: Check | None = None
    # Whose ladder is climbed, where it is not that of ``kind``.
    ladder: AlertKind | None = None


def open_alerts(community: Community, home_ids: Collection[int]) -> dict[int, Alert]:
    """Return the open alert of each home that has one, locked."""
    rows = (
        Alert.objects.of(community)
        .filter(home_id__in=home_ids)
        .exclude(state=AlertState.CLOSED.value)
        .order_by("pk")
        .select_for_update()
    )
    return {row.home_id: row for row in rows if row.home_id is not None}


def alerts_raise(
    batch: Batch, alerts: dict[int, Alert], causes: Sequence[Cause]
) -> None:
    """Open an alert for each home that has none; join the one that is open."""
    by_home: defaultdict[int, list[Cause]] = defaultdict(list)
    for cause in causes:
        by_home[cause.home_id].append(cause)
    if not by_home:
        return
    people = directory(batch.community, by_home, plan=batch.plan, now=batch.now)
    fresh = {home: row for home, row in by_home.items() if home not in alerts}
    _open(batch, alerts, fresh, people)
    for home_id, found in by_home.items():
        if home_id not in fresh:
            _join(batch, alerts[home_id], found, people)


def _open(
    batch: Batch,
    alerts: dict[int, Alert],
    by_home: dict[int, list[Cause]],
    people: Directory,
) -> None:
    if not by_home:
        return
    risks = dict(
        Home.objects.of(batch.community)
        .filter(pk__in=by_home)
        .values_list("pk", "risk")
    )
    rows = []
    for home_id, causes in by_home.items():
        first = min(causes, key=lambda row: (row.kind.urgency, row.at))
        alert = new_alert(
            batch,
            first.kind,
            first.at,
            risk=Risk(risks[home_id]),
            climbs=first.ladder,
        )
        alert.home_id = home_id
        rows.append(alert)
    for alert in Alert.objects.of(batch.community).bulk_create(rows):
        alerts[alert.home_id or 0] = alert
        begin(batch, alert, people.reach(alert))
    _evidence(batch, alerts, [row for rows in by_home.values() for row in rows])


def new_alert(
    batch: Batch,
    kind: AlertKind,
    at: datetime,
    *,
    risk: Risk | None,
    climbs: AlertKind | None = None,
) -> Alert:
    """Return an unsaved alert with the ladder that fits, copied into it.

    It climbs the ladder of ``climbs`` where that is given, else that of its kind.
    """
    zone = batch.community.zone
    policy = policy_for(
        batch.policies, kind=climbs or kind, risk=risk, local=local(at, zone).time()
    )
    return Alert(
        community=batch.community,
        kind=kind.value,
        on=local_day(at, zone),
        opened_at=at,
        noticed_at=batch.now,
        policy_name=policy.name if policy else "",
        steps=steps_json(policy.steps) if policy else [],
    )


def begin(batch: Batch, alert: Alert, people: Sequence[Sequence[Person]]) -> None:
    """Note that an alert opened and tell its first step."""
    batch.event(alert, Did.OPENED, at=alert.opened_at)
    climb = ladder.begin(
        steps_of(alert.steps), [len(row) for row in people], now=batch.now
    )
    take_new(batch, alert, climb, people)


def _evidence(batch: Batch, alerts: dict[int, Alert], causes: Iterable[Cause]) -> None:
    AlertCheck.objects.of(batch.community).bulk_create(
        (
            AlertCheck(
                community=batch.community,
                alert=alerts[cause.home_id],
                check_row=cause.check_row,
                kind=cause.kind.value,
                joined_at=batch.now,
            )
            for cause in causes
            if cause.check_row is not None
        ),
        ignore_conflicts=True,
    )


def _join(
    batch: Batch, alert: Alert, causes: Sequence[Cause], people: Directory
) -> None:
    """Join new evidence to the open alert; a more urgent kind begins its own ladder."""
    _evidence(batch, {alert.home_id or 0: alert}, causes)
    for kind in sorted({cause.kind for cause in causes}, key=lambda k: k.urgency):
        if kind.value != alert.kind:
            batch.event(alert, Did.JOINED, at=batch.now, kind=kind.value)
    first = min(causes, key=lambda row: row.kind.urgency)
    if first.kind.urgency >= AlertKind(alert.kind).urgency:
        batch.moved[alert.pk] = alert
        return
    home = Home.objects.of(batch.community).get(pk=first.home_id)
    ladder_of = new_alert(batch, first.kind, batch.now, risk=Risk(home.risk))
    alert.kind = first.kind.value
    alert.steps, alert.policy_name = ladder_of.steps, ladder_of.policy_name
    alert.step = 0
    reach = people.reach(alert)
    holders = holders_of(alert)
    if holders:
        # Somebody has it in hand: they are told, and the new ladder waits for them.
        batch.tell(alert, holders, ask="", key=f"upgraded:{alert.kind}")
        batch.moved[alert.pk] = alert
        return
    climb = ladder.begin(
        steps_of(alert.steps), [len(row) for row in reach], now=batch.now
    )
    take(batch, alert, climb, reach)


def holders_of(alert: Alert) -> list[Person]:
    """Return who has an alert in hand."""
    going = Commitment.objects.of(alert.community_id).filter(
        alert=alert, ended_at__isnull=True
    )
    held = [Person(member_id=row.member_id, contact_id=row.contact_id) for row in going]
    if not held and alert.state == AlertState.ACKNOWLEDGED.value:
        taken = alert.events.filter(did=Did.ACKNOWLEDGED.value).order_by("-pk").first()
        if taken and taken.actor:
            held = [Person(member_id=taken.by_id, contact_id=taken.by_contact_id)]
    return held
