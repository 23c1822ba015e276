"""Volunteers who left are forgotten when the community's time of keeping is over."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from shouwang.apps.communities.models import Member, MemberRole, Role
from shouwang.apps.privacy.models import DAYS_KEPT, RetentionRule
from shouwang.apps.volunteers.models import Volunteer

# A few a tick: forgetting may wait, an alert may not.
FORGOTTEN_AT_ONCE = 5


class HelperForgetter(Protocol):
    """Takes the name and the words of somebody who helped out of one app's tables.

    ``whole`` says that they are in the community for nothing else, so that their name
    and number go too. Doing it twice changes nothing.
    """

    def __call__(self, *, member: Member, whole: bool, now: datetime) -> None:
        """Forget."""


def volunteers_forget_due(*, now: datetime) -> int:
    """Forget volunteers who left longer ago than names are kept; return how many.

    Each is one transaction. Hours and counts stay to the number.
    """
    due = (
        Volunteer.objects.across("the runner forgets in every community")
        .filter(_left_long_ago(now), forgotten_at__isnull=True)
        .order_by("pk")
    )
    return sum(
        volunteer_forget(volunteer=row, now=now) for row in due[:FORGOTTEN_AT_ONCE]
    )


def _left_long_ago(now: datetime) -> Q:
    """Return who left before the day their community keeps names from.

    By days of UTC, so that nobody is forgotten before their local day is over.
    """
    by_days: defaultdict[int, list[int]] = defaultdict(list)
    rules = RetentionRule.objects.across("each community has its own time of keeping")
    for community, days in rules.values_list("community_id", "days"):
        by_days[days].append(community)
    ruled = [key for keys in by_days.values() for key in keys]
    found = ~Q(community__in=ruled) & _left_before(now - timedelta(days=DAYS_KEPT))
    for days, keys in by_days.items():
        found |= Q(community__in=keys) & _left_before(now - timedelta(days=days))
    return found


def _left_before(at: datetime) -> Q:
    return Q(left_on__lt=at.date()) | Q(member__left_at__lt=at)


@transaction.atomic
def volunteer_forget(*, volunteer: Volunteer, now: datetime) -> bool:
    """Forget one who left; return whether they were still to be forgotten.

    Who walks or sits at the desk keeps the name under which they do, or did, that.
    """
    rows = Volunteer.objects.of(volunteer.community_id).select_for_update(of=("self",))
    row = rows.filter(
        _left_long_ago(now), pk=volunteer.pk, forgotten_at__isnull=True
    ).first()
    if row is None:
        return False
    member = (
        Member.objects.of(row.community_id).select_for_update().get(pk=row.member_id)
    )
    roles = MemberRole.objects.of(row.community_id).filter(member=member)
    whole = not roles.exclude(role=Role.VOLUNTEER).exists()
    for path in settings.HELPER_FORGETTERS:
        forgetter: HelperForgetter = import_string(path)
        forgetter(member=member, whole=whole, now=now)
    rows.filter(pk=row.pk).update(forgotten_at=now)
    return True
