"""Sightings, checks, absences and photos for machines and for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import ConfigDict, Field, ValidationError, WithJsonSchema

from shouwang.apps.communities.api import (
    EARLIEST,
    ERRORS,
    OFFSET_MOST,
    Day,
    Key,
    Moment,
    PageIn,
    Text,
    clock_offset,
    page_of,
    reader,
    require_member,
)
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.residents.models import Absence
from shouwang.apps.residents.selectors import (
    absence_for,
    absences_standing,
    home_carried_for,
    home_for,
    homes_carried,
)
from shouwang.apps.residents.services import AbsenceDraft
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.selectors import checks_of_day, sightings_since
from shouwang.apps.watch.services import (
    ItemAnswer,
    PhotoIn,
    SightingIn,
    absence_declare,
    absence_withdraw,
    photo_store,
    sightings_record,
)
from shouwang.apps.watch.services.photos import BYTES_MOST
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.domain.facts import CLOCK_OFFSET_FLAGGED, CouldNotSee, Source

watch = Router()
BATCH_MOST = 500
HOMES_ON_A_PHOTO = 200
CLOCK_MOST_MS = OFFSET_MOST // timedelta(milliseconds=1)


class SightingItem(Schema):
    """One look or contact; either ``state`` or ``could_not_see``, never both.

    ``id`` is made where it was recorded and makes a repeat harmless. ``seen_at`` is
    what the clock of the device said, and ``clock_offset_ms`` how far that clock ran ahead
    of ours then, where the device knows better than the moment of sending;
    ``clock_unsure`` marks the sighting because the clock was changed in between.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    home: Key
    signal: Annotated[Text, Field(min_length=1, max_length=30)]
    seen_at: Moment
    state: Annotated[Text, Field(max_length=30)] = ""
    could_not_see: Literal["", *(row.value for row in CouldNotSee)] = ""  # type: ignore[valid-type]  # the values of an enum
    source: Literal[*(row.value for row in Source)] = Source.LOOK.value  # type: ignore[valid-type]  # the values of an enum
    how: Literal["", "phone", "in_person", "bell", "chat"] = ""
    by_words: Annotated[Text, Field(max_length=80)] = ""
    standpoint: Annotated[Text, Field(max_length=80)] = ""
    photo: UUID | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    note: Annotated[Text, Field(max_length=500)] = ""
    replaces: UUID | None = None
    clock_offset_ms: (
        Annotated[int, Field(ge=-CLOCK_MOST_MS, le=CLOCK_MOST_MS)] | None
    ) = None
    clock_unsure: bool = False


class BatchIn(Schema):
    """Up to 500 sightings; ``device_now`` lets us measure how far that clock is off.

    ``member`` is who saw them, as the device knows it: with another login than that
    person's nothing is taken (409).
    """

    device_now: Moment | None = None
    member: Key | None = None
    # Read one by one, so that one bad item does not take the others with it.
    sightings: Annotated[
        list[Any],
        Field(min_length=1, max_length=BATCH_MOST),
        WithJsonSchema(
            {
                "type": "array",
                "minItems": 1,
                "maxItems": BATCH_MOST,
                "items": SightingItem.model_json_schema(),
            }
        ),
    ]


class ItemOut(Schema):
    """What became of the item at ``index``; ``id`` is empty where it had none."""

    index: int
    id: UUID | None
    outcome: Literal["accepted", "already_had", "refused"]
    code: str = ""
    message: str = ""
    fields: Annotated[dict[str, list[str]], Field(default_factory=dict)]


class BatchOut(Schema):
    """An answer for each item, in the order they came."""

    answers: list[ItemOut]


@watch.post(
    "/sightings",
    response={200: BatchOut, **ERRORS},
    tags=["sightings"],
    operation_id="sightings_record",
    url_name="sightings_record",
)
def sightings_add(request: HttpRequest, batch: BatchIn) -> dict[str, Any]:
    """Record what was seen; good items are kept, and each one is answered."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    require_member(member, batch.member)
    offset = clock_offset(batch.device_now, now)
    read = [_read(index, row) for index, row in enumerate(batch.sightings)]
    items = {
        index: _item(row, offset)
        for index, row in enumerate(read)
        if isinstance(row, SightingItem)
    }
    told = sightings_record(
        community=member.community, items=[*items.values()], by=member, now=now
    )
    recorded = dict(zip(items, told, strict=True))
    return {
        "answers": [
            _answer(index, recorded[index]) if index in recorded else row
            for index, row in enumerate(read)
        ]
    }


def _read(index: int, given: Any) -> SightingItem | dict[str, Any]:
    try:
        return SightingItem.model_validate(given)
    except ValidationError as error:
        return {
            "index": index,
            "id": _id_of(given),
            "outcome": "refused",
            "code": "invalid",
            "message": _("Something in it cannot be taken."),
            "fields": _fields(error),
        }


def _fields(error: ValidationError) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for row in error.errors(include_url=False, include_input=False):
        name = str(row["loc"][0]) if row["loc"] else "item"
        told.setdefault(name, []).append(row["msg"])
    return told


def _id_of(given: Any) -> UUID | None:
    try:
        return UUID(str(given["id"]))
    except (ValueError, TypeError, KeyError):
        return None


def _item(row: SightingItem, measured: timedelta | None) -> SightingIn:
    offset, is_unsure = _clock(row, measured)
    return SightingIn(
        id=row.id,
        home_id=row.home,
        signal=row.signal,
        seen_at=row.seen_at.astimezone(UTC),
        state=row.state,
        could_not_see=row.could_not_see,
        source=row.source,
        how=row.how,
        clock_offset=offset,
        clock_unsure=is_unsure,
        by_words=row.by_words,
        standpoint=row.standpoint,
        photo_id=row.photo,
        confidence=row.confidence,
        note=row.note,
        replaces=row.replaces,
    )


def _clock(
    row: SightingItem, measured: timedelta | None
) -> tuple[timedelta | None, bool]:
    """Return how far the clock ran ahead when it was seen, and whether that is unsure."""
    if row.clock_offset_ms is None:
        return measured, row.clock_unsure
    own = timedelta(milliseconds=row.clock_offset_ms)
    is_other = measured is not None and abs(own - measured) > CLOCK_OFFSET_FLAGGED
    return own, row.clock_unsure or is_other


def _answer(index: int, told: ItemAnswer) -> dict[str, Any]:
    return {
        "index": index,
        "id": told.id,
        "outcome": told.outcome,
        "code": told.code,
        "message": told.message,
    }


class SightingOut(Schema):
    """A sighting as it was recorded; ``seen_at`` by our clock, ``claimed_at`` theirs."""

    id: UUID
    home: int
    signal: str
    state: str
    could_not_see: str
    how: str
    source: str
    seen_at: datetime
    claimed_at: datetime
    clock_flagged: bool
    received_at: datetime
    by: int | None
    by_words: str
    standpoint: str
    photo: UUID | None
    confidence: float | None
    note: str
    replaces: UUID | None


class SightingsOut(Schema):
    """Some sightings; ``next_offset`` is empty at the end."""

    items: list[SightingOut]
    next_offset: int | None


class SightingsIn(PageIn):
    """Whose sightings, seen since when."""

    home: Key
    since: Moment = EARLIEST


@watch.get(
    "/sightings",
    response={200: SightingsOut, **ERRORS},
    tags=["sightings"],
    operation_id="sightings_list",
)
def sightings_of(request: HttpRequest, asked: Query[SightingsIn]) -> dict[str, Any]:
    """Return what was seen of a home, oldest first."""
    home = home_for(reader(request, DESK_ROLES), asked.home)
    return page_of(sightings_since(home=home, since=asked.since), asked, _sighting)


def _sighting(row: Sighting) -> dict[str, Any]:
    same = SightingOut.model_fields.keys() - {"home", "by", "photo"}
    return {
        **{name: getattr(row, name) for name in same},
        "home": row.home_id,
        "by": row.by_id,
        "photo": row.photo_id,
    }


class ReasonOut(Schema):
    """Why a check stands as it does: the rule, and the sightings it used."""

    why: str
    sightings: list[UUID]


class CheckOut(Schema):
    """One expectation on one local date."""

    id: int
    home: int
    signal: str
    label: str
    on: date
    opens_at: datetime
    due_at: datetime
    alert_at: datetime
    status: str
    strength: str
    reasons: list[ReasonOut]
    changed_at: datetime


class ChecksOut(Schema):
    """Some checks; ``next_offset`` is empty at the end."""

    items: list[CheckOut]
    next_offset: int | None


class ChecksIn(PageIn):
    """The checks of which local day (today if not said), of which home."""

    on: Day | None = None
    home: Key | None = None
    status: Annotated[Text, Field(max_length=12)] = ""


@watch.get(
    "/checks",
    response={200: ChecksOut, **ERRORS},
    tags=["checks"],
    operation_id="checks_list",
)
def checks_of(request: HttpRequest, asked: Query[ChecksIn]) -> dict[str, Any]:
    """Return how the checks of a day stand, the earliest window first."""
    member = reader(request, LOOKING_ROLES)
    on = asked.on or clock.local_day(clock.now(), member.community.zone)
    if asked.home is not None:
        home_carried_for(member, asked.home, now=clock.now())
    rows = checks_of_day(community=member.community_id, on=on, home_id=asked.home)
    if not has_role(member, DESK_ROLES):
        rows = rows.filter(home_id__in=homes_carried(member, now=clock.now()))
    if asked.status:
        rows = rows.filter(status=asked.status)
    return page_of(rows, asked, _check)


def _check(row: Check) -> dict[str, Any]:
    same = CheckOut.model_fields.keys() - {"home", "reasons"}
    return {
        **{name: getattr(row, name) for name in same},
        "home": row.home_id,
        "reasons": _reasons(row.reasons),
    }


def _reasons(stored: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"why": row["why"], "sightings": row["sightings"]} for row in stored]


class AbsenceIn(Schema):
    """A home is empty; both days are away. Without ``last_on`` the end is open."""

    model_config = ConfigDict(extra="forbid")

    home: Key
    first_on: Day
    last_on: Day | None = None
    reason: Annotated[Text, Field(max_length=20)]
    said_by: Annotated[Text, Field(min_length=1, max_length=80)]
    review_on: Day | None = None
    note: Annotated[Text, Field(max_length=200)] = ""


class AbsenceOut(Schema):
    """An absence: from inside, until outside; ``until_at`` is empty while open."""

    id: int
    home: int
    from_at: datetime
    until_at: datetime | None
    review_on: date | None
    reason: str
    said_by: str
    note: str
    recorded_at: datetime
    withdrawn_at: datetime | None


class AbsencesOut(Schema):
    """Some absences; ``next_offset`` is empty at the end."""

    items: list[AbsenceOut]
    next_offset: int | None


class AbsencesIn(PageIn):
    """Of which home, or of all."""

    home: Key | None = None


@watch.get(
    "/absences",
    response={200: AbsencesOut, **ERRORS},
    tags=["absences"],
    operation_id="absences_list",
)
def absences_of(request: HttpRequest, asked: Query[AbsencesIn]) -> dict[str, Any]:
    """Return the absences that run or are to come, the nearest first."""
    member = reader(request, DESK_ROLES)
    if asked.home is not None:
        home_for(member, asked.home)
    rows = absences_standing(
        community=member.community_id, home_id=asked.home, now=clock.now()
    )
    return page_of(rows, asked, _absence)


@watch.post(
    "/absences",
    response={201: AbsenceOut, **ERRORS},
    tags=["absences"],
    operation_id="absence_declare",
)
def absence_add(request: HttpRequest, given: AbsenceIn) -> Status[dict[str, Any]]:
    """Declare an absence, and tell again every day it touches."""
    member = reader(request, DESK_ROLES)
    home = home_for(member, given.home)
    if home.archived_at is not None:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    draft = AbsenceDraft.of_days(
        **given.model_dump(exclude={"home"}), zone=home.community.zone
    )
    row = absence_declare(home=home, draft=draft, by=member, now=clock.now())
    return Status(201, _absence(row))


@watch.post(
    "/absences/{absence_id}/withdraw",
    response={200: AbsenceOut, **ERRORS},
    tags=["absences"],
    operation_id="absence_withdraw",
)
def absence_end(request: HttpRequest, absence_id: Key) -> dict[str, Any]:
    """Take back an absence; doing so again changes nothing."""
    member = reader(request, DESK_ROLES)
    row = absence_for(member, absence_id)
    absence_withdraw(absence=row, by=member, now=clock.now())
    row.refresh_from_db()
    return _absence(row)


def _absence(row: Absence) -> dict[str, Any]:
    same = AbsenceOut.model_fields.keys() - {"home"}
    return {**{name: getattr(row, name) for name in same}, "home": row.home_id}


class PhotoOut(Schema):
    """A photo that was kept; sightings name it by ``id``."""

    id: UUID
    width: int
    height: int


class PhotoOf(Schema):
    """What is known of a photo. With ``id``, sending it again keeps it once.

    ``taken_at`` and ``device_now`` are what the clock of the device says; ``member``
    is who took it, as the device knows it.
    """

    id: UUID | None = None
    member: Key | None = None
    taken_at: Moment | None = None
    device_now: Moment | None = None
    standpoint: Annotated[Text, Field(max_length=80)] = ""
    homes: Annotated[list[Key], Field(max_length=HOMES_ON_A_PHOTO)] = []  # noqa: RUF012 -- a field of pydantic


@watch.post(
    "/photos",
    response={200: PhotoOut, 201: PhotoOut, **ERRORS},
    tags=["photos"],
    operation_id="photo_store",
    url_name="photo_store",
)
def photo_add(
    request: HttpRequest, photo: File[UploadedFile], given: Form[PhotoOf]
) -> Status[PhotoOut]:
    """Keep a photo (JPEG, PNG or WebP, at most 12 MB), without its metadata."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    require_member(member, given.member)
    if (photo.size or 0) > BYTES_MOST:
        raise RefusedError("photo_too_large", _("The photo is larger than 12 MB."))
    offset = clock_offset(given.device_now, now) or timedelta(0)
    row, is_new = photo_store(
        community=member.community,
        photo=PhotoIn(
            id=given.id or uuid4(),
            content=photo.read(),
            home_ids=given.homes,
            taken_at=given.taken_at and given.taken_at.astimezone(UTC) - offset,
            standpoint=given.standpoint,
        ),
        by=member,
        now=now,
    )
    answer = PhotoOut(id=row.pk, width=row.width, height=row.height)
    return Status(201 if is_new else 200, answer)
