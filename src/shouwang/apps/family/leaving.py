"""When a home leaves, its family's pages end and nobody is told any more."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.communities.models import Member
from shouwang.apps.family.models import FamilyLink, Telling
from shouwang.apps.privacy.models import Leaving
from shouwang.domain.family import Tells


def families_end(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """End the private pages and the regular words about a home that leaves."""
    links = FamilyLink.objects.of(leaving.community_id)
    links.filter(contact__home=leaving.home_id, ended_at__isnull=True).update(
        ended_at=now, ended_by=by
    )
    tellings = Telling.objects.of(leaving.community_id)
    for row in tellings.filter(contact__home=leaving.home_id).exclude(
        tells=Tells.NEVER.value
    ):
        row.tells, row.next_at = Tells.NEVER.value, None
        row.save(update_fields=["tells", "next_at"])
