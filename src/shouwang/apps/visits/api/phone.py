"""What a phone asks for and sends: the day's visits, filled-in forms, chats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field

from shouwang.apps.care.selectors import need_kinds
from shouwang.apps.care.words import urgency_words
from shouwang.apps.communities.api import (
    ERRORS,
    OFFSET_MOST,
    Key,
    Moment,
    Text,
    clock_offset,
    reader,
    require_member,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.residents.words import known_risk_words, risk_words
from shouwang.apps.visits.api.router import visits
from shouwang.apps.visits.selectors.company import homes_to_chat_for
from shouwang.apps.visits.selectors.due import calls_of
from shouwang.apps.visits.selectors.form import form_now, questions_of
from shouwang.apps.visits.selectors.planning import at_the_door, carried
from shouwang.apps.visits.services import (
    ChatIn,
    NeedSaid,
    VisitIn,
    chat_record,
    visit_record,
)
from shouwang.apps.visits.words import answer_choices, asked, outcome_words, why
from shouwang.common import clock
from shouwang.domain.visits import Answer, Question

CLOCK_MOST_MS = OFFSET_MOST // timedelta(milliseconds=1)
Milliseconds = Annotated[int, Field(ge=-CLOCK_MOST_MS, le=CLOCK_MOST_MS)]
OutcomeWord = Literal["spoke", "nobody_opened", "not_now"]


class ChoiceOut(Schema):
    """One answer that can be tapped."""

    value: str
    label: str


class QuestionOut(Schema):
    """One question of the form; ``choices`` is empty for a number and for words."""

    code: str
    kind: str
    words: str
    required: bool
    choices: list[ChoiceOut]


class FormOut(Schema):
    """The form as it is asked now; ``version`` goes back with what was filled in."""

    version: int
    questions: list[QuestionOut]
    outcomes: list[ChoiceOut]
    need_kinds: list[ChoiceOut]
    urgencies: list[ChoiceOut]
    risks: list[ChoiceOut]


class PlannedOut(Schema):
    """A home to visit today: why, what to know at the door, and if somebody was there."""

    id: int
    home: int
    address: str
    name: str
    risk: str
    why: str
    at_the_door: list[str]
    done: bool


class ChatHomeOut(Schema):
    """A home with which one may sit."""

    home: int
    address: str
    name: str


class PhoneVisitsOut(Schema):
    """What a phone needs to make today's visits without a network."""

    now: datetime
    on: date
    member: int
    form: FormOut
    visits: list[PlannedOut]
    chat_homes: list[ChatHomeOut]


@visits.get(
    "/phone/visits",
    response={200: PhoneVisitsOut, **ERRORS},
    operation_id="phone_visits",
    url_name="phone_visits",
)
def phone_visits(request: HttpRequest) -> dict[str, Any]:
    """Return the visits that the reader carries today, and the form."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    today = carried(member=member, now=now)
    homes = [row.home for row in today.rows]
    door = at_the_door(member.community_id, homes)
    calls = calls_of(member.community, homes, now=now)
    zone = member.community.zone
    return {
        "now": now,
        "on": today.on,
        "member": member.pk,
        "form": _form(member),
        "visits": [
            {
                "id": row.pk,
                "home": row.home_id,
                "address": row.home.address,
                "name": row.home.shown_name,
                "risk": row.home.risk,
                "why": "" if row.is_done else why(calls[row.home_id], zone=zone),  # type: ignore[attr-defined]  # annotated
                "at_the_door": [
                    *(known_risk_words(risk) for risk in door.get(row.home_id, [])),
                    *([row.home.at_the_door] if row.home.at_the_door else []),
                ],
                "done": row.is_done,  # type: ignore[attr-defined]  # annotated
            }
            for row in today.rows
        ],
        "chat_homes": [
            {"home": row.pk, "address": row.address, "name": row.shown_name}
            for row in homes_to_chat_for(member, now=now)
        ],
    }


def _form(member: Member) -> dict[str, Any]:
    form = form_now(member.community_id)
    return {
        "version": form.version if form else 0,
        "questions": [_question(row) for row in questions_of(form)],
        "outcomes": _choices(outcome_words()),
        "need_kinds": _choices(need_kinds(member.community_id)),
        "urgencies": _choices(urgency_words()),
        "risks": _choices(risk_words()),
    }


def _question(row: Question) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind.value,
        "words": asked(row),
        "required": row.required,
        "choices": _choices(dict(answer_choices(row))),
    }


def _choices(words: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in words.items()]


class AnswerIn(Schema):
    """What was answered to one question; the words beside it may be empty."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[Text, Field(min_length=1, max_length=30)]
    value: Annotated[Text, Field(max_length=500)] = ""
    words: Annotated[Text, Field(max_length=500)] = ""


class NeedSaidIn(Schema):
    """A need raised at a visit; ``key`` is made on the phone."""

    model_config = ConfigDict(extra="forbid")

    key: UUID
    kind: Annotated[Text, Field(min_length=1, max_length=30)]
    urgency: Literal["urgent", "difficult", "everyday"]
    words: Annotated[Text, Field(max_length=400)] = ""


class VisitFilledIn(Schema):
    """A visit. ``id`` is made where it was filled in, so that twice is once.

    ``form`` is the version that was filled in, however old. ``clock_offset_ms`` is how
    far the clock of the device ran ahead of ours, or ``device_now`` lets us measure it.
    ``member`` is who visited, as the device knows it: with another login than that
    person's it is not taken (409).
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    home: Key
    outcome: OutcomeWord
    visited_at: Moment
    form: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    answers: Annotated[list[AnswerIn], Field(max_length=60, default_factory=list)]
    needs: Annotated[list[NeedSaidIn], Field(max_length=10, default_factory=list)]
    risk: Literal["", "high", "key", "general"] = ""
    risk_words: Annotated[Text, Field(max_length=200)] = ""
    note: Annotated[Text, Field(max_length=500)] = ""
    member: Key | None = None
    device_now: Moment | None = None
    clock_offset_ms: Milliseconds | None = None


class VisitTakenOut(Schema):
    """It is kept; ``held`` says why a person will judge first whether it counts."""

    id: UUID
    outcome: Literal["accepted", "already_had"]
    held: str


@visits.post(
    "/phone/visits",
    response={200: VisitTakenOut, **ERRORS},
    operation_id="visit_record",
    url_name="visit_record",
)
def visit_add(request: HttpRequest, given: VisitFilledIn) -> dict[str, Any]:
    """Write a visit down; its needs are opened, and the watch hears that she was seen."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    require_member(member, given.member)
    visit = _visit_in(given, _offset(given, now))
    row, is_new = visit_record(
        community=member.community, visit=visit, by=member, now=now
    )
    outcome = "accepted" if is_new else "already_had"
    return {"id": row.pk, "outcome": outcome, "held": row.held}


def _visit_in(given: VisitFilledIn, offset: timedelta | None) -> VisitIn:
    return VisitIn(
        id=given.id,
        home_id=given.home,
        outcome=given.outcome,
        visited_at=given.visited_at.astimezone(UTC),
        clock_offset=offset,
        form=given.form,
        answers={
            row.code: Answer(value=row.value, words=row.words) for row in given.answers
        },
        needs=[NeedSaid(**row.model_dump()) for row in given.needs],
        risk=given.risk,
        risk_words=given.risk_words,
        note=given.note,
    )


def _offset(given: VisitFilledIn | ChatFilledIn, now: datetime) -> timedelta | None:
    """Return how far the phone's clock ran ahead: as it knew then, else as it runs now."""
    if given.clock_offset_ms is not None:
        return timedelta(milliseconds=given.clock_offset_ms)
    return clock_offset(given.device_now, now)


class ChatFilledIn(Schema):
    """Somebody sat with her. ``id`` is made on the phone, so that twice is once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    home: Key
    at: Moment
    words: Annotated[Text, Field(max_length=300)] = ""
    member: Key | None = None
    device_now: Moment | None = None
    clock_offset_ms: Milliseconds | None = None


class ChatTakenOut(Schema):
    """It is kept."""

    id: UUID
    outcome: Literal["accepted", "already_had"]


@visits.post(
    "/phone/chats",
    response={200: ChatTakenOut, **ERRORS},
    operation_id="chat_record",
    url_name="chat_record",
)
def chat_add(request: HttpRequest, given: ChatFilledIn) -> dict[str, Any]:
    """Write down that one sat with her: a contact in person."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    require_member(member, given.member)
    chat = ChatIn(
        id=given.id,
        home_id=given.home,
        at=given.at.astimezone(UTC),
        words=given.words,
        clock_offset=_offset(given, now),
    )
    row, is_new = chat_record(community=member.community, chat=chat, by=member, now=now)
    return {"id": row.pk, "outcome": "accepted" if is_new else "already_had"}
