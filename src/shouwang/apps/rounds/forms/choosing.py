"""Whom and what one can choose for a round."""

from __future__ import annotations

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import members_list, roles_of

WALK = (Role.WALKER, Role.VOLUNTEER, Role.DUTY_OFFICER, Role.COORDINATOR)


def can_walk(community: Community) -> list[Member]:
    """Return who can walk, the desk included."""
    rows = members_list(community=community)
    return [row for row in rows if not roles_of(row).isdisjoint(WALK)]


def walkers_of(community: Community, chosen: list[int]) -> list[Member]:
    """Return who can walk, those of the round first, in their order."""
    rows = can_walk(community)
    places = {key: place for place, key in enumerate(chosen)}
    return sorted(rows, key=lambda row: places.get(row.pk, len(places)))
