"""What a family says on its private page: she is well, she is away, she is back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.reaching import SPOKE, VOUCHED, reach_take_back
from shouwang.apps.alerts.words import actor_words
from shouwang.apps.family.models import FamilyAct, FamilyLink
from shouwang.apps.family.selectors import absences_announced, vouch_to_take_back
from shouwang.apps.residents.models import Absence, ContactPerson
from shouwang.apps.residents.selectors import absences_standing
from shouwang.apps.residents.services import AbsenceDraft
from shouwang.apps.watch.services import (
    ContactIn,
    SightingIn,
    absence_declare,
    absence_end as watch_absence_end,
    contact_record,
    sightings_record,
)
from shouwang.common.clock import local, local_day
from shouwang.common.errors import ConflictError, GoneError, RefusedError
from shouwang.domain.facts import CouldNotSee, Source
from shouwang.domain.ladder import AlertState
from shouwang.domain.schedule import instant
from shouwang.domain.signals import CONTACT

HOW = ("phone", "in_person", "chat")
ACTS_AN_HOUR = 10
WITHIN = timedelta(hours=1)
TAKEN_BACK_WITHIN = timedelta(minutes=10)
AHEAD_MOST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class VouchIn:
    """Somebody spoke with her: ``on`` today or yesterday, ``at`` a local time, and how.

    ``id`` was made with the page, so that two taps are one.
    """

    id: UUID
    on: date
    at: time
    how: str


@dataclass(frozen=True, kw_only=True)
class AbsenceIn:
    """She is away from ``first_on`` to ``last_on``, both included, or with no end yet."""

    first_on: date
    last_on: date | None
    reason: str


@transaction.atomic
def vouch(*, link: FamilyLink, said: VouchIn, now: datetime) -> bool:
    """Record that somebody spoke with her, through the one door; ``False`` for a repeat.

    Raises
    ------
    RefusedError
        ``unknown_how``, ``not_of_late``, ``in_the_future``, ``id_used``, ``too_many``.
    """
    row = _locked(link)
    acts = FamilyAct.objects.of(row.community_id)
    if acts.filter(sighting_id=said.id, did=FamilyAct.Did.VOUCHED, link=row).exists():
        return False
    _require_few(row, now)
    contact = row.contact
    answer = contact_record(
        home=contact.home,
        contact=ContactIn(
            id=said.id,
            how=said.how,
            result=VOUCHED if contact.is_family else SPOKE,
            seen_at=_spoken_at(row, said, now),
            by_words=_who(contact),
        ),
        by=None,
        now=now,
    )
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)
    _note(row, FamilyAct.Did.VOUCHED, now, sighting_id=said.id)
    return True


def _spoken_at(link: FamilyLink, said: VouchIn, now: datetime) -> datetime:
    zone = link.community.zone
    today = local_day(now, zone)
    if said.how not in HOW:
        raise _wrong("how", "unknown_how", _("Say how you spoke with her."))
    if said.on not in {today, today - timedelta(days=1)}:
        words = _("Say when it was: today or yesterday.")
        raise _wrong("on", "not_of_late", words)
    spoken_at = instant(said.on, said.at, zone)
    if spoken_at > now:
        words = _("That time has not come yet. Say when you spoke with her.")
        raise _wrong("at", "in_the_future", words)
    return spoken_at


@transaction.atomic
def vouch_take_back(*, link: FamilyLink, now: datetime) -> bool:
    """Take back the last vouching, made a few minutes ago; ``False`` if there is none.

    The vouching stays on record, with the correction that says nobody was reached. An
    alert that rested on it goes on at once.
    """
    row = _locked(link)
    act = vouch_to_take_back(link=row, since=now - TAKEN_BACK_WITHIN)
    if act is None or act.sighting is None:
        return False
    wrong = act.sighting
    correction = SightingIn(
        id=uuid5(wrong.pk, "taken back"),
        home_id=wrong.home_id,
        signal=CONTACT,
        could_not_see=CouldNotSee.OTHER.value,
        source=Source.CONTACT.value,
        seen_at=wrong.seen_at,
        by_words=_who(row.contact),
        replaces=wrong.pk,
    )
    [answer] = sightings_record(
        community=row.community, items=[correction], by=None, now=now
    )
    if answer.outcome == "refused":
        raise RefusedError(answer.code, answer.message)
    reach_take_back(look=wrong, now=now)
    _note(row, FamilyAct.Did.TOOK_BACK, now, sighting_id=wrong.pk)
    return True


@transaction.atomic
def absence_announce(*, link: FamilyLink, said: AbsenceIn, now: datetime) -> Absence:
    """Declare that she is away, as her family says.

    While an alert stands it begins now and not this morning: what somebody far away
    says never ends an alert that is about a window nobody could explain.

    Raises
    ------
    RefusedError
        ``first_on`` past or too far, ``too_many``, and what the watch refuses.
    ConflictError
        ``absence_overlaps`` another that stands.
    """
    row = _locked(link)
    _require_few(row, now)
    draft = _absence_draft(row, said, now)
    _require_free(row, draft, now)
    absence = absence_declare(home=row.contact.home, draft=draft, by=None, now=now)
    _note(row, FamilyAct.Did.ANNOUNCED, now, absence_id=absence.pk)
    return absence


def _absence_draft(link: FamilyLink, said: AbsenceIn, now: datetime) -> AbsenceDraft:
    zone = link.community.zone
    today = local_day(now, zone)
    if not today <= said.first_on <= today + AHEAD_MOST:
        words = _("Say from when on: today or later, within a year.")
        raise _wrong("first_on", "first_day_wrong", words)
    if said.last_on is not None and not (
        said.first_on <= said.last_on <= said.first_on + AHEAD_MOST
    ):
        words = _("The last day lies before the first, or more than a year later.")
        raise _wrong("last_on", "last_day_wrong", words)
    draft = AbsenceDraft.of_days(
        said.first_on,
        said.last_on,
        zone=zone,
        reason=said.reason,
        said_by=_who(link.contact),
        note=_on_the_page(),
    )
    stands = (
        Alert.objects.of(link.community_id)
        .filter(home=link.contact.home_id)
        .exclude(state=AlertState.CLOSED.value)
    )
    is_begun = draft.from_at < now
    return replace(draft, from_at=now) if is_begun and stands.exists() else draft


def _on_the_page() -> str:
    # Stored words: in the language of the installation.
    with translation.override(settings.LANGUAGE_CODE):
        return _("said on the family's own page")


def _require_free(link: FamilyLink, draft: AbsenceDraft, now: datetime) -> None:
    standing = absences_standing(
        community=link.community_id, now=now, home_id=link.contact.home_id
    )
    for row in standing:
        begins_before_end = draft.until_at is None or row.from_at < draft.until_at
        ends_after_begin = row.until_at is None or draft.from_at < row.until_at
        if begins_before_end and ends_after_begin:
            raise ConflictError("absence_overlaps", _known_words(row, link))


def _known_words(row: Absence, link: FamilyLink) -> str:
    zone = link.community.zone
    first = f"{local(row.from_at, zone):%m-%d}"
    if row.until_at is None:
        words = _("It is known already that she is away from %(first)s on.")
        return words % {"first": first}
    last = local(row.until_at - timedelta(seconds=1), zone)
    words = _("It is known already that she is away from %(first)s to %(last)s.")
    return words % {"first": first, "last": f"{last:%m-%d}"}


@transaction.atomic
def absence_end(*, link: FamilyLink, absence_id: int, now: datetime) -> None:
    """End an absence that this person announced: she is there after all, or again.

    Raises
    ------
    GoneError
        ``absence_over``: it does not stand any more, or somebody else declared it.
    """
    row = _locked(link)
    mine = {one.pk: one for one in absences_announced(link=row, now=now)}
    absence = mine.get(absence_id)
    if absence is None:
        words = _("This absence does not stand any more.")
        raise GoneError("absence_over", words)
    watch_absence_end(absence=absence, by=None, now=now)
    _note(row, FamilyAct.Did.IS_BACK, now, absence_id=absence.pk)


def _locked(link: FamilyLink) -> FamilyLink:
    """Return the link, so that two taps come one after the other.

    Raises
    ------
    GoneError
        ``link_over``: it was ended or renewed a moment ago.
    """
    row = (
        FamilyLink.objects.of(link.community_id)
        .select_for_update(of=("self",))
        .select_related("community", "contact__home__community")
        .get(pk=link.pk)
    )
    if row.ended_at is not None:
        raise GoneError("link_over", _("This link is not valid any more."))
    return row


def _require_few(link: FamilyLink, now: datetime) -> None:
    late = FamilyAct.objects.of(link.community_id).filter(
        link=link, at__gt=now - WITHIN
    )
    if late.count() >= ACTS_AN_HOUR:
        words = _("Much was said here within an hour. Please phone the desk now.")
        raise RefusedError("too_many", words)


def _note(link: FamilyLink, did: str, now: datetime, **made: object) -> None:
    FamilyAct.objects.of(link.community_id).create(
        community_id=link.community_id, link=link, did=did, at=now, **made
    )


def _who(contact: ContactPerson) -> str:
    # Stored words: in the language of the installation.
    with translation.override(settings.LANGUAGE_CODE):
        return actor_words(contact)[:80]


def _wrong(name: str, code: str, words: str) -> RefusedError:
    return RefusedError(code, words, fields={name: [words]})
