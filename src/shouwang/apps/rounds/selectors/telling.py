"""Who should be told of what a passer-by reported."""

from __future__ import annotations

from datetime import datetime, time

from shouwang.apps.communities.models import Role
from shouwang.apps.communities.selectors import members_with_role
from shouwang.apps.neighbours.models import Report
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import days_of
from shouwang.apps.rounds.selectors import RoundPlan, round_plan
from shouwang.common import clock
from shouwang.domain.reporting import (
    Did,
    ReportState,
    Telling,
    What,
    tellings,
)


def report_tellings(*, report: Report, now: datetime) -> tuple[Telling, ...]:
    """Return who should be told now of a report by message, and what is asked of them.

    ``neighbours.words.telling_words`` gives the message in the active language. Whoever
    said that they cannot go is not asked to look.
    """
    passed = Home.objects.of(report.community_id).filter(
        building=report.building_id, archived_at__isnull=True
    )
    plan = round_plan(report.community, list(passed.values_list("pk", flat=True)))
    duty = members_with_role(report.community_id, Role.DUTY_OFFICER)
    return tellings(
        what=What(report.what),
        state=ReportState(report.state),
        is_placed=report.home_id is not None,
        duty=[row.pk for row in duty],
        walkers=_walkers_past(plan, now),
        cannot={act.by_id for act in report.acts.all() if act.did == Did.CANNOT},
    )


def _walkers_past(plan: RoundPlan, now: datetime) -> list[int]:
    """Return who walks past today, those of the round nearest to ``now`` first."""
    local = clock.local(now, plan.community.zone)
    passing = {key for keys in plan.of_home.values() for key in keys}
    rounds = [
        row
        for row in plan.rounds
        if row.pk in passing and local.weekday() in days_of(row.days)
    ]
    rounds.sort(key=lambda row: (_apart(row.at, local.time()), row.pk))
    return [key for row in rounds for key in plan.walkers_on(row.pk, local.date())]


def _apart(one: time, other: time) -> int:
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)
