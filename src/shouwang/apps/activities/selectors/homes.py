"""Homes as activities see them: who may be asked, who has not come for long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Max, Min, Q, QuerySet

from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Absence, Consent, Home
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.common.clock import local_day
from shouwang.domain.activities import (
    Attended,
    Group,
    HomeStanding,
    WhyNot,
    long_unseen,
    why_not,
)
from shouwang.domain.facts import Absence as AbsenceTerms
from shouwang.domain.schedule import instant

_CAME = Q(attended=Attended.CAME.value)


def standings_of(
    *, community: Community | int, home_ids: Collection[int]
) -> dict[int, HomeStanding]:
    """Return what decides whether each home is invited; two questions in all."""
    withdrawn: defaultdict[int, list[bool]] = defaultdict(list)
    consents = Consent.objects.of(community).filter(home_id__in=home_ids)
    for home_id, at in consents.values_list("home_id", "withdrawn_at"):
        withdrawn[home_id].append(at is not None)
    away: defaultdict[int, list[AbsenceTerms]] = defaultdict(list)
    absences = Absence.objects.of(community).filter(
        home_id__in=home_ids, withdrawn_at__isnull=True
    )
    for home_id, begin, end in absences.values_list("home_id", "from_at", "until_at"):
        away[home_id].append(AbsenceTerms(from_at=begin, until_at=end))
    return {
        key: HomeStanding(
            consent_withdrawn=bool(withdrawn[key]) and all(withdrawn[key]),
            absences=tuple(away[key]),
        )
        for key in home_ids
    }


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Whom to invite in one go; what the group does not ask for is empty."""

    group: Group
    home_ids: Collection[int] = ()
    building_id: int | None = None
    risk: str = ""


def homes_of_group(
    *, community: Community, chosen: Chosen, now: datetime
) -> list[Home]:
    """Return the homes of a group, in order; those not to be invited are among them."""
    rows = homes_in_order(community=community)
    match chosen.group:
        case Group.HOMES:
            return [row for row in rows if row.pk in set(chosen.home_ids)]
        case Group.BUILDING:
            return [row for row in rows if row.building_id == chosen.building_id]
        case Group.RISK:
            return [row for row in rows if row.risk == chosen.risk]
        case Group.LONG_UNSEEN:
            out = {
                row.home.pk for row in homes_long_unseen(community=community, now=now)
            }
            return [row for row in rows if row.pk in out]
        case Group.ALL:
            return rows


def last_out_of_homes(
    *, community: Community | int, home_ids: Collection[int] | None = None
) -> dict[int, datetime]:
    """Return when somebody of each home last came to an activity; no key: never.

    ``None``: of every home.
    """
    rows = _guests(community).filter(_CAME)
    if home_ids is not None:
        rows = rows.filter(home_id__in=home_ids)
    return dict(
        rows.values_list("home_id").annotate(last=Max("activity__begins_at")).order_by()
    )


def _guests(community: Community | int) -> QuerySet[Guest]:
    return Guest.objects.of(community).filter(ended_at__isnull=True)


def activities_of_home(*, home: Home) -> list[Guest]:
    """Return to what somebody of a home was invited or came, the newest first.

    What was cancelled is left out, for nobody went anywhere.
    """
    rows = _guests(home.community_id).filter(
        home=home, activity__cancelled_at__isnull=True
    )
    return list(
        rows.select_related("activity", "resident", "home", "brought_by").order_by(
            "-activity__begins_at", "-pk"
        )
    )


@dataclass(frozen=True, kw_only=True)
class HomeOut:
    """A home from which nobody has come for long; ``last_at`` is empty for never.

    ``invited_count`` counts the invitations to what was held since.
    """

    home: Home
    last_at: datetime | None
    invited_count: int
    why_not: WhyNot | None


def homes_long_unseen(*, community: Community, now: datetime) -> list[HomeOut]:
    """Return the homes from which nobody has come for long; never first, then longest.

    Empty until something was held. A home that withdrew its consent is left in peace; one
    that is away is there, with the reason.
    """
    if not _held(community, now).exists():
        return []
    homes = {row.pk: row for row in homes_in_order(community=community)}
    standings = standings_of(community=community, home_ids=homes)
    asked = {
        key: row for key, row in homes.items() if not standings[key].consent_withdrawn
    }
    last = last_out_of_homes(community=community, home_ids=asked)
    order = long_unseen(last, _since(community, asked), now=now)
    counts = _invited(community, order, last, now)
    return [
        HomeOut(
            home=homes[key],
            last_at=last.get(key),
            invited_count=counts.get(key, 0),
            why_not=why_not(standings[key], now, now),
        )
        for key in order
    ]


def _held(community: Community, now: datetime) -> QuerySet[Activity]:
    return Activity.objects.of(community).filter(
        ends_at__lt=now, cancelled_at__isnull=True
    )


def _since(community: Community, home_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return from when on somebody of each home could have come.

    The day of its first consent, and not before the community was there.
    """
    agreed = dict(
        Consent.objects.of(community)
        .filter(home_id__in=home_ids)
        .values_list("home_id")
        .annotate(first=Min("agreed_on"))
        .order_by()
    )
    return {
        key: max(
            community.created_at,
            instant(
                agreed.get(key) or local_day(community.created_at, community.zone),
                time(0),
                community.zone,
            ),
        )
        for key in home_ids
    }


def _invited(
    community: Community,
    home_ids: Sequence[int],
    last: Mapping[int, datetime],
    now: datetime,
) -> dict[int, int]:
    rows = _guests(community).filter(
        home_id__in=home_ids,
        invited_at__isnull=False,
        activity__in=_held(community, now),
    )
    counts: defaultdict[int, set[int]] = defaultdict(set)
    for home_id, activity_id, begins_at in rows.values_list(
        "home_id", "activity_id", "activity__begins_at"
    ):
        if home_id not in last or begins_at > last[home_id]:
            counts[home_id].add(activity_id)
    return {key: len(found) for key, found in counts.items()}
