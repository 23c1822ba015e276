"""The tick: many homes, some deadlines in the same second, and nothing due."""

from __future__ import annotations

import random
import time as stopwatch
from datetime import datetime, time, timedelta

from django.utils.module_loading import import_string

from benchmarks.parts.filling import (
    Place,
    checks_fill,
    community_fill,
    look,
    looks_fill,
    rounds_fill,
)
from benchmarks.parts.report import Figure, quantile
from shouwang.apps.alerts.models import Alert
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.runner import Runner
from shouwang.common.clock import local_day
from shouwang.domain.schedule import instant

DECIDE = "shouwang.apps.watch.services.checks_decide_due"
HOMES_A_COMMUNITY = 2000
HISTORY_DAYS = 14
QUIET_TICKS = 50


def tick(*, homes: int, due: int, spread: bool, seed: int) -> list[Figure]:
    """Decide ``due`` deadlines of the same second among ``homes`` homes.

    They fall in every community alike (``spread``), or all in one. Of the homes that
    are due, two thirds were seen with the curtain shut, the others were not looked at.
    """
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    now = _morning()
    count = max(1, homes // HOMES_A_COMMUNITY)
    size = homes // count
    hit = [due // count] * count if spread else [due, *[0] * (count - 1)]
    for place, number in enumerate(hit):
        _fill(f"c{place}", size, number, chance, now)
    words = f"{due:,} of {homes:,} homes due at once, " + (
        f"in {count} communities" if spread else "all in one community"
    )
    began = stopwatch.perf_counter()
    import_string(DECIDE)(now=now)
    took = stopwatch.perf_counter() - began
    _require(due, now)
    return [
        Figure(
            name=f"{words}: decided, alerts opened, told", value=took, unit="s", most=1
        ),
        *_quiet(homes, now),
    ]


def _morning() -> datetime:
    """Return the alert time of a window that is due at nine, in the past."""
    return datetime.fromisoformat("2026-03-02T09:10:00+08:00")


def _fill(
    name: str, homes: int, due: int, chance: random.Random, now: datetime
) -> None:
    """Make a community of which ``due`` homes fall due at ``now``, others at noon."""
    if due:
        place = community_fill(
            f"{name}-due", homes=due, due=time(9), chance=chance, now=now
        )
        rounds_fill(place, at=time(7, 30))
        day_fill(place, now, status="grace", next_at=now)
        _seen(place, now)
    if homes > due:
        rest = community_fill(
            f"{name}-rest" if not due else f"{name}-later",
            homes=homes - due,
            due=time(12),
            chance=chance,
            now=now,
        )
        day_fill(rest, now, status="open", next_at=now + timedelta(hours=3))


def day_fill(place: Place, now: datetime, *, status: str, next_at: datetime) -> None:
    """Store the checks of the day of ``now``, those of the morning as they stand."""
    on = local_day(now, place.community.zone)
    checks_fill(place, first=on, last=on, now=now - timedelta(hours=4))
    rows = Check.objects.of(place.community)
    morning = rows.filter(opens_at__lte=now)
    morning.update(status=status, next_at=next_at)
    rows.filter(opens_at__gt=now).update(next_at=now + timedelta(hours=8))
    place.community.checks_until_on = on + timedelta(days=10)
    place.community.save(update_fields=["checks_until_on"])


def _seen(place: Place, now: datetime) -> None:
    zone = place.community.zone
    today = local_day(now, zone)
    days = [
        instant(today - timedelta(days=back), time(0), zone)
        for back in range(1, HISTORY_DAYS + 1)
    ]
    looks_fill(place, place.homes, days=days, now=now)
    Sighting.objects.of(place.community).bulk_create(
        look(place, row, state="closed", at=now - timedelta(hours=1), now=now)
        for number, row in enumerate(place.homes)
        if number % 3
    )


def _require(due: int, now: datetime) -> None:
    left = Check.unscoped.filter(next_at__lte=now).count()
    told = OutboxMessage.unscoped.filter(queued_at=now).count()
    alerts = Alert.unscoped.filter(noticed_at=now).count()
    if left or alerts != due or told < due:
        message = f"not all was decided: {left} left, {alerts} alerts, {told} messages"
        raise RuntimeError(message)


def _quiet(homes: int, now: datetime) -> list[Figure]:
    """Measure whole ticks in which nothing is due any more."""
    runner = Runner()
    later = now + timedelta(seconds=1)
    while any(_rest(runner, later)):
        pass
    took = []
    for _ in range(QUIET_TICKS):
        began = stopwatch.perf_counter()
        runner.tick(now=later)
        took.append(stopwatch.perf_counter() - began)
    name = f"a tick with nothing due, {homes:,} homes: median"
    return [
        Figure(name=name, value=1000 * quantile(took, 0.5), unit="ms", most=5),
        Figure(
            name=f"a tick with nothing due, {homes:,} homes: slowest of {QUIET_TICKS}",
            value=1000 * max(took),
            unit="ms",
        ),
    ]


def _rest(runner: Runner, now: datetime) -> list[object]:
    """Do what is left; return what each pass did."""
    return [run(now=now) for run in runner.passes]
