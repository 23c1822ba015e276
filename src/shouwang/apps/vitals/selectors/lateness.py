"""What was late on a day of a community, so that its coordinator can be told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db.models import F

from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.communities.models import Community
from shouwang.apps.desk.selectors.cases import cases_between
from shouwang.apps.outbox.selectors import unsent_count
from shouwang.apps.rounds.selectors.covering import covers_on
from shouwang.apps.watch.models import StatusChange
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Did
from shouwang.domain.lateness import (
    LATE_AFTER,
    Lateness,
    Moved,
    late_count,
    steps_late,
    worth_telling,
)
from shouwang.domain.schedule import instant
from shouwang.domain.service_figures import Measure, wait_of
from shouwang.domain.status import WAITING, Status

# What the clock alone decides: these are dated by their deadline.
AT_A_DEADLINE = (
    Status.MISSED.value,
    Status.UNPROVEN.value,
    Status.UNCLEAR.value,
    Status.NOT_LOOKED.value,
)


def lateness_of_day(
    *, community: Community, on: date, now: datetime
) -> Lateness | None:
    """Return what was late on a local date, or ``None`` when nothing was."""
    alerts = list(Alert.objects.of(community).filter(on=on))
    kinds = [row.kind for row in alerts]
    return worth_telling(
        Lateness(
            checks_late=_checks_late(community, on),
            told_late=_told_late(community, on, now),
            steps_late=_steps_late(community, alerts),
            unsent=unsent_count(
                community,
                begin=instant(on, time(), community.zone),
                end=instant(on + timedelta(days=1), time(), community.zone),
            ),
            stalls=kinds.count(AlertKind.WATCH_STALLED.value),
            rounds_uncovered=sum(
                not row.cover.walkers for row in covers_on(community=community, on=on)
            ),
            rounds_missed=kinds.count(AlertKind.ROUND_MISSED.value),
        )
    )


def _checks_late(community: Community, on: date) -> int:
    rows = StatusChange.objects.of(community).filter(
        check_row__on=on,
        from_status__in=[status.value for status in WAITING],
        to_status__in=AT_A_DEADLINE,
    )
    return late_count(rows.values_list("changed_at", "recorded_at"))


def _told_late(community: Community, on: date, now: datetime) -> int:
    found = cases_between(community_ids=[community.pk], first=on, last=on, now=now)
    # A stop of the watch is counted by itself, and is always told afterwards.
    waits = (
        wait_of(row, Measure.TOLD, now=now)
        for row in found.alerts
        if row.kind is not AlertKind.WATCH_STALLED
    )
    return sum(row is not None and row.span > LATE_AFTER for row in waits)


def _steps_late(community: Community, alerts: list[Alert]) -> int:
    moves: defaultdict[int, list[Moved]] = defaultdict(list)
    # An alert that became more urgent began another ladder; the waits of the one before
    # are not kept, and its moves are not judged.
    rows = AlertEvent.objects.of(community).filter(
        alert__in=[row.pk for row in alerts], kind=F("alert__kind")
    )
    for key, did, at, step in rows.order_by("at", "pk").values_list(
        "alert_id", "did", "at", "step"
    ):
        moves[key].append(Moved(did=Did(did), at=at, step=step))
    return sum(steps_late(moves[row.pk], _waits(row)) for row in alerts)


def _waits(alert: Alert) -> list[timedelta]:
    return [timedelta(minutes=step["wait"]) for step in alert.steps]
