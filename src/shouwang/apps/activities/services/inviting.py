"""Who is invited, what they say, who brings them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.activities.selectors import seats_of, standings_of
from shouwang.apps.activities.services.planning import activity_locked, refused
from shouwang.apps.activities.telling import late_tell
from shouwang.apps.activities.words import refusal_words
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import LOOKING_ROLES, has_role
from shouwang.apps.residents.models import Home, Resident
from shouwang.common.errors import ConflictError
from shouwang.domain.activities import Reply, Seats, WhyNot, moved_up, why_not


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Who was invited anew, and which homes were left out and why.

    ``count`` counts people at the activity that was asked for, not at those after it.
    """

    count: int
    left_out: tuple[tuple[Home, WhyNot], ...]


@transaction.atomic
def guests_invite(
    *,
    activity: Activity,
    homes: Sequence[Home],
    by: Member | None,
    now: datetime,
    with_coming: bool = False,
) -> Invited:
    """Invite everybody who lives in some homes, and again to each that is to come.

    Who is invited already is not invited twice; who is away then, or has withdrawn
    consent, is left out and told of. ``with_coming``: to what is to come of its series
    as well, each time by what holds on that day.

    Raises
    ------
    RefusedError
        ``nobody_chosen``.
    ConflictError
        ``activity_cancelled`` or ``activity_over``.
    """
    if not homes:
        raise refused("nobody_chosen", "homes")
    row = activity_open(activity, now=now)
    standings = standings_of(
        community=row.community_id, home_ids={home.pk for home in homes}
    )
    people = _people(row.community_id, homes)
    made, left_out = 0, []
    for one in [row, *(coming_of(row, now=now) if with_coming else [])]:
        reasons = {
            home.pk: why_not(standings[home.pk], one.begins_at, one.ends_at)
            for home in homes
        }
        new = _invite(one, [h for h in homes if not reasons[h.pk]], people, by, now)
        if one == row:
            made = new
            left_out = [
                (home, reason) for home in homes if (reason := reasons[home.pk])
            ]
    return Invited(count=made, left_out=tuple(left_out))


def activity_open(activity: Activity, *, now: datetime) -> Activity:
    """Return an activity that is still to be held, held until the end of the transaction.

    Raises
    ------
    ConflictError
        ``activity_cancelled`` or ``activity_over``.
    """
    row = activity_locked(activity)
    if row.cancelled_at is not None:
        raise ConflictError("activity_cancelled", refusal_words("activity_cancelled"))
    if row.ends_at <= now:
        raise ConflictError("activity_over", refusal_words("activity_over"))
    return row


def coming_of(activity: Activity, *, now: datetime) -> list[Activity]:
    """Return what is to come of the same series after an activity."""
    if activity.series_id is None:
        return []
    rows = Activity.objects.of(activity.community_id).filter(
        series_id=activity.series_id,
        begins_at__gt=max(activity.begins_at, now),
        cancelled_at__isnull=True,
    )
    return list(rows.order_by("begins_at"))


def _people(
    community_id: int, homes: Sequence[Home]
) -> Mapping[int, Sequence[Resident | None]]:
    """Return who lives in each home; nobody by name is somebody all the same."""
    found: defaultdict[int, list[Resident]] = defaultdict(list)
    rows = Resident.objects.of(community_id).filter(
        home__in=[home.pk for home in homes], moved_out_at__isnull=True
    )
    for row in rows.order_by("pk"):
        found[row.home_id].append(row)
    return {home.pk: found[home.pk] or [None] for home in homes}


def _invite(
    activity: Activity,
    homes: Sequence[Home],
    people: Mapping[int, Sequence[Resident | None]],
    by: Member | None,
    now: datetime,
) -> int:
    rows = Guest.objects.of(activity.community_id)
    standing = rows.filter(activity=activity, ended_at__isnull=True)
    had = {(row.home_id, row.resident_id) for row in standing}
    new = [
        guest_of(activity, home, resident, by=by, now=now, is_invited=True)
        for home in homes
        for resident in people[home.pk]
        if (home.pk, None if resident is None else resident.pk) not in had
    ]
    rows.bulk_create(new)
    return len(new)


def guest_of(
    activity: Activity,
    home: Home,
    resident: Resident | None,
    *,
    by: Member | None,
    now: datetime,
    is_invited: bool,
) -> Guest:
    """Return a new guest, not written yet."""
    return Guest(
        community_id=activity.community_id,
        activity=activity,
        home=home,
        resident=resident,
        invited_at=now if is_invited else None,
        added_at=now,
        added_by=by,
    )


@transaction.atomic
def guest_remove(*, guest: Guest, now: datetime) -> tuple[Guest, ...]:
    """Take somebody off the list, and return who moves up; who came stays on it.

    Raises
    ------
    ConflictError
        ``came_already``.
    """
    row, before = _with_seats(guest)
    if row.attended:
        raise ConflictError("came_already", refusal_words("came_already"))
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return _up(row.activity, before)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came of a reply: her place on the waiting list, and who moves up."""

    waits: int | None
    moved_up: tuple[Guest, ...]


@transaction.atomic
def guest_reply(*, guest: Guest, reply: Reply, now: datetime) -> Answered:
    """Write down what somebody says; the same again changes nothing.

    Over its places nobody is refused: she stands on the waiting list, and moves up when
    somebody says no.

    Raises
    ------
    ConflictError
        ``activity_cancelled`` or ``activity_over``.
    """
    activity_open(guest.activity, now=now)
    row, before = _with_seats(guest)
    if row.reply != reply.value:
        row.reply = reply.value
        row.replied_at = now if reply is not Reply.NONE else None
        row.save(update_fields=["reply", "replied_at"])
    after = seats_of(row.activity)
    return Answered(waits=after.number_of(row.pk), moved_up=_up(row.activity, before))


def _with_seats(guest: Guest) -> tuple[Guest, Seats]:
    activity = activity_locked(guest.activity)
    row = guest_locked(guest)
    row.activity = activity
    return row, seats_of(activity)


def guest_locked(guest: Guest) -> Guest:
    """Return a guest as it stands now, held until the end of the transaction."""
    return (
        Guest.objects.of(guest.community_id)
        .select_for_update(of=("self",))
        .select_related("activity__community", "home__community", "resident")
        .get(pk=guest.pk)
    )


def _up(activity: Activity, before: Seats) -> tuple[Guest, ...]:
    keys = moved_up(before, seats_of(activity))
    rows = Guest.objects.of(activity.community_id).filter(pk__in=keys)
    found = {row.pk: row for row in rows.select_related("home", "resident")}
    return tuple(found[key] for key in keys)


@transaction.atomic
def guest_bring(
    *,
    guests: Collection[Guest],
    member: Member | None,
    now: datetime,
    with_coming: bool = False,
) -> int:
    """Say who brings some guests of one activity, or nobody; return how many changed.

    ``with_coming``: also to what is to come of its series, where they are invited and
    nobody else brings them.

    Raises
    ------
    RefusedError
        ``unknown_helper``.
    """
    if not guests:
        return 0
    first = next(iter(guests))
    if member is not None and not _may_bring(first, member):
        raise refused("unknown_helper", "who")
    count = 0
    for guest in sorted(guests, key=lambda one: one.pk):
        row = guest_locked(guest)
        if row.brought_by != member:
            row.brought_by = member
            row.save(update_fields=["brought_by"])
            count += 1
    if with_coming and member is not None:
        _bring_on(first.activity, guests, member, now)
    late_tell(first.activity, now=now)
    return count


def _may_bring(guest: Guest, member: Member) -> bool:
    return (
        member.community_id == guest.community_id
        and member.left_at is None
        and has_role(member, LOOKING_ROLES)
    )


def _bring_on(
    activity: Activity, guests: Collection[Guest], member: Member, now: datetime
) -> None:
    wanted = {(one.home_id, one.resident_id) for one in guests}
    rows = Guest.objects.of(activity.community_id).filter(
        activity__in=coming_of(activity, now=now),
        home__in={home_id for home_id, _resident in wanted},
        brought_by__isnull=True,
        ended_at__isnull=True,
    )
    for row in rows:
        if (row.home_id, row.resident_id) in wanted:
            row.brought_by = member
            row.save(update_fields=["brought_by"])
