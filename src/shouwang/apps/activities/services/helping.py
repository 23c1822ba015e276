"""Who helped, and for how long; it stands among the hours of the volunteers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwang.apps.activities.models import Activity, Helper
from shouwang.apps.activities.selectors import helpers_of
from shouwang.apps.activities.services.planning import activity_locked, refused
from shouwang.apps.activities.telling import late_tell
from shouwang.apps.communities.models import Member
from shouwang.apps.volunteers.models import HoursRow
from shouwang.apps.volunteers.services import (
    HoursDraft,
    hours_correct,
    hours_record,
)
from shouwang.common.clock import local_day
from shouwang.domain.activities import minutes_most


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """Somebody who helps; ``minutes`` is empty while nobody knows how long."""

    member: Member
    minutes: int | None = None


@transaction.atomic
def helpers_set(
    *, activity: Activity, helpers: Sequence[Minutes], by: Member, now: datetime
) -> list[Helper]:
    """Say who helps at an activity, and how long each of them did.

    Whoever is not named any more helps no longer. Once it has begun, the minutes of each
    stand among the volunteers' hours; other minutes correct them.

    Raises
    ------
    RefusedError
        ``unknown_helper`` or ``too_many_minutes``; as ``hours_record``.
    """
    row = activity_locked(activity)
    _require_sound(row, helpers)
    had = {one.member_id: one for one in helpers_of(row)}
    wanted = {one.member.pk: one for one in helpers}
    for member_id, one in had.items():
        if member_id not in wanted:
            one.ended_at = now
            one.save(update_fields=["ended_at"])
            _follow(one, 0 if one.minutes else None, by=by, now=now)
    for member_id, given in wanted.items():
        _set(had.get(member_id), row, given, by=by, now=now)
    late_tell(row, now=now)
    return helpers_of(row)


def _require_sound(row: Activity, helpers: Sequence[Minutes]) -> None:
    most = minutes_most(row.begins_at, row.ends_at)
    for one in helpers:
        if one.member.community_id != row.community_id or one.member.left_at:
            raise refused("unknown_helper", "who")
        if one.minutes is not None and not 0 <= one.minutes <= most:
            raise refused("too_many_minutes", "minutes")


def _set(
    had: Helper | None, row: Activity, given: Minutes, *, by: Member, now: datetime
) -> None:
    one = had or Helper(community_id=row.community_id, member=given.member)
    if had is not None and had.minutes == given.minutes:
        return
    one.activity, one.minutes = row, given.minutes
    one.save()
    _follow(one, given.minutes, by=by, now=now)


def _follow(one: Helper, minutes: int | None, *, by: Member, now: datetime) -> None:
    """Write the hours down, or put right what was written of this activity before."""
    activity = one.activity
    if minutes is None or activity.begins_at > now:
        return
    on = local_day(activity.begins_at, activity.community.zone)
    had = _hours_of(one)
    if had is None and minutes:
        hours_record(
            member=one.member,
            on=on,
            minutes=minutes,
            what=activity.what,
            source_key=_key(one),
            by=by,
            now=now,
        )
    elif had is not None and had.minutes != minutes:
        draft = HoursDraft(on=on, minutes=minutes, what=activity.what)
        hours_correct(row=had, draft=draft if minutes else None, by=by, now=now)


def _key(one: Helper) -> str:
    return f"activity:{one.activity_id}:{one.member_id}"


def _hours_of(one: Helper) -> HoursRow | None:
    """Return what stands of somebody's hours at this activity, corrected or not."""
    rows = HoursRow.objects.of(one.community_id)
    row = rows.filter(source_key=_key(one)).first()
    while row is not None:
        after = rows.filter(replaces=row).first()
        if after is None:
            return row
        row = after
    return None
