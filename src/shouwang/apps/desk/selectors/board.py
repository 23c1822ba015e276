"""What the board shows: one status a home, read in few queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Case, F, QuerySet, When, Window
from django.db.models.functions import RowNumber

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.selectors import alert_list_open
from shouwang.apps.communities.models import Community
from shouwang.apps.duty.selectors import DutyToday, duty_today
from shouwang.apps.neighbours.models import Report
from shouwang.apps.neighbours.selectors import reports_new
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import RoundPlan, round_plan
from shouwang.apps.rounds.selectors.covering import RoundCover, covers_on
from shouwang.apps.watch.models import Check, Sighting
from shouwang.common.clock import local_day
from shouwang.common.text import by_number
from shouwang.domain.signals import CONTACT
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
GROUPS: Mapping[str, frozenset[str]] = {
    "needs": frozenset({"help", "missed", "unproven"}),
    "unseen": frozenset({"not_looked", "unclear"}),
    "waiting": frozenset({"open", "grace", "scheduled"}),
    "well": frozenset({"well", "presumed"}),
    "excused": frozenset({"excused"}),
}
STILL_TODAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was last seen of a signal: a state, or empty when it could not be seen."""

    state: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HomeToday:
    """A home as the board shows it; ``shown`` is one of ``WORST_FIRST``."""

    home: Home
    shown: str
    check: Check | None = None
    alert: Alert | None = None
    look: Look | None = None


@dataclass(frozen=True, kw_only=True)
class RoundToday:
    """How far a round has come: homes looked at, of those it passes now."""

    round: Round
    looked_count: int
    home_count: int


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the reader wants to see; empty means all. ``group`` is one of ``GROUPS``."""

    building: str = ""
    round_id: int | None = None
    group: str = ""

    @property
    def is_all(self) -> bool:
        """Return whether nothing is filtered out."""
        return not (self.building or self.round_id or self.group)


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the board at ``now``."""

    now: datetime
    homes: tuple[HomeToday, ...]
    alerts: tuple[Alert, ...]
    rounds: tuple[RoundToday, ...]
    plan: RoundPlan
    uncovered: tuple[RoundCover, ...]
    reports: tuple[Report, ...]
    duty: DutyToday

    @property
    def counts(self) -> dict[str, int]:
        """Return how many homes fall into each of ``GROUPS``."""
        by_shown = Counter(row.shown for row in self.homes)
        return {
            name: sum(by_shown[shown] for shown in members)
            for name, members in GROUPS.items()
        }

    @property
    def buildings(self) -> list[str]:
        """Return the labels of the buildings, 2 before 10."""
        return sorted({row.home.building.label for row in self.homes}, key=by_number)

    def fits(self, row: HomeToday, chosen: Chosen) -> bool:
        """Return whether a home is among what the reader wants to see."""
        if chosen.building and row.home.building.label != chosen.building:
            return False
        if chosen.round_id and chosen.round_id not in self.plan.of_home.get(
            row.home.pk, ()
        ):
            return False
        return not chosen.group or row.shown in GROUPS[chosen.group]

    def only(self, home_ids: Collection[int]) -> Board:
        """Return the board as somebody sees it who carries some homes and no others."""
        return replace(
            self,
            homes=tuple(row for row in self.homes if row.home.pk in home_ids),
            alerts=tuple(
                row
                for row in self.alerts
                if row.home_id is None or row.home_id in home_ids
            ),
        )

    def by_building(self) -> dict[str, list[HomeToday]]:
        """Return the homes of each building, buildings in order."""
        found: dict[str, list[HomeToday]] = {label: [] for label in self.buildings}
        for row in self.homes:
            found[row.home.building.label].append(row)
        return found


def board_today(*, community: Community, now: datetime) -> Board:
    """Return the board of a community."""
    alerts = alert_list_open(community=community)
    by_home = {row.home_id: row for row in alerts if row.home_id}
    current = checks_now(community, now=now)
    looks = _last_looks(community, current)
    plan = round_plan(community, None)
    homes = tuple(
        _home_today(home, current.get(home.pk, []), by_home.get(home.pk), looks)
        for home in _homes(community)
    )
    return Board(
        now=now,
        homes=homes,
        alerts=tuple(alerts),
        rounds=tuple(_rounds_today(plan, current, looks, now)),
        plan=plan,
        uncovered=tuple(_uncovered(community, now)),
        reports=tuple(reports_new(community=community)),
        duty=duty_today(community=community, now=now),
    )


def _uncovered(community: Community, now: datetime) -> list[RoundCover]:
    """Return today's rounds that nobody walks because somebody dropped out."""
    covers = covers_on(community=community, on=local_day(now, community.zone))
    return [row for row in covers if row.dropped and not row.cover.walkers]


def _homes(community: Community) -> QuerySet[Home]:
    return (
        Home.objects.of(community)
        .filter(archived_at__isnull=True)
        .select_related("building")
        .order_by("building_id", "address")
    )


# Of the many columns of a check, those that the board reads.
_SHOWN = (
    "community_id",
    "home_id",
    "series",
    "on",
    "signal",
    "well",
    "opens_at",
    "due_at",
    "alert_at",
    "status",
    "strength",
)


def checks_now(
    community: Community,
    *,
    now: datetime,
    home_ids: Collection[int] | None = None,
    columns: Sequence[str] = _SHOWN,
) -> dict[int, list[Check]]:
    """Return, for each home and agreement, the check that counts now.

    That is the one that opened last, or where none has opened the next to open. Of
    all homes, or of ``home_ids``; ``columns`` are read, the others only when asked.
    """
    today = local_day(now, community.zone)
    has_opened = When(opens_at__lte=now, then=F("opens_at"))
    place = Window(
        RowNumber(),
        partition_by=[F("home_id"), F("series")],
        order_by=[Case(has_opened).desc(nulls_last=True), F("opens_at").asc()],
    )
    rows = (
        Check.objects.of(community)
        .filter(
            on__gte=today - STILL_TODAY,
            on__lte=today + STILL_TODAY,
            stopped_at__isnull=True,
        )
        .only(*columns)
        .annotate(place=place)
        .filter(place=1)
    )
    if home_ids is not None:
        rows = rows.filter(home_id__in=home_ids)
    found: defaultdict[int, list[Check]] = defaultdict(list)
    for row in sorted(rows, key=lambda check: check.opens_at):
        found[row.home_id].append(row)
    return found


Looks = Mapping[tuple[int, str], Look]


def _last_looks(community: Community, current: Mapping[int, list[Check]]) -> Looks:
    """Return what was last seen of each home and signal since its check began."""
    begin = min(
        (row.opens_at for rows in current.values() for row in rows), default=None
    )
    if begin is None:
        return {}
    rows = list(
        Sighting.objects.of(community)
        .filter(seen_at__gte=begin)
        .order_by("seen_at", "pk")
        .values_list("home_id", "signal", "state", "seen_at", "pk", "replaces")
    )
    corrected = {row[5] for row in rows}
    return {
        (home_id, signal): Look(state=state, at=seen_at)
        for home_id, signal, state, seen_at, pk, _ in rows
        if pk not in corrected
    }


def _home_today(
    home: Home, checks: list[Check], alert: Alert | None, looks: Looks
) -> HomeToday:
    if not checks:
        return HomeToday(home=home, shown="unwatched", alert=alert)
    shown = [(shown_as(row), row) for row in checks]
    worst, check = min(shown, key=lambda pair: WORST_FIRST.index(pair[0]))
    look = looks.get((home.pk, check.signal))
    return HomeToday(home=home, shown=worst, check=check, alert=alert, look=look)


def shown_as(row: Check) -> str:
    """Return how a check is shown: its status, with presumed set apart from seen."""
    if row.status == Status.WELL.value and row.strength == Strength.PRESUMED.value:
        return "presumed"
    return row.status


def _rounds_today(
    plan: RoundPlan, current: Mapping[int, list[Check]], looks: Looks, now: datetime
) -> list[RoundToday]:
    """Return today's rounds whose windows have opened, and how far each has come.

    One of yesterday stays while a window of it runs past midnight.
    """
    today = local_day(now, plan.community.zone)
    walked: defaultdict[int, set[int]] = defaultdict(set)
    passed: defaultdict[int, set[int]] = defaultdict(set)
    for rows in current.values():
        for row in rows:
            if row.opens_at > now or row.status == Status.EXCUSED.value:
                continue
            if row.on != today and row.alert_at <= now:
                continue
            found = plan.round_at(
                row.home_id, on=row.on, begin=row.opens_at, end=row.alert_at
            )
            if found is None:
                continue
            passed[found.pk].add(row.home_id)
            if _looked_at(row, looks):
                walked[found.pk].add(row.home_id)
    return [
        RoundToday(
            round=row,
            looked_count=len(walked[row.pk]),
            home_count=len(passed[row.pk]),
        )
        for row in plan.rounds
        if passed[row.pk]
    ]


def _looked_at(row: Check, looks: Looks) -> bool:
    return any(
        look is not None and look.at >= row.opens_at
        for look in (
            looks.get((row.home_id, row.signal)),
            looks.get((row.home_id, CONTACT)),
        )
    )
