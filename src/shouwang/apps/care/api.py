"""Needs for machines and for other programs: read them, write them down, move them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import (
    carries,
    home_to_raise_for,
    need_for,
    need_to_act,
    needs_by_state,
    office_of,
    waiting_of,
)
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.api import (
    ERRORS,
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
    has_role,
    member_for,
)
from shouwang.apps.privacy.models import Place
from shouwang.apps.residents.noting import page_noted
from shouwang.apps.residents.selectors import home_carried_for
from shouwang.common import clock
from shouwang.common.errors import NotFoundError
from shouwang.domain.needs import Act, Asked, due_of

needs = Router(tags=["needs"])
MoveWord = Literal[
    "offer",
    "decline",
    "take",
    "begin",
    "finish",
    "give_back",
    "right",
    "wrong",
    "hand_on",
    "chase",
    "take_back",
    "cancel",
]


# What is not told to who does not carry it.
HIDDEN = {"home": None, "alert": None, "words": "", "said_by": "", "at_the_door": ""}


class NeedOut(Schema):
    """A need; ``due_at`` is when what comes next, ``due_why``, should have happened.

    Who was asked for it, or has done it, is told its kind, its time and the building;
    ``home``, ``alert`` and the words are empty unless it is in their hands.
    """

    id: int
    home: int | None
    building: str
    kind: str
    urgency: str
    source: str
    stage: str
    words: str
    said_by: str
    at_the_door: str
    wanted_by: datetime | None
    alert: int | None
    taken_by: int | None
    wrong_count: int
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    due_why: str
    is_overdue: bool


class NeedMoveOut(Schema):
    """One thing that happened to a need; ``asked`` is how she was asked."""

    act: str
    from_stage: str
    to_stage: str
    at: datetime
    by: int | None
    who: int | None
    asked: str
    note: str


class OfficeOut(Schema):
    """The office a need lies with, and when to ask it again."""

    office: str
    number: str
    handed_at: datetime
    chase_at: datetime


class NeedStoryOut(NeedOut):
    """A need with everything that happened to it, oldest first."""

    moves: list[NeedMoveOut]
    office: OfficeOut | None


class NeedsOut(Schema):
    """Some needs; ``next_offset`` is empty at the end."""

    items: list[NeedOut]
    next_offset: int | None


class NeedsIn(PageIn):
    """Which needs."""

    state: Literal["open", "closed", "all"] = "open"
    home: Key | None = None


@needs.get("/needs", response={200: NeedsOut, **ERRORS}, operation_id="needs_list")
def needs_of(request: HttpRequest, asked: Query[NeedsIn]) -> dict[str, Any]:
    """Return needs, the newest first; who does not sit at the desk gets their own."""
    member = reader(request, LOOKING_ROLES)
    if asked.home is not None:
        home_carried_for(member, asked.home, now=clock.now())
    rows = needs_by_state(member, state=asked.state, home_id=asked.home)
    return page_of(rows, asked, lambda row: _need(row, carried=carries(row, member)))


@needs.get(
    "/needs/{need_id}",
    response={200: NeedStoryOut, **ERRORS},
    operation_id="need_get",
)
def need_of(request: HttpRequest, need_id: Key) -> dict[str, Any]:
    """Return one need with its story."""
    member = reader(request, LOOKING_ROLES)
    row = need_for(member, need_id)
    page_noted(request, row.home, place=Place.API, place_id=f"need {row.pk}")
    return _story(row, member)


class NeedIn(Schema):
    """What somebody needs; with a ``key`` made by the sender, twice is once."""

    model_config = ConfigDict(extra="forbid")

    home: Key
    kind: Annotated[Text, Field(min_length=1, max_length=30)]
    urgency: Literal["urgent", "difficult", "everyday"]
    source: Literal[
        "visit",
        "crying_face",
        "phone",
        "paper",
        "family",
        "neighbour",
        "on_behalf",
    ] = "on_behalf"
    words: Annotated[Text, Field(max_length=500)] = ""
    said_by: Annotated[Text, Field(max_length=80)] = ""
    at_the_door: Annotated[Text, Field(max_length=300)] = ""
    wanted_by: Moment | None = None
    key: UUID | None = None


@needs.post("/needs", response={201: NeedOut, **ERRORS}, operation_id="need_open")
def need_add(request: HttpRequest, given: NeedIn) -> Status[dict[str, Any]]:
    """Write a need down, for a home of the reader."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    home = home_to_raise_for(member, given.home, now=now)
    draft = NeedDraft(**given.model_dump(exclude={"home", "key"}))
    row = need_open(home=home, draft=draft, by=member, now=now, key=given.key)
    return Status(201, _need(row, carried=True))


class NeedMoveIn(Schema):
    """What somebody does with a need.

    ``who`` is whom it is offered to or who took it, for the desk; ``asked`` and
    ``note`` say what she answered; ``office``, ``number`` and ``chase_at`` go with
    handing on and chasing.
    """

    model_config = ConfigDict(extra="forbid")

    act: MoveWord
    note: Annotated[Text, Field(max_length=500)] = ""
    asked: Literal["in_person", "phone", "family"] | None = None
    who: Key | None = None
    office: Annotated[Text, Field(max_length=80)] = ""
    number: Annotated[Text, Field(max_length=60)] = ""
    chase_at: Moment | None = None


@needs.post(
    "/needs/{need_id}/move",
    response={200: NeedOut, **ERRORS},
    operation_id="need_move",
)
def need_act(request: HttpRequest, need_id: Key, given: NeedMoveIn) -> dict[str, Any]:
    """Move a need on; a need somebody else has taken is refused with their name."""
    member = reader(request, LOOKING_ROLES)
    act = Act(given.act)
    row = need_to_act(member, need_id, act)
    move = MoveIn(
        act=act,
        note=given.note,
        asked=Asked(given.asked) if given.asked else None,
        who=_who(member, given.who),
        office=given.office,
        number=given.number,
        chase_at=given.chase_at,
    )
    row = need_move(need=row, move=move, by=member, now=clock.now())
    return _need(row, carried=carries(row, member))


def _who(member: Member, who_id: int | None) -> Member | None:
    if who_id is None or who_id == member.pk:
        return None
    if not has_role(member, DESK_ROLES):
        raise NotFoundError("unknown_member", _("There is no such person here."))
    return member_for(member, who_id)


def _need(row: Need, *, carried: bool) -> dict[str, Any]:
    """Return a need; who does not carry it is told neither whose it is nor the words."""
    same = NeedOut.model_fields.keys() - {
        "home",
        "building",
        "alert",
        "taken_by",
        "due_at",
        "due_why",
        "is_overdue",
    }
    due = due_of(waiting_of(row))
    return {
        **{name: getattr(row, name) for name in same},
        "home": row.home_id,
        "alert": row.alert_id,
        "taken_by": row.taken_by_id,
        "due_at": due.at if due else None,
        "due_why": due.why.value if due else "",
        "is_overdue": due is not None and due.is_over(now=clock.now()),
        "building": row.home.building.label,
        **({} if carried else HIDDEN),
    }


def _story(row: Need, member: Member) -> dict[str, Any]:
    moves = sorted(row.moves.all(), key=lambda move: (move.at, move.pk))
    same = NeedMoveOut.model_fields.keys() - {"by", "who", "note"}
    carried = carries(row, member)
    office, names = office_of(row), OfficeOut.model_fields.keys()
    return {
        **_need(row, carried=carried),
        "moves": [
            {
                **{name: getattr(move, name) for name in same},
                "by": move.by_id,
                "who": move.who_id,
                "note": move.note if carried else "",
            }
            for move in moves
        ],
        "office": {name: getattr(office, name) for name in names} if office else None,
    }
