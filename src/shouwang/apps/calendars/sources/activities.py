"""Activities in a calendar: those somebody leads, helps at or brings to, or all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from shouwang.apps.activities.models import Activity, Guest
from shouwang.apps.activities.selectors import activities_between, activities_with
from shouwang.apps.calendars.sources import Asked, Entry


def entries(asked: Asked) -> Iterator[Entry]:
    """Return the activities of a span, those that were cancelled too."""
    span = {"since": asked.since, "until": asked.until}
    if asked.member is None:
        rows = activities_between(community=asked.community, **span)
    else:
        rows = activities_with(member=asked.member, **span)
    brings = _brings(asked)
    for row in rows:
        yield Entry(
            uid=asked.uid("activity", row.pk),
            starts_at=row.begins_at,
            ends_at=row.ends_at,
            title=_title(row, brings[row.pk]),
            link=reverse("activities:activity", args=[row.pk]),
            changed_at=row.changed_at,
            cancelled=row.cancelled_at is not None,
            place=row.place,
        )


def _brings(asked: Asked) -> Counter[int]:
    if asked.member is None:
        return Counter()
    rows = Guest.objects.of(asked.community).filter(
        brought_by=asked.member, ended_at__isnull=True
    )
    return Counter(rows.values_list("activity_id", flat=True))


def _title(row: Activity, brings: int) -> str:
    if not brings:
        return row.what
    words = ngettext(
        "%(what)s (you bring %(count)d neighbour)",
        "%(what)s (you bring %(count)d neighbours)",
        brings,
    )
    return words % {"what": row.what, "count": brings}
