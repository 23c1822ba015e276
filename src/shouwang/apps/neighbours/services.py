"""Writes about reports of residents: taken at once, confirmed by somebody who looked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.neighbours.models import Notice, Report, ReportState, What
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import buildings_list
from shouwang.apps.watch.services import (
    PhotoIn,
    SightingIn,
    photo_store,
    sightings_record,
)
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import tidy
from shouwang.domain.facts import Source

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
        _tell(row, by=None, now=now)
    return row


@transaction.atomic
def report_place(*, report: Report, home: Home, by: Member, now: datetime) -> None:
    """Say which home a report is about; a crying face raises its help now.

    Raises
    ------
    RefusedError
        ``other_building``.
    """
    if home.building_id != report.building_id:
        words = _("This home is in another building.")
        raise RefusedError("other_building", words)
    report.home = home
    report.save(update_fields=["home"])
    _tell(report, by=by, now=now)


@transaction.atomic
def report_settle(*, report: Report, is_true: bool, by: Member, now: datetime) -> None:
    """Somebody looked: it is so, or it is not.

    What is confirmed counts as seen when it was reported. A crying face that was
    reported wrongly stays on record; its alert is closed by whoever went there.

    Raises
    ------
    ConflictError
        ``already_settled``.
    RefusedError
        ``which_home``: a face is confirmed at a window, and it is not known which.
    """
    if report.state != ReportState.NEW:
        words = _("Somebody has seen to this report already.")
        raise ConflictError("already_settled", words)
    if is_true and report.what != What.OTHER and report.home is None:
        words = _("Say first which home it is.")
        raise RefusedError("which_home", words)
    report.state = ReportState.CONFIRMED if is_true else ReportState.DISMISSED
    report.settled_at, report.settled_by = now, by
    report.save(update_fields=["state", "settled_at", "settled_by"])
    if is_true and report.what == What.SMILE and report.home is not None:
        _record(report, report.home, by=by, now=now)
    _shown_anew(report)


def _require_said(draft: ReportDraft) -> None:
    if draft.what not in What.values:
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


def _tell(report: Report, *, by: Member | None, now: datetime) -> None:
    if report.what == What.CRY and report.home is not None:
        _record(report, report.home, by=by, now=now)
    _shown_anew(report)


def _record(report: Report, home: Home, *, by: Member | None, now: datetime) -> None:
    # Stored words: in the language of the installation.
    with translation.override(settings.LANGUAGE_CODE):
        words = _("a neighbour")
    item = SightingIn(
        id=uuid5(report.pk, f"{home.pk}"),
        home_id=home.pk,
        signal="board",
        state=report.what,
        source=Source.RESIDENT_REPORT.value,
        seen_at=report.received_at,
        by_words=words,
        photo_id=report.photo_id,
        note=report.note,
    )
    sightings_record(community=report.community, items=[item], by=by, now=now)


def _shown_anew(report: Report) -> None:
    Community.objects.filter(pk=report.community_id).update(
        board_revision=F("board_revision") + 1
    )
