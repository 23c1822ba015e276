"""A day's visits as rounds: who carries which homes, in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.models import Consent, Home, KnownRisk
from shouwang.apps.residents.selectors import home_for
from shouwang.apps.visits.models import PlannedVisit, Visit
from shouwang.common.clock import local_day
from shouwang.common.errors import NotFoundError

# How long a phone may carry a visit to a home, so that it is still theirs to tell.
CARRIED_DAYS = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class VisitRound:
    """The visits that one person makes on a day, in walking order."""

    member: Member
    on: date
    rows: tuple[PlannedVisit, ...]

    @property
    def done_count(self) -> int:
        """Return how many have been there, with whatever result."""
        return sum(bool(row.is_done) for row in self.rows)  # type: ignore[attr-defined]  # annotated


def _planned(community: Community | int) -> QuerySet[PlannedVisit]:
    gone = Visit.objects.of(community).filter(planned=OuterRef("pk"))
    return (
        PlannedVisit.objects.of(community)
        .filter(withdrawn_at__isnull=True)
        .select_related("home__building", "home__community", "member", "community")
        .annotate(is_done=Exists(gone))
    )


def planned_from(community: Community | int, *, on: date) -> list[PlannedVisit]:
    """Return what is planned and not yet done from a date on, the latest first."""
    rows = _planned(community).filter(on__gte=on, visits__isnull=True)
    return list(rows.order_by("-on", "pk"))


def rounds_on(*, community: Community | int, on: date) -> list[VisitRound]:
    """Return the visits of a day, by who makes them."""
    rows = _planned(community).filter(on=on)
    ordered = rows.order_by("member__display_name", "member", "position", "pk")
    return [
        VisitRound(member=who, on=on, rows=tuple(theirs))
        for who, theirs in groupby(ordered, key=lambda row: row.member)
    ]


def round_of(*, member: Member, on: date) -> VisitRound:
    """Return the visits that ``member`` makes on a date; none at all is a round too."""
    rows = _planned(member.community_id).filter(on=on, member=member)
    return VisitRound(member=member, on=on, rows=tuple(rows.order_by("position", "pk")))


def carried(*, member: Member, now: datetime) -> VisitRound:
    """Return what ``member`` carries today: without a home that withdrew consent."""
    today = round_of(member=member, on=local_day(now, member.community.zone))
    withdrawn = consents_withdrawn(
        member.community_id, [row.home_id for row in today.rows]
    )
    rows = tuple(
        row
        for row in today.rows
        if row.home_id not in withdrawn and row.home.archived_at is None
    )
    return VisitRound(member=member, on=today.on, rows=rows)


def home_ids_visited(*, member: Member, now: datetime) -> set[int]:
    """Return the homes that ``member`` carries a visit to today."""
    return {row.home_id for row in carried(member=member, now=now).rows}


def consents_withdrawn(community: Community | int, home_ids: Iterable[int]) -> set[int]:
    """Return the homes that had given their consent and have withdrawn all of it."""
    rows = Consent.objects.of(community).filter(home_id__in=[*home_ids])
    given = set(rows.values_list("home_id", flat=True))
    standing = rows.filter(withdrawn_at__isnull=True)
    return given - set(standing.values_list("home_id", flat=True))


def home_to_visit(member: Member, home_id: int, *, now: datetime) -> Home:
    """Return a home for which the reader may fill in a form, else "not found".

    The desk types in paper of any home that is kept; others what they carry today.
    """
    home = home_for(member, home_id)
    is_theirs = has_role(member, DESK_ROLES) or any(
        row.home_id == home.pk for row in carried(member=member, now=now).rows
    )
    if home.archived_at is not None or not is_theirs:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def planned_for(*, home: Home, member: Member, on: date) -> PlannedVisit | None:
    """Return what ``member`` was to visit there: on that date, or of late.

    What was taken back since counts too: the phone may not have known.
    """
    rows = PlannedVisit.objects.of(home.community_id).filter(
        home=home, member=member, on__lte=on, on__gte=on - CARRIED_DAYS
    )
    standing_first = F("withdrawn_at").asc(nulls_first=True)
    return rows.order_by("-on", standing_first, "-pk").first()


def planned_there(*, home: Home, on: date) -> PlannedVisit | None:
    """Return the visit that stands for a home on a date, whoever was to go."""
    rows = PlannedVisit.objects.of(home.community_id)
    return rows.filter(home=home, on=on, withdrawn_at__isnull=True).first()


def at_the_door(
    community: Community | int, homes: Iterable[Home]
) -> dict[int, list[KnownRisk]]:
    """Return what whoever visits must know, by home."""
    rows = KnownRisk.objects.of(community).filter(
        home__in=[*homes], ended_at__isnull=True
    )
    found: dict[int, list[KnownRisk]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.home_id, []).append(row)
    return found
