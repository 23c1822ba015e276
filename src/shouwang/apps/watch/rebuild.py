"""Everything stored about status can be recomputed from the facts, and compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shouwang.apps.communities.models import Community
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.selectors import facts_of, home_ids_of, terms_of_check
from shouwang.domain.status import statuses_of

HOMES_AT_ONCE = 20


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
    by_home: defaultdict[int, list[Check]] = defaultdict(list)
    for row in rows:
        by_home[row.home_id].append(row)
    for home_id, own in by_home.items():
        told = statuses_of(map(terms_of_check, own), facts[home_id], now=now)
        for row, result in zip(own, told, strict=True):
            recomputed = f"{result.status.value} {result.strength or ''}".strip()
            stored = f"{row.status} {row.strength}".strip()
            if recomputed != stored:
                yield Difference(
                    check_id=row.pk,
                    home_id=home_id,
                    stored=stored,
                    recomputed=recomputed,
                )
