"""Writes of habits: every night they are learned anew from the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.writing import rows_update
from shouwang.apps.habits.curves import STEP, ask_minute, curve_on, stored
from shouwang.apps.habits.gathering import (
    DAYS_BACK,
    anchor_of,
    axis_of,
    checks_gathered,
    intervals_of,
    known_of,
    sightings_gathered,
    start_minute,
)
from shouwang.apps.habits.models import Drift, Habit, HabitSettings
from shouwang.apps.habits.notes import drifts_tell
from shouwang.apps.habits.selectors import (
    agreements_running,
    habits_running,
    settings_of,
)
from shouwang.apps.residents.models import Agreement
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local, local_day
from shouwang.domain.schedule import REACH_DAYS, instant
from shouwang.domain.unusual import Mode
from shouwang.routines.drift import FROZEN_DAYS
from shouwang.routines.fitting import drift, fit
from shouwang.routines.grid import grid_of
from shouwang.routines.intervals import Known

# The day before is over and its last looks have come in.
AT_HOUR = 2
# Few, because the sender does this between two messages.
HOMES_AT_ONCE = 40
# Before a week is known, what was agreed is all that is said.
DAYS_LEAST = 7
SATURDAY = 5
_LEARNED = ["day_count", "own_weekend", "curves", "drift", "drift_since_on", "ask_at"]


@dataclass(frozen=True, kw_only=True)
class SettingsDraft:
    """What a community does when a home is late for its own habit."""

    mode: Mode
    most_a_year: int
    latitude: float | None
    longitude: float | None


@transaction.atomic
def settings_change(
    *, community: Community, draft: SettingsDraft, by: Member | None
) -> HabitSettings:
    """Do so from now on; habits are learned again at once, with their times of asking."""
    Community.objects.select_for_update().get(pk=community.pk)
    row = settings_of(community)
    row.mode, row.most_a_year = draft.mode.value, draft.most_a_year
    row.latitude, row.longitude = draft.latitude, draft.longitude
    row.learned_on, row.gathered_home = None, 0
    row._history_user = by.user if by else None  # type: ignore[attr-defined]  # simple_history reads it
    row.save()
    if draft.mode is Mode.OFF:
        Habit.objects.of(community).update(ask_at=None)
    return row


def habits_learn_due(*, now: datetime) -> int:
    """Do one piece of what is to be learned tonight; return whether there was one.

    First the days of some homes are gathered, a few homes at a time; once all of a
    community are, all its habits are learned together, because homes teach each other.
    """
    learned = dict(
        HabitSettings.objects.across("the sender serves every community").values_list(
            "community_id", "learned_on"
        )
    )
    for community in Community.objects.filter(checks_until_on__isnull=False):
        today = local_day(now, community.zone)
        last = learned.get(community.pk)
        is_night_over = local(now, community.zone).hour >= AT_HOUR
        if is_night_over and (last is None or last < today):
            _piece(community, today, now)
            return 1
    return 0


def _piece(community: Community, today: date, now: datetime) -> None:
    """Read, work out, and only then write: nobody waits for what is worked out."""
    HabitSettings.objects.of(community).get_or_create(defaults={"community": community})
    kept = settings_of(community)
    home_ids = list(
        Agreement.objects.of(community)
        .filter(ended_at__isnull=True, home_id__gt=kept.gathered_home)
        .order_by("home_id")
        .values_list("home_id", flat=True)
        .distinct()[:HOMES_AT_ONCE]
    )
    if home_ids:
        _keep_gathered(kept, _gathered(kept, home_ids, today), until=home_ids[-1])
    else:
        habits = habits_running(community=community)
        began = _learned(habits, kept, today, now)
        _keep_learned(kept, habits, began, today=today, now=now)


def _gathered(kept: HabitSettings, home_ids: Sequence[int], today: date) -> list[Habit]:
    """Return the habits of some homes with the days that were seen."""
    community = kept.community
    first, last = today - timedelta(days=DAYS_BACK), today - timedelta(days=1)
    checks = checks_gathered(community, home_ids, first=first, last=last)
    since = instant(first - timedelta(days=REACH_DAYS), time(0), community.zone)
    seen = sightings_gathered(community, home_ids, since=since)
    rows = []
    for agreement in agreements_running(community, home_ids):
        for window in agreement.expectations.all():
            anchor = anchor_of(window.opens, window.due, kept)
            found = checks.get((str(agreement.series), window.label), [])
            looks = seen.get((agreement.home_id, agreement.signal), [])
            rows.append(
                Habit(
                    community=community,
                    home_id=agreement.home_id,
                    series=agreement.series,
                    label=window.label,
                    signal=agreement.signal,
                    anchor=anchor,
                    days=intervals_of(found, looks, anchor=anchor, kept=kept),
                )
            )
    return rows


@transaction.atomic
def _keep_gathered(kept: HabitSettings, habits: Sequence[Habit], *, until: int) -> None:
    if not _move_on(kept, gathered_home=until):
        return
    Habit.objects.of(kept.community).bulk_create(
        habits,
        update_conflicts=True,
        unique_fields=["community", "series", "label"],
        update_fields=["signal", "anchor", "days"],
    )


def _move_on(kept: HabitSettings, **progress: Any) -> bool:
    """Note how far learning has come; not where it was begun anew meanwhile."""
    moved = (
        HabitSettings.objects.of(kept.community)
        .filter(
            pk=kept.pk, learned_on=kept.learned_on, gathered_home=kept.gathered_home
        )
        .update(**progress)
    )
    return bool(moved)


def _learned(
    habits: Sequence[Habit], kept: HabitSettings, today: date, now: datetime
) -> list[Habit]:
    """Learn all habits of a community; return those that begin to move."""
    still = [row for row in habits if not row.drift]
    by_anchor: defaultdict[str, list[Habit]] = defaultdict(list)
    for row in habits:
        by_anchor[row.anchor].append(row)
    for anchor, rows in by_anchor.items():
        _fit(rows, anchor, today)
    _ask(habits, kept, today, now)
    return [row for row in still if row.drift]


@transaction.atomic
def _keep_learned(
    kept: HabitSettings,
    habits: Sequence[Habit],
    began: Sequence[Habit],
    *,
    today: date,
    now: datetime,
) -> None:
    if not _move_on(kept, learned_on=today, gathered_home=0):
        return
    rows_update(habits, _LEARNED)
    drifts_tell(kept.community, began, today=today, now=now)


def _fit(rows: Sequence[Habit], anchor: str, today: date) -> None:
    """Learn habits of one anchor together."""
    axis = axis_of(anchor)
    grid = grid_of(axis)
    minutes = np.arange(axis.first, axis.last + 1, STEP)
    first = today.toordinal() - DAYS_BACK
    after, by = _arrays(rows, first)
    weekdays = np.array(
        [date.fromordinal(first + place).weekday() for place in range(DAYS_BACK)]
    )
    found = fit(after, by, weekdays >= SATURDAY, grid=grid, minutes=minutes)
    moving = drift(after, by, grid=grid)
    for place, row in enumerate(rows):
        row.day_count = int(found.day_count[place])
        row.own_weekend = bool(found.own_weekend[place])
        row.curves = {
            name: stored(axis.first, found.still[kind, place].tolist())
            for kind, name in enumerate(("workday", "weekend"))
        }
        begin = first + DAYS_BACK - FROZEN_DAYS
        row.drift, row.drift_since_on = Drift.NONE.value, None
        if moving.is_later[place]:
            row.drift = Drift.LATER.value
            begin += int(moving.later_since[place])
        elif moving.is_earlier[place]:
            row.drift = Drift.EARLIER.value
            begin += int(moving.earlier_since[place])
        if row.drift:
            row.drift_since_on = date.fromordinal(begin)


def _arrays(
    rows: Sequence[Habit], first: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the intervals of habits, (habits, days), NaN where nobody saw."""
    after = np.full((len(rows), DAYS_BACK), np.nan)
    by = np.full((len(rows), DAYS_BACK), np.nan)
    for place, row in enumerate(rows):
        for day, low, high in row.days:
            if 0 <= day - first < DAYS_BACK:
                after[place, day - first], by[place, day - first] = low, high
    return after, by


def _ask(
    habits: Iterable[Habit], kept: HabitSettings, today: date, now: datetime
) -> None:
    """Set when each home is to be asked about today; never at or after its deadline."""
    checks = {}
    if kept.mode != Mode.OFF.value:
        rows = Check.objects.of(kept.community).filter(on=today, stopped_at=None)
        checks = {(row.series, row.label): row for row in rows.defer("reasons")}
    for habit in habits:
        check = checks.get((habit.series, habit.label))
        habit.ask_at = _ask_at(habit, check, kept, now) if check else None


def _ask_at(
    habit: Habit, check: Check, kept: HabitSettings, now: datetime
) -> datetime | None:
    curve = curve_on(habit.curves, check.on)
    known = known_of(habit)
    if curve is None or habit.day_count < DAYS_LEAST or known is Known.ROUGHLY:
        return None
    zone = kept.community.zone
    start = start_minute(check.on, anchor=habit.anchor, kept=kept)
    opens = check.opens_at.astimezone(zone).replace(tzinfo=None)
    midnight = datetime.combine(check.on, time(0))
    earliest = (opens - midnight) / timedelta(minutes=1) - start
    if known is Known.BY_WHEN:
        # Given before anybody looks: how much before is a guess, and no reason to ask.
        earliest = max(earliest, median(by for _day, _after, by in habit.days))
    minute = ask_minute(curve, most_a_year=kept.most_a_year, earliest=earliest)
    if minute is None:
        return None
    wall = midnight + timedelta(minutes=start + minute)
    at = instant(wall.date(), wall.time(), zone)
    return at if now < at < check.due_at else None
