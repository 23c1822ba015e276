"""Writes about standpoints: where one stands, and which windows one sees from there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Home
from shouwang.apps.rounds.models import (
    EstatePlan,
    Round,
    RoundHome,
    Standpoint,
    StandpointWindow,
)
from shouwang.apps.rounds.services.stops import stops_write
from shouwang.apps.watch.services import jpeg_of
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy


@dataclass(frozen=True, kw_only=True)
class StandpointDraft:
    """A standpoint as somebody describes it; ``home_ids`` in the order of looking.

    ``x`` and ``y`` are shares (0..1) of the plan from its left and its top, both or none.
    """

    name: str
    home_ids: Sequence[int]
    note: str = ""
    x: float | None = None
    y: float | None = None


@transaction.atomic
def standpoint_add(*, community: Community, draft: StandpointDraft) -> Standpoint:
    """Describe a standpoint.

    Raises
    ------
    RefusedError
        ``name_taken``, ``no_window``, ``off_the_plan`` or ``unknown_home``.
    """
    return _write(Standpoint(community=community), draft)


@transaction.atomic
def standpoint_change(*, row: Standpoint, draft: StandpointDraft) -> Standpoint:
    """Change a standpoint; the rounds that stop there see its new windows from now on.

    A window that is no longer seen from there stays on those rounds: nobody is left
    out because a tree has grown.
    """
    _write(row, draft)
    for walked in _rounds_by(row):
        stops_write(walked=walked, **_stops_of(walked))
    return row


@transaction.atomic
def standpoint_end(*, row: Standpoint, now: datetime) -> None:
    """Stand there no more; its windows stay on their rounds, by their building."""
    rounds = _rounds_by(row)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    for walked in rounds:
        stops = _stops_of(walked)
        stops["standpoint_ids"] = [
            key for key in stops["standpoint_ids"] if key != row.pk
        ]
        stops_write(walked=walked, **stops)


@transaction.atomic
def plan_store(*, community: Community, content: bytes, now: datetime) -> EstatePlan:
    """Keep a picture of the estate from above; the one before it is no longer shown.

    Raises
    ------
    RefusedError
        ``photo_too_large`` or ``not_a_photo``.
    """
    jpeg, width, height = jpeg_of(content)
    EstatePlan.objects.of(community).filter(ended_at__isnull=True).update(ended_at=now)
    row = EstatePlan(community=community, width=width, height=height, stored_at=now)
    row.picture.save(f"{uuid.uuid4()}.jpg", ContentFile(jpeg), save=False)
    row.save(force_insert=True)
    return row


def _rounds_by(row: Standpoint) -> list[Round]:
    return list(
        Round.objects.of(row.community_id)
        .filter(homes__standpoint=row, ended_at__isnull=True)
        .distinct()
    )


def _stops_of(walked: Round) -> dict[str, list[int]]:
    """Return the stops of a round as they were planned: standpoints, then homes."""
    rows = list(RoundHome.objects.of(walked.community_id).filter(round=walked))
    standpoints = [row.standpoint_id for row in rows if row.standpoint_id]
    return {
        "standpoint_ids": [*dict.fromkeys(standpoints)],
        "home_ids": [row.home_id for row in rows],
    }


def _write(row: Standpoint, draft: StandpointDraft) -> Standpoint:
    _require_sound(row, draft)
    row.name, row.note = tidy(draft.name), tidy(draft.note)
    row.x, row.y = draft.x, draft.y
    row.save()
    row.windows.all().delete()
    StandpointWindow.objects.of(row.community_id).bulk_create(
        StandpointWindow(
            community_id=row.community_id, standpoint=row, home_id=key, position=place
        )
        for place, key in enumerate(draft.home_ids, start=1)
    )
    return row


def _require_sound(row: Standpoint, draft: StandpointDraft) -> None:
    same = Standpoint.objects.of(row.community_id).filter(
        name=tidy(draft.name), ended_at__isnull=True
    )
    if same.exclude(pk=row.pk).exists():
        raise _refused("name_taken", "name", _("Another standpoint has this name."))
    if not draft.home_ids:
        words = _("Choose at least one window that is seen from there.")
        raise _refused("no_window", "homes", words)
    shares = [share for share in (draft.x, draft.y) if share is not None]
    if len(shares) == 1 or not all(0 <= share <= 1 for share in shares):
        words = _("Give both, each between 0 and 100, or neither.")
        raise _refused("off_the_plan", "x", words)
    homes = Home.objects.of(row.community_id).filter(pk__in=draft.home_ids)
    if homes.count() != len(set(draft.home_ids)):
        words = _("There is no such home here.")
        raise _refused("unknown_home", "homes", words)


def _refused(code: str, field: str, words: str) -> RefusedError:
    return RefusedError(code, words, fields={field: [words]})
