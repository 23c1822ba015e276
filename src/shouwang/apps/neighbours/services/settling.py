"""What people do about a report: they look, cannot go, say which home, or settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.neighbours.models import Report, ReportAct
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.services import SightingIn, sightings_record
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.common.ids import uuid7
from shouwang.domain.facts import Source
from shouwang.domain.reporting import (
    FACES,
    Did,
    ReportState,
    What,
    found_of,
    state_after,
)
from shouwang.domain.signals import BOARD

ANSWERS = (Did.LOOKED, Did.NOTHING, Did.CANNOT)


@dataclass(frozen=True, kw_only=True)
class AnswerIn:
    """What a walker says about a report; ``sighting`` is the look that was made for it.

    ``id`` is made on the phone and makes a repeat harmless; ``said_at`` is by our clock.
    """

    id: UUID
    report: UUID
    did: Did
    said_at: datetime
    sighting: UUID | None = None


@transaction.atomic
def report_answer(
    *,
    community: Community | int,
    answer: AnswerIn,
    by: Member,
    typed_by: Member | None = None,
    now: datetime,
) -> bool:
    """Record a walker's answer and return whether it is new; a repeat changes nothing.

    Both walkers' answers are kept, in whatever order they come. A look at a window says
    which home the report is about, if nobody had; then a crying face raises its help as
    of the report. A time to come counts as now.

    Raises
    ------
    NotFoundError
        ``unknown_report``.
    RefusedError
        ``id_used`` for something else, ``unknown_sighting``: the look has not arrived or
        is somebody else's, ``look_or_none``: a look goes with "looked" and only with it.
    """
    report = _locked(community, answer.report)
    if _had(report, answer, by):
        return False
    look = _look(report, answer, by)
    if look is not None and report.home is None:
        _place(report, look.home, by=by, now=now)
    seen = look.state if look else ""
    act = _Act(did=answer.did, sighting=look, said_at=min(answer.said_at, now))
    _write(report, act, seen=seen, people=(by, typed_by), key=answer.id, now=now)
    return True


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
    row = _locked(report.community_id, report.pk)
    _place(row, home, by=by, now=now)
    act = _Act(did=Did.PLACED, said_at=now, home=home)
    _write(row, act, people=(by, None), key=uuid7(now=now), now=now)


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
    row = _locked(report.community_id, report.pk)
    if row.state != ReportState.NEW:
        words = _("Somebody has seen to this report already.")
        raise ConflictError("already_settled", words)
    if is_true and row.what in FACES and row.home is None:
        words = _("Say first which home it is.")
        raise RefusedError("which_home", words)
    did = Did.CONFIRMED if is_true else Did.DISMISSED
    act = _Act(did=did, said_at=now)
    _write(row, act, people=(by, None), key=uuid7(now=now), now=now)


def report_tell(*, report: Report, by: Member | None, now: datetime) -> None:
    """Show a report, and raise the help of a crying face at a known window."""
    if report.what == What.CRY and report.home is not None:
        _record(report, report.home, by=by, now=now)
    _shown_anew(report)


@dataclass(frozen=True, kw_only=True)
class _Act:
    did: Did
    said_at: datetime
    sighting: Sighting | None = None
    home: Home | None = None


def _locked(community: Community | int, report_id: UUID) -> Report:
    """Return a report that nobody else changes until this transaction is over."""
    row = (
        Report.objects.of(community)
        .select_for_update(of=("self",))
        .select_related("community", "home")
        .filter(pk=report_id)
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_report", _("There is no such report here."))
    return row


def _had(report: Report, answer: AnswerIn, by: Member) -> bool:
    had = (
        ReportAct.objects.across("an id is used once in the whole database")
        .filter(pk=answer.id)
        .first()
    )
    if had is None:
        return False
    before = (had.report_id, had.did, had.sighting_id, had.by_id)
    if before == (report.pk, answer.did, answer.sighting, by.pk):
        return True
    words = _("This id was used before, for something else.")
    raise RefusedError("id_used", words)


def _look(report: Report, answer: AnswerIn, by: Member) -> Sighting | None:
    if (answer.did is Did.LOOKED) is (answer.sighting is None):
        words = _("A look goes with an answer that says so, and only with it.")
        raise RefusedError("look_or_none", words)
    if answer.sighting is None:
        return None
    look = (
        Sighting.objects.of(report.community_id)
        .filter(pk=answer.sighting, by=by)
        .select_related("home")
        .first()
    )
    if look is None:
        words = _("The look that goes with this has not arrived.")
        raise RefusedError("unknown_sighting", words)
    return look


def _place(report: Report, home: Home, *, by: Member, now: datetime) -> None:
    report.home = home
    report.save(update_fields=["home"])
    report_tell(report=report, by=by, now=now)


def _write(
    report: Report,
    act: _Act,
    *,
    people: tuple[Member, Member | None],
    key: UUID,
    now: datetime,
    seen: str = "",
) -> None:
    """Write one act, and what it makes of the report."""
    by, typed_by = people
    before = ReportState(report.state)
    found = found_of(
        what=What(report.what),
        did=act.did,
        seen=seen,
        is_placed=report.home is not None,
    )
    after = state_after(before, found)
    ReportAct.objects.of(report.community_id).create(
        id=key,
        community_id=report.community_id,
        report=report,
        did=act.did.value,
        sighting=act.sighting,
        home=act.home,
        from_state=before.value,
        to_state=after.value,
        by=by,
        typed_by=typed_by,
        said_at=act.said_at,
        received_at=now,
    )
    if after is not before:
        report.state, report.settled_at, report.settled_by = after.value, now, by
        report.save(update_fields=["state", "settled_at", "settled_by"])
        _count_smile(report, by=by, now=now)
    _shown_anew(report)


def _count_smile(report: Report, *, by: Member, now: datetime) -> None:
    is_true = report.state == ReportState.CONFIRMED
    if is_true and report.what == What.SMILE and report.home is not None:
        _record(report, report.home, by=by, now=now)


def _record(report: Report, home: Home, *, by: Member | None, now: datetime) -> None:
    # Stored words: in the language of the installation.
    with translation.override(settings.LANGUAGE_CODE):
        words = _("a neighbour")
    item = SightingIn(
        id=uuid5(report.pk, f"{home.pk}"),
        home_id=home.pk,
        signal=BOARD,
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
