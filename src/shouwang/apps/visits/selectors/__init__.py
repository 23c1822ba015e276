"""Reads of visits; permission is inside.

The desk sees every visit of its community. Somebody who walks or volunteers sees the
homes they carry today, and what they themselves wrote down there. A supervisor sees none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.models import Home
from shouwang.apps.visits.models import (
    HomeList,
    MajorChange,
    RiskSuggestion,
    Visit,
    VisitFrequency,
    VisitRaise,
)
from shouwang.common.errors import NotFoundError
from shouwang.domain.visits import Frequency, VisitOutcome

Row = TypeVar("Row", RiskSuggestion, MajorChange, VisitRaise, HomeList)
# A visit that was held counts once a person has said so.
COUNTS = Q(held="") | Q(judgement__counts=True)
SPOKE = Q(outcome=VisitOutcome.SPOKE.value)


def frequency_row(community: Community) -> VisitFrequency:
    """Return how often a community visits, as kept or as built in."""
    row = VisitFrequency.objects.of(community).first()
    return row or VisitFrequency(community=community)


def frequency_of(community: Community) -> Frequency:
    """Return how often a community visits, as the rules read it."""
    row = frequency_row(community)
    return Frequency(
        high=timedelta(days=row.high_days),
        key=timedelta(days=row.key_days),
        general=timedelta(days=row.general_days),
        after_change=timedelta(hours=row.change_hours),
    )


def _told(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Return rows with everything a page says of them."""
    return rows.select_related(
        "community", "home__building", "by", "typed_by", "form", "judgement"
    ).prefetch_related("needs__need")


def visits_visible(member: Member) -> QuerySet[Visit]:
    """Return the visits a reader may see, the newest first."""
    rows = Visit.objects.of(member.community_id)
    if not has_role(member, DESK_ROLES):
        rows = rows.filter(by=member)
    return _told(rows).order_by("-visited_at", "-pk")


def visit_for(member: Member, visit_id: UUID) -> Visit:
    """Return a visit of the desk's community, else "not found"."""
    rows = visits_visible(member)
    if not has_role(member, DESK_ROLES):
        rows = rows.none()
    row = rows.select_related("suggestion__decided_by").filter(pk=visit_id).first()
    if row is None:
        raise NotFoundError("unknown_visit", _("There is no such visit here."))
    return row


def visits_of_home(
    *, home: Home, begin: datetime | None = None, end: datetime | None = None
) -> list[Visit]:
    """Return the visits of a home that count, and tries, the newest first.

    Of a span of time where one is given: ``begin`` inside, ``end`` outside.
    """
    rows = Visit.objects.of(home.community_id).filter(COUNTS, home=home)
    if begin is not None:
        rows = rows.filter(visited_at__gte=begin)
    if end is not None:
        rows = rows.filter(visited_at__lt=end)
    return list(_told(rows).order_by("-visited_at", "-pk"))


def visits_done(*, community: Community | int, most: int) -> list[Visit]:
    """Return the last visits and tries of a community that count."""
    rows = Visit.objects.of(community).filter(COUNTS)
    return list(_told(rows).order_by("-visited_at", "-pk")[:most])


def visits_held(*, community: Community | int) -> list[Visit]:
    """Return the visits that wait for a person to judge them, the oldest first."""
    rows = Visit.objects.of(community).filter(judgement__isnull=True)
    return list(_told(rows.exclude(held="")).order_by("received_at", "pk"))


def suggestions_open(*, community: Community | int) -> list[RiskSuggestion]:
    """Return the risk levels that were suggested and not yet decided, oldest first."""
    rows = RiskSuggestion.objects.of(community).filter(accepted__isnull=True)
    return list(rows.select_related("visit__by", "home").order_by("pk"))


def suggestion_for(member: Member, row_id: int) -> RiskSuggestion:
    """Return a suggestion of the reader's community, else "not found"."""
    return _own(RiskSuggestion.objects.of(member.community_id), row_id)


def change_for(member: Member, row_id: int) -> MajorChange:
    """Return a major change of the reader's community, else "not found"."""
    return _own(MajorChange.objects.of(member.community_id), row_id)


def changes_of_home(*, home: Home) -> list[MajorChange]:
    """Return the major changes written by hand that stand, the newest first."""
    rows = MajorChange.objects.of(home.community_id).filter(
        home=home, withdrawn_at__isnull=True
    )
    return list(rows.select_related("noted_by").order_by("-at"))


def raise_for(member: Member, row_id: int) -> VisitRaise:
    """Return a raised group of the reader's community, else "not found"."""
    return _own(VisitRaise.objects.of(member.community_id), row_id)


def raises_of_late(*, community: Community | int, most: int = 10) -> list[VisitRaise]:
    """Return the last raised groups with their homes, the newest first."""
    rows = VisitRaise.objects.of(community).select_related("raised_by", "undone_by")
    return list(rows.prefetch_related("homes").order_by("-raised_at")[:most])


def home_lists(*, community: Community | int) -> list[HomeList]:
    """Return the kept lists in use, by name."""
    rows = HomeList.objects.of(community).filter(ended_at__isnull=True)
    return list(rows.prefetch_related("homes").order_by("name"))


def home_list_for(member: Member, row_id: int) -> HomeList:
    """Return a kept list in use, else "not found"."""
    rows = HomeList.objects.of(member.community_id)
    return _own(rows.filter(ended_at__isnull=True), row_id)


def _own(rows: QuerySet[Row], row_id: int) -> Row:
    row = rows.select_related("community").filter(pk=row_id).first()
    if row is None:
        raise NotFoundError("unknown_row", _("There is no such entry here."))
    return row
