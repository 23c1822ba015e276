"""Homes and absences for machines and for other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from shouwang.apps.communities.api import ERRORS, Key, PageIn, page_of, reader
from shouwang.apps.communities.selectors import DESK_ROLES, LOOKING_ROLES, has_role
from shouwang.apps.privacy.models import Place, What
from shouwang.apps.privacy.services import Looked
from shouwang.apps.residents.models import Building, Home
from shouwang.apps.residents.noting import contact_noted, noted
from shouwang.apps.residents.selectors import (
    home_carried_for,
    home_for,
    homes_carried,
    homes_list,
    residents_of,
    signal_kinds,
    terms_of,
)
from shouwang.common import clock
from shouwang.domain.signals import SignalKind

homes = Router(tags=["homes"])


class ExpectationOut(Schema):
    """One agreed window, in the community's own time; ``days`` 0 is Monday."""

    label: str
    opens: str
    due: str
    grace_minutes: int
    days: list[int]
    well: list[str]


class AgreementOut(Schema):
    """What is agreed about one signal now; ``states`` is what it can show."""

    id: int
    signal: str
    states: list[str]
    require_change: bool
    valid_from: date
    valid_to: date | None
    expectations: list[ExpectationOut]


class PersonOut(Schema):
    """Somebody who lives there or can be reached about it."""

    name: str
    relation: str
    has_phone: bool
    is_resident: bool
    is_family: bool
    is_keyholder: bool


class PrivateOut(Schema):
    """What only coordinators and duty officers may know.

    Numbers are not among it: ``POST /homes/{home_id}/phones`` opens them, and that is
    noted.
    """

    risk: str
    at_the_door: str
    people: list[PersonOut]


class HomeOut(Schema):
    """A home; ``private`` is empty for walkers and volunteers."""

    id: int
    address: str
    building: str
    unit: str
    floor: int | None
    column: int | None
    shown_name: str
    archived_at: datetime | None
    agreements: list[AgreementOut]
    private: PrivateOut | None


class UnitOut(Schema):
    """An entrance, from left to right, and how many windows lie side by side."""

    label: str
    columns: int


class FacadeOut(Schema):
    """A building as one sees it from downstairs."""

    label: str
    floors: int
    units: list[UnitOut]


class HomesOut(Schema):
    """Some homes; ``next_offset`` is empty at the end."""

    items: list[HomeOut]
    next_offset: int | None


class HomesIn(PageIn):
    """Which homes."""

    building: Annotated[str, Field(max_length=20)] = ""


@homes.get("/homes", response={200: HomesOut, **ERRORS}, operation_id="homes_list")
def homes_of(request: HttpRequest, asked: Query[HomesIn]) -> dict[str, Any]:
    """Return the homes that are kept, by building and address.

    Walkers and volunteers get those they carry now: today's rounds, needs taken.
    """
    member = reader(request, LOOKING_ROLES)
    rows = homes_list(community=member.community_id)
    if asked.building:
        rows = rows.filter(building__label=asked.building)
    kinds = signal_kinds(member.community_id)
    private = has_role(member, DESK_ROLES)
    if not private:
        rows = rows.filter(pk__in=homes_carried(member, now=clock.now()))
    told = page_of(rows, asked, lambda row: _home(row, kinds, private=private))
    _noted(request, [row["id"] for row in told["items"]])
    return told


@homes.get(
    "/homes/{home_id}", response={200: HomeOut, **ERRORS}, operation_id="home_get"
)
def home_of(request: HttpRequest, home_id: Key) -> dict[str, Any]:
    """Return one home, an archived one too."""
    member = reader(request, LOOKING_ROLES)
    row = home_carried_for(member, home_id, now=clock.now())
    kinds = signal_kinds(member.community_id)
    _noted(request, [row.pk])
    return _home(row, kinds, private=has_role(member, DESK_ROLES))


def _noted(request: HttpRequest, home_ids: list[int]) -> None:
    if home_ids:
        looked = Looked(what=What.PAGE, home_ids=home_ids, place=Place.API)
        noted(request, looked)


class PhoneOut(Schema):
    """A number, and whose it is; ``of`` is ``home``, ``resident:5`` or ``contact:7``."""

    of: str
    name: str
    phone: str


class PhonesOut(Schema):
    """The numbers of a home and of the people in and around it."""

    items: list[PhoneOut]


@homes.post(
    "/homes/{home_id}/phones",
    response={200: PhonesOut, **ERRORS},
    operation_id="home_phones",
)
def home_phones(request: HttpRequest, home_id: Key) -> dict[str, Any]:
    """Open the numbers of a home; each is noted, with who opened it and when."""
    row = home_for(reader(request, DESK_ROLES), home_id)
    rows = [
        ("home", row.shown_name, row.phone),
        *(
            (f"resident:{one.pk}", one.name, one.phone)
            for one in residents_of(home=row)
        ),
        *(
            (f"contact:{one.pk}", one.name, one.phone)
            for one in row.contacts.all()
            if one.ended_at is None
        ),
    ]
    there = [
        {"of": of, "name": name, "phone": phone} for of, name, phone in rows if phone
    ]
    for one in there:
        contact_noted(request, row, one["of"], place=Place.API)
    return {"items": there}


def _home(row: Home, kinds: Any, *, private: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "address": row.address,
        "building": row.building.label,
        "unit": row.unit,
        "floor": row.floor,
        "column": row.column,
        "shown_name": row.shown_name,
        "archived_at": row.archived_at,
        "agreements": [
            _agreement(one, kinds) for one in row.agreements.all() if not one.ended_at
        ],
        "private": _private(row) if private else None,
    }


def _agreement(row: Any, kinds: dict[str, SignalKind]) -> dict[str, Any]:
    terms = terms_of(row)
    kind = kinds.get(row.signal)
    return {
        "id": row.pk,
        "signal": row.signal,
        "states": [*kind.states] if kind else [],
        "require_change": row.require_change,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "expectations": [
            {
                "label": one.label,
                "opens": f"{one.opens:%H:%M}",
                "due": f"{one.due:%H:%M}",
                "grace_minutes": int(one.grace.total_seconds()) // 60,
                "days": sorted(one.days),
                "well": sorted(one.well),
            }
            for one in terms.expectations
        ],
    }


def _private(row: Home) -> dict[str, Any]:
    here = [one for one in row.residents.all() if one.moved_out_at is None]
    around = [one for one in row.contacts.all() if one.ended_at is None]
    return {
        "risk": row.risk,
        "at_the_door": row.at_the_door,
        "people": [
            *(
                _person(one.name, one.called, one.phone, is_resident=True)
                for one in here
            ),
            *(
                _person(
                    one.name,
                    one.relation,
                    one.phone,
                    is_family=one.is_family,
                    is_keyholder=one.is_keyholder,
                )
                for one in around
            ),
        ],
    }


def _person(name: str, relation: str, phone: str, **more: bool) -> dict[str, Any]:
    plain = {"is_resident": False, "is_family": False, "is_keyholder": False}
    said = {"name": name, "relation": relation, "has_phone": bool(phone)}
    return {**said, **plain, **more}


def facade_of(building: Building) -> dict[str, Any]:
    """Return a building as ``FacadeOut`` tells it."""
    return {name: getattr(building, name) for name in FacadeOut.model_fields}
