"""Homes as people choose among them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.selectors import homes_in_order


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
