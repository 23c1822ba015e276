"""What is on, and what of it a reader may hold or plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.activities.models import Activity, Guest, Helper, Series
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.common.errors import NotFoundError

# So long after its end somebody who holds it may still write down who came.
HELD_UNTIL = timedelta(days=1)


def activities_between(
    *, community: Community | int, since: datetime, until: datetime
) -> QuerySet[Activity]:
    """Return what ends after ``since`` and begins before ``until``, by its time."""
    return (
        Activity.objects.of(community)
        .filter(ends_at__gt=since, begins_at__lt=until)
        .select_related("community", "leader", "series")
        .order_by("begins_at", "pk")
    )


def activities_with(
    *, member: Member, since: datetime, until: datetime
) -> QuerySet[Activity]:
    """Return those of ``activities_between`` that somebody leads, helps or brings to."""
    rows = activities_between(community=member.community_id, since=since, until=until)
    return rows.filter(_of(member)).distinct()


def _of(member: Member) -> Q:
    helps = Helper.objects.of(member.community_id).filter(
        member=member, ended_at__isnull=True
    )
    brings = Guest.objects.of(member.community_id).filter(
        brought_by=member, ended_at__isnull=True
    )
    return (
        Q(leader=member)
        | Q(pk__in=helps.values("activity"))
        | Q(pk__in=brings.values("activity"))
    )


def activity_for(member: Member, activity_id: int) -> Activity:
    """Return an activity of the reader's community, else "not found"."""
    if not has_role(member, LOOKING_ROLES):
        raise _unknown()
    return _one(member, activity_id)


def activity_to_plan(member: Member, activity_id: int) -> Activity:
    """Return an activity that the reader may change: the desk, else "not found"."""
    if not has_role(member, DESK_ROLES):
        raise _unknown()
    return _one(member, activity_id)


def activity_to_hold(member: Member, activity_id: int, *, now: datetime) -> Activity:
    """Return an activity at which the reader writes down who came, else "not found"."""
    row = activity_for(member, activity_id)
    if not may_hold(member, row, now=now):
        raise _unknown()
    return row


def may_hold(member: Member, activity: Activity, *, now: datetime) -> bool:
    """Return whether the reader sees all who are invited, and writes down who came."""
    if has_role(member, DESK_ROLES):
        return True
    if now > activity.ends_at + HELD_UNTIL or not has_role(member, LOOKING_ROLES):
        return False
    helps = Helper.objects.of(member.community_id).filter(
        activity=activity, member=member, ended_at__isnull=True
    )
    return activity.leader_id == member.pk or helps.exists()


def _one(member: Member, activity_id: int) -> Activity:
    row = (
        Activity.objects.of(member.community_id)
        .select_related("community", "leader", "series", "cancelled_by")
        .filter(pk=activity_id)
        .first()
    )
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_activity", _("There is no such activity here."))


def series_for(member: Member, series_id: int) -> Series:
    """Return a series of the reader's community for the desk, else "not found"."""
    row = (
        Series.objects.of(member.community_id)
        .select_related("community", "leader")
        .filter(pk=series_id)
        .first()
    )
    if row is None or not has_role(member, DESK_ROLES):
        raise NotFoundError("unknown_series", _("There is no such series here."))
    return row


def series_running(*, community: Community | int) -> list[Series]:
    """Return the series that were not ended, by the hour at which they begin."""
    rows = Series.objects.of(community).filter(ended_at__isnull=True)
    return list(rows.select_related("leader").order_by("begins", "pk"))
