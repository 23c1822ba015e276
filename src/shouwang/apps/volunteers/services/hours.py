"""Writes about hours: written once, corrected by another row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.volunteers.models import HoursRow, HoursSource
from shouwang.apps.volunteers.words import refusal_words
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import tidy
from shouwang.domain.errors import VolunteerError
from shouwang.domain.volunteers import require_hours

_FIELDS = {"no_such_length": "minutes", "in_the_future": "on", "too_long_ago": "on"}


@dataclass(frozen=True, kw_only=True)
class HoursDraft:
    """Time somebody gave; ``from_time`` is local, where anybody knows it."""

    on: date
    minutes: int
    what: str
    from_time: time | None = None


def hours_record(  # noqa: PLR0913 -- what the apps above know of a task, by name
    *,
    member: Member,
    on: date,
    minutes: int,
    what: str,
    source_key: str,
    by: Member | None,
    now: datetime,
    from_time: time | None = None,
) -> HoursRow:
    """Record what a task took; the same ``source_key`` once more changes nothing.

    ``minutes`` from 1 to 1440; ``on`` and ``from_time`` are the community's own.
    Returns the row that was recorded first, even where it was corrected since.

    Raises
    ------
    RefusedError
        ``no_such_length``, ``in_the_future``, ``too_long_ago`` or ``say_what``.
    """
    draft = HoursDraft(on=on, minutes=minutes, what=what, from_time=from_time)
    _require(draft, member, now)
    row = _row(member, draft, by=by, now=now)
    row.source, row.source_key = HoursSource.TASK, source_key
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return HoursRow.objects.of(member.community_id).get(source_key=source_key)
    return row


def hours_say(
    *, member: Member, draft: HoursDraft, by: Member, now: datetime
) -> HoursRow:
    """Write down hours of ``member``, by the desk or by themselves.

    Raises
    ------
    RefusedError
        As ``hours_record``.
    ConflictError
        ``said_already``: the same day, beginning, length and words stand already.
    """
    _require(draft, member, now)
    with transaction.atomic():
        Member.objects.of(member.community_id).select_for_update().get(pk=member.pk)
        _require_new(member, draft)
        row = _row(member, draft, by=by, now=now)
        row.save()
    return row


def hours_correct(
    *, row: HoursRow, draft: HoursDraft | None, by: Member, now: datetime
) -> HoursRow:
    """Write what is right in the place of a row; ``None``: it was not given at all.

    The row that was wrong stays, and is counted no more.

    Raises
    ------
    RefusedError
        As ``hours_record``.
    ConflictError
        ``corrected_already``: somebody was first.
    """
    nothing = HoursDraft(on=row.on, minutes=0, what=row.what, from_time=row.from_time)
    if draft is not None:
        _require(draft, row.member, now)
    right = _row(row.member, draft or nothing, by=by, now=now)
    right.replaces = row
    try:
        with transaction.atomic():
            right.save()
    except IntegrityError as error:
        words = _("Somebody has corrected it already. Look again.")
        raise ConflictError("corrected_already", words) from error
    return right


def _require(draft: HoursDraft, member: Member, now: datetime) -> None:
    zone = Community.objects.get(pk=member.community_id).zone
    try:
        require_hours(minutes=draft.minutes, on=draft.on, today=local_day(now, zone))
    except VolunteerError as error:
        words = refusal_words(error.code)
        field = _FIELDS[error.code]
        raise RefusedError(error.code, words, fields={field: [words]}) from error
    if not tidy(draft.what):
        words = _("Say what was done.")
        raise RefusedError("say_what", words, fields={"what": [words]})


def _require_new(member: Member, draft: HoursDraft) -> None:
    same = HoursRow.objects.of(member.community_id).filter(
        member=member,
        on=draft.on,
        minutes=draft.minutes,
        what=tidy(draft.what)[:120],
        from_time=draft.from_time,
        replaced_by__isnull=True,
    )
    if same.exists():
        words = _("Exactly this is written down already.")
        raise ConflictError("said_already", words)


def _row(
    member: Member, draft: HoursDraft, *, by: Member | None, now: datetime
) -> HoursRow:
    is_own = by is not None and by.pk == member.pk
    return HoursRow(
        community_id=member.community_id,
        member=member,
        on=draft.on,
        from_time=draft.from_time,
        minutes=draft.minutes,
        what=tidy(draft.what)[:120],
        source=HoursSource.SELF if is_own else HoursSource.COORDINATOR,
        recorded_at=now,
        by=by,
    )
