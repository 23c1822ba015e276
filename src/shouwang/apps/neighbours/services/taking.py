"""What a passer-by reports is taken at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community
from shouwang.apps.neighbours.models import Notice, Report
from shouwang.apps.neighbours.services.settling import report_tell
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import buildings_list
from shouwang.apps.watch.services import PhotoIn, photo_store
from shouwang.common.clock import local_day
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy
from shouwang.domain.reporting import What

WITHIN = timedelta(hours=1)
FROM_ONE_ADDRESS = 6
ABOUT_ONE_BUILDING = 40


@dataclass(frozen=True, kw_only=True)
class ReportDraft:
    """What somebody saw; a window of the drawing, or words about where it is."""

    what: str
    unit: str = ""
    floor: int | None = None
    column: int | None = None
    where: str = ""
    note: str = ""
    phone: str = ""
    photo: bytes = b""


@transaction.atomic
def notices_make(*, community: Community, now: datetime) -> int:
    """Make a notice for each building that has none; return how many."""
    had = set(
        Notice.objects.of(community)
        .filter(ended_at__isnull=True)
        .values_list("building_id", flat=True)
    )
    made = [
        Notice(
            community=community,
            building=building,
            code=secrets.token_urlsafe(12),
            made_at=now,
        )
        for building in buildings_list(community=community)
        if building.pk not in had
    ]
    return len(Notice.objects.of(community).bulk_create(made))


def report_take(
    *, notice: Notice, draft: ReportDraft, address: str, now: datetime
) -> Report:
    """Take a report; a crying face at a known window raises help at once.

    ``address`` is the sender's, kept only as a hash that changes every day.

    Raises
    ------
    RefusedError
        ``nothing_said``, ``too_many``, ``photo_too_large`` or ``not_a_photo``.
    """
    _require_said(draft)
    sender = _sender(notice, address, now)
    _require_few(notice, sender, now)
    home = _home_at(notice, draft)
    photo = None
    if draft.photo:
        photo, _is_new = photo_store(
            community=notice.community,
            photo=PhotoIn(
                content=draft.photo, home_ids=[home.pk] if home else [], taken_at=now
            ),
            by=None,
            now=now,
        )
    with transaction.atomic():
        row = Report.objects.of(notice.community_id).create(
            community_id=notice.community_id,
            building=notice.building,
            what=draft.what,
            unit=draft.unit,
            floor=draft.floor,
            column=draft.column,
            where=tidy(draft.where)[:200],
            note=tidy(draft.note)[:500],
            phone=tidy(draft.phone)[:40],
            photo=photo,
            sender=sender,
            received_at=now,
            home=home,
        )
        report_tell(report=row, by=None, now=now)
    return row


def _require_said(draft: ReportDraft) -> None:
    if draft.what not in set(What):
        raise _refused("what", _("Say what you saw."))
    if draft.floor is None and not tidy(draft.where):
        raise _refused("where", _("Say which window: tap it, or write where it is."))


def _refused(field: str, words: str) -> RefusedError:
    return RefusedError("nothing_said", words, fields={field: [words]})


def _sender(notice: Notice, address: str, now: datetime) -> str:
    day = local_day(now, notice.community.zone)
    return salted_hmac("neighbours", f"{day}:{address}", algorithm="sha256").hexdigest()


def _require_few(notice: Notice, sender: str, now: datetime) -> None:
    late = Report.objects.of(notice.community_id).filter(received_at__gt=now - WITHIN)
    if (
        late.filter(sender=sender).count() >= FROM_ONE_ADDRESS
        or late.filter(building=notice.building).count() >= ABOUT_ONE_BUILDING
    ):
        words = _("Many reports have come from here. Please phone the community now.")
        raise RefusedError("too_many", words)


def _home_at(notice: Notice, draft: ReportDraft) -> Home | None:
    if draft.floor is None:
        return None
    rows = Home.objects.of(notice.community_id).filter(
        building=notice.building,
        unit=draft.unit,
        floor=draft.floor,
        column=draft.column,
        archived_at__isnull=True,
    )
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None
