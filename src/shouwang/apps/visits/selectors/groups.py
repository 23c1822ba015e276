"""Groups of homes that are visited together: by risk, building, age, alone, kept list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Min, Q

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Home, Resident
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.visits.models import HomeList


@dataclass(frozen=True, kw_only=True)
class Group:
    """Which homes; what is empty leaves nobody out. All that is said must fit."""

    risks: frozenset[str] = field(default_factory=frozenset)
    buildings: frozenset[str] = field(default_factory=frozenset)
    alone: bool = False
    age_from: int | None = None
    home_list: HomeList | None = None


def homes_of_group(group: Group, *, community: Community, today: date) -> list[Home]:
    """Return the homes of a group, in the order of ``homes_in_order``.

    Somebody lives alone where one person is written down, or nobody is. A year of birth
    that nobody knows leaves nobody out: who may be old is visited.
    """
    people = _people(community)
    listed = (
        {row.pk for row in group.home_list.homes.all()} if group.home_list else None
    )
    return [
        row
        for row in homes_in_order(community=community)
        if (not group.risks or row.risk in group.risks)
        and (not group.buildings or row.building.label in group.buildings)
        and (listed is None or row.pk in listed)
        and _fits(group, people.get(row.pk, (0, None)), today)
    ]


def _fits(group: Group, people: tuple[int, int | None], today: date) -> bool:
    count, first_born = people
    if group.alone and count > 1:
        return False
    if group.age_from is None or first_born is None:
        return True
    return today.year - first_born >= group.age_from


def _people(community: Community) -> dict[int, tuple[int, int | None]]:
    """Return how many live in each home, and when the oldest was born, if known."""
    rows = (
        Resident.objects.of(community)
        .filter(moved_out_at__isnull=True)
        .values("home")
        .annotate(
            count=Count("pk"),
            born=Min("birth_year", filter=Q(birth_year__isnull=False)),
        )
    )
    return {row["home"]: (row["count"], row["born"]) for row in rows}
