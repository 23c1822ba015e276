"""Many homes alarm in the same minute: how soon each first message is with somebody."""

from __future__ import annotations

import random
import time as stopwatch
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.parts.filling import Place, community_fill, look, rounds_fill
from benchmarks.parts.moving import Moved
from benchmarks.parts.report import Figure, quantile
from benchmarks.parts.sink import Sink, Taken, sink
from benchmarks.parts.telling import webhook
from benchmarks.parts.ticking import day_fill
from shouwang.apps.alerts.models import Alert
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.sender import SenderThread
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.runner import Runner
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common import clock
from shouwang.common.ids import uuid7

HOMES_A_COMMUNITY = 200
# Of each community, one home in so many shows a crying face in that minute.
CRYING_ONE_IN = 50
DEADLINE = datetime.fromisoformat("2026-03-02T09:10:00+08:00")
PATIENCE = timedelta(minutes=10)
LOOK_AGAIN_SECONDS = 0.25
# What telecare centres promise: share of alerts in someone's hands within seconds.
PROMISED: Sequence[tuple[int, float]] = ((60, 97.5), (180, 99.0))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of one minute; seconds since its deadline."""

    queued_after: float
    took: Sequence[Taken]
    deadline_at: float


def flood(*, homes: int, seed: int) -> list[Figure]:
    """Let ``homes`` homes alarm at once, with the real runner and the real sender."""
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    size = min(homes, HOMES_A_COMMUNITY)
    with sink(Path(settings.DATA_DIR)) as provider:
        places = [
            place_fill(f"c{number}", size, provider, chance)
            for number in range(homes // size)
        ]
        seen = minute(places, provider)
    return _figures(f"{homes:,} homes on {connection.display_name}", seen)


def place_fill(name: str, homes: int, provider: Sink, chance: random.Random) -> Place:
    """Make a community of which a third was not looked at and the rest seen shut."""
    place = community_fill(name, homes=homes, due=time(9), chance=chance, now=DEADLINE)
    rounds_fill(place, at=time(7, 30))
    day_fill(place, DEADLINE, status="grace", next_at=DEADLINE)
    at = DEADLINE - timedelta(hours=1)
    Sighting.objects.of(place.community).bulk_create(
        look(place, row, state="closed", at=at, now=DEADLINE)
        for number, row in enumerate(place.homes)
        if number % 3
    )
    webhook(place.community, provider.url("ok", name), now=DEADLINE)
    return place


def minute(places: Sequence[Place], provider: Sink, *, beside: int = 1) -> Seen:
    """Let the deadline pass, with so many runners and senders beside one another."""
    homes = sum(len(place.homes) for place in places)
    workers: list[Runner | SenderThread] = [
        kind() for kind in (Runner, SenderThread) for _ in range(beside)
    ]
    Moved().run_from(DEADLINE)
    began = stopwatch.monotonic()
    for worker in workers:
        worker.start()
    try:
        for place in places:
            _cry(place)
        _wait_while(lambda: _told_count() < homes)
        queued_after = stopwatch.monotonic() - began
        _wait_while(_left)
    finally:
        for worker in workers:
            worker.stop()
    return Seen(queued_after=queued_after, took=provider.taken(), deadline_at=began)


def _wait_while(is_so: Callable[[], bool]) -> None:
    while is_so() and clock.now() < DEADLINE + PATIENCE:
        stopwatch.sleep(LOOK_AGAIN_SECONDS)


def _cry(place: Place) -> None:
    now = clock.now()
    cries = [
        SightingIn(
            id=uuid7(now=now), home_id=row.pk, signal="board", state="cry", seen_at=now
        )
        for row in place.homes[::CRYING_ONE_IN]
    ]
    sightings_record(community=place.community, items=cries, by=place.member, now=now)


def _told_count() -> int:
    rows = OutboxMessage.unscoped.filter(home__isnull=False)
    return rows.values("subject_id").distinct().count()


def _left() -> bool:
    return OutboxMessage.unscoped.filter(
        part__startswith="step:1:", next_at__isnull=False
    ).exists()


def _figures(words: str, seen: Seen) -> list[Figure]:
    alerts = dict(Alert.unscoped.values_list("pk", "home_id"))
    keys = Counter(row.key for row in seen.took if row.status == 200)
    first = _first(seen, alerts)
    untold = len(alerts) - len(first)
    waits = [*first.values(), *[float("inf")] * untold]
    last = max(first.values(), default=0.0)
    figures = [
        Figure(name=f"{words}: alerts opened", value=len(alerts), unit=""),
        Figure(
            name=f"{words}: until every first message was queued",
            value=seen.queued_after,
            unit="s",
        ),
        Figure(
            name=f"{words}: until every first message was taken", value=last, unit="s"
        ),
        Figure(
            name=f"{words}: median until taken", value=quantile(waits, 0.5), unit="s"
        ),
        *(
            Figure(
                name=f"{words}: taken within {seconds} s",
                value=100 * sum(row <= seconds for row in waits) / len(waits),
                unit="%",
                least=share,
            )
            for seconds, share in PROMISED
        ),
        Figure(
            name=f"{words}: messages a second", value=len(seen.took) / last, unit="/s"
        ),
    ]
    counts = {
        "alerts nobody was told of": untold,
        "messages taken twice": sum(count > 1 for count in keys.values()),
        "less urgent before more urgent": overtaken(seen.took),
    }
    return figures + [
        Figure(name=f"{words}: {name}", value=count, unit="", most=0)
        for name, count in counts.items()
    ]


def _first(seen: Seen, alerts: Mapping[int, int | None]) -> dict[int, float]:
    """Return after how many seconds the first message of each alert was taken."""
    found: dict[int, float] = {}
    for row in seen.took:
        alert = row.key.split(":", 1)[0]
        if row.status == 200 and alert.isdecimal() and int(alert) in alerts:
            found.setdefault(int(alert), row.at - seen.deadline_at)
    return found


def overtaken(took: Sequence[Taken]) -> int:
    """Return how many messages went before a more urgent one queued no later.

    Within each community: two of them have channels of their own.
    """
    rows = {
        key: (priority, queued_at)
        for key, priority, queued_at in OutboxMessage.unscoped.values_list(
            "key", "priority", "queued_at"
        )
    }
    by_place: defaultdict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for one in took:
        if one.key in rows:
            by_place[one.to].append(rows[one.key])
    return sum(_overtaken(some) for some in by_place.values())


def _overtaken(some: Sequence[tuple[int, datetime]]) -> int:
    return sum(
        any(later[0] < one[0] and later[1] <= one[1] for later in some[place + 1 :])
        for place, one in enumerate(some)
    )
