"""What a walker carries: today's rounds that are theirs, stop by stop."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.rounds.models import Round, RoundHome, Standpoint
from shouwang.apps.rounds.selectors.covering import covers_on
from shouwang.apps.rounds.selectors.sheets import Sheet, sheet_of
from shouwang.common.clock import local_day

# A round of yesterday that began this late is still carried in the small hours.
LATE = time(18)


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
    """Return the homes past which ``member`` walks today, or since yesterday still."""
    rows = _passed(member, now)
    return set(rows.values_list("home_id", flat=True))


def stands_there(*, member: Member, standpoint: Standpoint, now: datetime) -> bool:
    """Return whether a walk of ``member``, as above, stops at a standpoint."""
    return _passed(member, now).filter(standpoint=standpoint).exists()


def _passed(member: Member, now: datetime) -> QuerySet[RoundHome]:
    today = local_day(now, member.community.zone)
    walked = [
        row.round.pk
        for on in (today - timedelta(days=1), today)
        for row in covers_on(community=member.community, on=on)
        if member.pk in row.cover.walkers and (on == today or _runs_on(row.round))
    ]
    return RoundHome.objects.of(member.community_id).filter(round_id__in=walked)


def _runs_on(walked: Round) -> bool:
    """Return whether a round is late enough that its windows may run past midnight."""
    return walked.at >= LATE
