"""Reads of the outbox, for whoever watches over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import LOOKING_ROLES
from shouwang.apps.outbox.models import (
    Address,
    By,
    ChannelSetup,
    MessageState,
    OutboxMessage,
)
from shouwang.apps.outbox.sealing import secrets_of
from shouwang.apps.outbox.ways import book_of
from shouwang.apps.residents.models import ContactPerson
from shouwang.common.errors import NotFoundError
from shouwang.notify.webpush.keys import public_key_of

WEB_PUSH = "webpush"


def outbox_is_due(*, now: datetime) -> bool:
    """Return whether any message waits to go out at ``now``."""
    rows = OutboxMessage.objects.across("the sender serves every community")
    return rows.filter(next_at__lte=now).exists()


def outbox_waiting_since() -> datetime | None:
    """Return since when the message waits that should have gone out first."""
    rows = OutboxMessage.objects.across("the monitor looks at everything")
    oldest: datetime | None = rows.filter(next_at__isnull=False).aggregate(
        at=Min("next_at")
    )["at"]
    return oldest


def channels_list(*, community: Community) -> list[ChannelSetup]:
    """Return how a community tells people, in its own order."""
    rows = ChannelSetup.objects.of(community).filter(ended_at__isnull=True)
    return list(rows.select_related("community").order_by("position", "pk"))


def channel_for(member: Member, channel_id: int) -> ChannelSetup:
    """Return a channel of ``member``'s own community, else "not found"."""
    rows = ChannelSetup.objects.of(member.community_id).filter(ended_at__isnull=True)
    row = rows.filter(pk=channel_id).select_related("community").first()
    if row is None:
        raise NotFoundError("unknown_channel", _("There is no such channel."))
    return row


def members_unreached(*, community: Community) -> list[Member]:
    """Return the people who work at the watch and whom no channel in use reaches."""
    members = list(
        Member.objects.of(community)
        .filter(left_at__isnull=True, roles__role__in=LOOKING_ROLES)
        .select_related("user")
        .distinct()
        .order_by("pk")
    )
    probes = [
        OutboxMessage(community_id=community.pk, to_member=row) for row in members
    ]
    book = book_of(probes) if probes else None
    return [
        row
        for row, probe in zip(members, probes, strict=True)
        if book is not None
        and all(book.address(way, probe) is None for way in book.ways[community.pk])
    ]


def email_of(person: Member | ContactPerson) -> str:
    """Return the e-mail address by which somebody is found, or nothing."""
    kind = "member" if isinstance(person, Member) else "contact"
    row = (
        Address.objects.of(person.community_id)
        .filter(**{kind: person}, by=By.EMAIL, ended_at__isnull=True)
        .order_by("-pk")
        .first()
    )
    return row.value if row else ""


def push_key(*, community: Community | int) -> str:
    """Return the key phones subscribe with; empty where the community sends none."""
    row = (
        ChannelSetup.objects.of(community)
        .filter(kind=WEB_PUSH, is_on=True, ended_at__isnull=True)
        .order_by("position", "pk")
        .first()
    )
    private = secrets_of(row).get("private_key", "") if row else ""
    return public_key_of(private) if private else ""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Messages that wait: how many by state, and for how long past their time.

    ``overdue`` is zero while each waits for a time that has not come.
    """

    by_state: Mapping[str, int]
    overdue: timedelta


def outbox_waiting(*, now: datetime) -> Waiting:
    """Return what waits in the outbox of every community."""
    oldest = outbox_waiting_since()
    rows = (
        OutboxMessage.objects.across("the monitor looks at everything")
        .filter(next_at__isnull=False)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return Waiting(
        by_state=dict(rows),
        overdue=max(now - oldest, timedelta(0)) if oldest else timedelta(0),
    )


def unsent_count(community: Community | int, *, begin: datetime, end: datetime) -> int:
    """Return how many messages queued in a span (its end excluded) reached nobody."""
    return (
        OutboxMessage.objects.of(community)
        .filter(
            state__in=(MessageState.GIVEN_UP, MessageState.FAILED),
            queued_at__gte=begin,
            queued_at__lt=end,
        )
        .count()
    )
