"""The round, not the person: one alert where a round was not walked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.directory import directory
from shouwang.apps.alerts.models import Alert, AlertCheck
from shouwang.apps.alerts.opening import (
    Cause,
    alerts_raise,
    begin,
    new_alert,
    open_alerts,
)
from shouwang.apps.alerts.settling import close_by_rule
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import RoundPlan
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.services import Changed
from shouwang.domain.alerts import (
    ROUND_HOLDS_BACK,
    AlertKind,
    Outcome,
    RoundCheck,
    held_back_until,
    round_is_missed,
)
from shouwang.domain.ladder import AlertState
from shouwang.domain.status import Status


def hold_back(batch: Batch, causes: list[Cause]) -> list[Cause]:
    """Where a round was missed, one alert opens for it instead of one for each home."""
    unseen = [
        cause
        for cause in causes
        if cause.kind is AlertKind.NOT_LOOKED and cause.check_row is not None
    ]
    if not unseen:
        return causes
    plan = batch.plan
    held: set[int] = set()
    by_round: defaultdict[tuple[int, date], list[Cause]] = defaultdict(list)
    rounds = {row.pk: row for row in plan.rounds}
    for cause in unseen:
        row = cause.check_row
        if row is None:
            continue
        found = plan.round_at(
            row.home_id, on=row.on, begin=row.opens_at, end=row.alert_at
        )
        if found is not None:
            by_round[found.pk, row.on].append(cause)
    for (round_id, on), members in by_round.items():
        alert = _round_alert(batch, rounds[round_id], on, members)
        if alert is None:
            continue
        until = held_back_until(round_alert_at=alert.opened_at)
        held |= {id(row) for row in members if batch.now < until}
    return [cause for cause in causes if id(cause) not in held]


def _round_alert(
    batch: Batch, walked: Round, on: date, unseen: Sequence[Cause]
) -> Alert | None:
    standing = Alert.objects.of(batch.community).filter(round=walked, on=on).first()
    if standing is not None:
        return standing
    at = max(cause.at for cause in unseen)
    if not round_is_missed(_round_checks(batch.plan, walked, on), at=at):
        return None
    alert = new_alert(batch, AlertKind.ROUND_MISSED, at, risk=None)
    alert.round, alert.on = walked, on
    alert.save(force_insert=True)
    people = directory(batch.community, (), plan=batch.plan, now=batch.now)
    begin(batch, alert, people.reach(alert))
    return alert


def _checks_on(plan: RoundPlan, walked: Round, on: date) -> QuerySet[Check]:
    """Return the checks on a local date of the homes a round of ``plan`` passes."""
    homes = [key for key, rounds in plan.of_home.items() if walked.pk in rounds]
    return (
        Check.objects.of(plan.community)
        .filter(on=on, home_id__in=homes, stopped_at__isnull=True)
        .order_by("home_id", "opens_at", "pk")
    )


def _round_checks(plan: RoundPlan, walked: Round, on: date) -> list[RoundCheck]:
    rows = _checks_on(plan, walked, on).values_list(
        "home_id", "opens_at", "alert_at", "status"
    )
    return [
        RoundCheck(status=Status(status), alert_at=alert_at)
        for home_id, opens_at, alert_at, status in rows
        if plan.round_at(home_id, on=on, begin=opens_at, end=alert_at) == walked
    ]


def _checks_unseen(plan: RoundPlan, walked: Round, on: date) -> list[Check]:
    rows = _checks_on(plan, walked, on).filter(status=Status.NOT_LOOKED.value)
    return [
        row
        for row in rows
        if plan.round_at(row.home_id, on=on, begin=row.opens_at, end=row.alert_at)
        == walked
    ]


def rounds_settle(batch: Batch, settled: Sequence[Changed]) -> None:
    """End the alert of a round that was walked after all, to its last window."""
    if not settled:
        return
    days = {row.row.on for row in settled}
    standing = (
        Alert.objects.of(batch.community)
        .filter(round__isnull=False, on__in=days)
        .exclude(state=AlertState.CLOSED.value)
        .select_related("round")
    )
    for alert in standing:
        if alert.round is None:
            continue
        rows = _round_checks(batch.plan, alert.round, alert.on)
        if all(row.status is not Status.NOT_LOOKED for row in rows):
            close_by_rule(batch, alert, Outcome.ROUND_WALKED)


def held_back_open_due(*, now: datetime) -> int:
    """Open the alerts of homes still not looked at when their round's hold is over."""
    over = (
        Alert.objects.across("the runner serves every community")
        .filter(
            kind=AlertKind.ROUND_MISSED.value,
            opened_at__lte=now - ROUND_HOLDS_BACK,
            released_at__isnull=True,
        )
        .select_related("round", "community")
    )
    return sum(_release(alert, now) for alert in over)


@transaction.atomic
def _release(alert: Alert, now: datetime) -> int:
    claimed = (
        Alert.objects.of(alert.community_id)
        .filter(pk=alert.pk, released_at__isnull=True)
        .update(released_at=now)
    )
    if not claimed or alert.round is None:
        return 0
    batch = Batch(community=alert.community, now=now)
    unseen = _checks_unseen(batch.plan, alert.round, alert.on)
    causes = [
        Cause(
            home_id=row.home_id,
            kind=AlertKind.NOT_LOOKED,
            at=max(row.alert_at, held_back_until(round_alert_at=alert.opened_at)),
            check_row=row,
        )
        for row in unseen
    ]
    alerts = open_alerts(alert.community, {row.home_id for row in unseen})
    known = set(
        AlertCheck.objects.of(alert.community)
        .filter(check_row__in=unseen)
        .values_list("check_row_id", flat=True)
    )
    alerts_raise(
        batch,
        alerts,
        [row for row in causes if row.check_row and row.check_row.pk not in known],
    )
    batch.write()
    return len(causes)
