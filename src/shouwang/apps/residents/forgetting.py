"""Who she was is forgotten; that somebody lived and was watched in this building stays.

Runs last of all that forget: others find her words in their tables by her address.
"""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.privacy.models import Leaving
from shouwang.apps.residents.models import (
    Absence,
    Agreement,
    Consent,
    ContactPerson,
    Home,
    KnownRisk,
    Resident,
    RosterUpload,
)

GONE = "…"
_RESIDENT = {"name": "", "called": "", "birth_year": None, "phone": "", "note": ""}
_CONTACT = {"name": "", "relation": "", "phone": ""}


def residents_forget(*, leaving: Leaving, now: datetime) -> None:
    """Take the names out of a home that left, or of the one resident who did."""
    if leaving.resident_id is not None:
        _resident_forget(leaving, [leaving.resident_id])
        return
    of_home = {"community_id": leaving.community_id, "home_id": leaving.home_id}
    residents = Resident.objects.of(leaving.community_id).filter(home=leaving.home_id)
    _resident_forget(leaving, list(residents.values_list("pk", flat=True)))
    ContactPerson.unscoped.filter(**of_home).update(**_CONTACT)
    ContactPerson.unscoped.filter(**of_home, ended_at__isnull=True).update(ended_at=now)
    ContactPerson.history.filter(**of_home).update(**_CONTACT)
    Consent.unscoped.filter(**of_home).update(
        agreed_by="", relation="", paper="", withdrawn_by=""
    )
    Agreement.unscoped.filter(**of_home).update(seen_from="", ended_reason="")
    Absence.unscoped.filter(**of_home).update(said_by="", note="")
    # Ended first: what stands is unique by its words.
    KnownRisk.unscoped.filter(**of_home, ended_at__isnull=True).update(ended_at=now)
    KnownRisk.unscoped.filter(**of_home).exclude(words="").update(words=GONE)
    # Rosters that nobody brought in hold her as she was.
    RosterUpload.objects.of(leaving.community_id).filter(
        uploaded_at__lte=leaving.left_at
    ).delete()
    _home_forget(leaving)


def _resident_forget(leaving: Leaving, keys: list[int]) -> None:
    rows = Resident.objects.of(leaving.community_id).filter(pk__in=keys)
    rows.update(**_RESIDENT)
    Resident.history.filter(community_id=leaving.community_id, id__in=keys).update(
        **_RESIDENT
    )


def _home_forget(leaving: Leaving) -> None:
    """Keep the building, so that figures by building stay; the number is of no door."""
    home = Home.objects.of(leaving.community_id).select_related("building")
    row = home.get(pk=leaving.home_id)
    plain = {
        "address": f"{row.building.label}-({row.pk})",
        "unit": "",
        "floor": None,
        "column": None,
        "shown_name": "",
        "phone": "",
        "at_the_door": "",
    }
    Home.objects.of(leaving.community_id).filter(pk=row.pk).update(**plain)
    Home.history.filter(community_id=leaving.community_id, id=row.pk).update(**plain)
