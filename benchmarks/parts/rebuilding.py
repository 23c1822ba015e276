"""Rebuilding: every status of a year told again from the facts, and compared."""

from __future__ import annotations

import random
import resource
import time as stopwatch
from datetime import date, datetime, time, timedelta

from benchmarks.parts.filling import checks_fill, community_fill, looks_fill
from benchmarks.parts.report import Figure
from shouwang.apps.watch.rebuild import rebuild_compare
from shouwang.domain.schedule import instant

NOW = datetime.fromisoformat("2026-03-02T23:59:00+08:00")


def rebuild(*, homes: int, days: int, seed: int) -> list[Figure]:
    """Compare ``days`` of ``homes`` homes, each day seen three times and well."""
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    place = community_fill("year", homes=homes, due=time(9), chance=chance, now=NOW)
    zone = place.community.zone
    last = date(2026, 3, 2)
    first = last - timedelta(days=days - 1)
    every = [
        instant(first + timedelta(days=number), time(0), zone) for number in range(days)
    ]
    looks = looks_fill(place, place.homes, days=every, now=NOW)
    stored = {"status": "well", "strength": "seen", "next_at": None}
    checks_fill(place, first=first, last=last, now=NOW, **stored)
    began = stopwatch.perf_counter()
    compared = rebuild_compare(community=place.community, now=NOW)
    took = stopwatch.perf_counter() - began
    if compared.count != 2 * homes * days or compared.differences:
        message = f"{compared.count} compared, {len(compared.differences)} differ"
        raise RuntimeError(message)
    words = f"rebuild --check of {homes:,} homes, {days} days"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(
            name=f"{words}: {compared.count:,} checks, {looks:,} looks",
            value=took,
            unit="s",
        ),
        Figure(
            name=f"{words}: checks a second", value=compared.count / took, unit="/s"
        ),
        Figure(name=f"{words}: peak memory, filling included", value=peak, unit="MB"),
    ]
