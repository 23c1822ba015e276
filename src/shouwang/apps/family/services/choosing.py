"""The coordinator chooses who is told and when, and makes or ends their private page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import token_hash
from shouwang.apps.family.models import FamilyLink, Telling
from shouwang.apps.family.selectors import consenting
from shouwang.apps.residents.models import ContactPerson
from shouwang.common.clock import local_day
from shouwang.common.errors import RefusedError
from shouwang.domain.family import Day, Tells, next_look

# 192 bits: nobody guesses one.
CODE_BYTES = 24


@dataclass(frozen=True, kw_only=True)
class TellingDraft:
    """When somebody is told: ``at`` a local time, ``weekday`` for the weekly word."""

    tells: Tells
    at: time
    weekday: int = 6


@transaction.atomic
def telling_choose(
    *, contact: ContactPerson, draft: TellingDraft, now: datetime
) -> Telling:
    """Choose when a contact person is told.

    Raises
    ------
    RefusedError
        ``no_consent``, ``no_relation`` or ``has_left``; nobody may always be told less.
    """
    if draft.tells is not Tells.NEVER:
        _require_may_know(contact)
    row = (
        Telling.objects.of(contact.community_id)
        .select_for_update(of=("self",))
        .filter(contact=contact)
        .first()
    ) or Telling(community_id=contact.community_id, contact=contact)
    row.tells, row.at, row.weekday = draft.tells.value, draft.at, draft.weekday
    row.since, row.next_at = now, next_at_of(row, after=now)
    row.save()
    return row


def next_at_of(row: Telling, *, after: datetime) -> datetime | None:
    """Return when somebody's next regular word is due, if ever."""
    if row.tells == Tells.NEVER:
        return None
    zone = row.contact.community.zone
    day = Day(on=local_day(after, zone), at=row.at, zone=zone)
    weekday = row.weekday if row.tells == Tells.WEEKLY else None
    return next_look(day, weekday, after=after)


def _require_may_know(contact: ContactPerson) -> None:
    if contact.ended_at is not None:
        words = _("This person is no longer to be called.")
        raise RefusedError("has_left", words)
    if not contact.relation:
        words = _("Write down first what this person is to her: daughter, neighbour …")
        raise RefusedError("no_relation", words)
    home = contact.home_id
    if home not in consenting(community=contact.community_id, home_ids=[home]):
        words = _(
            "No consent stands in this home: without it nobody may be told how she is."
        )
        raise RefusedError("no_consent", words)


@transaction.atomic
def link_make(
    *, contact: ContactPerson, by: Member | None, now: datetime
) -> tuple[FamilyLink, str]:
    """Make the private page of a contact person; return it with its code, shown once.

    The one before it dies.

    Raises
    ------
    RefusedError
        ``no_consent``, ``no_relation`` or ``has_left``.
    """
    locked = _locked(contact)
    _require_may_know(locked)
    _end_links(locked, by=by, now=now)
    code = secrets.token_urlsafe(CODE_BYTES)
    row = FamilyLink.objects.of(locked.community_id).create(
        community_id=locked.community_id,
        contact=locked,
        code_hash=token_hash(code),
        made_at=now,
        made_by=by,
    )
    return row, code


@transaction.atomic
def link_end(*, contact: ContactPerson, by: Member | None, now: datetime) -> None:
    """End the private page of a contact person."""
    _end_links(_locked(contact), by=by, now=now)


def _locked(contact: ContactPerson) -> ContactPerson:
    """Return the person, so that two coordinators renew one after the other."""
    return (
        ContactPerson.objects.of(contact.community_id)
        .select_for_update(of=("self",))
        .select_related("home", "community")
        .get(pk=contact.pk)
    )


def _end_links(contact: ContactPerson, *, by: Member | None, now: datetime) -> None:
    FamilyLink.objects.of(contact.community_id).filter(
        contact=contact, ended_at__isnull=True
    ).update(ended_at=now, ended_by=by)
