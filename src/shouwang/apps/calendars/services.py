"""Writes of calendar links: made, ended, read."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from shouwang.apps.calendars.models import CalendarLink
from shouwang.apps.calendars.selectors import code_hash
from shouwang.apps.communities.models import Community, Member

CODE_BYTES = 32
# Often enough to see that a calendar reads, seldom enough not to write each time.
READ_NOTED = timedelta(hours=1)


@transaction.atomic
def link_make(
    *, community: Community, member: Member | None, by: Member, now: datetime
) -> str:
    """Make the link of a member, or of the community, and return its code, this once.

    One that was there ends: whoever knew it reads nothing more.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    link_end(community=community, member=member, now=now)
    code = secrets.token_urlsafe(CODE_BYTES)
    CalendarLink.objects.of(community).create(
        community=community,
        member=member,
        code_hash=code_hash(code),
        made_at=now,
        made_by=by,
        changed_at=now,
    )
    return code


def link_end(*, community: Community, member: Member | None, now: datetime) -> None:
    """End the link of a member, or of the community."""
    rows = CalendarLink.objects.of(community).filter(ended_at__isnull=True)
    rows.filter(member=member).update(ended_at=now)


def link_read(*, link: CalendarLink, digest: str, now: datetime) -> datetime:
    """Note that a calendar was read, and return since when it has been as it is."""
    rows = CalendarLink.objects.of(link.community_id).filter(pk=link.pk)
    if link.digest != digest:
        rows.update(digest=digest, changed_at=now, read_at=now)
        return now
    if link.read_at is None or now - link.read_at >= READ_NOTED:
        rows.update(read_at=now)
    return link.changed_at
