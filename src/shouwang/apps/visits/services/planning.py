"""Who goes where on a day, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _, ngettext

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import LOOKING_ROLES, has_role
from shouwang.apps.communities.writing import rows_update
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.visits.models import PlannedVisit
from shouwang.apps.visits.selectors.planning import consents_withdrawn
from shouwang.common.clock import local_day
from shouwang.common.errors import RefusedError


@transaction.atomic
def visits_plan(
    *, member: Member, home_ids: Collection[int], on: date, by: Member, now: datetime
) -> list[PlannedVisit]:
    """Let ``member`` visit homes on a local date, after what they carry already.

    A home that somebody else was to visit that day goes over to ``member``.

    Raises
    ------
    RefusedError
        ``nobody_chosen``, ``not_a_visitor``, ``day_is_past``, ``unknown_homes`` or
        ``consent_withdrawn`` with the addresses.
    """
    community = Community.objects.select_for_update().get(pk=member.community_id)
    homes = _homes(community, home_ids)
    _require_sound(member, homes, on, today=local_day(now, community.zone))
    standing = PlannedVisit.objects.of(community).filter(
        on=on, withdrawn_at__isnull=True
    )
    had = set(standing.filter(member=member).values_list("home_id", flat=True))
    others = standing.filter(home__in=homes).exclude(member=member)
    others.update(withdrawn_at=now, withdrawn_by=by)
    last = standing.filter(member=member).aggregate(at=Max("position"))["at"] or 0
    rows = [
        PlannedVisit(
            community=community,
            home=home,
            member=member,
            on=on,
            position=last + place,
            planned_at=now,
            planned_by=by,
        )
        for place, home in enumerate((h for h in homes if h.pk not in had), start=1)
    ]
    return PlannedVisit.objects.of(community).bulk_create(rows)


def _homes(community: Community, home_ids: Collection[int]) -> list[Home]:
    wanted = set(home_ids)
    homes = [row for row in homes_in_order(community=community) if row.pk in wanted]
    if len(homes) != len(wanted):
        words = _("Some of these homes are not of this community, or no longer kept.")
        raise RefusedError("unknown_homes", words, fields={"homes": [words]})
    return homes


def _require_sound(
    member: Member, homes: Sequence[Home], on: date, *, today: date
) -> None:
    if not homes:
        words = _("Choose at least one home.")
        raise RefusedError("nobody_chosen", words, fields={"homes": [words]})
    if member.left_at is not None or not has_role(member, LOOKING_ROLES):
        words = _("This person cannot visit. Choose somebody who walks or helps.")
        raise RefusedError("not_a_visitor", words, fields={"who": [words]})
    if on < today:
        words = _("This day is past.")
        raise RefusedError("day_is_past", words, fields={"on": [words]})
    withdrawn = consents_withdrawn(member.community_id, [row.pk for row in homes])
    if withdrawn:
        names = ", ".join(row.address for row in homes if row.pk in withdrawn)
        words = ngettext(
            "%(homes)s has withdrawn its consent and is left in peace.",
            "%(homes)s have withdrawn their consent and are left in peace.",
            len(withdrawn),
        ) % {"homes": names}
        raise RefusedError("consent_withdrawn", words, fields={"homes": [words]})


@transaction.atomic
def plan_withdraw(*, planned: PlannedVisit, by: Member, now: datetime) -> None:
    """Take a planned visit back; doing it again changes nothing."""
    PlannedVisit.objects.of(planned.community_id).filter(
        pk=planned.pk, withdrawn_at__isnull=True
    ).update(withdrawn_at=now, withdrawn_by=by)


@transaction.atomic
def plan_order(*, rows: Sequence[PlannedVisit]) -> None:
    """Walk planned visits in the order given."""
    for place, row in enumerate(rows, start=1):
        row.position = place
    rows_update(rows, ["position"])
