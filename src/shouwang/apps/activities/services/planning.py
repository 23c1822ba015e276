"""Activities are planned, moved and cancelled; whoever brings somebody hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from shouwang.apps.activities.models import Activity, Says, Told
from shouwang.apps.activities.telling import words_say
from shouwang.apps.activities.words import refusal_words
from shouwang.apps.communities.models import Community, Member
from shouwang.common.clock import local, local_day
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.activities import eve_of, hours_of
from shouwang.domain.errors import ActivityError


@dataclass(frozen=True, kw_only=True)
class ActivityDraft:
    """What somebody plans; ``places`` empty is no limit, hours are local."""

    what: str
    place: str
    on: date
    begins: time
    ends: time
    words: str = ""
    places: int | None = None
    leader: Member | None = None


def activity_add(
    *, community: Community, draft: ActivityDraft, by: Member | None, now: datetime
) -> Activity:
    """Plan an activity.

    Raises
    ------
    RefusedError
        ``say_what``, ``say_where``, ``no_places``, ``unknown_leader``,
        ``ends_before_it_begins`` or ``too_long``.
    """
    row = Activity(community=community, made_at=now, made_by=by, changed_at=now)
    told_write(row, draft)
    hours_write(row, draft.on, draft.begins, draft.ends)
    row.save(force_insert=True)
    return row


@transaction.atomic
def activity_change(
    *, activity: Activity, draft: ActivityDraft, by: Member | None, now: datetime
) -> Activity:
    """Change one activity; one of a series from now on goes its own way.

    Whoever brings somebody is told when its day, its hour or its place is another.

    Raises
    ------
    RefusedError
        As of ``activity_add``.
    ConflictError
        ``activity_cancelled``.
    """
    row = activity_locked(activity)
    if row.cancelled_at is not None:
        raise ConflictError("activity_cancelled", refusal_words("activity_cancelled"))
    before = when_and_where(row)
    told_write(row, draft)
    hours_write(row, draft.on, draft.begins, draft.ends)
    row.is_apart = row.series_id is not None
    row.changed_at = now
    row.save()
    if when_and_where(row) != before:
        words_say(activity=row, says=Says.MOVED, now=now)
    return row


@transaction.atomic
def activity_cancel(
    *, activity: Activity, why: str, by: Member | None, now: datetime
) -> Activity:
    """Cancel an activity, and tell whoever leads, helps or brings; twice is once.

    Raises
    ------
    RefusedError
        ``say_why``.
    ConflictError
        ``activity_over``: what was held cannot be cancelled.
    """
    row = activity_locked(activity)
    if row.cancelled_at is not None:
        return row
    if row.ends_at <= now:
        raise ConflictError("activity_over", refusal_words("activity_over"))
    if not prose(why):
        raise refused("say_why", "why")
    row.cancelled_at, row.cancelled_by = now, by
    row.cancelled_why, row.changed_at = prose(why)[:200], now
    row.save()
    words_say(activity=row, says=Says.CANCELLED, now=now)
    return row


def activity_locked(activity: Activity) -> Activity:
    """Return the row as it is now, held until the end of the transaction."""
    return (
        Activity.objects.of(activity.community_id)
        .select_for_update(of=("self",))
        .select_related("community", "leader", "series")
        .get(pk=activity.pk)
    )


def told_write(row: Told, draft: ActivityDraft) -> None:
    """Put on a row what a draft says of it; all that is wrong is told at once."""
    row.what, row.place = prose(draft.what)[:80], prose(draft.place)[:80]
    row.words, row.places = draft.words.strip()[:500], draft.places
    row.leader = draft.leader
    wrong = {
        "what": "" if row.what else "say_what",
        "place": "" if row.place else "say_where",
        "places": "no_places" if row.places is not None and row.places < 1 else "",
        "leader": "" if _may_lead(row) else "unknown_leader",
    }
    codes = {field: code for field, code in wrong.items() if code}
    if codes:
        fields = {field: [refusal_words(code)] for field, code in codes.items()}
        first = next(iter(codes.values()))
        raise RefusedError(first, refusal_words(first), fields=fields)


def _may_lead(row: Told) -> bool:
    return row.leader is None or row.leader.community_id == row.community_id


def hours_write(row: Activity, on: date, begins: time, ends: time) -> None:
    """Put on an activity when it begins and ends, and when people are reminded."""
    try:
        row.begins_at, row.ends_at = hours_of(on, begins, ends, row.community.zone)
    except ActivityError as error:
        raise refused(error.code, "ends") from error
    row.eve_at = eve_of(row.begins_at, row.community.zone)


def when_and_where(row: Activity) -> tuple[datetime, datetime, str]:
    """Return what whoever brings somebody must know anew when it changes."""
    return row.begins_at, row.ends_at, row.place


def draft_of(row: Activity) -> ActivityDraft:
    """Return an activity as somebody would plan it."""
    zone = row.community.zone
    return ActivityDraft(
        what=row.what,
        place=row.place,
        on=local_day(row.begins_at, zone),
        begins=local(row.begins_at, zone).time(),
        ends=local(row.ends_at, zone).time(),
        words=row.words,
        places=row.places,
        leader=row.leader,
    )


def refused(code: str, field: str = "") -> RefusedError:
    """Return a refusal in the reader's words, beside the field it is about."""
    words = refusal_words(code)
    return RefusedError(code, words, fields={field: [words]} if field else None)
