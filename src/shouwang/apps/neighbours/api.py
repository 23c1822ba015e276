"""What walkers are asked to look at because a passer-by reported it, and their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from shouwang.apps.communities.api import (
    ERRORS,
    Key,
    Moment,
    clock_offset,
    reader,
    require_member,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.neighbours.models import Report, ReportAct
from shouwang.apps.neighbours.selectors import reports_for_walkers, signals_agreed
from shouwang.apps.neighbours.services import AnswerIn, report_answer
from shouwang.apps.neighbours.words import walker_place_words
from shouwang.apps.residents.api import FacadeOut, facade_of
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_watched
from shouwang.common import clock
from shouwang.domain.reporting import FACES, Did, ReportState, without_numbers
from shouwang.domain.signals import BOARD

neighbours = Router(tags=["phone"])


class PaneOut(Schema):
    """A watched window; ``signals`` is what can be seen there, as agreed."""

    home: int
    address: str
    name: str
    building: str
    unit: str
    floor: int | None
    column: int | None
    signals: list[str]


class ActOut(Schema):
    """What somebody did about a report; ``state`` or ``could_not_see`` of their look."""

    id: UUID
    did: Literal[*(row.value for row in Did)]  # type: ignore[valid-type]  # the values of an enum
    at: datetime
    by: str
    mine: bool
    signal: str
    state: str
    could_not_see: str


class ReportOut(Schema):
    """What a passer-by saw; ``home`` where it is known which one, ``ask`` what to look for.

    Nothing tells who reported it.
    """

    id: UUID
    what: str
    building: str
    place: str
    note: str
    at: datetime
    state: Literal[*(row.value for row in ReportState)]  # type: ignore[valid-type]  # the values of an enum
    home: int | None
    ask: list[str]
    acts: list[ActOut]


class ReportsOut(Schema):
    """What waits for a walker, the most urgent first, and the windows it may be."""

    now: datetime
    member: int
    reports: list[ReportOut]
    windows: list[PaneOut]
    buildings: dict[str, FacadeOut]


@neighbours.get(
    "/phone/reports",
    response={200: ReportsOut, **ERRORS},
    operation_id="phone_reports",
    url_name="phone_reports",
)
def reports(request: HttpRequest) -> dict[str, Any]:
    """Return what passers-by reported and walkers should look at."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    rows = reports_for_walkers(member=member, now=now)
    homes = _homes(member, rows)
    agreed = signals_agreed(
        community=member.community_id, home_ids=[row.pk for row in homes]
    )
    return {
        "now": now,
        "member": member.pk,
        "reports": [_report(row, member) for row in rows],
        "windows": [_pane(row, agreed) for row in homes],
        "buildings": {row.building.label: facade_of(row.building) for row in homes},
    }


def _homes(member: Member, rows: Iterable[Report]) -> list[Home]:
    """Return the homes that are named, and all watched ones while one is not known."""
    named = {row.home.pk: row.home for row in rows if row.home is not None}
    if all(row.home is not None or row.state != ReportState.NEW for row in rows):
        return [*named.values()]
    watched = homes_watched(community=member.community_id)
    return [*{**{row.pk: row for row in watched}, **named}.values()]


def _report(row: Report, member: Member) -> dict[str, Any]:
    return {
        "id": row.pk,
        "what": row.what,
        "building": row.building.label,
        "place": walker_place_words(row),
        "note": without_numbers(row.note),
        "at": row.received_at,
        "state": row.state,
        "home": row.home_id,
        # A face is looked for on a board, whatever else was agreed.
        "ask": [BOARD] if row.what in FACES else [],
        "acts": [_act(act, member) for act in row.acts.all()],
    }


def _act(act: ReportAct, member: Member) -> dict[str, Any]:
    look = act.sighting
    return {
        "id": act.pk,
        "did": act.did,
        "at": act.said_at,
        "by": str(act.by),
        "mine": act.by_id == member.pk,
        "signal": look.signal if look else "",
        "state": look.state if look else "",
        "could_not_see": look.could_not_see if look else "",
    }


def _pane(row: Home, agreed: Mapping[int, list[str]]) -> dict[str, Any]:
    return {
        "home": row.pk,
        "address": row.address,
        "name": row.shown_name,
        "building": row.building.label,
        "unit": row.unit,
        "floor": row.floor,
        "column": row.column,
        "signals": agreed.get(row.pk, []),
    }


class ReportAnswerIn(Schema):
    """What a walker says about a report; ``sighting`` is the look that was made for it.

    ``id`` is made on the phone and makes a repeat harmless. ``at`` and ``device_now``
    are what the clock of the device says; ``member`` is who says it.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    report: UUID
    did: Literal["looked", "nothing", "cannot"]
    at: Moment
    sighting: UUID | None = None
    device_now: Moment | None = None
    member: Key | None = None


class ReportAnswerOut(Schema):
    """Whether it is new, or was here already."""

    new: bool


@neighbours.post(
    "/phone/reports",
    response={200: ReportAnswerOut, **ERRORS},
    operation_id="phone_report_answer",
)
def answer(request: HttpRequest, given: ReportAnswerIn) -> dict[str, bool]:
    """Answer a report: a look was made for it, nothing is there, or one cannot go."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    require_member(member, given.member)
    offset = clock_offset(given.device_now, now) or timedelta(0)
    said = AnswerIn(
        id=given.id,
        report=given.report,
        did=Did(given.did),
        sighting=given.sighting,
        said_at=given.at.astimezone(UTC) - offset,
    )
    is_new = report_answer(
        community=member.community_id, answer=said, by=member, now=now
    )
    return {"new": is_new}
