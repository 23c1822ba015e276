"""Recording: batches of thirty sightings, through HTTP and straight at the service."""

from __future__ import annotations

import http.client
import json
import random
import time as stopwatch
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from benchmarks.parts.filling import Place, checks_fill, community_fill, looks_fill
from benchmarks.parts.report import Figure, quantile
from benchmarks.parts.serving import served
from shouwang.apps.communities.services import token_make
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common import clock
from shouwang.common.clock import local_day
from shouwang.common.ids import uuid7
from shouwang.domain.schedule import instant

BATCH = 30
HISTORY_DAYS = 14


def record(*, homes: int, batches: int, seed: int) -> list[Figure]:
    """Send ``batches`` of thirty looks at random homes, one after another."""
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    place = _filled(homes, chance)
    _row, key = token_make(member=place.member, name="bench", now=clock.now())
    straight = [_straight(place, chance) for _ in range(batches)]
    with served() as port:
        link = http.client.HTTPConnection("127.0.0.1", port)
        sent = [_sent(link, key, place, chance) for _ in range(batches)]
        link.close()
    return [*_figures("straight", straight), *_figures("through HTTP", sent)]


def _figures(how: str, took: list[float]) -> list[Figure]:
    rate = BATCH * len(took) / sum(took)
    name = f"recording {how}, batches of {BATCH}"
    return [
        Figure(name=f"{name}: sightings a second", value=rate, unit="/s"),
        Figure(name=f"{name}: median", value=1000 * quantile(took, 0.5), unit="ms"),
        Figure(name=f"{name}: p99", value=1000 * quantile(took, 0.99), unit="ms"),
    ]


def _filled(homes: int, chance: random.Random) -> Place:
    now = clock.now()
    place = community_fill("record", homes=homes, due=time(9), chance=chance, now=now)
    zone = place.community.zone
    today = local_day(now, zone)
    days = [
        instant(today - timedelta(days=back), time(0), zone)
        for back in range(1, HISTORY_DAYS + 1)
    ]
    looks_fill(place, place.homes, days=days, now=now)
    first = today - timedelta(days=HISTORY_DAYS)
    yesterday = today - timedelta(days=1)
    checks_fill(
        place,
        first=first,
        last=yesterday,
        now=now,
        status="well",
        strength="seen",
        next_at=None,
    )
    checks_fill(
        place, first=today, last=today + timedelta(days=2), now=now + timedelta(days=3)
    )
    place.community.checks_until_on = today + timedelta(days=2)
    place.community.save(update_fields=["checks_until_on"])
    return place


def _timed(act: Callable[[], None]) -> float:
    began = stopwatch.perf_counter()
    act()
    return stopwatch.perf_counter() - began


def _chosen(place: Place, chance: random.Random) -> list[Home]:
    return chance.sample(place.homes, k=min(BATCH, len(place.homes)))


def _straight(place: Place, chance: random.Random) -> float:
    now = clock.now()
    items = [
        SightingIn(
            id=uuid7(now=now),
            home_id=row.pk,
            signal="curtain",
            state=chance.choice(["open", "closed"]),
            seen_at=now,
        )
        for row in _chosen(place, chance)
    ]

    def act() -> None:
        told = sightings_record(
            community=place.community, items=items, by=place.member, now=now
        )
        _require([row.outcome for row in told])

    return _timed(act)


def _sent(
    link: http.client.HTTPConnection, key: str, place: Place, chance: random.Random
) -> float:
    now = clock.now()
    body = json.dumps(
        {"sightings": [_item(row, now, chance) for row in _chosen(place, chance)]}
    )
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def act() -> None:
        link.request("POST", "/api/v1/sightings", body, headers)
        answer = json.load(link.getresponse())
        _require([row["outcome"] for row in answer["answers"]])

    return _timed(act)


def _item(row: Home, now: datetime, chance: random.Random) -> dict[str, Any]:
    return {
        "id": str(uuid7(now=now)),
        "home": row.pk,
        "signal": "curtain",
        "state": chance.choice(["open", "closed"]),
        "seen_at": now.isoformat(),
    }


def _require(outcomes: list[str]) -> None:
    if set(outcomes) != {"accepted"}:
        message = f"not every sighting was accepted: {outcomes}"
        raise RuntimeError(message)
