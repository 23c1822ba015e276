"""Needs in a calendar: what somebody has taken that is wanted by a time, or all such."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.calendars.sources import Asked, Entry
from shouwang.apps.care.models import Need
from shouwang.apps.care.words import kind_words_of
from shouwang.domain.needs import Stage

# What is wanted by an hour stands before it.
STANDS = timedelta(minutes=30)


def entries(asked: Asked) -> Iterator[Entry]:
    """Return the needs in somebody's hands that are wanted by a time of the span."""
    kinds = kind_words_of(asked.community)
    rows = Need.objects.of(asked.community).filter(
        taken_by__isnull=False,
        wanted_by__gt=asked.since,
        wanted_by__lt=asked.until + STANDS,
    )
    if asked.member is not None:
        rows = rows.filter(taken_by=asked.member)
    for row in rows.annotate(moved_at=Max("moves__at")):
        if row.wanted_by is None:
            continue
        yield Entry(
            uid=asked.uid("need", row.pk),
            starts_at=row.wanted_by - STANDS,
            ends_at=row.wanted_by,
            title=_("Task: %(kind)s — details in Shouwang")
            % {"kind": kinds.get(row.kind, row.kind)},
            link=reverse("care:need", args=[row.pk]),
            changed_at=row.moved_at or row.opened_at,
            cancelled=row.stage == Stage.CANCELLED.value,
        )
