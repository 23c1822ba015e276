"""Writes about rounds: who walks when, past which homes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import mask_of
from shouwang.apps.rounds.models import Round, RoundWalker, Standpoint
from shouwang.apps.rounds.services.stops import stops_write
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy


@dataclass(frozen=True, kw_only=True)
class RoundDraft:
    """A round as somebody plans it.

    ``walker_ids`` in the order in which they are asked, ``standpoint_ids`` in walking
    order; ``home_ids`` are passed after them, where no standpoint sees them.
    """

    name: str
    at: time
    days: frozenset[int]
    walker_ids: Sequence[int]
    home_ids: Sequence[int]
    standpoint_ids: Sequence[int] = ()
    stand_in_id: int | None = None


@transaction.atomic
def round_add(*, community: Community, draft: RoundDraft) -> Round:
    """Plan a round.

    Raises
    ------
    RefusedError
        ``no_day``, ``name_taken``, or ``unknown_people_or_homes``.
    """
    return _write(Round(community=community), draft)


@transaction.atomic
def round_change(*, row: Round, draft: RoundDraft) -> Round:
    """Change a round; alerts that are open keep whom they told."""
    return _write(row, draft)


def round_end(*, row: Round, now: datetime) -> None:
    """Walk a round no more; what was recorded on it stays."""
    row.ended_at = now
    row.save(update_fields=["ended_at"])


def _write(row: Round, draft: RoundDraft) -> Round:
    _require_sound(row, draft)
    row.name, row.at, row.days = tidy(draft.name), draft.at, mask_of(draft.days)
    row.stand_in_id = draft.stand_in_id
    row.save()
    row.walkers.all().delete()
    RoundWalker.objects.of(row.community_id).bulk_create(
        RoundWalker(
            community_id=row.community_id, round=row, member_id=key, position=place
        )
        for place, key in enumerate(draft.walker_ids, start=1)
    )
    stops_write(
        walked=row, standpoint_ids=draft.standpoint_ids, home_ids=draft.home_ids
    )
    return row


def _require_sound(row: Round, draft: RoundDraft) -> None:
    if not draft.days:
        words = _("Choose at least one day.")
        raise RefusedError("no_day", words, fields={"days": [words]})
    same = Round.objects.of(row.community_id).filter(
        name=tidy(draft.name), ended_at__isnull=True
    )
    if same.exclude(pk=row.pk).exists():
        words = _("Another round has this name.")
        raise RefusedError("name_taken", words, fields={"name": [words]})
    named = (
        (Member, draft.walker_ids),
        (Member, [draft.stand_in_id] if draft.stand_in_id else []),
        (Home, draft.home_ids),
        (Standpoint, draft.standpoint_ids),
    )
    for model, ids in named:
        rows = model.objects.of(row.community_id).filter(pk__in=ids)
        if rows.count() != len(set(ids)):
            words = _("Somebody or some home of this round is not of this community.")
            raise RefusedError("unknown_people_or_homes", words)
