"""Reads of notices and of what residents reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.neighbours.models import Notice, Report, ReportState
from shouwang.common.errors import NotFoundError
from shouwang.common.text import by_number

SHOWN_FOR = timedelta(days=14)


def notice_by(code: str) -> Notice:
    """Return the notice with a code, for anybody, else "not found"."""
    row = (
        Notice.objects.across("whoever scans a notice has no community yet")
        .filter(code=code, ended_at__isnull=True)
        .select_related("building", "community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_notice", _("This code is no longer in use."))
    return row


def notices_list(*, community: Community | int) -> list[Notice]:
    """Return the notices in use, building 2 before 10."""
    rows = (
        Notice.objects.of(community)
        .filter(ended_at__isnull=True)
        .select_related("building")
    )
    return sorted(rows, key=lambda row: by_number(row.building.label))


def report_for(member: Member, report_id: UUID) -> Report:
    """Return a report of the reader's community, else "not found"."""
    row = (
        Report.objects.of(member.community_id)
        .filter(pk=report_id)
        .select_related("community", "building", "home")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_report", _("There is no such report here."))
    return row


def reports_list(*, community: Community | int, now: datetime) -> list[Report]:
    """Return what waits for somebody, and the rest of the last two weeks, newest first."""
    rows = (
        Report.objects.of(community)
        .filter(received_at__gte=now - SHOWN_FOR)
        .select_related("building", "home", "settled_by")
        .order_by("-received_at", "-pk")
    )
    return sorted(rows, key=lambda row: row.state != ReportState.NEW)


def reports_new(*, community: Community | int) -> list[Report]:
    """Return the reports that nobody has seen to, crying faces first, oldest first."""
    rows = (
        Report.objects.of(community)
        .filter(state=ReportState.NEW)
        .select_related("building", "home")
        .order_by("received_at", "pk")
    )
    return sorted(rows, key=lambda row: row.what != "cry")
