"""Weeks of looks at a curtain, as walkers pass."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.apps import building as b

from shouwang.apps.communities.models import Community
from shouwang.apps.habits.services import habits_learn_due
from shouwang.apps.residents.models import Home
from shouwang.apps.watch import services


def day(number: int, clock: str) -> datetime:
    """Return a Shanghai time of the ``number``-th day, in UTC."""
    return b.hour(clock) + timedelta(days=number)


def pass_by(place: Community, home: Home, number: int, looks: dict[str, str]) -> None:
    """Record on a day what was seen at each time of it."""
    items = [
        b.look(home, "07:00", state=state, seen_at=day(number, at))
        for at, state in looks.items()
    ]
    now = max(row.seen_at for row in items)
    services.sightings_record(community=place, items=items, by=None, now=now)


def weeks(
    place: Community,
    home: Home,
    count: int,
    *,
    closed: str = "07:15",
    opened: str = "07:45",
) -> None:
    """Let days go by on which the curtain opens between two passes."""
    for number in range(count):
        services.checks_make(community=place, now=day(number, "06:00"))
        pass_by(place, home, number, {closed: "closed", opened: "open"})
        pass_by(place, home, number, {"20:30": "closed"})
    services.checks_make(community=place, now=day(count, "01:00"))
    services.checks_decide_due(now=day(count, "01:00"))


def learn(number: int, clock: str = "03:00") -> int:
    """Learn all there is to learn on the night to a day; return the pieces it took."""
    pieces = 0
    while habits_learn_due(now=day(number, clock)):
        pieces += 1
    return pieces
