"""Reads of homes, agreements and signal kinds; permission is inside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.residents.models import (
    Absence,
    Agreement,
    Building,
    Consent,
    ContactPerson,
    Home,
    KnownRisk,
    Resident,
    RiskKind,
    RosterUpload,
    SignalKindRow,
)
from shouwang.common.errors import NotFoundError
from shouwang.common.text import by_number
from shouwang.domain.schedule import Expectation, Terms
from shouwang.domain.signals import BUILT_IN, Meaning, Nature, SignalKind

OfHome = TypeVar("OfHome", Absence, Agreement, Consent, ContactPerson, Resident)


def home_for(member: Member, home_id: int) -> Home:
    """Return a home of the reader's community, else "not found", never "forbidden"."""
    home = (
        Home.objects.of(member.community_id)
        .select_related("building", "community")
        .filter(pk=home_id)
        .first()
    )
    if home is None:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def homes_carried(member: Member, *, now: datetime) -> set[int]:
    """Return the homes that somebody who does not sit at the desk may see now.

    Each of ``settings.HOMES_CARRIED`` says for what: today's rounds, needs taken.
    """
    found: set[int] = set()
    for path in settings.HOMES_CARRIED:
        found |= import_string(path)(member=member, now=now)
    return found


def home_carried_for(member: Member, home_id: int, *, now: datetime) -> Home:
    """Return a home the reader may see: the desk any, others what they carry."""
    home = home_for(member, home_id)
    is_theirs = has_role(member, DESK_ROLES) or home.pk in homes_carried(
        member, now=now
    )
    if not is_theirs:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def absence_for(member: Member, absence_id: int) -> Absence:
    """Return an absence of the reader's community, else "not found"."""
    return _own(Absence.objects.of(member.community_id), absence_id)


def resident_for(member: Member, resident_id: int) -> Resident:
    """Return a resident of the reader's community, else "not found"."""
    return _own(Resident.objects.of(member.community_id), resident_id)


def contact_for(member: Member, contact_id: int) -> ContactPerson:
    """Return a contact person of the reader's community, else "not found"."""
    return _own(ContactPerson.objects.of(member.community_id), contact_id)


def agreement_for(member: Member, agreement_id: int) -> Agreement:
    """Return an agreement of the reader's community, else "not found"."""
    rows = Agreement.objects.of(member.community_id).select_related("consent")
    return _own(rows, agreement_id)


def consent_for(member: Member, consent_id: int) -> Consent:
    """Return a consent of the reader's community, else "not found"."""
    return _own(Consent.objects.of(member.community_id), consent_id)


def signal_kind_for(member: Member, row_id: int) -> SignalKindRow:
    """Return an own kind of the reader's community, else "not found"."""
    rows = SignalKindRow.objects.of(member.community_id)
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise _unknown()
    return row


def roster_upload_for(member: Member, upload_id: UUID) -> RosterUpload:
    """Return a roster that waits for a decision, else "not found"."""
    row = RosterUpload.objects.of(member.community_id).filter(pk=upload_id).first()
    if row is None:
        raise _unknown()
    return row


def _own(rows: QuerySet[OfHome], row_id: int) -> OfHome:
    row = rows.select_related("community", "home").filter(pk=row_id).first()
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_row", _("There is no such entry here."))


def buildings_list(*, community: Community | int) -> list[Building]:
    """Return the buildings, 2 before 10."""
    return sorted(
        Building.objects.of(community),
        key=lambda row: by_number(row.label),
    )


def consents_standing(*, home: Home) -> list[Consent]:
    """Return the consents of a home that were not withdrawn, the newest first."""
    rows = Consent.objects.of(home.community_id).filter(
        home=home, withdrawn_at__isnull=True
    )
    return list(rows.order_by("-agreed_on", "-pk"))


def residents_of(*, home: Home) -> list[Resident]:
    """Return who lives in a home now."""
    rows = Resident.objects.of(home.community_id).filter(
        home=home, moved_out_at__isnull=True
    )
    return list(rows.order_by("pk"))


def known_risks(*, home: Home) -> list[KnownRisk]:
    """Return what whoever goes to the door must know, in the catalogue's order."""
    rows = KnownRisk.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=True
    )
    order = list(RiskKind.values)
    return sorted(rows, key=lambda row: (order.index(row.kind), row.pk))


def known_risks_ended(*, home: Home) -> list[KnownRisk]:
    """Return what is no longer so, the last to end first."""
    rows = KnownRisk.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=False
    )
    return list(rows.select_related("noted_by", "ended_by").order_by("-ended_at", "pk"))


def absences_standing(
    *, community: Community | int, now: datetime, home_id: int | None = None
) -> QuerySet[Absence]:
    """Return the absences that run or are to come, the nearest first."""
    rows = Absence.objects.of(community).filter(
        Q(until_at__isnull=True) | Q(until_at__gt=now), withdrawn_at__isnull=True
    )
    if home_id is not None:
        rows = rows.filter(home_id=home_id)
    return rows.order_by("from_at", "pk")


def homes_list(*, community: Community | int) -> QuerySet[Home]:
    """Return the homes that are kept, with the people in and around them."""
    return (
        Home.objects.of(community)
        .filter(archived_at__isnull=True)
        .select_related("building")
        .prefetch_related(
            Prefetch("residents", Resident.unscoped.filter(moved_out_at__isnull=True)),
            Prefetch("contacts", ContactPerson.unscoped.filter(ended_at__isnull=True)),
            Prefetch(
                "agreements",
                Agreement.unscoped.filter(ended_at__isnull=True).prefetch_related(
                    "expectations"
                ),
            ),
        )
        .order_by("building__label", "address")
    )


def homes_in_order(*, community: Community | int) -> list[Home]:
    """Return the homes that are kept, building 2 before 10, then by address."""
    rows = (
        Home.objects.of(community)
        .filter(archived_at__isnull=True)
        .select_related("building", "community")
    )
    return sorted(
        rows,
        key=lambda row: (
            by_number(row.building.label),
            row.unit,
            row.floor or 0,
            row.address,
        ),
    )


def homes_watched(*, community: Community | int) -> list[Home]:
    """Return the homes with a running agreement, in the order of ``homes_in_order``."""
    watched = set(
        Agreement.objects.of(community)
        .filter(ended_at__isnull=True)
        .values_list("home_id", flat=True)
    )
    return [row for row in homes_in_order(community=community) if row.pk in watched]


def signal_kinds(community: Community | int) -> Mapping[str, SignalKind]:
    """Return the built-in kinds and the community's own, by code."""
    own = {
        row.kind: SignalKind(
            kind=row.kind,
            nature=Nature.STANDING,
            states={state["state"]: Meaning(state["meaning"]) for state in row.states},
            photo_confidence=row.photo_confidence,
        )
        for row in SignalKindRow.objects.of(community)
    }
    return {**BUILT_IN, **own}


def terms_of(agreement: Agreement) -> Terms:
    """Return one version of an agreement as the rules read it."""
    return Terms(
        signal=agreement.signal,
        require_change=agreement.require_change,
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        expectations=tuple(
            Expectation(
                label=row.label,
                opens=row.opens,
                due=row.due,
                grace=timedelta(minutes=row.grace_minutes),
                days=days_of(row.days),
                well=frozenset(row.well),
            )
            for row in agreement.expectations.all()
        ),
    )


def days_of(mask: int) -> frozenset[int]:
    """Return the days (0 is Monday) of a bit mask."""
    return frozenset(day for day in range(7) if mask >> day & 1)


def mask_of(days: frozenset[int]) -> int:
    """Return the bit mask of days (0 is Monday)."""
    return sum(1 << day for day in days)
