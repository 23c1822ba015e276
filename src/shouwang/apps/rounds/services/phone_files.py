"""A file that a phone could not send is brought in at the desk."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.neighbours.services import AnswerIn, report_answer
from shouwang.apps.watch.services import (
    PhotoIn,
    SightingIn,
    photo_store,
    sightings_record,
)
from shouwang.common.errors import RefusedError, ShouwangError
from shouwang.domain.reporting import Did

BYTES_MOST = 80 * 1024 * 1024
ROWS_MOST = 5000
_HOMES_MOST = 200
_CLOCK_MOST_MS = 400 * 24 * 3600 * 1000

_Milliseconds = Annotated[int, Field(ge=-_CLOCK_MOST_MS, le=_CLOCK_MOST_MS)]


class _Look(BaseModel):
    member: int
    id: UUID
    home: int
    signal: Annotated[str, Field(max_length=30)]
    state: Annotated[str, Field(max_length=30)] = ""
    could_not_see: Annotated[str, Field(max_length=10)] = ""
    seen_at: AwareDatetime
    standpoint: Annotated[str, Field(max_length=80)] = ""
    replaces: UUID | None = None
    clock_offset_ms: _Milliseconds | None = None
    clock_unsure: bool = False


class _Answer(BaseModel):
    member: int
    id: UUID
    report: UUID
    did: Literal["looked", "nothing", "cannot"]
    at: AwareDatetime
    sighting: UUID | None = None


class _Picture(BaseModel):
    member: int
    id: UUID
    homes: Annotated[list[int], Field(max_length=_HOMES_MOST)]
    standpoint: Annotated[str, Field(max_length=80)] = ""
    taken_at: AwareDatetime
    jpeg: str


class _PhoneFile(BaseModel):
    shouwang_phone: Literal[1]
    offset_ms: _Milliseconds = 0
    looks: Annotated[list[_Look], Field(max_length=ROWS_MOST)]
    photos: Annotated[list[_Picture], Field(max_length=ROWS_MOST)]
    # Files of an older phone have none.
    answers: Annotated[list[_Answer], Field(max_length=ROWS_MOST)] = []
    # What apps above this one keep on the phone, by ``settings.PHONE_FILE_PARTS``.
    more: dict[str, Annotated[list[Any], Field(max_length=ROWS_MOST)]] = {}


@dataclass(frozen=True, kw_only=True)
class BroughtIn:
    """What became of a phone's file; ``refused`` says for each row left out why."""

    new_count: int
    had_count: int
    refused: tuple[str, ...]


def phone_file_record(
    *, community: Community, content: bytes, by: Member, now: datetime
) -> BroughtIn:
    """Record what a phone saved to a file; doing so again changes nothing.

    The times count as the phone told them, corrected by the clock offset that it knew
    when each was made, else by the one measured last. Photos that cannot be kept never take the looks with them.

    Raises
    ------
    RefusedError
        ``not_a_phone_file``: it is not, or it is larger than 80 MB.
    """
    given = _read(content)
    offset = timedelta(milliseconds=given.offset_ms)
    ids = {
        *(row.member for row in given.looks),
        *(row.member for row in given.photos),
        *(row.member for row in given.answers),
    }
    people = _people(community, ids)
    outcomes = [
        *_looks(community, given.looks, people, (offset, by, now)),
        # After the looks, which they name.
        *_answers(community, given.answers, people, (offset, by, now)),
        *_photos(community, given.photos, people, (offset, now)),
        *_more(community, given.more, (offset, now)),
    ]
    return BroughtIn(
        new_count=outcomes.count("accepted"),
        had_count=outcomes.count("already_had"),
        refused=tuple(
            row for row in outcomes if row not in {"accepted", "already_had"}
        ),
    )


def _read(content: bytes) -> _PhoneFile:
    try:
        if len(content) <= BYTES_MOST:
            return _PhoneFile.model_validate_json(content)
    except ValidationError:
        pass
    words = _("This is not a file that the phone saved, or it is larger than 80 MB.")
    raise RefusedError("not_a_phone_file", words, fields={"file": [words]})


def _people(community: Community, ids: Collection[int]) -> Mapping[int, Member]:
    return Member.objects.of(community).in_bulk(ids)


def _looks(
    community: Community,
    looks: Sequence[_Look],
    people: Mapping[int, Member],
    told: tuple[timedelta, Member, datetime],
) -> list[str]:
    offset, by, now = told
    by_person: defaultdict[int, list[_Look]] = defaultdict(list)
    for row in looks:
        by_person[row.member].append(row)
    outcomes = []
    for key, rows in by_person.items():
        if key not in people:
            outcomes += [_stranger()] * len(rows)
            continue
        answers = sightings_record(
            community=community,
            items=[_item(row, offset) for row in rows],
            by=people[key],
            typed_by=by,
            now=now,
        )
        outcomes += [row.message or row.outcome for row in answers]
    return outcomes


def _stranger() -> str:
    return str(_("Somebody recorded this who is not of this community."))


def _item(row: _Look, offset: timedelta) -> SightingIn:
    if row.clock_offset_ms is not None:
        offset = timedelta(milliseconds=row.clock_offset_ms)
    return SightingIn(
        id=row.id,
        home_id=row.home,
        signal=row.signal,
        state=row.state,
        could_not_see=row.could_not_see,
        seen_at=row.seen_at.astimezone(UTC),
        standpoint=row.standpoint,
        replaces=row.replaces,
        clock_offset=offset,
        clock_unsure=row.clock_unsure,
    )


def _answers(
    community: Community,
    answers: Sequence[_Answer],
    people: Mapping[int, Member],
    told: tuple[timedelta, Member, datetime],
) -> list[str]:
    offset, by, now = told
    outcomes = []
    for row in answers:
        if row.member not in people:
            outcomes.append(_stranger())
            continue
        said = AnswerIn(
            id=row.id,
            report=row.report,
            did=Did(row.did),
            sighting=row.sighting,
            said_at=row.at.astimezone(UTC) - offset,
        )
        try:
            is_new = report_answer(
                community=community,
                answer=said,
                by=people[row.member],
                typed_by=by,
                now=now,
            )
            outcomes.append("accepted" if is_new else "already_had")
        except ShouwangError as error:
            outcomes.append(str(error))
    return outcomes


def _more(
    community: Community,
    more: Mapping[str, Sequence[Any]],
    told: tuple[timedelta, datetime],
) -> list[str]:
    """Let those who know them bring in the other parts; what nobody knows is told."""
    offset, now = told

    def people(key: int) -> Member | None:
        return _people(community, {key}).get(key)

    outcomes: list[str] = []
    for name, rows in more.items():
        path = settings.PHONE_FILE_PARTS.get(name)
        if path is None:
            outcomes += [_("This program is older than the phone's.")] * len(rows)
            continue
        bring_in: Callable[..., list[str]] = import_string(path)
        outcomes += bring_in(
            community=community, rows=rows, people=people, offset=offset, now=now
        )
    return outcomes


def _photos(
    community: Community,
    photos: Sequence[_Picture],
    people: Mapping[int, Member],
    told: tuple[timedelta, datetime],
) -> list[str]:
    offset, now = told
    outcomes = []
    for row in photos:
        if row.member not in people:
            outcomes.append(_stranger())
            continue
        try:
            _photo, is_new = photo_store(
                community=community,
                photo=PhotoIn(
                    id=row.id,
                    content=base64.b64decode(row.jpeg, validate=True),
                    home_ids=row.homes,
                    taken_at=row.taken_at.astimezone(UTC) - offset,
                    standpoint=row.standpoint,
                ),
                by=people[row.member],
                now=now,
            )
            outcomes.append("accepted" if is_new else "already_had")
        except binascii.Error:
            outcomes.append(_("A photo in the file is damaged."))
        except ShouwangError as error:
            outcomes.append(str(error))
    return outcomes
