"""Figures of a community without a name in them: coverage and response, by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from django.db.models import Count, Min, Q

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Community
from shouwang.apps.desk.selectors.board import GROUPS
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local_day
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Did
from shouwang.domain.status import WAITING

DAYS = 14
TAKEN = (Did.ACKNOWLEDGED.value, Did.COMMITTED.value)


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
class Response:
    """Minutes from an alert's deadline until somebody took it, and until it closed.

    ``median`` and ``ninth`` (nine of ten were at least as fast) are ``None`` where
    there were none.
    """

    count: int
    median: float | None
    ninth: float | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Two weeks of a community."""

    home_count: int
    days: tuple[DayFigures, ...]
    taken: Response
    closed: Response


def figures_of(*, community: Community, now: datetime) -> Figures:
    """Return the figures of the last two weeks, the newest day first."""
    today = local_day(now, community.zone)
    first = today - timedelta(days=DAYS - 1)
    alerts = list(
        Alert.objects.of(community)
        .filter(on__gte=first, on__lte=today)
        .annotate(taken_at=Min("events__at", filter=Q(events__did__in=TAKEN)))
        .values_list("on", "kind", "opened_at", "taken_at", "closed_at", "closed_by")
    )
    return Figures(
        home_count=_home_count(community, today),
        days=_days(community, first, today, [(row[0], row[1]) for row in alerts]),
        taken=_response([(row[2], row[3]) for row in alerts]),
        closed=_response([(row[2], row[4]) for row in alerts if row[5]]),
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


def _response(spans: Sequence[tuple[datetime, datetime | None]]) -> Response:
    minutes = sorted(
        max((end - begin) / timedelta(minutes=1), 0.0) for begin, end in spans if end
    )
    return Response(
        count=len(minutes), median=_share(minutes, 0.5), ninth=_share(minutes, 0.9)
    )


def _share(ordered: Sequence[float], share: float) -> float | None:
    """Return the least value that at least ``share`` of ``ordered`` do not exceed."""
    if not ordered:
        return None
    return ordered[max(ceil(share * len(ordered)), 1) - 1]
