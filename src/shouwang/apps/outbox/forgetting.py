"""Where her people were found, and what a provider said of them, goes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.models import Address, Attempt, OutboxMessage
from shouwang.apps.privacy.models import Leaving

REASON = "a provider's words may hold a phone number"


def outbox_forget(*, leaving: Leaving, now: datetime) -> None:
    """Forget addresses of contact persons; that a message went, and when, stays."""
    if leaving.resident_id is not None:
        return
    community, home = leaving.community_id, leaving.home_id
    addresses = Address.objects.of(community).filter(contact__home=home)
    addresses.filter(ended_at__isnull=True).update(ended_at=now)
    addresses.update(value="", value_hash="")
    about = Q(home=home) | Q(to_contact__home=home)
    messages = OutboxMessage.objects.of(community).filter(about)
    tries = Attempt.objects.to_forget(community, REASON)
    tries.filter(message__in=messages).update(words="", code="")
    messages.exclude(error="").update(error="")


def helper_forget(*, member: Member, whole: bool, now: datetime) -> None:
    """Forget where somebody who helped was found; that a message went stays."""
    if not whole:
        return
    community = member.community_id
    addresses = Address.objects.of(community).filter(member=member)
    addresses.filter(ended_at__isnull=True).update(ended_at=now)
    addresses.update(value="", value_hash="")
    messages = OutboxMessage.objects.of(community).filter(to_member=member)
    tries = Attempt.objects.to_forget(community, REASON)
    tries.filter(message__in=messages).update(words="", code="")
    messages.exclude(error="").update(error="")
