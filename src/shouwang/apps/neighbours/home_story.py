"""What neighbours reported of a home's window, as its story tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from shouwang.apps.neighbours.models import Report
from shouwang.apps.neighbours.words import what_words
from shouwang.apps.residents.models import Home
from shouwang.domain.story import Entry, StoryKind


def neighbours_tell(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield what whoever walked by reported of a home in a span of time."""
    rows = Report.objects.of(home.community_id).filter(
        home=home, received_at__gte=begin, received_at__lt=end
    )
    for row in rows:
        yield Entry(
            key=f"report:{row.pk}",
            kind=StoryKind.SIGNAL,
            at=row.received_at,
            title=_("A neighbour saw: %(what)s") % {"what": what_words()[row.what]},
            detail=row.note,
        )
