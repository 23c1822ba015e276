"""Writes of reports: at their times the reports write themselves, and are posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community
from shouwang.apps.desk.report_drawing import digest_drawing
from shouwang.apps.desk.selectors.board import board_today
from shouwang.apps.desk.selectors.digest import digest_today
from shouwang.apps.desk.words import digest_text
from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import ChannelSetup, OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.apps.reports.drawing import png_of
from shouwang.apps.reports.models import Digest, DigestTime
from shouwang.common import clock
from shouwang.common.errors import RefusedError
from shouwang.domain.digest import next_time
from shouwang.notify.message import Picture

# A report of two hours ago would be taken for one of now.
TOO_LATE = timedelta(hours=2)
# Behind whatever is about somebody who needs somebody.
PRIORITY = 200
ABOUT = "digest"


@dataclass(frozen=True, kw_only=True)
class TimeDraft:
    """A time of the report, and the group it is posted to, if any."""

    at: time
    via: ChannelSetup | None = None


@transaction.atomic
def digest_time_add(
    *, community: Community, draft: TimeDraft, now: datetime
) -> DigestTime:
    """Let the report be written at another time of the day.

    Raises
    ------
    RefusedError
        ``time_taken``.
    """
    standing = DigestTime.objects.of(community).filter(ended_at__isnull=True)
    if standing.filter(at=draft.at).exists():
        words = _("The report is written at this time already.")
        raise RefusedError("time_taken", words, fields={"at": [words]})
    return DigestTime.objects.of(community).create(
        community=community,
        at=draft.at,
        via=draft.via,
        next_at=next_time(draft.at, after=now, zone=community.zone),
    )


@transaction.atomic
def digest_time_end(*, row: DigestTime, now: datetime) -> None:
    """Write no report at this time any more."""
    row.ended_at, row.next_at = now, None
    row.save(update_fields=["ended_at", "next_at"])


def digests_write_due(*, now: datetime) -> int:
    """Write every report whose time has come; return how many were written."""
    due = (
        DigestTime.objects.across("the runner serves every community")
        .filter(next_at__lte=now)
        .select_related("community", "via")
        .order_by("next_at", "pk")
    )
    return sum(_write(row, now) for row in due)


@transaction.atomic
def _write(row: DigestTime, now: datetime) -> bool:
    """Claim a time by moving it on, so that two runners never write twice."""
    due_at = row.next_at
    claimed = (
        DigestTime.objects.of(row.community_id)
        .filter(pk=row.pk, next_at=due_at)
        .update(next_at=next_time(row.at, after=now, zone=row.community.zone))
    )
    if not claimed or due_at is None or now - due_at > TOO_LATE:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        made = _digest(row, due_at, now)
    made.save(force_insert=True)
    if made.drawn_at is not None:
        _post(made, now)
    return True


def _digest(row: DigestTime, due_at: datetime, now: datetime) -> Digest:
    board = board_today(community=row.community, now=now)
    today = digest_today(board)
    has_exceptions = bool(today.digest.named) or not today.digest.is_nobody_left_out
    counts = {part.value: count for part, count in today.digest.counts.items()}
    made = Digest(
        community=row.community,
        due_at=due_at,
        written_at=now,
        text=digest_text(today, community=row.community, now=now),
        counts=counts,
        has_exceptions=has_exceptions,
        via=row.via if row.via and row.via.ended_at is None else None,
    )
    if has_exceptions:
        made.drawing = digest_drawing(today, community=row.community, now=now)
    else:
        # A day on which all is well is one line.
        made.drawn_at = now
    return made


def digests_draw_due(*, now: datetime) -> int:
    """Draw the next that was written, and post it; return how many, one or none.

    Takes about a second a picture of 200 homes: run beside the runner, never in its
    tick, and one at a time, so that alerts are told in between.
    """
    rows = list(
        Digest.objects.across("the sender serves every community")
        .filter(drawn_at__isnull=True)
        .select_related("via")
        .order_by("due_at", "pk")[:1]
    )
    return sum(_draw(row, now) for row in rows)


def _draw(row: Digest, now: datetime) -> bool:
    png = png_of(row.drawing)
    with transaction.atomic():
        claimed = (
            Digest.objects.of(row.community_id)
            .filter(pk=row.pk, drawn_at__isnull=True)
            .update(drawn_at=now)
        )
        if not claimed:
            return False
        row.drawing, row.drawn_at = "", now
        row.picture.save(
            f"{row.pk}-{row.due_at:%H%M}.png", ContentFile(png), save=False
        )
        row.save(update_fields=["drawing", "picture"])
        _post(row, now)
    return True


def _post(row: Digest, now: datetime) -> None:
    if row.via is None:
        return
    message = OutboxMessage(
        community_id=row.community_id,
        subject=row,
        key=f"digest:{row.pk}",
        to_group=row.via,
        about=ABOUT,
        priority=PRIORITY,
        queued_at=now,
        next_at=now,
    )
    messages_queue([message])


def digests_describe(
    rows: Sequence[OutboxMessage], *, now: datetime
) -> Mapping[int, Content | None]:
    """Return each report as it is posted; one that is too old is not posted any more."""
    digests = (
        Digest.objects.across("the sender serves every community")
        .filter(pk__in={row.subject_id for row in rows})
        .select_related("community")
        .in_bulk()
    )
    return {row.pk: _content(digests[row.subject_id], now) for row in rows}


def _content(row: Digest, now: datetime) -> Content | None:
    if now - row.due_at > TOO_LATE:
        return None
    picture = None
    if row.picture:
        with row.picture.open("rb") as file:
            picture = Picture(content=file.read())
    local = clock.local(row.due_at, row.community.zone)
    return Content(
        text=row.text,
        place=row.community.name,
        words=f"{local:%m-%d %H:%M}",
        title=row.community.name,
        picture=picture,
    )
