"""What a walker carries: today's rounds that are theirs, stop by stop."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.rounds.models import Round, RoundHome, RoundWalker
from shouwang.apps.rounds.selectors.covering import covers_on
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
        for row in _rounds_of(member, on)
    ]
    return [
        sheet
        for sheet in sheets
        if sheet.lines
        and (
            sheet.on == today or any(line.check.alert_at > now for line in sheet.lines)
        )
    ]


def days_near(now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Return the local days for which somebody may be asked to walk: the next two."""
    today = local_day(now, zone)
    return today, today + timedelta(days=1)


def _rounds_of(member: Member, on: date) -> list[Round]:
    covers = covers_on(community=member.community, on=on)
    sees_all = has_role(member, DESK_ROLES)
    return [row.round for row in covers if sees_all or member.pk in row.cover.walkers]


def home_ids_walked(*, member: Member, now: datetime) -> set[int]:
    """Return the homes past which ``member`` walks: on ordinary days, or today."""
    community = member.community
    planned = set(
        RoundWalker.objects.of(community)
        .filter(member=member, round__ended_at__isnull=True)
        .values_list("round_id", flat=True)
    )
    today = covers_on(community=community, on=local_day(now, community.zone))
    standing_in = {row.round.pk for row in today if member.pk in row.cover.walkers}
    return set(
        RoundHome.objects.of(community)
        .filter(round_id__in=planned | standing_in)
        .values_list("home_id", flat=True)
    )
