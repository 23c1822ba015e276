"""What the board shows: one status a home, read in few queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.selectors import alert_list_open
from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_list
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local_day
from shouwang.domain.status import Status, Strength

# Worst first: a home shows the worst of what is current for it.
WORST_FIRST = (
    "help",
    "missed",
    "unproven",
    "unclear",
    "not_looked",
    "grace",
    "open",
    "presumed",
    "well",
    "excused",
    "scheduled",
    "unwatched",
)
COUNTED = {
    "needs": frozenset({"help", "missed", "unproven"}),
    "unseen": frozenset({"not_looked", "unclear"}),
    "waiting": frozenset({"open", "grace", "scheduled"}),
    "well": frozenset({"well", "presumed"}),
    "excused": frozenset({"excused"}),
}
STILL_TODAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class HomeToday:
    """A home as the board shows it; ``shown`` is one of ``WORST_FIRST``."""

    home: Home
    shown: str
    check: Check | None
    alert: Alert | None


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the board at ``now``."""

    now: datetime
    homes: tuple[HomeToday, ...]
    alerts: tuple[Alert, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many homes fall into each group of ``COUNTED``."""
        by_shown = Counter(row.shown for row in self.homes)
        return {
            name: sum(by_shown[shown] for shown in members)
            for name, members in COUNTED.items()
        }

    @property
    def by_building(self) -> dict[str, list[HomeToday]]:
        """Return the homes of each building, top floor first."""
        found: defaultdict[str, list[HomeToday]] = defaultdict(list)
        for row in self.homes:
            found[row.home.building.label].append(row)
        return dict(sorted(found.items(), key=lambda pair: _by_number(pair[0])))


def board_today(*, community: Community, now: datetime) -> Board:
    """Return the board of a community."""
    alerts = alert_list_open(community=community)
    by_home = {row.home_id: row for row in alerts if row.home_id}
    current = _current_checks(community, now)
    homes = tuple(
        _home_today(home, current.get(home.pk, []), by_home.get(home.pk))
        for home in homes_list(community=community)
    )
    return Board(now=now, homes=homes, alerts=tuple(alerts))


def _by_number(label: str) -> tuple[int, str]:
    """Return the order of a building: 2 before 10, names after numbers."""
    return (int(label), "") if label.isdecimal() else (10**6, label)


def _current_checks(community: Community, now: datetime) -> dict[int, list[Check]]:
    """Return, for each home and agreement, the check that counts now."""
    today = local_day(now, community.zone)
    rows = (
        Check.objects.of(community)
        .filter(
            on__gte=today - STILL_TODAY,
            on__lte=today + STILL_TODAY,
            stopped_at__isnull=True,
        )
        .order_by("opens_at")
    )
    current: dict[tuple[int, str], Check] = {}
    for row in rows:
        key = (row.home_id, str(row.series))
        if row.opens_at <= now or key not in current:
            current[key] = row
    found: defaultdict[int, list[Check]] = defaultdict(list)
    for (home_id, _), row in current.items():
        found[home_id].append(row)
    return found


def _home_today(home: Home, checks: list[Check], alert: Alert | None) -> HomeToday:
    shown = [(shown_as(row), row) for row in checks]
    if not shown:
        return HomeToday(home=home, shown="unwatched", check=None, alert=alert)
    worst = min(shown, key=lambda pair: WORST_FIRST.index(pair[0]))
    return HomeToday(home=home, shown=worst[0], check=worst[1], alert=alert)


def shown_as(row: Check) -> str:
    """Return how a check is shown: its status, with presumed set apart from seen."""
    if row.status == Status.WELL.value and row.strength == Strength.PRESUMED.value:
        return "presumed"
    return row.status
