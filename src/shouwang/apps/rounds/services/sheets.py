"""A paper sheet is typed in: what the walker saw, when, and who typed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.models import Round
from shouwang.apps.watch.services import ItemAnswer, SightingIn, sightings_record
from shouwang.common.errors import RefusedError


@dataclass(frozen=True, kw_only=True)
class TickIn:
    """One ticked line; of ``state`` and ``could_not_see`` one is empty."""

    home_id: int
    signal: str
    seen_at: datetime
    state: str = ""
    could_not_see: str = ""


@transaction.atomic
def sheet_record(
    *,
    walked: Round,
    key: UUID,
    ticks: Sequence[TickIn],
    walker: Member,
    typed_by: Member,
    now: datetime,
) -> int:
    """Record the ticked lines of a sheet, whole or not at all; return how many are new.

    ``key`` belongs to one showing of the sheet: saving it twice records it once.

    Raises
    ------
    RefusedError
        ``line_refused``: a line cannot be taken, and why.
    """
    items = [
        SightingIn(
            id=uuid5(key, f"{row.home_id}:{row.signal}"),
            home_id=row.home_id,
            signal=row.signal,
            state=row.state,
            could_not_see=row.could_not_see,
            seen_at=row.seen_at,
        )
        for row in ticks
    ]
    answers = sightings_record(
        community=walked.community, items=items, by=walker, typed_by=typed_by, now=now
    )
    for item, answer in zip(items, answers, strict=True):
        if answer.outcome == "refused":
            raise RefusedError("line_refused", _why(walked, item, answer))
    return sum(row.outcome == "accepted" for row in answers)


def _why(walked: Round, item: SightingIn, answer: ItemAnswer) -> str:
    home = Home.objects.of(walked.community_id).filter(pk=item.home_id).first()
    words = answer.message
    if answer.code == "id_used":
        words = _(
            "it was saved a moment ago with something else. What was wrong can be "
            "put right on the page of the home."
        )
    return _("%(address)s: %(words)s") % {
        "address": home.address if home else "?",
        "words": words,
    }
