"""Reads of reports; permission is inside."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.outbox.models import ChannelSetup
from shouwang.apps.outbox.selectors import channels_list
from shouwang.apps.reports.models import Digest, DigestTime
from shouwang.common.errors import NotFoundError
from shouwang.notify.channels import channel_of
from shouwang.notify.settings import Reaches

SHOWN_MOST = 30


def digest_times(*, community: Community) -> list[DigestTime]:
    """Return when the report is written, in the order of the day."""
    rows = DigestTime.objects.of(community).filter(ended_at__isnull=True)
    return list(rows.select_related("via").order_by("at", "pk"))


def digest_time_for(member: Member, time_id: int) -> DigestTime:
    """Return a time of the reader's own community, else "not found"."""
    rows = DigestTime.objects.of(member.community_id).filter(ended_at__isnull=True)
    row = rows.filter(pk=time_id).first()
    if row is None:
        raise NotFoundError("unknown_digest_time", _("There is no such time here."))
    return row


def digests_list(*, community: Community) -> list[Digest]:
    """Return the last reports, the newest first, with how their posting fared."""
    rows = Digest.objects.of(community).select_related("via")
    return list(rows.prefetch_related("messages")[:SHOWN_MOST])


def digest_for(member: Member, digest_id: int) -> Digest:
    """Return a report of the reader's own community, else "not found"."""
    row = Digest.objects.of(member.community_id).filter(pk=digest_id).first()
    if row is None:
        raise NotFoundError("unknown_digest", _("There is no such report here."))
    return row


def groups_of(*, community: Community) -> list[ChannelSetup]:
    """Return the groups a report can be posted to."""
    return [
        row
        for row in channels_list(community=community)
        if row.is_on and channel_of(row.kind).reaches is Reaches.GROUP
    ]
