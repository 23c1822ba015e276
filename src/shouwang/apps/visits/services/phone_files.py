"""Visits and chats of a phone that could not send them, brought in from its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.visits.services.company import ChatIn, chat_record
from shouwang.apps.visits.services.recording import NeedSaid, VisitIn, visit_record
from shouwang.common.errors import ShouwangError
from shouwang.domain.visits import Answer

Short = Annotated[str, Field(max_length=30)]
Long = Annotated[str, Field(max_length=500)]
_CLOCK_MOST_MS = 400 * 24 * 3600 * 1000
Milliseconds = Annotated[int, Field(ge=-_CLOCK_MOST_MS, le=_CLOCK_MOST_MS)]


class _Answer(BaseModel):
    code: Short
    value: Long = ""
    words: Long = ""


class _Need(BaseModel):
    key: UUID
    kind: Short
    urgency: Short
    words: Annotated[str, Field(max_length=400)] = ""


class _Visit(BaseModel):
    member: int
    id: UUID
    home: int
    outcome: Literal["spoke", "nobody_opened", "not_now"]
    visited_at: AwareDatetime
    form: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    answers: Annotated[list[_Answer], Field(max_length=60)] = []
    needs: Annotated[list[_Need], Field(max_length=10)] = []
    risk: Literal["", "high", "key", "general"] = ""
    risk_words: Annotated[str, Field(max_length=200)] = ""
    note: Long = ""
    clock_offset_ms: Milliseconds | None = None


class _Chat(BaseModel):
    member: int
    id: UUID
    home: int
    at: AwareDatetime
    words: Annotated[str, Field(max_length=300)] = ""
    clock_offset_ms: Milliseconds | None = None


def visits_bring_in(
    *,
    community: Community,
    rows: Sequence[Any],
    people: Callable[[int], Member | None],
    offset: timedelta,
    now: datetime,
) -> list[str]:
    """Record the visits of a phone's file; answer for each as the file's looks do."""

    def record(row: Mapping[str, Any]) -> bool:
        given = _Visit.model_validate(row)
        visit = VisitIn(
            id=given.id,
            home_id=given.home,
            outcome=given.outcome,
            visited_at=given.visited_at.astimezone(UTC),
            clock_offset=_then(given.clock_offset_ms, offset),
            form=given.form,
            answers={
                said.code: Answer(value=said.value, words=said.words)
                for said in given.answers
            },
            needs=[NeedSaid(**said.model_dump()) for said in given.needs],
            risk=given.risk,
            risk_words=given.risk_words,
            note=given.note,
        )
        by = _who(people, given.member)
        return visit_record(community=community, visit=visit, by=by, now=now)[1]

    return [_brought(record, row) for row in rows]


def chats_bring_in(
    *,
    community: Community,
    rows: Sequence[Any],
    people: Callable[[int], Member | None],
    offset: timedelta,
    now: datetime,
) -> list[str]:
    """Record the chats of a phone's file; answer for each as the file's looks do."""

    def record(row: Mapping[str, Any]) -> bool:
        given = _Chat.model_validate(row)
        chat = ChatIn(
            id=given.id,
            home_id=given.home,
            at=given.at.astimezone(UTC),
            words=given.words,
            clock_offset=_then(given.clock_offset_ms, offset),
        )
        by = _who(people, given.member)
        return chat_record(community=community, chat=chat, by=by, now=now)[1]

    return [_brought(record, row) for row in rows]


def _then(milliseconds: int | None, offset: timedelta) -> timedelta:
    """Return the offset that the phone knew when it was made, else the one of the file."""
    return offset if milliseconds is None else timedelta(milliseconds=milliseconds)


class _StrangerError(Exception):
    """Somebody recorded this who is not of this community."""


def _who(people: Callable[[int], Member | None], key: int) -> Member:
    found = people(key)
    if found is None:
        raise _StrangerError
    return found


def _brought(record: Callable[[Mapping[str, Any]], bool], row: Any) -> str:
    try:
        return "accepted" if record(row) else "already_had"
    except ValidationError:
        return _("A visit in the file is damaged.")
    except _StrangerError:
        return _("Somebody recorded this who is not of this community.")
    except ShouwangError as error:
        return str(error)
