"""What is seen while an alert is open joins it, retracts it, or ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shouwang.apps.alerts.climbing import Batch, standing_of, take
from shouwang.apps.alerts.models import Alert, AlertCheck
from shouwang.apps.alerts.opening import holders_of
from shouwang.apps.alerts.people import Person
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.selectors import facts_of, terms_of_check
from shouwang.apps.watch.services import Changed
from shouwang.domain import ladder
from shouwang.domain.alerts import (
    SETTLED,
    AlertKind,
    Outcome,
    came_in_time,
    over_by_evidence,
)
from shouwang.domain.facts import HomeFacts
from shouwang.domain.ladder import AlertState, Did
from shouwang.domain.signals import CONTACT
from shouwang.domain.status import Status, status_of

# A contact with one of these results means that all is well with her.
REACHES = frozenset({"spoke", "bell_answered", "vouched"})


def looks_join(
    batch: Batch, alerts: dict[int, Alert], looks: Sequence[Sighting]
) -> None:
    """Whatever is seen while an alert is open belongs to it."""
    for look in looks:
        alert = alerts.get(look.home_id)
        if alert is None:
            continue
        words = f"{look.signal}: {look.state or look.could_not_see}"
        batch.event(
            alert,
            Did.JOINED,
            at=max(look.seen_at, alert.opened_at),
            by=_looked(look),
            note=f"{words} · {look.by_words}" if look.by_words else words,
        )
        if _tells_of_now(look, alert):
            _reached(batch, alert, look)


def _tells_of_now(look: Sighting, alert: Alert) -> bool:
    """Return whether somebody reached her since the alert's cause, not before it."""
    is_reached = look.signal == CONTACT and look.state in REACHES
    return is_reached and look.seen_at >= alert.opened_at


def _reached(batch: Batch, alert: Alert, look: Sighting) -> None:
    """Somebody has reached her: the ladder rests with them until they close it."""
    by = _looked(look)
    climb = ladder.reach(standing_of(alert), by=by.key if by else None, now=batch.now)
    if climb.moves:
        take(batch, alert, climb, [])


def _looked(look: Sighting) -> Person | None:
    return Person(member_id=look.by_id) if look.by_id else None


def alerts_settle(
    batch: Batch, alerts: dict[int, Alert], settled: Sequence[Changed]
) -> None:
    """Late evidence retracts; evidence alone ends what nobody needs to ask about."""
    if not settled:
        return
    homes = {row.row.home_id for row in settled}
    standing = [
        row
        for home_id, row in sorted(alerts.items())
        if home_id in homes and row.state != AlertState.CLOSED.value
    ]
    evidence = _evidence_of(batch, standing)
    facts = _facts_about(batch, evidence)
    for alert in standing:
        checks = evidence[alert.pk]
        if not checks:
            continue
        if alert.retracted_at is None and _in_time(alert, checks, facts):
            _retract(batch, alert)
        elif over_by_evidence(
            AlertKind(alert.kind), [Status(row.status) for row in checks]
        ):
            close_by_rule(batch, alert, Outcome.SEEN_AFTER_ALL)


def _evidence_of(batch: Batch, alerts: Sequence[Alert]) -> dict[int, list[Check]]:
    found: dict[int, list[Check]] = {row.pk: [] for row in alerts}
    rows = AlertCheck.objects.of(batch.community).filter(alert__in=alerts)
    for row in rows.select_related("check_row").order_by("pk"):
        found[row.alert_id].append(row.check_row)
    return found


def _facts_about(
    batch: Batch, evidence: Mapping[int, Sequence[Check]]
) -> dict[int, HomeFacts]:
    checks = [row for rows in evidence.values() for row in rows]
    if not checks:
        return {}
    since = min(row.opens_at for row in checks)
    return facts_of(batch.community, {row.home_id for row in checks}, since=since)


def _in_time(
    alert: Alert, evidence: Sequence[Check], facts: Mapping[int, HomeFacts]
) -> bool:
    if alert.kind == AlertKind.HELP.value:
        return False
    if alert.kind == AlertKind.UNUSUAL.value:
        return all(_was_settled(row, facts[row.home_id], alert) for row in evidence)
    return all(
        came_in_time(terms_of_check(row), facts[row.home_id], alert_at=row.alert_at)
        for row in evidence
    )


def _was_settled(row: Check, facts: HomeFacts, alert: Alert) -> bool:
    """Return whether, by what is known now, all was well before anybody was asked."""
    told = status_of(terms_of_check(row), facts, now=alert.opened_at)
    return told.status in SETTLED


def _retract(batch: Batch, alert: Alert) -> None:
    alert.retracted_at = batch.now
    batch.event(alert, Did.RETRACTED, at=batch.now)
    holders = holders_of(alert)
    if holders:
        batch.tell(alert, holders, ask="", key="retracted")
        batch.moved[alert.pk] = alert
    else:
        close_by_rule(batch, alert, Outcome.SEEN_IN_TIME)


def close_by_rule(batch: Batch, alert: Alert, outcome: Outcome) -> None:
    """Close an alert that evidence alone has ended."""
    alert.state, alert.next_at = AlertState.CLOSED.value, None
    alert.closed_at, alert.outcome = batch.now, outcome.value
    batch.event(alert, Did.CLOSED, at=batch.now, note=outcome.value)
    batch.moved[alert.pk] = alert
