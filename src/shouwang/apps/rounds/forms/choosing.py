"""Whom and what one can choose for a round."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import members_list, roles_of
from shouwang.apps.residents.selectors import homes_in_order

WALK = (Role.WALKER, Role.VOLUNTEER, Role.DUTY_OFFICER, Role.COORDINATOR)


def homes_by_building(community: Community) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the homes to choose from, those of a building together."""
    by_building: dict[str, list[tuple[int, str]]] = {}
    for row in homes_in_order(community=community):
        words = f"{row.address} {row.shown_name}"
        by_building.setdefault(row.building.label, []).append((row.pk, words))
    return [
        (str(_("Building %(label)s")) % {"label": label}, rows)
        for label, rows in by_building.items()
    ]


def can_walk(community: Community) -> list[Member]:
    """Return who can walk, the desk included."""
    rows = members_list(community=community)
    return [row for row in rows if not roles_of(row).isdisjoint(WALK)]


def walkers_of(community: Community, chosen: list[int]) -> list[Member]:
    """Return who can walk, those of the round first, in their order."""
    rows = can_walk(community)
    places = {key: place for place, key in enumerate(chosen)}
    return sorted(rows, key=lambda row: places.get(row.pk, len(places)))
