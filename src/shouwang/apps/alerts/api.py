"""Alerts for machines and for other programs: read them, act on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from shouwang.apps.alerts.climbing import going_key
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.selectors import (
    alert_for,
    alerts_by_state,
    commitments_running,
)
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_commit,
    alert_decline,
    alert_mute,
    alert_open_by_hand,
    home_going,
)
from shouwang.apps.alerts.words import doer_words
from shouwang.apps.communities.api import (
    ERRORS,
    Key,
    Moment,
    PageIn,
    Text,
    clock_offset,
    page_of,
    reader,
    require_member,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES
from shouwang.apps.residents.selectors import home_for
from shouwang.common import clock
from shouwang.common.errors import NotFoundError

alerts = Router(tags=["alerts"])
COMMIT_MINUTES_MOST, MUTE_MINUTES_MOST = 240, 7 * 24 * 60


class EventOut(Schema):
    """One thing that happened to an alert.

    ``via`` is ``group_link`` where the link of a group asked for no proof of who it was.
    """

    did: str
    via: Literal["", "group_link"]
    at: datetime
    recorded_at: datetime
    step: int | None
    by: int | None
    by_contact: int | None
    note: str


class AlertOut(Schema):
    """An alert of a home, or of a round that was not walked.

    ``next_at`` is when its ladder moves by itself; empty while somebody has it.
    """

    id: int
    home: int | None
    round: int | None
    kind: str
    state: str
    step: int
    opened_at: datetime
    noticed_at: datetime
    next_at: datetime | None
    closed_at: datetime | None
    outcome: str
    verified: str


class GoingWho(Schema):
    """Somebody is on the way; ``key`` is how they are named when one commits."""

    key: str
    name: str
    until: datetime


class AlertStoryOut(AlertOut):
    """An alert with who is going and everything that happened to it, oldest first."""

    going: list[GoingWho]
    events: list[EventOut]


class AlertsOut(Schema):
    """Some alerts; ``next_offset`` is empty at the end."""

    items: list[AlertOut]
    next_offset: int | None


class AlertsIn(PageIn):
    """Which alerts."""

    state: Literal["open", "closed", "all"] = "open"
    home: Key | None = None


@alerts.get("/alerts", response={200: AlertsOut, **ERRORS}, operation_id="alerts_list")
def alerts_of(request: HttpRequest, asked: Query[AlertsIn]) -> dict[str, Any]:
    """Return alerts, the newest first."""
    member = reader(request, DESK_ROLES)
    if asked.home is not None:
        home_for(member, asked.home)
    rows = alerts_by_state(
        community=member.community_id, state=asked.state, home_id=asked.home
    )
    return page_of(rows, asked, _alert)


@alerts.get(
    "/alerts/{alert_id}",
    response={200: AlertStoryOut, **ERRORS},
    operation_id="alert_get",
)
def alert_of(request: HttpRequest, alert_id: Key) -> dict[str, Any]:
    """Return one alert with its story."""
    return _story(reader(request, DESK_ROLES), alert_id)


class WorryIn(Schema):
    """What worries somebody about a home."""

    model_config = ConfigDict(extra="forbid")

    home: Key
    note: Annotated[Text, Field(min_length=1, max_length=300)]


@alerts.post(
    "/alerts",
    response={201: AlertStoryOut, **ERRORS},
    operation_id="alert_open_by_hand",
)
def alert_add(request: HttpRequest, given: WorryIn) -> Status[dict[str, Any]]:
    """Open an alert by hand; a home's open alert is joined, never doubled."""
    member = reader(request, DESK_ROLES)
    home = home_for(member, given.home)
    if home.archived_at is not None:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    row = alert_open_by_hand(home=home, note=given.note, by=member, now=clock.now())
    return Status(201, _story(member, row.pk))


@alerts.post(
    "/alerts/{alert_id}/acknowledge",
    response={200: AlertStoryOut, **ERRORS},
    operation_id="alert_acknowledge",
)
def acknowledge(request: HttpRequest, alert_id: Key) -> dict[str, Any]:
    """Take an alert in hand; its ladder stops."""
    return _act(request, alert_id, alert_acknowledge)


class CommitIn(Schema):
    """I am going, how long I need, and whom I saw going (``going[].key``).

    Without ``seen`` nothing is asked. With it, somebody else who goes is told as
    ``others_going`` (409), and one may say it again.
    """

    model_config = ConfigDict(extra="forbid")

    minutes: Annotated[int, Field(ge=1, le=COMMIT_MINUTES_MOST)]
    seen: (
        Annotated[list[Annotated[Text, Field(max_length=24)]], Field(max_length=50)]
        | None
    ) = None


@alerts.post(
    "/alerts/{alert_id}/commit",
    response={200: AlertStoryOut, **ERRORS},
    operation_id="alert_commit",
)
def commit(request: HttpRequest, alert_id: Key, given: CommitIn) -> dict[str, Any]:
    """Say that somebody is going; without a result by then the ladder moves on."""
    until = clock.now() + timedelta(minutes=given.minutes)
    return _act(request, alert_id, alert_commit, until=until, seen=given.seen)


@alerts.post(
    "/alerts/{alert_id}/cannot",
    response={200: AlertStoryOut, **ERRORS},
    operation_id="alert_decline",
)
def cannot(request: HttpRequest, alert_id: Key) -> dict[str, Any]:
    """Say that one cannot go; the ladder moves on now."""
    return _act(request, alert_id, alert_decline)


class GoingIn(Schema):
    """I go up to a home now: since when, and how long I need.

    ``at`` and ``device_now`` are what the clock of the device says; ``member`` is who
    goes, as the device knows it.
    """

    model_config = ConfigDict(extra="forbid")

    home: Key
    minutes: Annotated[int, Field(ge=1, le=COMMIT_MINUTES_MOST)]
    at: Moment
    device_now: Moment | None = None
    member: Key | None = None


class GoingOut(Schema):
    """Whether it was in time; the word of somebody who must be back is only history."""

    in_time: bool


@alerts.post(
    "/going",
    response={200: GoingOut, **ERRORS},
    operation_id="home_going",
    url_name="home_going",
)
def going(request: HttpRequest, given: GoingIn) -> dict[str, bool]:
    """Say that one goes up to a home, whether or not it has an alert yet."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    require_member(member, given.member)
    home = home_for(member, given.home)
    offset = clock_offset(given.device_now, now) or timedelta(0)
    begun = min(given.at.astimezone(UTC) - offset, now)
    until = begun + timedelta(minutes=given.minutes)
    in_time = until > now and home.archived_at is None
    if in_time:
        home_going(home=home, by=member, until=until, now=now)
    return {"in_time": in_time}


class MuteIn(Schema):
    """Why an alert shall rest, and how long."""

    model_config = ConfigDict(extra="forbid")

    minutes: Annotated[int, Field(ge=1, le=MUTE_MINUTES_MOST)]
    reason: Annotated[Text, Field(min_length=1, max_length=200)]


@alerts.post(
    "/alerts/{alert_id}/mute",
    response={200: AlertStoryOut, **ERRORS},
    operation_id="alert_mute",
)
def mute(request: HttpRequest, alert_id: Key, given: MuteIn) -> dict[str, Any]:
    """Let an alert rest, for a reason and a while."""
    until = clock.now() + timedelta(minutes=given.minutes)
    return _act(request, alert_id, alert_mute, until=until, reason=given.reason)


class CloseIn(Schema):
    """How it turned out and how that is known; ``override`` says why without."""

    model_config = ConfigDict(extra="forbid")

    outcome: Annotated[Text, Field(min_length=1, max_length=30)]
    verified: Annotated[Text, Field(max_length=20)] = ""
    how: Literal["phone", "in_person", "bell", "chat"] = "in_person"
    override: Annotated[Text, Field(max_length=200)] = ""


@alerts.post(
    "/alerts/{alert_id}/close",
    response={200: AlertStoryOut, **ERRORS},
    operation_id="alert_close",
)
def close(request: HttpRequest, alert_id: Key, given: CloseIn) -> dict[str, Any]:
    """Close an alert with its outcome."""
    closing = ClosingIn(**given.model_dump())
    return _act(request, alert_id, alert_close, closing=closing)


def _act(
    request: HttpRequest, alert_id: int, act: Callable[..., None], **more: Any
) -> dict[str, Any]:
    member = reader(request, DESK_ROLES)
    act(alert=alert_for(member, alert_id), by=member, now=clock.now(), **more)
    return _story(member, alert_id)


def _story(member: Member, alert_id: int) -> dict[str, Any]:
    row = alert_for(member, alert_id)
    events = sorted(row.events.all(), key=lambda event: (event.at, event.pk))
    same = EventOut.model_fields.keys() - {"by", "by_contact"}
    return {
        **_alert(row),
        "going": [
            {
                "key": going_key(one),
                "name": doer_words(one.actor, one.via),
                "until": one.until,
            }
            for one in commitments_running(row)
        ],
        "events": [
            {
                **{name: getattr(event, name) for name in same},
                "by": event.by_id,
                "by_contact": event.by_contact_id,
            }
            for event in events
        ],
    }


def _alert(row: Alert) -> dict[str, Any]:
    same = AlertOut.model_fields.keys() - {"home", "round"}
    return {
        **{name: getattr(row, name) for name in same},
        "home": row.home_id,
        "round": row.round_id,
    }
