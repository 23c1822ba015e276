"""Somebody says where the agreed windows are on a photo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Marking, Photo, WindowMark
from shouwang.apps.watch.words import fault_words
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.domain.marks import Box, faults_of


@transaction.atomic
def windows_mark(
    *, photo: Photo, boxes: Mapping[int, Box], by: Member, now: datetime
) -> Marking:
    """Record where the windows of homes (by id) are; what was marked before is kept.

    Without any box nothing is marked any more, and every copy is blurred as a whole.

    Raises
    ------
    RefusedError
        ``no_mark`` (the field is ``home_ID``): a box is no mark of a window; or
        ``nothing_marked``: there is no box, and there was none before.
    NotFoundError
        ``unknown_home``.
    """
    _require_sound(photo, boxes)
    row = Marking.objects.of(photo.community_id).create(
        community_id=photo.community_id, photo=photo, marked_at=now, marked_by=by
    )
    WindowMark.objects.of(photo.community_id).bulk_create(
        WindowMark(
            community_id=photo.community_id,
            marking=row,
            home_id=key,
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height,
        )
        for key, box in sorted(boxes.items())
    )
    return row


def _require_sound(photo: Photo, boxes: Mapping[int, Box]) -> None:
    homes = Home.objects.of(photo.community_id).filter(pk__in=boxes)
    if homes.count() != len(boxes):
        raise NotFoundError("unknown_home", _("There is no such home here."))
    if not boxes and not photo.markings.exists():
        raise RefusedError(
            "nothing_marked", _("Nothing is marked yet: draw a box around a window.")
        )
    found = faults_of(boxes)
    if found:
        words = fault_words()
        raise RefusedError(
            "no_mark",
            _("Some marks are no windows."),
            fields={f"home_{key}": [words[fault]] for key, fault in found.items()},
        )
