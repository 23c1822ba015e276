"""Two runners and two senders at once on the same rows: nothing may be done twice."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks.parts.flooding import minute, place_fill
from benchmarks.parts.report import Figure
from benchmarks.parts.sink import sink
from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.outbox.models import OutboxMessage

COMMUNITIES = 4


def pairs(*, homes: int, seed: int) -> list[Figure]:
    """Let ``homes`` homes alarm in the same minute, with two of each at work.

    Each has a thread and a connection of its own.
    """
    chance = random.Random(seed)  # noqa: S311 -- figures must repeat
    size = max(homes // COMMUNITIES, 1)
    with sink(Path(settings.DATA_DIR)) as provider:
        places = [
            place_fill(f"c{number}", size, provider, chance)
            for number in range(COMMUNITIES)
        ]
        seen = minute(places, provider, beside=2)
    words = f"two runners and two senders on {connection.display_name}"
    moves = Counter(AlertEvent.unscoped.values_list("alert_id", "did", "step", "kind"))
    taken = Counter(row.key for row in seen.took if row.status == 200)
    homes_of = Counter(Alert.unscoped.values_list("home_id", flat=True))
    zeros = {
        "homes with two alerts": _twice(homes_of),
        "moves of a ladder made twice": _twice(moves),
        "messages taken twice": _twice(taken),
        "messages left": OutboxMessage.unscoped.filter(next_at__isnull=False).count(),
    }
    return [
        Figure(name=f"{words}: alerts opened", value=len(homes_of), unit=""),
        Figure(name=f"{words}: messages taken", value=len(seen.took), unit=""),
        *(
            Figure(name=f"{words}: {name}", value=value, unit="", most=0)
            for name, value in zeros.items()
        ),
    ]


def _twice(counts: Counter[Any]) -> int:
    return sum(count > 1 for count in counts.values())
