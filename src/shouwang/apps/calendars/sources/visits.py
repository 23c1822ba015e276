"""Visits in a calendar: somebody's of a day together, with how many homes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, time

from django.urls import reverse
from django.utils.translation import ngettext

from shouwang.apps.calendars.sources import Asked, Entry
from shouwang.apps.visits.models import PlannedVisit
from shouwang.domain.schedule import instant

# A visit is planned for a day without an hour; it stands in the morning.
BEGINS, ENDS = time(9), time(11)


def entries(asked: Asked) -> Iterator[Entry]:
    """Return the visits that are planned in a span, a day's of each person as one.

    A day on which all were taken back is off.
    """
    for (on, member_id), rows in _days(asked).items():
        begins_at = instant(on, BEGINS, asked.community.zone)
        ends_at = instant(on, ENDS, asked.community.zone)
        if not asked.holds(begins_at, ends_at):
            continue
        standing = [row for row in rows if row.withdrawn_at is None]
        words = ngettext(
            "Visit (%(count)d home) — details in Shouwang",
            "Visit (%(count)d homes) — details in Shouwang",
            len(standing),
        )
        yield Entry(
            uid=asked.uid("visit", f"{on:%Y%m%d}", member_id),
            starts_at=begins_at,
            ends_at=ends_at,
            title=words % {"count": len(standing)},
            link=reverse("visits:visits"),
            changed_at=max(row.withdrawn_at or row.planned_at for row in rows),
            cancelled=not standing,
        )


def _days(asked: Asked) -> dict[tuple[date, int], list[PlannedVisit]]:
    first, last = asked.days
    rows = PlannedVisit.objects.of(asked.community).filter(on__gte=first, on__lte=last)
    if asked.member is not None:
        rows = rows.filter(member=asked.member)
    found: defaultdict[tuple[date, int], list[PlannedVisit]] = defaultdict(list)
    for row in rows.order_by("on", "member_id", "pk"):
        found[row.on, row.member_id].append(row)
    return found
