"""Activities for other programs: read them, plan, invite, answer, say who came."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from shouwang.apps.activities.models import Activity
from shouwang.apps.activities.selectors import (
    Listed,
    activities_between,
    activity_for,
    activity_to_plan,
    guest_to_mark,
    guests_listed,
    seats_of,
)
from shouwang.apps.activities.services import (
    ActivityDraft,
    Seen,
    activity_add as add_activity,
    activity_cancel as cancel_activity,
    guest_mark,
    guest_reply,
    guests_invite,
)
from shouwang.apps.communities.api import (
    ERRORS,
    Day,
    Key,
    Moment,
    PageIn,
    Text,
    page_of,
    reader,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    LOOKING_ROLES,
    member_for,
)
from shouwang.apps.residents.selectors import home_for
from shouwang.common import clock
from shouwang.domain.activities import Attended, Reply

activities = Router(tags=["activities"])


class ActivityOut(Schema):
    """An activity; ``places`` empty is no limit."""

    id: int
    series: int | None
    what: str
    place: str
    words: str
    places: int | None
    leader: int | None
    begins_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    cancelled_why: str


class GuestOut(Schema):
    """Somebody who is invited, or came by (``invited_at`` empty).

    ``waits`` is her place on the waiting list; ``why_not`` why she is not fetched.
    """

    id: int
    home: int
    resident: int | None
    name: str
    invited_at: datetime | None
    reply: str
    waits: int | None
    why_not: str
    needs_arm: bool
    brought_by: int | None
    attended: str
    seen_at: datetime | None


class ActivityGuestsOut(ActivityOut):
    """An activity with the guests that the reader may see."""

    coming_count: int
    waiting_count: int
    guests: list[GuestOut]


class ActivitiesOut(Schema):
    """Some activities; ``next_offset`` is empty at the end."""

    items: list[ActivityOut]
    next_offset: int | None


class ActivitiesIn(PageIn):
    """Which activities: what ends after ``since`` and begins before ``until``."""

    since: Moment
    until: Moment


@activities.get(
    "/activities", response={200: ActivitiesOut, **ERRORS}, operation_id="activities"
)
def activities_of(request: HttpRequest, asked: Query[ActivitiesIn]) -> dict[str, Any]:
    """Return what is on in a span of time, by its time."""
    member = reader(request, LOOKING_ROLES)
    rows = activities_between(
        community=member.community, since=asked.since, until=asked.until
    )
    return page_of(rows, asked, _activity)


@activities.get(
    "/activities/{activity_id}",
    response={200: ActivityGuestsOut, **ERRORS},
    operation_id="activity_get",
)
def activity_of(request: HttpRequest, activity_id: Key) -> dict[str, Any]:
    """Return an activity with the guests whom the reader may see."""
    member = reader(request, LOOKING_ROLES)
    return _with_guests(member, activity_for(member, activity_id))


class ActivityIn(Schema):
    """An activity to plan; hours are the community's own."""

    model_config = ConfigDict(extra="forbid")

    what: Annotated[Text, Field(min_length=1, max_length=80)]
    place: Annotated[Text, Field(min_length=1, max_length=80)]
    on: Day
    begins: time
    ends: time
    words: Annotated[Text, Field(max_length=500)] = ""
    places: Annotated[int, Field(ge=1, le=5000)] | None = None
    leader: Key | None = None


@activities.post(
    "/activities", response={201: ActivityOut, **ERRORS}, operation_id="activity_add"
)
def activity_add(request: HttpRequest, given: ActivityIn) -> Status[dict[str, Any]]:
    """Plan an activity."""
    member = reader(request, DESK_ROLES)
    leader = member_for(member, given.leader) if given.leader else None
    draft = ActivityDraft(**{**given.model_dump(), "leader": leader})
    row = add_activity(
        community=member.community, draft=draft, by=member, now=clock.now()
    )
    return Status(201, _activity(row))


class CancelIn(Schema):
    """Why it does not take place; everybody who brings somebody reads it."""

    model_config = ConfigDict(extra="forbid")

    why: Annotated[Text, Field(min_length=1, max_length=200)]


@activities.post(
    "/activities/{activity_id}/cancel",
    response={200: ActivityOut, **ERRORS},
    operation_id="activity_cancel",
)
def activity_cancel(
    request: HttpRequest, activity_id: Key, given: CancelIn
) -> dict[str, Any]:
    """Cancel an activity and tell whoever leads, helps or brings; twice is once."""
    member = reader(request, DESK_ROLES)
    row = activity_to_plan(member, activity_id)
    return _activity(
        cancel_activity(activity=row, why=given.why, by=member, now=clock.now())
    )


class InviteIn(Schema):
    """The homes to invite; everybody who lives there."""

    model_config = ConfigDict(extra="forbid")

    homes: Annotated[list[Key], Field(min_length=1, max_length=500)]


class LeftOutOut(Schema):
    """A home that was not invited, and why: ``away`` or ``consent_withdrawn``."""

    home: int
    why: str


class InvitedOut(Schema):
    """How many people were invited anew, and which homes were left out."""

    invited_count: int
    left_out: list[LeftOutOut]


@activities.post(
    "/activities/{activity_id}/invite",
    response={200: InvitedOut, **ERRORS},
    operation_id="activity_invite",
)
def activity_invite(
    request: HttpRequest, activity_id: Key, given: InviteIn
) -> dict[str, Any]:
    """Invite homes; who is invited already is not invited twice."""
    member = reader(request, DESK_ROLES)
    row = activity_to_plan(member, activity_id)
    homes = [home_for(member, key) for key in dict.fromkeys(given.homes)]
    found = guests_invite(activity=row, homes=homes, by=member, now=clock.now())
    return {
        "invited_count": found.count,
        "left_out": [
            {"home": home.pk, "why": reason.value} for home, reason in found.left_out
        ],
    }


class GuestIn(Schema):
    """What is known of a guest: what she says, or whether she came.

    ``seen_at``: the reader saw her there then with their own eyes; it counts as seen
    well. Without it who came is written down and proves nothing.
    """

    model_config = ConfigDict(extra="forbid")

    reply: Literal["yes", "no"] | None = None
    attended: Literal["came", "absent", "excused"] | None = None
    seen_at: Moment | None = None


@activities.post(
    "/activities/guests/{guest_id}",
    response={200: ActivityGuestsOut, **ERRORS},
    operation_id="activity_guest",
)
def guest_say(request: HttpRequest, guest_id: Key, given: GuestIn) -> dict[str, Any]:
    """Write down what a guest says, or whether she came; answers with the activity."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    guest = guest_to_mark(member, guest_id, now=now)
    seen = Seen(by=member, at=given.seen_at) if given.seen_at else None
    with transaction.atomic():
        if given.reply is not None:
            guest_reply(guest=guest, reply=Reply(given.reply), now=now)
        if given.attended is not None:
            attended = Attended(given.attended)
            guest_mark(guest=guest, attended=attended, by=member, now=now, seen=seen)
    return _with_guests(member, activity_for(member, guest.activity_id))


def _activity(row: Activity) -> dict[str, Any]:
    same = ActivityOut.model_fields.keys() - {"series", "leader"}
    return {
        **{name: getattr(row, name) for name in same},
        "series": row.series_id,
        "leader": row.leader_id,
    }


def _with_guests(member: Member, row: Activity) -> dict[str, Any]:
    seats = seats_of(row)
    return {
        **_activity(row),
        "coming_count": len(seats.coming),
        "waiting_count": len(seats.waiting),
        "guests": [_guest(one) for one in guests_listed(member, row, now=clock.now())],
    }


def _guest(one: Listed) -> dict[str, Any]:
    row = one.row
    same = ("id", "invited_at", "reply", "attended", "seen_at")
    return {
        **{name: getattr(row, name) for name in same},
        "home": row.home_id,
        "resident": row.resident_id,
        "name": str(row),
        "waits": one.waits,
        "why_not": one.why_not.value if one.why_not else "",
        "needs_arm": bool(one.arm),
        "brought_by": row.brought_by_id,
    }
