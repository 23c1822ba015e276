"""Volunteers and their hours for machines: read them, and write hours down."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from shouwang.apps.communities.api import (
    ERRORS,
    Day,
    Key,
    PageIn,
    Text,
    reader,
)
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES
from shouwang.apps.volunteers.models import HoursRow, Volunteer
from shouwang.apps.volunteers.selectors.hours import (
    hours_of_month,
    hours_sum,
    month_of,
)
from shouwang.apps.volunteers.selectors.people import (
    Standing,
    Wanted,
    standing_of,
    volunteer_for,
    volunteer_to_keep,
    volunteers_list,
)
from shouwang.apps.volunteers.services import HoursDraft, hours_say
from shouwang.common import clock
from shouwang.domain.volunteers import hours_in

volunteers = Router(tags=["volunteers"])


class FreeTimeOut(Schema):
    """Free on a local weekday (0 is Monday) from (inside) to (outside)."""

    weekday: int
    from_time: time
    to_time: time


class VolunteerOut(Schema):
    """A volunteer; ``may_be_asked`` speaks of today, the hour apart."""

    id: int
    member: int
    name: str
    phone: str
    team: int | None
    skills: list[str]
    times: list[FreeTimeOut]
    a_week: int | None
    has_consent: bool
    is_paused: bool
    is_in_season: bool
    has_left: bool
    may_be_asked: bool
    lacking: list[str]


class VolunteersOut(Schema):
    """Some volunteers; ``next_offset`` is empty at the end."""

    items: list[VolunteerOut]
    next_offset: int | None


class VolunteersIn(PageIn):
    """Which volunteers."""

    state: Literal["", "now", "not_now", "lacking", "left"] = ""
    skill: Annotated[Text, Field(max_length=30)] = ""
    team: Key | None = None


class HoursOut(Schema):
    """Time somebody gave; ``hours`` has two decimals, as it is exported."""

    id: int
    member: int
    on: date
    from_time: time | None
    minutes: int
    hours: Decimal
    what: str
    source: str


class MonthOut(Schema):
    """A month of everybody; ``hours`` is the sum of its lines."""

    items: list[HoursOut]
    hours: Decimal


class MonthIn(Schema):
    """Any day of the month."""

    month: Day


@volunteers.get(
    "/volunteers",
    response={200: VolunteersOut, **ERRORS},
    operation_id="volunteers_list",
)
def volunteers_of(request: HttpRequest, asked: Query[VolunteersIn]) -> dict[str, Any]:
    """Return volunteers by name; who does not sit at the desk gets themselves."""
    member = reader(request, LOOKING_ROLES)
    wanted = Wanted(state=asked.state, skill=asked.skill, team=asked.team)
    today = clock.local_day(clock.now(), member.community.zone)
    found = volunteers_list(member, wanted, today=today)
    end = asked.offset + asked.limit
    return {
        "items": [_volunteer(*one) for one in found[asked.offset : end]],
        "next_offset": end if len(found) > end else None,
    }


@volunteers.get(
    "/volunteers/{volunteer_id}",
    response={200: VolunteerOut, **ERRORS},
    operation_id="volunteer_get",
)
def volunteer_of(request: HttpRequest, volunteer_id: Key) -> dict[str, Any]:
    """Return one volunteer."""
    member = reader(request, LOOKING_ROLES)
    row = volunteer_for(member, volunteer_id)
    today = clock.local_day(clock.now(), member.community.zone)
    return _volunteer(row, standing_of(row, today))


class HoursIn(Schema):
    """Time somebody gave: when, how many minutes, and what was done."""

    model_config = ConfigDict(extra="forbid")

    on: Day
    minutes: Annotated[int, Field(ge=1, le=1440)]
    what: Annotated[Text, Field(min_length=1, max_length=120)]
    from_time: time | None = None


@volunteers.post(
    "/volunteers/{volunteer_id}/hours",
    response={201: HoursOut, **ERRORS},
    operation_id="hours_add",
)
def hours_add(
    request: HttpRequest, volunteer_id: Key, given: HoursIn
) -> Status[dict[str, Any]]:
    """Write hours down; a coordinator for anybody, others for themselves."""
    member = reader(request, LOOKING_ROLES)
    row = volunteer_to_keep(member, volunteer_id)
    draft = HoursDraft(**given.model_dump())
    made = hours_say(member=row.member, draft=draft, by=member, now=clock.now())
    return Status(201, _hours(made))


@volunteers.get(
    "/volunteer-hours", response={200: MonthOut, **ERRORS}, operation_id="hours_list"
)
def hours_of(request: HttpRequest, asked: Query[MonthIn]) -> dict[str, Any]:
    """Return the hours of a month that count, oldest first."""
    member = reader(request, DESK_ROLES)
    rows = hours_of_month(community=member.community, month=month_of(asked.month))
    return {"items": [_hours(row) for row in rows], "hours": hours_sum(rows)}


def _volunteer(row: Volunteer, standing: Standing) -> dict[str, Any]:
    same = ("has_consent", "is_paused", "is_in_season", "has_left", "may_be_asked")
    return {
        "id": row.pk,
        "member": row.member_id,
        "name": row.member.display_name,
        "phone": row.member.phone,
        "team": row.team_id,
        "skills": row.skills,
        "times": standing.times,
        "a_week": row.a_week,
        **{name: getattr(standing, name) for name in same},
        "lacking": [
            one.what.value if one.what else "consent" for one in standing.lacks
        ],
    }


def _hours(row: HoursRow) -> dict[str, Any]:
    same = ("on", "from_time", "minutes", "what", "source")
    return {
        "id": row.pk,
        "member": row.member_id,
        "hours": hours_in(row.minutes),
        **{name: getattr(row, name) for name in same},
    }
