"""The window that runs or ended last, played through the one door for sightings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Absence
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common.ids import uuid7
from shouwang.domain.facts import CouldNotSee

# Shares of the homes that a duty officer has to care about: enough to see each kind
# on the board, few enough that no round counts as missed.
MISSED = 0.015
UNCLEAR = 0.02
NOT_LOOKED = 0.02
OPPOSITE = {
    "open": "closed",
    "closed": "open",
    "smile": "nothing_hung",
    "nothing_hung": "smile",
    "on": "off",
}
# Older checks are those of people who were away; nobody looks at them any more.
LATELY = timedelta(hours=22)
CRIED_AGO = timedelta(minutes=6)


def today_play(
    *, community: Community, by: Member, chance: Random, now: datetime
) -> None:
    """Record what was seen of every begun, undecided check, and one cry for help."""
    begun = list(
        Check.objects.of(community)
        .filter(opens_at__lte=now, opens_at__gt=now - LATELY, next_at__isnull=False)
        .exclude(home__in=_away(community))
        .order_by("pk")
    )
    chance.shuffle(begun)
    items = [item for item in _looks(begun, chance) if item.seen_at <= now]
    troubled = {item.home_id for item in items if not _is_well(item, begun)}
    items += _cry(community, chance, now, spared=troubled)
    sightings_record(community=community, items=items, by=by, now=now)


def _looks(rows: list[Check], chance: Random) -> Iterator[SightingIn]:
    missed = _count(rows, MISSED)
    unclear = missed + _count(rows, UNCLEAR)
    unseen = unclear + _count(rows, NOT_LOOKED)
    for place, row in enumerate(rows):
        at = row.opens_at + timedelta(minutes=chance.randint(10, 115))
        well = min(row.well)
        if place < missed:
            yield _item(row, at, state=OPPOSITE[well])
        elif place < unclear:
            yield _item(row, at, could_not_see=CouldNotSee.GLARE.value)
        elif place >= unseen:
            yield _item(row, at, state=well)


def _count(rows: list[Check], share: float) -> int:
    return max(1, round(share * len(rows)))


def _item(
    row: Check, at: datetime, *, state: str = "", could_not_see: str = ""
) -> SightingIn:
    return SightingIn(
        id=uuid7(now=at),
        home_id=row.home_id,
        signal=row.signal,
        state=state,
        could_not_see=could_not_see,
        seen_at=at,
    )


def _away(community: Community) -> set[int]:
    return set(Absence.objects.of(community).values_list("home_id", flat=True))


def _is_well(item: SightingIn, rows: list[Check]) -> bool:
    return any(row.home_id == item.home_id and item.state in row.well for row in rows)


def _cry(
    community: Community, chance: Random, now: datetime, *, spared: set[int]
) -> list[SightingIn]:
    """Let one home cry that is in no other trouble: a cry would hide the other."""
    boards = Check.objects.of(community).filter(signal="board")
    home_ids = sorted(set(boards.values_list("home_id", flat=True)) - spared)
    if not home_ids:
        return []
    at = now - CRIED_AGO
    return [
        SightingIn(
            id=uuid7(now=at),
            home_id=chance.choice(home_ids),
            signal="board",
            state="cry",
            seen_at=at,
        )
    ]
