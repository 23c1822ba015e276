"""Signing up by a link: taken from anybody, and settled by a coordinator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.volunteers.drafts import VolunteerDraft, draft_of
from shouwang.apps.volunteers.models import (
    SignUp,
    SignUpLink,
    SignUpState,
    Team,
    Volunteer,
)
from shouwang.apps.volunteers.services.keeping import volunteer_add, volunteer_keep
from shouwang.apps.volunteers.stored import times_of, times_stored
from shouwang.apps.volunteers.words import consent_text
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import tidy
from shouwang.domain.volunteers import FreeTime, times_tidied

WITHIN = timedelta(hours=1)
# A meeting signs up from one wireless network, so this is generous; a machine that
# fills the list is stopped all the same.
FROM_ONE_ADDRESS = 60
IN_ONE_COMMUNITY = 300


@dataclass(frozen=True, kw_only=True)
class SignUpDraft:
    """What somebody wrote who wants to help."""

    name: str
    phone: str
    team: Team | None = None
    skills: frozenset[str] = frozenset()
    times: tuple[FreeTime, ...] = ()
    note: str = ""


@transaction.atomic
def link_make(*, name: str, team: Team | None, by: Member, now: datetime) -> SignUpLink:
    """Make a link by which people sign up; it cannot be guessed.

    Raises
    ------
    RefusedError
        ``no_name``.
    """
    if not tidy(name):
        words = _("Say what the link is for.")
        raise RefusedError("no_name", words, fields={"name": [words]})
    return SignUpLink.objects.of(by.community_id).create(
        community_id=by.community_id,
        code=secrets.token_urlsafe(16),
        name=tidy(name)[:60],
        team=team,
        made_at=now,
        made_by=by,
    )


def link_end(*, link: SignUpLink, now: datetime) -> None:
    """End a link; who signed up by it still waits for an answer."""
    rows = SignUpLink.objects.of(link.community_id).filter(pk=link.pk)
    rows.filter(ended_at__isnull=True).update(ended_at=now)


@transaction.atomic
def sign_up_take(
    *, link: SignUpLink, draft: SignUpDraft, address: str, now: datetime
) -> SignUp:
    """Take a sign-up; the same person a second time within the hour is one sign-up.

    Whether anybody is known here is never told. ``address`` is the sender's, kept only
    as a hash that changes every day.

    Raises
    ------
    RefusedError
        ``too_many``.
    """
    sender = _sender(link, address, now)
    late = SignUp.objects.of(link.community_id).filter(received_at__gt=now - WITHIN)
    said = {
        "link": link,
        "name": tidy(draft.name)[:80],
        "phone": tidy(draft.phone)[:40],
    }
    again = late.filter(**said, sender=sender, state=SignUpState.NEW).first()
    if again is None:
        _require_few(late.filter(sender=sender).count(), late.count())
        again = SignUp(community_id=link.community_id, **said)
    again.team = draft.team or link.team
    again.skills, again.times = sorted(draft.skills), times_stored(draft.times)
    again.note, again.sender = tidy(draft.note)[:300], sender
    again.consent_text = consent_text(link.community.name)
    again.received_at = now
    again.save()
    return again


def _sender(link: SignUpLink, address: str, now: datetime) -> str:
    day = local_day(now, link.community.zone)
    return salted_hmac("volunteers", f"{day}:{address}", algorithm="sha256").hexdigest()


def _require_few(of_sender: int, of_all: int) -> None:
    if of_sender >= FROM_ONE_ADDRESS or of_all >= IN_ONE_COMMUNITY:
        words = _("Many people have signed up within an hour. Please try again later.")
        raise RefusedError("too_many", words)


@transaction.atomic
def sign_up_approve(*, sign_up: SignUp, by: Member, now: datetime) -> Volunteer:
    """Take somebody in as a new volunteer; their tick is the consent on file.

    Raises
    ------
    ConflictError
        ``settled_already``.
    """
    row = _claimed(sign_up)
    volunteer = volunteer_add(
        by=by, name=row.name, phone=row.phone, draft=_joined(row, None), now=now
    )
    _settle(row, SignUpState.APPROVED, by=by, now=now, member=volunteer.member)
    return volunteer


@transaction.atomic
def sign_up_join(
    *, sign_up: SignUp, member: Member, by: Member, now: datetime
) -> Volunteer:
    """Add what somebody wrote to the person they are already: nothing is taken away.

    Raises
    ------
    ConflictError
        ``settled_already``.
    """
    row = _claimed(sign_up)
    before = (
        Volunteer.objects.of(member.community_id)
        .filter(member=member)
        .select_related("team")
        .first()
    )
    draft = _joined(row, before)
    volunteer = volunteer_keep(member=member, draft=draft, now=now)
    _settle(row, SignUpState.JOINED, by=by, now=now, member=member)
    return volunteer


@transaction.atomic
def sign_up_decline(*, sign_up: SignUp, by: Member, now: datetime) -> None:
    """Decline; what they wrote is forgotten, as the page promised.

    Raises
    ------
    ConflictError
        ``settled_already``.
    """
    row = _claimed(sign_up)
    row.name = row.phone = row.note = ""
    row.skills, row.times = [], []
    _settle(row, SignUpState.DECLINED, by=by, now=now, member=None)


def _claimed(sign_up: SignUp) -> SignUp:
    row = (
        SignUp.objects.of(sign_up.community_id)
        .select_for_update(of=("self",))
        .select_related("community", "link")
        .get(pk=sign_up.pk)
    )
    if row.state != SignUpState.NEW:
        words = _("Somebody has settled this already. Look at the list again.")
        raise ConflictError("settled_already", words)
    return row


def _settle(
    row: SignUp,
    state: SignUpState,
    *,
    by: Member,
    now: datetime,
    member: Member | None,
) -> None:
    row.state, row.settled_at, row.settled_by = state, now, by
    row.member = member
    row.save()


def _joined(row: SignUp, before: Volunteer | None) -> VolunteerDraft:
    """Return what is known with what was signed up for added."""
    known = draft_of(before) if before else VolunteerDraft()
    said = times_of(row.times)
    # Who was free at any time stays so; new times narrow only what was never said.
    times = times_tidied([*known.times, *said]) if known.times or not before else ()
    fresh = known.consent_on is None
    return replace(
        known,
        skills=known.skills | frozenset(row.skills),
        times=times,
        team=known.team or row.team,
        note=known.note or row.note,
        consent_on=local_day(row.received_at, row.community.zone)
        if fresh
        else known.consent_on,
        consent_paper=_("signed up by link: %(link)s") % {"link": row.link.name}
        if fresh
        else known.consent_paper,
    )
