"""Reads of calendar links; whose a code is, and what its calendar holds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from shouwang.apps.calendars.models import CalendarLink
from shouwang.apps.calendars.sources import Asked, Entry, entries_of
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import LOOKING_ROLES, has_role
from shouwang.apps.residents.models import Home, Resident
from shouwang.common.errors import NotFoundError

SINCE, UNTIL = timedelta(days=14), timedelta(days=56)
# A shorter name says nothing: too much else would be taken for it.
NAME_LEAST = 2


def code_hash(code: str) -> str:
    """Return what is kept of a code (SHA-256, hex)."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def link_by(code: str) -> CalendarLink:
    """Return the link of a code, for anybody.

    Raises
    ------
    NotFoundError
        ``unknown_link``: never made, ended, or of somebody who looks no more.
    """
    row = (
        CalendarLink.objects.across("a link says itself whose it is")
        .filter(code_hash=code_hash(code), ended_at__isnull=True)
        .select_related("community", "member__user", "member__community")
        .first()
    )
    if row is None or not _may_read(row):
        raise NotFoundError("unknown_link", _("There is nothing at this address."))
    return row


def _may_read(row: CalendarLink) -> bool:
    member = row.member
    if member is None:
        return True
    return member.left_at is None and has_role(member, LOOKING_ROLES)


def link_of(
    *, community: Community | int, member: Member | None
) -> CalendarLink | None:
    """Return the link of a member, or of the community, that was not ended."""
    rows = CalendarLink.objects.of(community).filter(ended_at__isnull=True)
    return rows.filter(member=member).first()


def language_of(link: CalendarLink) -> str:
    """Return the language in which the person of a link reads."""
    user = link.member.user if link.member else None
    return (user.language if user else "") or settings.LANGUAGE_CODE


def calendar_of(link: CalendarLink, *, now: datetime) -> list[Entry]:
    """Return what a calendar holds: two weeks back, eight ahead; no resident in it.

    Titles and places are what people wrote, and somebody may have written a name: such
    an entry says only that there is something.
    """
    asked = Asked(
        community=link.community,
        member=link.member,
        since=now - SINCE,
        until=now + UNTIL,
        now=now,
    )
    names = _names(link.community)
    return [_without_names(one, names) for one in entries_of(asked)]


def _names(community: Community) -> frozenset[str]:
    homes = Home.objects.of(community).values_list("address", "shown_name", "phone")
    people = Resident.objects.of(community).values_list("name", "called", "phone")
    found = {words.strip() for row in (*homes, *people) for words in row}
    return frozenset(name for name in found if len(name) >= NAME_LEAST)


def _without_names(entry: Entry, names: frozenset[str]) -> Entry:
    said = f"{entry.title}\n{entry.place}"
    if not any(name in said for name in names):
        return entry
    return replace(entry, title=_("Something to do — details in Shouwang"), place="")
