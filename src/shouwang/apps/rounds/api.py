"""The phone's day: rounds, stops and windows, with everything needed to work offline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import translation
from ninja import Router, Schema
from pydantic import ConfigDict

from shouwang.apps.communities.api import ERRORS, Day, Key, reader
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.residents.api import FacadeOut, facade_of
from shouwang.apps.residents.pictures import signal_picture
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.residents.words import (
    could_not_see_words,
    signal_words_of,
    state_words_of,
)
from shouwang.apps.rounds.models import Round
from shouwang.apps.rounds.selectors import round_for
from shouwang.apps.rounds.selectors.covering import (
    covers_on,
    offer_for,
    offers_open,
)
from shouwang.apps.rounds.selectors.pictures import SeenFrom, pictures_seen
from shouwang.apps.rounds.selectors.sheets import Line, Sheet, Stop
from shouwang.apps.rounds.selectors.walking import days_near, sheets_of_walker
from shouwang.apps.rounds.services.covering import (
    drop_out,
    drop_out_withdraw,
    offer_answer,
)
from shouwang.common import clock
from shouwang.domain.signals import SignalKind

phone = Router(tags=["phone"])


class ReaderOut(Schema):
    """Who is logged in."""

    id: int
    name: str


class PlaceOut(Schema):
    """The community, its time zone, and the phone number of its desk."""

    id: int
    name: str
    zone: str
    desk_phone: str


class AnswerOut(Schema):
    """One state that can be seen; ``picture`` is the inside of an SVG drawing."""

    state: str
    label: str
    meaning: str
    picture: str


class SignalOut(Schema):
    """A signal and what can be seen of it."""

    label: str
    answers: list[AnswerOut]


class UnseenOut(Schema):
    """Why something could not be seen."""

    value: str
    label: str


class LastOut(Schema):
    """What was last seen of a window on this round, by whom; ``mine`` if by oneself."""

    id: UUID
    state: str
    could_not_see: str
    at: datetime
    by: str
    mine: bool


class WindowOut(Schema):
    """One window to look at; ``well`` are the states that were agreed to mean well."""

    home: int
    address: str
    name: str
    building: str
    unit: str
    floor: int | None
    column: int | None
    signal: str
    well: list[str]
    opens_at: datetime
    due_at: datetime
    away: bool
    last: LastOut | None


class MarkOut(Schema):
    """Where the window of a home is on a picture, in shares (0..1) of its sides."""

    home: int
    x: float
    y: float
    width: float
    height: float


class PictureOut(Schema):
    """What one sees from a standpoint; another picture is another ``id``."""

    id: int
    url: str
    width: int
    height: int
    marks: list[MarkOut]


class StopOut(Schema):
    """Where one stands, and the windows one sees from there."""

    name: str
    note: str
    picture: PictureOut | None
    windows: list[WindowOut]


class RoundOut(Schema):
    """A round on one day; ``key`` names both; ``mine`` if the reader walks it."""

    key: str
    id: int
    on: date
    name: str
    at: str
    mine: bool
    stops: list[StopOut]


class OfferOut(Schema):
    """A round on a day that one is asked to walk, or cannot walk."""

    id: int
    round: int
    name: str
    at: str
    on: date


class DayOut(Schema):
    """Everything a phone needs to walk today's rounds without a network."""

    now: datetime
    on: date
    language: str
    member: ReaderOut
    community: PlaceOut
    signals: dict[str, SignalOut]
    could_not_see: list[UnseenOut]
    offers: list[OfferOut]
    dropped: list[OfferOut]
    buildings: dict[str, FacadeOut]
    rounds: list[RoundOut]


@phone.get(
    "/phone/day",
    response={200: DayOut, **ERRORS},
    operation_id="phone_day",
    url_name="phone_day",
)
def day(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's rounds of today, in the reader's language."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    # The app is kept on the phone for months: the token it writes with comes with the day.
    get_token(request)
    community = member.community
    sheets = sheets_of_walker(member=member, now=now)
    today = clock.local_day(now, community.zone)
    covers = covers_on(community=community, on=today)
    mine = {row.round.pk for row in covers if member.pk in row.cover.walkers}
    pictures = _pictures(member, sheets)
    return {
        "now": now,
        "on": today,
        "language": translation.get_language(),
        "member": {"id": member.pk, "name": member.display_name},
        "community": {
            "id": community.pk,
            "name": community.name,
            "zone": community.time_zone,
            "desk_phone": community.desk_phone,
        },
        "signals": _signals(member),
        "could_not_see": [
            {"value": value, "label": label}
            for value, label in could_not_see_words().items()
        ],
        "offers": [
            _offer(row.pk, row.round, row.on)
            for row in offers_open(member=member, days=days_near(now, community.zone))
        ],
        "dropped": [
            _offer(row.round.pk, row.round, row.on)
            for row in covers
            if member.pk in row.dropped_ids
        ],
        "buildings": {
            line.home.building.label: facade_of(line.home.building)
            for sheet in sheets
            for line in sheet.lines
        },
        "rounds": [_round(sheet, member, mine, pictures) for sheet in sheets],
    }


def _pictures(member: Member, sheets: Collection[Sheet]) -> Mapping[int, SeenFrom]:
    keys = {
        stop.standpoint.pk
        for sheet in sheets
        for stop in sheet.stops
        if stop.standpoint
    }
    return pictures_seen(community=member.community_id, standpoint_ids=keys)


class ClockOut(Schema):
    """What time it is here."""

    now: datetime


@phone.get(
    "/phone/clock",
    response={200: ClockOut, **ERRORS},
    operation_id="phone_clock",
    url_name="phone_clock",
)
def time_here(request: HttpRequest) -> dict[str, datetime]:
    """Tell the time, so that a phone can measure its own clock before it sends."""
    reader(request, LOOKING_ROLES)
    return {"now": clock.now()}


def _offer(key: int, walked: Round, on: date) -> dict[str, Any]:
    return {
        "id": key,
        "round": walked.pk,
        "name": walked.name,
        "at": f"{walked.at:%H:%M}",
        "on": on,
    }


class CannotIn(Schema):
    """One cannot walk a round on a day (``out``), or can after all."""

    model_config = ConfigDict(extra="forbid")

    round: Key
    on: Day
    out: bool


class DoneOut(Schema):
    """It is noted."""

    done: bool = True


@phone.post(
    "/phone/cannot",
    response={200: DoneOut, **ERRORS},
    operation_id="phone_cannot",
    url_name="phone_cannot",
)
def cannot(request: HttpRequest, given: CannotIn) -> DoneOut:
    """Say that one cannot walk a round on a day, or can after all."""
    member, now = reader(request, LOOKING_ROLES), clock.now()
    walked = round_for(member, given.round)
    if given.out:
        drop_out(walked=walked, on=given.on, member=member, by=member, now=now)
    else:
        drop_out_withdraw(walked=walked, on=given.on, member=member, now=now)
    return DoneOut()


class ReplyIn(Schema):
    """Whether one walks the round that was offered."""

    model_config = ConfigDict(extra="forbid")

    offer: Key
    walks: bool


@phone.post(
    "/phone/reply",
    response={200: DoneOut, **ERRORS},
    operation_id="phone_reply",
    url_name="phone_reply",
)
def reply(request: HttpRequest, given: ReplyIn) -> DoneOut:
    """Answer an offer to walk a round."""
    member = reader(request, LOOKING_ROLES)
    offer = offer_for(member, given.offer)
    offer_answer(offer=offer, walks=given.walks, by=member, now=clock.now())
    return DoneOut()


def _signals(member: Member) -> dict[str, Any]:
    names, states = (
        signal_words_of(member.community_id),
        state_words_of(member.community_id),
    )
    return {
        name: {"label": names[name], "answers": [*_answers(kind, states)]}
        for name, kind in signal_kinds(member.community_id).items()
    }


def _answers(
    kind: SignalKind, states: Mapping[tuple[str, str], str]
) -> Iterable[dict[str, str]]:
    for state, meaning in kind.states.items():
        yield {
            "state": state,
            "label": states[kind.kind, state],
            "meaning": meaning.value,
            "picture": signal_picture(kind.kind, state),
        }


def _round(
    sheet: Sheet,
    member: Member,
    mine: Collection[int],
    pictures: Mapping[int, SeenFrom],
) -> dict[str, Any]:
    return {
        "key": f"{sheet.round.pk}:{sheet.on.isoformat()}",
        "id": sheet.round.pk,
        "on": sheet.on,
        "name": sheet.round.name,
        "at": f"{sheet.round.at:%H:%M}",
        "mine": sheet.round.pk in mine,
        "stops": [_stop(stop, member, pictures) for stop in sheet.stops],
    }


def _stop(
    stop: Stop, member: Member, pictures: Mapping[int, SeenFrom]
) -> dict[str, Any]:
    seen = pictures.get(stop.standpoint.pk) if stop.standpoint else None
    return {
        "name": stop.name,
        "note": stop.standpoint.note if stop.standpoint else "",
        "picture": _picture(seen, stop) if seen else None,
        "windows": [_window(line, member) for line in stop.lines],
    }


def _picture(seen: SeenFrom, stop: Stop) -> dict[str, Any]:
    """Return the picture with the windows of this stop only."""
    homes = {line.home.pk for line in stop.lines}
    return {
        "id": seen.row.pk,
        "url": reverse("rounds:phone_picture", args=[seen.row.pk]),
        "width": seen.row.photo.width,
        "height": seen.row.photo.height,
        "marks": [
            {"home": key, **asdict(box)}
            for key, box in seen.boxes.items()
            if key in homes
        ],
    }


def _window(line: Line, member: Member) -> dict[str, Any]:
    home, check, last = line.home, line.check, line.last
    return {
        "home": home.pk,
        "address": home.address,
        "name": home.shown_name,
        "building": home.building.label,
        "unit": home.unit,
        "floor": home.floor,
        "column": home.column,
        "signal": line.signal,
        "well": check.well,
        "opens_at": check.opens_at,
        "due_at": check.due_at,
        "away": line.is_away,
        "last": last
        and {
            "id": last.pk,
            "state": last.state,
            "could_not_see": last.could_not_see,
            "at": last.seen_at,
            "by": str(last.by) if last.by else last.by_words,
            "mine": last.by_id == member.pk,
        },
    }
