"""A crying face at a window nobody knows: those who can look are called by message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from shouwang.apps.neighbours.models import Report, ReportCall
from shouwang.apps.neighbours.words import place_words, telling_words
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.apps.rounds.selectors.telling import report_tellings
from shouwang.common import clock
from shouwang.domain.reporting import Asks, ReportState, What

ABOUT = "report"
# Somebody may ask for help: right behind those of whom it is known.
PRIORITY = 1
FRESH = timedelta(hours=12)


def reports_call_due(*, now: datetime) -> int:
    """Call people for every fresh crying face whose window is unknown; return how many."""
    rows = (
        Report.objects.across("the runner serves every community")
        .filter(
            state=ReportState.NEW.value,
            what=What.CRY.value,
            home__isnull=True,
            received_at__gt=now - FRESH,
            call__isnull=True,
        )
        .select_related("community", "building")
        .order_by("received_at")
    )
    return sum(_call(row, now) for row in rows)


@transaction.atomic
def _call(report: Report, now: datetime) -> bool:
    call, is_new = ReportCall.objects.of(report.community_id).get_or_create(
        report=report,
        defaults={"community_id": report.community_id, "called_at": now},
    )
    if is_new:
        messages_queue(
            OutboxMessage(
                community_id=report.community_id,
                subject=call,
                part=told.asks.value,
                key=f"report:{report.pk}:m{told.member}",
                to_member_id=told.member,
                about=ABOUT,
                ask=told.asks.value,
                priority=PRIORITY,
                queued_at=now,
                next_at=now,
            )
            for told in report_tellings(report=report, now=now)
        )
    return is_new


def calls_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return what each call says; once the window is known it is over."""
    calls = (
        ReportCall.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("report__community", "report__building")
        .in_bulk()
    )
    return {row.pk: _content(row, calls[row.subject_id].report) for row in rows}


def _content(row: OutboxMessage, report: Report) -> Content | None:
    if report.state != ReportState.NEW.value or report.home_id is not None:
        return None
    at = clock.local(report.received_at, report.community.zone)
    words = telling_words(report, Asks(row.ask), f"{at:%H:%M}")
    place = place_words(report)
    return Content(
        text=words,
        place=place,
        words=words,
        building=report.building.label,
        title=report.community.name,
        values={"place": place, "words": words, "asked": ""},
    )
