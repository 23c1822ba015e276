"""A series is written out as activities, changed as a whole, and ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.activities.models import Activity, Says, Series
from shouwang.apps.activities.services.planning import (
    ActivityDraft,
    activity_cancel,
    hours_write,
    refused,
    told_write,
    when_and_where,
)
from shouwang.apps.activities.telling import words_say
from shouwang.apps.activities.words import refusal_words
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.selectors import days_of, mask_of
from shouwang.common.errors import ConflictError
from shouwang.domain.activities import Pattern, Rhythm, dates_of, pattern_problem

_TOLD = ("what", "place", "words", "places", "leader")
_FIELD = {"unknown_day": "days", "series_without_a_day": "days"}


@dataclass(frozen=True, kw_only=True)
class SeriesDraft:
    """An activity that comes back; ``told.on`` is the first day of it.

    ``days`` empty are those of the first day, ``nth`` empty is as the first day falls.
    """

    told: ActivityDraft
    rhythm: Rhythm
    until_on: date
    days: frozenset[int] = frozenset()
    nth: int | None = None

    @property
    def pattern(self) -> Pattern:
        """Return how it repeats, as the rules read it."""
        return Pattern(
            rhythm=self.rhythm,
            first_on=self.told.on,
            until_on=self.until_on,
            days=self.days,
            nth=self.nth,
        )


@transaction.atomic
def series_add(
    *, community: Community, draft: SeriesDraft, by: Member | None, now: datetime
) -> Series:
    """Begin a series, and plan every activity of it.

    Raises
    ------
    RefusedError
        As of ``activity_add``; ``series_ends_before_it_begins``, ``series_too_long``,
        ``unknown_day`` or ``series_without_a_day``.
    """
    row = Series(
        community=community,
        rhythm=draft.rhythm.value,
        first_on=draft.told.on,
        days=mask_of(draft.days),
        nth=draft.nth,
        made_at=now,
        made_by=by,
    )
    return _write(row, draft, by=by, now=now)


@transaction.atomic
def series_change(
    *, series: Series, draft: SeriesDraft, by: Member | None, now: datetime
) -> Series:
    """Change a series and what is to come of it; its rhythm and first day stay.

    What was changed or cancelled by itself stays as it is. A later last day plans more; an
    earlier one cancels what lies behind it.

    Raises
    ------
    RefusedError
        As of ``series_add``.
    ConflictError
        ``series_ended``.
    """
    row = (
        Series.objects.of(series.community_id)
        .select_for_update(of=("self",))
        .select_related("community")
        .get(pk=series.pk)
    )
    if row.ended_at is not None:
        raise ConflictError("series_ended", refusal_words("series_ended"))
    kept = replace(
        draft,
        told=replace(draft.told, on=row.first_on),
        rhythm=Rhythm(row.rhythm),
        days=days_of(row.days),
        nth=row.nth,
    )
    return _write(row, kept, by=by, now=now)


def _write(
    row: Series, draft: SeriesDraft, *, by: Member | None, now: datetime
) -> Series:
    problem = pattern_problem(draft.pattern)
    if problem is not None:
        raise refused(problem.code, _FIELD.get(problem.code, "until_on"))
    told_write(row, draft.told)
    row.begins, row.ends = draft.told.begins, draft.told.ends
    row.until_on = draft.until_on
    wanted = dates_of(draft.pattern)
    # Hours that cannot be are refused before anything is written.
    for on in wanted:
        hours_write(_planned(row, on, by, now), on, row.begins, row.ends)
    row.save()
    _write_out(row, wanted, by=by, now=now)
    return row


def _write_out(
    row: Series, wanted: list[date], *, by: Member | None, now: datetime
) -> None:
    had = {
        one.planned_on: one
        for one in Activity.objects.of(row.community_id)
        .filter(series=row)
        .select_related("community")
    }
    for on in wanted:
        one = had.get(on)
        if one is None:
            one = _planned(row, on, by, now)
            hours_write(one, on, row.begins, row.ends)
            one.save(force_insert=True)
        else:
            _follow(one, row, on, now=now)
    behind = [one for on, one in had.items() if on is not None and on > row.until_on]
    for one in sorted(behind, key=lambda one: one.begins_at):
        if one.begins_at > now and one.cancelled_at is None:
            activity_cancel(
                activity=one, why=_("The series ends before."), by=by, now=now
            )


def _planned(row: Series, on: date, by: Member | None, now: datetime) -> Activity:
    told = {name: getattr(row, name) for name in _TOLD}
    return Activity(
        community=row.community,
        series=row,
        planned_on=on,
        made_at=now,
        made_by=by,
        changed_at=now,
        **told,
    )


def _follow(one: Activity, row: Series, on: date, *, now: datetime) -> None:
    """Let an activity to come follow its series, unless it goes its own way."""
    if one.is_apart or one.cancelled_at is not None or one.begins_at <= now:
        return
    before = (when_and_where(one), *(getattr(one, name) for name in _TOLD))
    is_there = when_and_where(one)
    for name in _TOLD:
        setattr(one, name, getattr(row, name))
    hours_write(one, on, row.begins, row.ends)
    if (when_and_where(one), *(getattr(one, name) for name in _TOLD)) == before:
        return
    one.changed_at = now
    one.save()
    if when_and_where(one) != is_there:
        words_say(activity=one, says=Says.MOVED, now=now)


@transaction.atomic
def series_end(*, series: Series, why: str, by: Member | None, now: datetime) -> Series:
    """End a series: everything of it that is to come is cancelled.

    Raises
    ------
    RefusedError
        ``say_why``.
    """
    if not why.strip():
        raise refused("say_why", "why")
    coming = Activity.objects.of(series.community_id).filter(
        series=series, begins_at__gt=now, cancelled_at__isnull=True
    )
    for one in coming.order_by("begins_at"):
        activity_cancel(activity=one, why=why, by=by, now=now)
    series.ended_at = now
    series.save(update_fields=["ended_at"])
    return series
