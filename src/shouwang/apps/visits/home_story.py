"""What the visits tell of a home's story, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.residents.models import Home
from shouwang.apps.visits.models import Chat, MajorChange
from shouwang.apps.visits.selectors import visits_of_home
from shouwang.apps.visits.showing import visit_line
from shouwang.domain.story import Entry, StoryKind


def visits_tell(*, home: Home, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield the visits, chats and major changes of a home in a span of time."""
    for visit in visits_of_home(home=home, begin=begin, end=end):
        line = visit_line(visit)
        yield Entry(
            key=f"visit:{visit.pk}",
            kind=StoryKind.VISIT,
            at=visit.visited_at,
            title=_("Visit: %(how)s") % {"how": line["outcome"]},
            detail=" · ".join([*line["concerns"], visit.note]).strip(" ·"),
            by=str(visit.by),
            url=reverse("visits:visit", args=[visit.pk]),
        )
    span = {"home": home, "at__gte": begin, "at__lt": end}
    for chat in Chat.objects.of(home.community_id).filter(**span).select_related("by"):
        yield Entry(
            key=f"chat:{chat.pk}",
            kind=StoryKind.VISIT,
            at=chat.at,
            title=_("Sat with her"),
            detail=chat.words,
            by=str(chat.by),
        )
    changes = MajorChange.objects.of(home.community_id).filter(**span)
    for change in changes.filter(withdrawn_at__isnull=True).select_related("noted_by"):
        yield Entry(
            key=f"change:{change.pk}",
            kind=StoryKind.RISK,
            at=change.at,
            title=_("A major change: %(what)s") % {"what": change.words},
            by=str(change.noted_by or ""),
        )
