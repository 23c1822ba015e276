"""Everything stored that a roster is compared with, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import (
    Agreement,
    Consent,
    ContactPerson,
    Home,
    Resident,
    SignalKindRow,
)
from shouwang.apps.residents.selectors import homes_in_order, signal_kinds
from shouwang.domain.signals import SignalKind


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What is stored of one home before the roster comes."""

    home: Home
    residents: tuple[Resident, ...]
    contacts: tuple[ContactPerson, ...]
    agreements: Mapping[str, Agreement]
    consents: tuple[Consent, ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything stored that a roster is compared with, homes by address."""

    homes: Mapping[str, Stored]
    kinds: Mapping[str, SignalKind]
    own_signals: Mapping[str, str]
    today: date


def roster_known(community: Community, *, today: date) -> Known:
    """Read what a roster is compared with."""
    residents: defaultdict[int, list[Resident]] = defaultdict(list)
    for resident in Resident.objects.of(community).filter(moved_out_at__isnull=True):
        residents[resident.home_id].append(resident)
    contacts: defaultdict[int, list[ContactPerson]] = defaultdict(list)
    for contact in ContactPerson.objects.of(community).filter(ended_at__isnull=True):
        contacts[contact.home_id].append(contact)
    consents: defaultdict[int, list[Consent]] = defaultdict(list)
    standing = Consent.objects.of(community).filter(withdrawn_at__isnull=True)
    for consent in standing.order_by("-agreed_on", "-pk"):
        consents[consent.home_id].append(consent)
    agreements = _agreements(community)
    own = SignalKindRow.objects.of(community).values_list("name", "kind")
    return Known(
        homes={
            home.address: Stored(
                home=home,
                residents=tuple(residents[home.pk]),
                contacts=tuple(contacts[home.pk]),
                agreements=agreements[home.pk],
                consents=tuple(consents[home.pk]),
            )
            for home in homes_in_order(community=community)
        },
        kinds=signal_kinds(community),
        own_signals=dict(own),
        today=today,
    )


def _agreements(community: Community) -> Mapping[int, Mapping[str, Agreement]]:
    found: defaultdict[int, dict[str, Agreement]] = defaultdict(dict)
    rows = (
        Agreement.objects.of(community)
        .filter(ended_at__isnull=True)
        .select_related("community", "home", "consent")
        .prefetch_related("expectations")
        .order_by("made_at")
    )
    for row in rows:
        found[row.home_id].setdefault(row.signal, row)
    return found
