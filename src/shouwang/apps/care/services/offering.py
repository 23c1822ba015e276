"""A need is offered to several people at once: one line in its story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import pgettext

from shouwang.apps.care.followers import Moved, followers_tell
from shouwang.apps.care.models import Need, NeedOffer
from shouwang.apps.care.selectors import offers_of, standing_of
from shouwang.apps.care.services.opening import need_locked
from shouwang.apps.care.services.story import NOTE_MOST, Line, story_write
from shouwang.apps.care.words import refusal_words
from shouwang.apps.communities.models import Member
from shouwang.common.errors import ConflictError
from shouwang.domain.errors import NeedError
from shouwang.domain.needs import Act, Step, next_stage


@transaction.atomic
def need_offer_to(
    *, need: Need, members: Sequence[Member], by: Member | None, now: datetime
) -> list[NeedOffer]:
    """Offer a need to people; who has an offer that stands is not offered it again.

    Raises
    ------
    ConflictError
        It is closed, taken, or with an office by now.
    """
    row = need_locked(need)
    waiting = {offer.member_id for offer in offers_of(row)}
    fresh = [member for member in members if member.pk not in waiting]
    if not fresh:
        return []
    try:
        to = next_stage(standing_of(row), Step(act=Act.OFFER), now=now)
    except NeedError as error:
        words = refusal_words(error.code, holder=str(row.taken_by or ""))
        raise ConflictError(error.code, words) from error
    offers = NeedOffer.unscoped.bulk_create(
        NeedOffer(
            community_id=row.community_id,
            need=row,
            member=member,
            offered_at=now,
            offered_by=by,
        )
        for member in fresh
    )
    from_stage, row.stage = row.stage, to.value
    row.save(update_fields=["stage"])
    names = pgettext("between names", ", ").join(str(member) for member in fresh)
    line = Line(
        act=Act.OFFER, by=by, at=now, from_stage=from_stage, note=names[:NOTE_MOST]
    )
    story_write(row, line)
    for member in fresh:
        followers_tell(
            Moved(need=row, act=Act.OFFER, who=member, by=by, note="", now=now)
        )
    return offers
