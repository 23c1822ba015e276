"""Who of the volunteers knew her is forgotten with her."""

from __future__ import annotations

from datetime import datetime

from shouwang.apps.privacy.models import Leaving
from shouwang.apps.volunteers.models import KnownHome


def acquaintance_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget which volunteers know somebody in a home that left."""
    if leaving.resident_id is None:
        KnownHome.objects.of(leaving.community_id).filter(home=leaving.home_id).delete()
