"""Who can be asked to help, as the choice of whom to ask sees them."""

from __future__ import annotations

from datetime import date, datetime

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import (
    LOOKING_ROLES,
    has_role,
    members_list,
)
from shouwang.apps.volunteers.models import Volunteer
from shouwang.apps.volunteers.stored import (
    is_here,
    pauses_of,
    season_that_holds,
    times_of,
)
from shouwang.common.clock import local_day
from shouwang.domain.volunteers import Helper


def helpers_of(*, community: Community, now: datetime) -> list[Helper]:
    """Return everybody of a community who looks or volunteers, by name.

    Who has no volunteer's record helps too: everywhere and at any time. The queries
    are six, however many people there are.
    """
    today = local_day(now, community.zone)
    known = {
        row.member_id: row
        for row in Volunteer.objects.of(community)
        .select_related("member", "team")
        .prefetch_related("buildings", "known_homes", "pauses")
    }
    people = [
        row for row in members_list(community=community) if has_role(row, LOOKING_ROLES)
    ]
    return [
        _helper(row, known.get(row.pk), may=_may(known.get(row.pk), today))
        for row in sorted(people, key=lambda row: (row.display_name, row.pk))
    ]


def _may(row: Volunteer | None, today: date) -> bool:
    return row is None or (row.consent_on is not None and is_here(row, today))


def _helper(member: Member, row: Volunteer | None, *, may: bool) -> Helper:
    if row is None:
        return Helper(member=member.pk, name=member.display_name, may=may)
    return Helper(
        member=member.pk,
        name=member.display_name,
        skills=frozenset(row.skills),
        buildings=frozenset(kept.building_id for kept in row.buildings.all()),
        times=times_of(row.times),
        season=season_that_holds(row),
        a_week=row.a_week,
        knows=frozenset(kept.home_id for kept in row.known_homes.all()),
        pauses=pauses_of(row.pauses.all()),
        may=may,
    )
