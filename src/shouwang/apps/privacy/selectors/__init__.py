"""Reads: who looked at a home, and the clocks of those who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.privacy.models import DAYS_KEPT, Access, Leaving, RetentionRule
from shouwang.common.errors import NotFoundError

ROWS_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class AccessPage:
    """Some of those who looked, the newest first; ``has_more`` older ones follow."""

    rows: Sequence[Access]
    number: int
    has_more: bool


def accesses_of_home(
    *, community: Community | int, home_id: int, number: int = 1
) -> AccessPage:
    """Return who looked at a home, or took a file in which it stands: page ``number``."""
    begin = (max(number, 1) - 1) * ROWS_A_PAGE
    rows = (
        Access.objects.of(community)
        .filter(Q(home_id=home_id) | Q(home__isnull=True))
        .select_related("member", "token")
        .order_by("-at", "-pk")
    )
    found = list(rows[begin : begin + ROWS_A_PAGE + 1])
    return AccessPage(
        rows=found[:ROWS_A_PAGE],
        number=max(number, 1),
        has_more=len(found) > ROWS_A_PAGE,
    )


def retention_days(*, community: Community | int) -> int:
    """Return how many days a community keeps who somebody was."""
    row = RetentionRule.objects.of(community).first()
    return row.days if row else DAYS_KEPT


def leaving_for(member: Member, leaving_id: int) -> Leaving:
    """Return the clock of somebody of the reader's community, else "not found"."""
    row = (
        Leaving.objects.of(member.community_id)
        .select_related("community", "home", "resident")
        .prefetch_related("moves__by")
        .filter(pk=leaving_id)
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_leaving", _("There is no such entry here."))
    return row


def leaving_of_home(*, community: Community | int, home_id: int) -> Leaving | None:
    """Return the last clock of a whole home that was not stopped, if any."""
    return (
        Leaving.objects.of(community)
        .filter(home_id=home_id, resident__isnull=True, ended_at__isnull=True)
        .order_by("-left_at", "-pk")
        .first()
    )


def leavings_list(*, community: Community | int) -> list[Leaving]:
    """Return the clocks that run or are held, the nearest first, then those run out."""
    rows = (
        Leaving.objects.of(community)
        .filter(ended_at__isnull=True)
        .select_related("home", "resident")
        .prefetch_related("moves__by")
        .order_by("forgotten_at", "forget_at", "pk")
    )
    return sorted(rows, key=lambda row: row.forgotten_at is not None)
