"""The coverage of a community by day, without a name in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Community
from shouwang.apps.desk.selectors.board import GROUPS
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local_day
from shouwang.domain.alerts import AlertKind
from shouwang.domain.status import WAITING

DAYS = 14


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """One local day: how many checks were decided, and how they fell out."""

    on: date
    decided_count: int
    groups: dict[str, int]
    alert_count: int
    missed_round_count: int

    @property
    def looked_share(self) -> float | None:
        """Return the share of decided checks that somebody could see (0..1)."""
        expected = self.decided_count - self.groups["excused"]
        if not expected:
            return None
        return 1 - self.groups["unseen"] / expected


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Two weeks of a community, the newest day first."""

    home_count: int
    days: tuple[DayFigures, ...]


def figures_of(*, community: Community, now: datetime) -> Figures:
    """Return the figures of the last two weeks, the newest day first."""
    today = local_day(now, community.zone)
    first = today - timedelta(days=DAYS - 1)
    alerts = Alert.objects.of(community).filter(on__gte=first, on__lte=today)
    return Figures(
        home_count=_home_count(community, today),
        days=_days(community, first, today, list(alerts.values_list("on", "kind"))),
    )


def _home_count(community: Community, today: date) -> int:
    rows = Check.objects.of(community).filter(on=today, stopped_at__isnull=True)
    return rows.values("home_id").distinct().count()


def _days(
    community: Community, first: date, last: date, alerts: Sequence[tuple[date, str]]
) -> tuple[DayFigures, ...]:
    rows = (
        Check.objects.of(community)
        .filter(on__gte=first, on__lte=last, stopped_at__isnull=True)
        .exclude(status__in=[status.value for status in WAITING])
        .values_list("on", "status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    by_day: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for on, status, count in rows:
        by_day[on][status] = count
    opened = Counter(on for on, kind in alerts if kind != AlertKind.ROUND_MISSED.value)
    missed = Counter(on for on, kind in alerts if kind == AlertKind.ROUND_MISSED.value)
    dates = [last - timedelta(days=place) for place in range((last - first).days + 1)]
    return tuple(
        DayFigures(
            on=on,
            decided_count=by_day[on].total(),
            groups={
                name: sum(by_day[on][status] for status in members)
                for name, members in GROUPS.items()
            },
            alert_count=opened[on],
            missed_round_count=missed[on],
        )
        for on in dates
    )
