"""Everything stored about status can be recomputed from the facts, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shouwang.apps.communities.models import Community
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.selectors import facts_of, home_ids_of, terms_of_check
from shouwang.domain.status import status_of

HOMES_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A check whose stored status is not what the facts say."""

    check_id: int
    home_id: int
    stored: str
    recomputed: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How many checks were compared, and where they differ."""

    count: int
    differences: tuple[Difference, ...]


def rebuild_compare(*, community: Community, now: datetime) -> Compared:
    """Recompute every check that begins by ``now`` and compare with what is stored."""
    count = 0
    found: list[Difference] = []
    for rows in _by_homes(community, now):
        count += len(rows)
        found += _differences(community, rows, now)
    return Compared(count=count, differences=tuple(found))


def _by_homes(community: Community, now: datetime) -> Iterator[list[Check]]:
    begun = Check.objects.of(community).filter(
        day_starts_at__lte=now, stopped_at__isnull=True
    )
    homes = sorted(set(begun.values_list("home_id", flat=True)))
    for start in range(0, len(homes), HOMES_AT_ONCE):
        chunk = homes[start : start + HOMES_AT_ONCE]
        yield list(begun.filter(home_id__in=chunk).order_by("pk"))


def _differences(
    community: Community, rows: list[Check], now: datetime
) -> Iterator[Difference]:
    since = min(row.opens_at for row in rows)
    facts = facts_of(community, home_ids_of(rows), since=since)
    for row in rows:
        result = status_of(terms_of_check(row), facts[row.home_id], now=now)
        recomputed = f"{result.status.value} {result.strength or ''}".strip()
        stored = f"{row.status} {row.strength}".strip()
        if recomputed != stored:
            yield Difference(
                check_id=row.pk,
                home_id=row.home_id,
                stored=stored,
                recomputed=recomputed,
            )
