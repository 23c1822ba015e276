"""Links to sign up by, and who waits to be taken in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.volunteers.models import SignUp, SignUpLink, SignUpState
from shouwang.apps.volunteers.selectors.people import people_by_phone, phone_key
from shouwang.common.errors import NotFoundError


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who waits, who has this phone here already, and who waits with it too."""

    row: SignUp
    here: tuple[Member, ...]
    twins: tuple[SignUp, ...]


def link_by(code: str) -> SignUpLink:
    """Return the link with a code, for anybody, else "not found"."""
    row = (
        SignUpLink.objects.across("who signs up has no community yet")
        .filter(code=code, ended_at__isnull=True)
        .select_related("community", "team")
        .first()
    )
    if row is None:
        words = _("This link is no longer in use. Please ask the community.")
        raise NotFoundError("unknown_link", words)
    return row


def links_list(*, community: Community | int) -> list[SignUpLink]:
    """Return the links in use, the newest first."""
    rows = SignUpLink.objects.of(community).filter(ended_at__isnull=True)
    return list(rows.select_related("team").order_by("-made_at", "-pk"))


def link_for(member: Member, link_id: int) -> SignUpLink:
    """Return a link in use of the reader's community, else "not found"."""
    for row in links_list(community=member.community_id):
        if row.pk == link_id:
            return row
    raise NotFoundError("unknown_link", _("There is no such link here."))


def sign_ups_waiting(*, community: Community | int) -> list[Waiting]:
    """Return who waits to be taken in, who waits longest first."""
    rows = list(
        SignUp.objects.of(community)
        .filter(state=SignUpState.NEW)
        .select_related("link", "team")
        .order_by("received_at", "pk")
    )
    here = people_by_phone(community=community) if rows else {}
    return [
        Waiting(
            row=row,
            here=tuple(here.get(phone_key(row.phone), ())),
            twins=tuple(
                other
                for other in rows
                if other.pk != row.pk and phone_key(other.phone) == phone_key(row.phone)
            ),
        )
        for row in rows
    ]


def sign_ups_waiting_count(*, community: Community | int) -> int:
    """Return how many wait to be taken in."""
    return SignUp.objects.of(community).filter(state=SignUpState.NEW).count()


def sign_up_for(member: Member, sign_up_id: int) -> SignUp:
    """Return a sign-up of the reader's community, settled or not, else "not found"."""
    row = SignUp.objects.of(member.community_id).filter(pk=sign_up_id).first()
    if row is None:
        raise NotFoundError("unknown_sign_up", _("Nobody like this waits here."))
    return row
