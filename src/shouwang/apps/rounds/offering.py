"""Whoever is asked to walk a round is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.apps.rounds.models import Offer
from shouwang.apps.rounds.selectors.covering import cover_on

ROUND_OFFERED = "round_offered"
# After every first word about a home, before later ones.
PRIORITY = 50


@transaction.atomic
def offers_tell_due(*, now: datetime) -> int:
    """Queue a message for each offer nobody was told of; return how many."""
    rows = list(
        Offer.objects.across("the runner serves every community")
        .filter(told_at__isnull=True)
        .order_by("asked_at", "pk")
    )
    messages_queue(
        OutboxMessage(
            community_id=row.community_id,
            subject=row,
            key=f"offer:{row.pk}",
            to_member_id=row.member_id,
            about=ROUND_OFFERED,
            priority=PRIORITY,
            queued_at=now,
            next_at=now,
        )
        for row in rows
    )
    keys = [row.pk for row in rows]
    Offer.objects.across("the same rows").filter(pk__in=keys).update(told_at=now)
    return len(rows)


def offers_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each offer says; answered, or walked by somebody, it is over."""
    offers = (
        Offer.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("round__community")
        .in_bulk()
    )
    return {row.pk: _content(offers[row.subject_id]) for row in rows}


def _content(offer: Offer) -> Content | None:
    walked = offer.round
    if offer.reply or cover_on(walked, offer.on).cover.walkers:
        return None
    given = {
        "round": str(walked),
        "day": f"{offer.on:%m-%d}",
        "at": f"{walked.at:%H:%M}",
    }
    words = _(
        "%(round)s, %(day)s at %(at)s: nobody walks this round. Can you? "
        "Answer on the phone page, or tell the desk."
    )
    return Content(
        text=words % given,
        place=given["round"],
        words=words % given,
        title=walked.community.name,
        values=given,
    )
