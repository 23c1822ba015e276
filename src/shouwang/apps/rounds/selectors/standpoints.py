"""Reads of standpoints, and of the plan they lie on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_watched
from shouwang.apps.rounds.models import EstatePlan, Standpoint, StandpointWindow
from shouwang.common.errors import NotFoundError
from shouwang.common.text import by_number


def standpoint_for(member: Member, standpoint_id: int) -> Standpoint:
    """Return a standpoint of the reader's community, else "not found"."""
    row = (
        Standpoint.objects.of(member.community_id)
        .filter(pk=standpoint_id, ended_at__isnull=True)
        .select_related("community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_standpoint", _("There is no such standpoint."))
    return row


def standpoints_list(*, community: Community | int) -> list[Standpoint]:
    """Return the standpoints with the windows one sees from them, by name, 2 before 10."""
    rows = (
        Standpoint.objects.of(community)
        .filter(ended_at__isnull=True)
        .prefetch_related("windows__home")
    )
    return sorted(rows, key=lambda row: by_number(row.name))


def plan_of(*, community: Community | int) -> EstatePlan | None:
    """Return the plan of the estate, if somebody has brought one in."""
    return EstatePlan.objects.of(community).filter(ended_at__isnull=True).first()


def homes_without_standpoint(*, community: Community | int) -> list[Home]:
    """Return the watched homes whose window is seen from no standpoint."""
    seen = set(
        StandpointWindow.objects.of(community)
        .filter(standpoint__ended_at__isnull=True)
        .values_list("home_id", flat=True)
    )
    return [row for row in homes_watched(community=community) if row.pk not in seen]
