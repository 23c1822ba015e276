"""Who of a community carries how much; for its coordinators only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.rounds.models import RoundHome
from shouwang.apps.watch.models import Sighting
from shouwang.domain.carrying import Deed, Load, RoundTime, Walk, loads_of, walk_of
from shouwang.domain.facts import Source
from shouwang.domain.schedule import instant
from shouwang.domain.signals import CONTACT


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A person and what they carried."""

    name: str
    load: Load


def carried_between(
    *, community: Community, deeds: Iterable[Deed], first: date, last: date
) -> list[Carried]:
    """Return what each person carried in a span of local dates, most first."""
    walks = _walks(community, first, last)
    loads = loads_of(deeds, walks, zone=community.zone)
    names = dict(Member.objects.of(community).values_list("pk", "display_name"))
    # Who belongs to another community as well is counted there.
    return [
        Carried(name=names[row.member], load=row)
        for row in loads
        if row.member in names
    ]


def _walks(community: Community, first: date, last: date) -> set[Walk]:
    """Return who walked which round: who looked at its first or its last window.

    Reading every look of a year would take seconds, and whoever passes neither has
    not walked the round.
    """
    rounds = _windows(community)
    looks = (
        Sighting.objects.of(community)
        .filter(
            home_id__in=rounds,
            seen_at__gte=instant(first, time(), community.zone),
            seen_at__lt=instant(last + timedelta(days=1), time(), community.zone),
            source__in=(Source.LOOK.value, Source.PHOTO.value),
            by__isnull=False,
        )
        .exclude(signal=CONTACT)
        .order_by()
        .values_list("home_id", "by_id", "seen_at")
    )
    found = (
        walk_of(rounds[home_id], member=by, seen_at=at, zone=community.zone)
        for home_id, by, at in looks
    )
    return {row for row in found if row is not None}


def _windows(community: Community) -> Mapping[int, tuple[RoundTime, ...]]:
    """Return the first and the last home of each round, with the rounds it is that of."""
    by_round: defaultdict[RoundTime, list[int]] = defaultdict(list)
    passed = RoundHome.objects.of(community).order_by("round_id", "position", "pk")
    for round_id, at, home_id in passed.values_list("round_id", "round__at", "home_id"):
        by_round[RoundTime(round=round_id, at=at)].append(home_id)
    found: defaultdict[int, list[RoundTime]] = defaultdict(list)
    for walked, homes in by_round.items():
        for home_id in {homes[0], homes[-1]}:
            found[home_id].append(walked)
    return {home_id: tuple(rows) for home_id, rows in found.items()}
