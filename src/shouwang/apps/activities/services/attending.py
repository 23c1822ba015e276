"""Who came is written down there; who was seen there was seen well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.activities.selectors import guests_of, standings_of
from shouwang.apps.activities.services.inviting import guest_locked, guest_of
from shouwang.apps.activities.services.planning import activity_locked, refused
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home, Resident
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common.errors import RefusedError
from shouwang.common.ids import uuid7
from shouwang.domain.activities import Attended, attendance_problem, seen_problem
from shouwang.domain.facts import CouldNotSee, Source
from shouwang.domain.signals import CONTACT

STATE, HOW = "spoke", "in_person"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Somebody saw her there, with their own eyes: who, and when."""

    by: Member
    at: datetime


@transaction.atomic
def guest_mark(
    *,
    guest: Guest,
    attended: Attended,
    by: Member,
    now: datetime,
    seen: Seen | None = None,
) -> Guest:
    """Write down whether somebody came; the same again changes nothing.

    With ``seen`` she was met in person there, and the watch takes it as a proof that she
    was well at that time. What is put right later takes the proof back, and leaves the
    trace of both.

    Raises
    ------
    RefusedError
        ``not_yet``, ``activity_cancelled``, ``seen_in_the_future`` or
        ``seen_at_another_time``; ``consent_withdrawn``: it is no proof of hers.
    """
    row = guest_locked(guest)
    _require_sound(row, attended, seen, now=now)
    is_same = row.attended == attended.value
    if is_same and (seen is None or row.sighting is not None):
        return row
    if row.sighting is not None:
        _take_back(row, by, now)
    row.attended, row.marked_at, row.marked_by = attended.value, now, by
    row.seen_at = row.sighting = None
    if attended is Attended.CAME and seen is not None:
        _prove(row, seen, by, now)
    row.save(
        update_fields=["attended", "marked_at", "marked_by", "seen_at", "sighting"]
    )
    return row


def _require_sound(
    row: Guest, attended: Attended, seen: Seen | None, *, now: datetime
) -> None:
    activity = row.activity
    problem = attendance_problem(
        attended,
        activity.begins_at,
        now=now,
        cancelled=activity.cancelled_at is not None,
    )
    if problem is None and seen is not None and attended is Attended.CAME:
        problem = seen_problem(seen.at, activity.begins_at, activity.ends_at, now=now)
    if problem is not None:
        raise refused(problem.code, "seen_at")
    if seen is not None and _has_withdrawn(row):
        raise refused("consent_withdrawn")


def _has_withdrawn(row: Guest) -> bool:
    found = standings_of(community=row.community_id, home_ids=[row.home_id])
    return found[row.home_id].consent_withdrawn


def _prove(row: Guest, seen: Seen, by: Member, now: datetime) -> None:
    item = SightingIn(
        id=uuid7(now=now),
        home_id=row.home_id,
        signal=CONTACT,
        state=STATE,
        how=HOW,
        source=Source.CONTACT.value,
        seen_at=seen.at,
        note=f"{row.activity.what} · {row}",
    )
    _record(row, item, seen.by, by, now)
    row.seen_at, row.sighting = seen.at, item.id


def _take_back(row: Guest, by: Member, now: datetime) -> None:
    """Replace the proof by one that proves nothing: she was not seen after all."""
    item = SightingIn(
        id=uuid7(now=now),
        home_id=row.home_id,
        signal=CONTACT,
        could_not_see=CouldNotSee.OTHER.value,
        how=HOW,
        source=Source.CONTACT.value,
        seen_at=row.seen_at or now,
        note=f"{row.activity.what} · {row}",
        replaces=row.sighting,
    )
    _record(row, item, by, by, now)


def _record(
    row: Guest, item: SightingIn, seen_by: Member, by: Member, now: datetime
) -> None:
    answers = sightings_record(
        community=row.activity.community,
        items=[item],
        by=seen_by,
        typed_by=by if by != seen_by else None,
        now=now,
    )
    if answers[0].outcome == "refused":
        raise RefusedError(answers[0].code, answers[0].message)


@transaction.atomic
def walk_in_add(
    *, activity: Activity, home: Home, by: Member, now: datetime
) -> list[Guest]:
    """Put on the list who came without being invited, and return who lives there.

    Whoever of them came is marked after; nobody is sent away for want of a place.

    Raises
    ------
    RefusedError
        ``unknown_home``, ``consent_withdrawn``, ``not_yet`` or ``activity_cancelled``.
    """
    row = activity_locked(activity)
    problem = attendance_problem(
        Attended.CAME, row.begins_at, now=now, cancelled=row.cancelled_at is not None
    )
    if problem is not None:
        raise refused(problem.code)
    if home.community_id != row.community_id or home.archived_at is not None:
        raise refused("unknown_home", "home")
    standing = standings_of(community=row.community_id, home_ids=[home.pk])
    if standing[home.pk].consent_withdrawn:
        raise refused("consent_withdrawn", "home")
    had = {one.resident_id: one for one in guests_of(row).filter(home=home)}
    lives: list[Resident | None] = list(
        Resident.objects.of(row.community_id)
        .filter(home=home, moved_out_at__isnull=True)
        .order_by("pk")
    )
    new = [
        guest_of(row, home, one, by=by, now=now, is_invited=False)
        for one in (lives or [None])
        if (one.pk if one else None) not in had
    ]
    for one in new:
        one.save(force_insert=True)
    return [*had.values(), *new]
