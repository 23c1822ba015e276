"""Signed links: from a message to one need, as one person, for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Community, Member
from shouwang.common.codes import code_made, code_read
from shouwang.common.errors import NotFoundError

LINK_PATH = "t/"
# A reminder brings a new one for what lies further ahead.
LINK_LIVES = timedelta(days=7)

_SALT = "shouwang.dispatch.links"


@dataclass(frozen=True, kw_only=True)
class LinkedNeed:
    """A need as one person reaches it by a link; ``is_over`` when that has expired."""

    need: Need
    member: Member
    is_over: bool

    @property
    def community(self) -> Community:
        """Return the community whose desk it belongs to."""
        return self.need.community


def link_for(need: Need, member: Member, now: datetime) -> str:
    """Return the code by which somebody reaches a need for the next seven days."""
    return code_made(_SALT, (need.pk, member.pk), expires_at=now + LINK_LIVES)


def need_link(need: Need, member: Member, now: datetime) -> str:
    """Return the address for a message; empty where no public address is set."""
    if not settings.PUBLIC_URL:
        return ""
    return f"{settings.PUBLIC_URL}/{LINK_PATH}{link_for(need, member, now)}/"


def linked_by(code: str, *, now: datetime) -> LinkedNeed:
    """Return the need and the person of a code, whether or not its time is over.

    Raises
    ------
    NotFoundError
        ``unknown_link``: altered, of a need that never was, or of somebody who left.
    """
    said = code_read(_SALT, code)
    if said is None or len(said.numbers) != 2:
        raise _unknown()
    need_id, member_id = said.numbers
    need = (
        Need.objects.across("a link says itself which need it is for")
        .select_related("community", "home__building", "home__community", "taken_by")
        .filter(pk=need_id)
        .first()
    )
    member = _member(need, member_id) if need else None
    if need is None or member is None:
        raise _unknown()
    return LinkedNeed(need=need, member=member, is_over=now >= said.expires_at)


def _member(need: Need, member_id: int) -> Member | None:
    rows = Member.objects.of(need.community_id).select_related("community")
    return rows.filter(pk=member_id, left_at__isnull=True).first()


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_link", _("This link is not valid."))
