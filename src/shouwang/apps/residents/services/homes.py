"""Writes about homes and the people in and around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.privacy.models import Leaving, Why
from shouwang.apps.privacy.services import leaving_begin, leaving_end
from shouwang.apps.residents.addresses import AddressParts, parse_address
from shouwang.apps.residents.models import (
    Agreement,
    Building,
    ContactPerson,
    Home,
    Resident,
    RiskLevel,
)
from shouwang.apps.residents.services.agreements import agreement_end
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy

COLUMNS_LEAST = 2
FLOORS_LEAST = 6


@dataclass(frozen=True, kw_only=True)
class HomeDraft:
    """A flat, as people write it down; ``risk`` is one of ``RiskLevel``."""

    address: str
    shown_name: str = ""
    risk: str = RiskLevel.GENERAL.value
    phone: str = ""
    at_the_door: str = ""


@dataclass(frozen=True, kw_only=True)
class ResidentDraft:
    """An older person who lives there."""

    name: str
    called: str = ""
    birth_year: int | None = None
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactDraft:
    """Somebody who can be reached about a home."""

    name: str
    relation: str = ""
    phone: str = ""
    is_family: bool = False
    is_keyholder: bool = False
    position: int = 1


@transaction.atomic
def home_add(
    *, community: Community, draft: HomeDraft, now: datetime, by: Member | None = None
) -> Home:
    """Write down a flat; its building grows to hold its window.

    A flat that was archived comes back, and its clock stops; one that is forgotten
    already has another address, and is written down anew.

    Raises
    ------
    RefusedError
        ``address_unclear``, ``address_taken`` or ``too_many_floors``.
    """
    parts = _parts(draft.address)
    Community.objects.select_for_update().get(pk=community.pk)
    known = Home.objects.of(community).filter(address=parts.text).first()
    if known is not None and known.archived_at is None:
        _refuse_address("address_taken", _("This address is there already."))
    home = known or Home(community=community, address=parts.text)
    home.archived_at = None
    if known is not None:
        leaving_end(community=community, home_id=known.pk, by=by, now=now)
    _place(home, parts)
    return _write_home(home, draft)


@transaction.atomic
def home_change(*, home: Home, draft: HomeDraft) -> Home:
    """Change what is known of a flat, its address too."""
    parts = _parts(draft.address)
    others = Home.objects.of(home.community_id).exclude(pk=home.pk)
    if others.filter(address=parts.text).exists():
        _refuse_address("address_taken", _("This address is there already."))
    home.address = parts.text
    _place(home, parts)
    return _write_home(home, draft)


@transaction.atomic
def home_archive(*, home: Home, why: Why, by: Member, now: datetime) -> Leaving:
    """Stop keeping a flat: what is planned for it stops, and the clock begins.

    Its agreements end, nobody is asked to go there any more, and when the
    time of keeping is over its history loses its names.
    """
    running = Agreement.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=True
    )
    for agreement in running.select_related("community"):
        agreement_end(agreement=agreement, reason=_("home archived"), now=now)
    home.archived_at = now
    home.save(update_fields=["archived_at"])
    return leaving_begin(
        home_id=home.pk, community=home.community, why=why, by=by, now=now
    )


def _parts(address: str) -> AddressParts:
    parts = parse_address(address)
    if parts is None or len(parts.text) > 40:
        _refuse_address(
            "address_unclear",
            _("Write the address as building-unit-room, for example 3-2-401."),
        )
    return parts


def _refuse_address(code: str, words: str) -> NoReturn:
    raise RefusedError(code, words, fields={"address": [words]})


def _place(home: Home, parts: AddressParts) -> None:
    home.unit, home.floor, home.column = parts.unit, parts.floor, parts.column
    home.building = _building_with(home.community_id, parts)


def _building_with(community_id: int, parts: AddressParts) -> Building:
    """Return the building, made or grown so that the window has its place."""
    floor, column = parts.floor or 1, parts.column or 1
    if floor > 120:
        _refuse_address("too_many_floors", _("No building has that many floors."))
    building = Building.objects.of(community_id).filter(label=parts.building).first()
    if building is None:
        building = Building(
            community_id=community_id, label=parts.building, floors=FLOORS_LEAST
        )
    units = {row["label"]: row["columns"] for row in building.units}
    wide = max(units.get(parts.unit, COLUMNS_LEAST), column)
    grown = {**units, parts.unit: wide}
    stored = [
        {"label": label, "columns": grown[label]}
        for label in sorted(grown, key=lambda label: (len(label), label))
    ]
    if building.pk and stored == building.units and floor <= building.floors:
        return building
    building.units, building.floors = stored, max(building.floors, floor)
    building.save()
    return building


def _write_home(home: Home, draft: HomeDraft) -> Home:
    if draft.risk not in RiskLevel.values:
        words = _("This level of risk is not known.")
        raise RefusedError("unknown_risk", words, fields={"risk": [words]})
    home.shown_name, home.risk = tidy(draft.shown_name), draft.risk
    home.phone, home.at_the_door = tidy(draft.phone), draft.at_the_door.strip()
    home.save()
    return home


def resident_add(*, home: Home, draft: ResidentDraft) -> Resident:
    """Write down somebody who lives in a home."""
    resident = Resident(community_id=home.community_id, home=home)
    return resident_change(resident=resident, draft=draft)


def resident_change(*, resident: Resident, draft: ResidentDraft) -> Resident:
    """Change what is known of a resident."""
    resident.name, resident.called = tidy(draft.name), tidy(draft.called)
    resident.birth_year, resident.phone = draft.birth_year, tidy(draft.phone)
    resident.note = draft.note.strip()
    resident.save()
    return resident


@transaction.atomic
def resident_move_out(
    *, resident: Resident, why: Why, by: Member, now: datetime
) -> Leaving:
    """Note that somebody no longer lives there, and why; their clock begins.

    The last to leave takes the home with them: there is nobody left to watch over.
    """
    resident.moved_out_at = now
    resident.save(update_fields=["moved_out_at"])
    others = Resident.objects.of(resident.community_id).filter(
        home=resident.home_id, moved_out_at__isnull=True
    )
    if not others.exists() and resident.home.archived_at is None:
        return home_archive(home=resident.home, why=why, by=by, now=now)
    return leaving_begin(
        home_id=resident.home_id,
        community=resident.community,
        why=why,
        by=by,
        now=now,
        resident_id=resident.pk,
    )


def contact_add(*, home: Home, draft: ContactDraft) -> ContactPerson:
    """Write down somebody who can be reached about a home."""
    contact = ContactPerson(community_id=home.community_id, home=home)
    return contact_change(contact=contact, draft=draft)


def contact_change(*, contact: ContactPerson, draft: ContactDraft) -> ContactPerson:
    """Change what is known of a contact person."""
    tidied = replace(
        draft,
        name=tidy(draft.name),
        relation=tidy(draft.relation),
        phone=tidy(draft.phone),
    )
    for name in ContactDraft.__dataclass_fields__:
        setattr(contact, name, getattr(tidied, name))
    contact.save()
    return contact


def contact_end(*, contact: ContactPerson, now: datetime) -> None:
    """Note that somebody is no longer to be called."""
    contact.ended_at = now
    contact.save(update_fields=["ended_at"])
