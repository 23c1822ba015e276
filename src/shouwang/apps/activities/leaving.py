"""Nobody of a home that left is waited for at an activity to come."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.activities.models import Guest
from shouwang.apps.communities.models import Member
from shouwang.apps.privacy.models import Leaving


def invitations_end(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """Take a home that leaves off the lists of what is to come."""
    guests = Guest.objects.of(leaving.community_id).filter(
        home=leaving.home_id, ended_at__isnull=True, activity__begins_at__gt=now
    )
    for row in guests:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
