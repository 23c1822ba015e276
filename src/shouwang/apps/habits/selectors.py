"""Reads of habits."""

from __future__ import annotations

from collections.abc import Collection

from shouwang.apps.communities.models import Community
from shouwang.apps.habits.models import Habit, HabitSettings
from shouwang.apps.residents.models import Agreement, Home


def settings_of(community: Community) -> HabitSettings:
    """Return what a community does, its first word being: nothing."""
    row = HabitSettings.objects.of(community).select_related("community").first()
    return row or HabitSettings(community=community)


def agreements_running(
    community: Community, home_ids: Collection[int]
) -> list[Agreement]:
    """Return the running agreements of some homes, with their windows."""
    rows = Agreement.objects.of(community).filter(
        home_id__in=home_ids, ended_at__isnull=True
    )
    return list(rows.prefetch_related("expectations").order_by("pk"))


def habits_running(*, community: Community) -> list[Habit]:
    """Return the habits of windows that are still agreed."""
    running = Agreement.objects.of(community).filter(ended_at__isnull=True)
    rows = Habit.objects.of(community).filter(series__in=running.values("series"))
    return list(rows.select_related("home").order_by("pk"))


def habits_of_home(*, home: Home) -> list[Habit]:
    """Return the habits of a home's agreed windows, the earliest of the day first."""
    order = {"morning": 0, "clock": 1, "sunset": 2}
    running = Agreement.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=True
    )
    rows = Habit.objects.of(home.community_id).filter(
        home=home, series__in=running.values("series")
    )
    return sorted(rows, key=lambda row: (order[row.anchor], row.pk))


def habits_drifting(*, community: Community) -> list[Habit]:
    """Return the habits that move, those since longest first."""
    rows = [row for row in habits_running(community=community) if row.drift]
    return sorted(rows, key=lambda row: (str(row.drift_since_on), row.pk))
