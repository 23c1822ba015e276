"""The one door: whatever is seen enters here, once, and re-tells the day."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Absence, Home
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.residents.services import (
    AbsenceDraft,
    absence_unwrite,
    absence_write,
)
from shouwang.apps.watch.models import HelpAnswer, Photo, Sighting
from shouwang.apps.watch.services.deciding import home_recompute
from shouwang.common.ids import uuid7
from shouwang.common.metrics import SIGHTINGS
from shouwang.domain.facts import CLOCK_OFFSET_FLAGGED, CouldNotSee, Source
from shouwang.domain.signals import CONTACT, SignalKind

# A corrected time may run ahead of ours by the error of measuring the offset.
AHEAD_ALLOWED = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class SightingIn:
    """One sighting as it reaches the door.

    ``seen_at`` is what the recorder's clock said; ``clock_offset`` is how far that
    clock ran ahead of ours then. ``clock_unsure``: it was changed in between, and the
    recorder had to judge.
    """

    id: UUID
    home_id: int
    signal: str
    seen_at: datetime
    state: str = ""
    could_not_see: str = ""
    source: str = Source.LOOK.value
    how: str = ""
    clock_offset: timedelta | None = None
    clock_unsure: bool = False
    by_words: str = ""
    standpoint: str = ""
    photo_id: UUID | None = None
    confidence: float | None = None
    note: str = ""
    replaces: UUID | None = None

    @property
    def digest(self) -> str:
        """Return what tells the same id with other content apart (SHA-256, hex)."""
        content = [
            self.home_id,
            self.signal,
            self.seen_at.timestamp(),
            self.state,
            self.could_not_see,
            self.source,
            self.how,
            str(self.photo_id),
            self.confidence,
            self.note,
            str(self.replaces),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @property
    def corrected_at(self) -> datetime:
        """Return when it was seen by our clock."""
        return self.seen_at - (self.clock_offset or timedelta(0))


@dataclass(frozen=True, kw_only=True)
class ItemAnswer:
    """What became of one item: ``accepted``, ``already_had`` or ``refused`` and why."""

    id: UUID
    outcome: str
    code: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class _Known:
    homes: frozenset[int]
    kinds: Mapping[str, SignalKind]
    photos: frozenset[UUID]
    digests: dict[UUID, str]
    sighting_homes: dict[UUID, int]
    now: datetime


@transaction.atomic
def sightings_record(
    *,
    community: Community,
    items: Sequence[SightingIn],
    by: Member | None,
    typed_by: Member | None = None,
    now: datetime,
) -> list[ItemAnswer]:
    """Record a batch; answer for each item; keep the good ones of a mixed batch.

    Delivering an item again is harmless. The same id with other content is refused.
    ``by`` saw it; ``typed_by`` typed it in from paper, where that was done.
    """
    known = _known(community, items, now)
    answers, rows = [], []
    for item in items:
        answer = _answer(item, known)
        answers.append(answer)
        if answer.outcome == "accepted":
            known.digests[item.id] = item.digest
            known.sighting_homes[item.id] = item.home_id
            rows.append(_row(item, community, (by, typed_by), now))
    if rows:
        replaced = [
            row.seen_at
            for row in Sighting.objects.of(community).filter(
                pk__in=[row.replaces for row in rows if row.replaces]
            )
        ]
        Sighting.objects.of(community).bulk_create(rows)
        transaction.on_commit(lambda: _count(rows))
        home_recompute(
            community=community,
            home_ids={row.home_id for row in rows},
            since=min([*replaced, *(row.seen_at for row in rows)]),
            now=now,
            looks=rows,
        )
    return answers


def _count(rows: Sequence[Sighting]) -> None:
    for source, count in Counter(row.source for row in rows).items():
        SIGHTINGS.labels(source=source).inc(count)


def _known(community: Community, items: Sequence[SightingIn], now: datetime) -> _Known:
    ids = {item.id for item in items} | {row.replaces for row in items if row.replaces}
    # An id is unique in the whole database, so one of another community counts too.
    had = Sighting.objects.across("an id is used once in the whole database")
    homes = Home.objects.of(community).filter(
        pk__in={item.home_id for item in items}, archived_at__isnull=True
    )
    photos = Photo.objects.of(community).filter(
        pk__in={item.photo_id for item in items if item.photo_id}
    )
    return _Known(
        homes=frozenset(homes.values_list("pk", flat=True)),
        kinds=signal_kinds(community),
        photos=frozenset(photos.values_list("pk", flat=True)),
        digests=dict(had.filter(pk__in=ids).values_list("pk", "digest")),
        sighting_homes=dict(
            Sighting.objects.of(community)
            .filter(pk__in=ids)
            .values_list("pk", "home_id")
        ),
        now=now,
    )


def _answer(item: SightingIn, known: _Known) -> ItemAnswer:
    had = known.digests.get(item.id)
    if had == item.digest and item.home_id in known.homes:
        return ItemAnswer(id=item.id, outcome="already_had")
    refusal = _refusal(item, known, had=had)
    if refusal is None:
        return ItemAnswer(id=item.id, outcome="accepted")
    code, message = refusal
    return ItemAnswer(id=item.id, outcome="refused", code=code, message=message)


def _refusal(
    item: SightingIn, known: _Known, *, had: str | None
) -> tuple[str, str] | None:
    if item.home_id not in known.homes:
        return "unknown_home", _("There is no such home here.")
    if had is not None:
        return "id_used", _("This id was used before, for something else.")
    return _wrong_content(item, known) or _wrong_reference(item, known)


def _wrong_content(item: SightingIn, known: _Known) -> tuple[str, str] | None:
    kind = known.kinds.get(item.signal)
    if kind is None:
        return "unknown_signal", _("This kind of signal is not known here.")
    if bool(item.state) == bool(item.could_not_see):
        return "state_or_could_not_see", _(
            "Say either what was seen or why it could not be seen."
        )
    if item.state and item.state not in kind.states:
        return "unknown_state", _("This signal has no such state.")
    if item.could_not_see and item.could_not_see not in set(CouldNotSee):
        return "unknown_reason", _("This reason for not seeing is not known.")
    if item.source not in set(Source):
        return "unknown_source", _("This source is not known.")
    if item.confidence is not None and not 0 <= item.confidence <= 1:
        return "confidence_out_of_range", _("A confidence lies between 0 and 1.")
    return None


def _wrong_reference(item: SightingIn, known: _Known) -> tuple[str, str] | None:
    if item.corrected_at > known.now + AHEAD_ALLOWED:
        return "seen_in_the_future", _(
            "This was seen in the future. Please set the clock of the device."
        )
    if item.photo_id and item.photo_id not in known.photos:
        return "unknown_photo", _("The photo has not arrived yet.")
    if item.replaces and known.sighting_homes.get(item.replaces) != item.home_id:
        return "unknown_replaced", _("What this corrects has not arrived.")
    if len(item.note) > 500:
        return "note_too_long", _("The note is longer than 500 characters.")
    return None


def _row(
    item: SightingIn,
    community: Community,
    people: tuple[Member | None, Member | None],
    now: datetime,
) -> Sighting:
    by, typed_by = people
    offset = item.clock_offset
    return Sighting(
        id=item.id,
        community=community,
        home_id=item.home_id,
        signal=item.signal,
        state=item.state,
        could_not_see=item.could_not_see,
        how=item.how,
        seen_at=min(item.corrected_at, now),
        claimed_at=item.seen_at,
        clock_offset=offset,
        clock_flagged=item.clock_unsure
        or (offset is not None and abs(offset) > CLOCK_OFFSET_FLAGGED),
        received_at=now,
        source=item.source,
        by=by,
        typed_by=typed_by,
        by_words=item.by_words[:80],
        standpoint=item.standpoint[:80],
        photo_id=item.photo_id,
        confidence=item.confidence,
        note=item.note,
        replaces=item.replaces,
        digest=item.digest,
    )


@dataclass(frozen=True, kw_only=True)
class ContactIn:
    """Somebody reached, or tried to reach, the resident: how, and with what result.

    ``id`` where it was made by whoever recorded it, so that a repeat is harmless.
    """

    how: str
    result: str
    seen_at: datetime
    note: str = ""
    by_words: str = ""
    id: UUID | None = None


def contact_record(
    *, home: Home, contact: ContactIn, by: Member | None, now: datetime
) -> ItemAnswer:
    """Record a contact through the one door."""
    item = SightingIn(
        id=contact.id or uuid7(now=now),
        home_id=home.pk,
        signal=CONTACT,
        state=contact.result,
        how=contact.how,
        source=Source.CONTACT.value,
        seen_at=contact.seen_at,
        note=contact.note,
        by_words=contact.by_words,
    )
    answers = sightings_record(community=home.community, items=[item], by=by, now=now)
    return answers[0]


@transaction.atomic
def help_answer(
    *, home: Home, by: Member | None, heard: ContactIn | None = None, now: datetime
) -> None:
    """Record that the cries for help of a home were answered, and tell its day again.

    ``heard`` is the contact by which ``by`` knows how she is, and is recorded with it.
    """
    # The answer stands first: what she asks for in this very contact is seen to, and
    # must not be taken for a new cry in between.
    HelpAnswer.objects.of(home.community_id).create(
        community_id=home.community_id, home=home, answered_at=now, by=by
    )
    if heard is not None:
        contact_record(home=home, contact=heard, by=by, now=now)
    home_recompute(community=home.community, home_ids=[home.pk], since=now, now=now)


@transaction.atomic
def absence_declare(
    *, home: Home, draft: AbsenceDraft, by: Member | None, now: datetime
) -> Absence:
    """Record an absence and tell again every day it touches."""
    absence = absence_write(home=home, draft=draft, by=by, now=now)
    home_recompute(
        community=home.community,
        home_ids=[home.pk],
        since=min(draft.from_at, now),
        now=now,
    )
    return absence


@transaction.atomic
def absence_withdraw(*, absence: Absence, by: Member | None, now: datetime) -> None:
    """Withdraw an absence and tell again every day it touched."""
    absence_unwrite(absence=absence, by=by, now=now)
    home_recompute(
        community=absence.community,
        home_ids=[absence.home_id],
        since=min(absence.from_at, now),
        now=now,
    )


@transaction.atomic
def absence_end(*, absence: Absence, by: Member | None, now: datetime) -> None:
    """End an absence now: she is there again, and has missed nothing while away.

    One that has not begun is withdrawn; one that does not stand any more is left.
    """
    row = (
        Absence.objects.of(absence.community_id)
        .select_related("home__community", "community")
        .select_for_update(of=("self",))
        .get(pk=absence.pk)
    )
    if row.withdrawn_at is not None or (row.until_at and row.until_at <= now):
        return
    if row.from_at < now:
        # Written anew first: the days she was away must not be told as missed.
        past = AbsenceDraft(
            from_at=row.from_at,
            until_at=now,
            reason=row.reason,
            said_by=row.said_by,
            note=row.note,
        )
        absence_declare(home=row.home, draft=past, by=by, now=now)
    absence_withdraw(absence=row, by=by, now=now)
