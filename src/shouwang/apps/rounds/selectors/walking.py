"""What a walker carries: today's rounds that are theirs, stop by stop."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.selectors import days_of
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors.sheets import Sheet, sheet_of
from shouwang.common.clock import local_day


def sheets_of_walker(*, member: Member, now: datetime) -> list[Sheet]:
    """Return the sheets of today that ``member`` walks, by their time.

    The desk may stand in for anybody, so it carries every round. One of yesterday
    stays while a window of it runs past midnight.
    """
    today = local_day(now, member.community.zone)
    yesterday = today - timedelta(days=1)
    sheets = [
        sheet_of(walked=row, on=on)
        for on in (yesterday, today)
        for row in _rounds_of(member)
        if on.weekday() in days_of(row.days)
    ]
    return [
        sheet
        for sheet in sheets
        if sheet.lines
        and (
            sheet.on == today or any(line.check.alert_at > now for line in sheet.lines)
        )
    ]


def _rounds_of(member: Member) -> list[Round]:
    rows = (
        Round.objects.of(member.community_id)
        .filter(ended_at__isnull=True)
        .select_related("community")
    )
    if not has_role(member, DESK_ROLES):
        rows = rows.filter(walkers__member=member)
    return list(rows)
