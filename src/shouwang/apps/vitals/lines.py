"""Every night one look back: a line to the coordinator if anything was late, else silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction

from shouwang.apps.communities.models import Community, Role
from shouwang.apps.communities.selectors import members_with_role
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.apps.vitals.models import LatenessLine
from shouwang.apps.vitals.selectors.lateness import lateness_of_day
from shouwang.apps.vitals.words import lateness_words
from shouwang.common.clock import local
from shouwang.domain.lateness import Lateness

ABOUT = "lateness"
# After everything that anybody waits for.
PRIORITY = 300
# The day is over and decided; whoever reads it is up.
AT_HOUR = 7


def lines_write_due(*, now: datetime) -> int:
    """Look back at yesterday in each community that watches; return how many lines."""
    watching = Community.objects.filter(checks_until_on__isnull=False).order_by("pk")
    days = {
        row.pk: local(now, row.zone).date() - timedelta(days=1)
        for row in watching
        if local(now, row.zone).hour >= AT_HOUR
    }
    had = set(
        LatenessLine.objects.across("the runner serves every community")
        .filter(community_id__in=days, on__in=set(days.values()))
        .values_list("community_id", "on")
    )
    return sum(
        _write(row, days[row.pk], now)
        for row in watching
        if row.pk in days and (row.pk, days[row.pk]) not in had
    )


@transaction.atomic
def _write(community: Community, on: date, now: datetime) -> bool:
    line, is_new = LatenessLine.objects.of(community).get_or_create(
        on=on, defaults={"community": community, "written_at": now}
    )
    if not is_new:
        return False
    found = lateness_of_day(community=community, on=on, now=now)
    if found is None or community.created_at.date() > on:
        return False
    line.counts = asdict(found)
    line.save(update_fields=["counts"])
    messages_queue(
        OutboxMessage(
            community=community,
            subject=line,
            key=f"lateness:{line.pk}:m{member.pk}",
            to_member=member,
            about=ABOUT,
            priority=PRIORITY,
            queued_at=now,
            next_at=now,
        )
        for member in members_with_role(community, Role.COORDINATOR)
    )
    return True


def lines_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return the line of each message."""
    lines = (
        LatenessLine.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("community")
        .in_bulk()
    )
    return {row.pk: _content(lines[row.subject_id]) for row in rows}


def _content(line: LatenessLine) -> Content:
    words = lateness_words(Lateness(**line.counts), on=line.on)
    place = line.community.name
    return Content(
        text=words,
        place=place,
        words=words,
        title=place,
        values={"place": place, "words": words, "asked": ""},
    )
