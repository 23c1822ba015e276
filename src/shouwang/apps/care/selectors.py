"""Reads of needs; permission is inside.

The desk sees every need of its community. Somebody who walks or volunteers sees those
they have taken or were offered, and no others. A supervisor sees none.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.care.models import HandOver, Need, NeedKindRow, NeedOffer
from shouwang.apps.care.words import kind_words
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    LOOKING_ROLES,
    has_role,
    members_list,
)
from shouwang.apps.residents.models import Consent, Home
from shouwang.apps.residents.selectors import home_for, homes_carried, homes_in_order
from shouwang.common.errors import NotFoundError
from shouwang.domain.needs import (
    CLOSED,
    IN_HAND,
    Act,
    ConsentState,
    Stage,
    Standing,
    Urgency,
    Waiting,
    place_of,
)

# What somebody who does not sit at the desk may do with a need that is theirs.
CARRIER_ACTS = frozenset({Act.TAKE, Act.DECLINE, Act.BEGIN, Act.FINISH, Act.GIVE_BACK})
_CLOSED = [stage.value for stage in CLOSED]


def needs_visible(member: Member) -> QuerySet[Need]:
    """Return the needs a reader may see."""
    rows = Need.objects.of(member.community_id)
    if has_role(member, DESK_ROLES):
        return rows
    if not has_role(member, LOOKING_ROLES):
        return rows.none()
    offered = _offers_to(member).filter(over_at__isnull=True)
    return rows.filter(Q(taken_by=member) | Exists(offered)).exclude(stage__in=_CLOSED)


def _offers_to(member: Member) -> QuerySet[NeedOffer]:
    return NeedOffer.objects.of(member.community_id).filter(
        member=member, need=OuterRef("pk")
    )


def _told(rows: QuerySet[Need]) -> QuerySet[Need]:
    """Return rows with everything a card says of them."""
    return rows.select_related(
        "community", "home__building", "taken_by", "alert"
    ).prefetch_related("offers__member", "hand_overs")


def carries(need: Need, member: Member) -> bool:
    """Return whether a reader may know who needs it, and what is behind the door.

    The desk may, and whoever has it in hand; who was only asked, and who has done it,
    knows of what kind, when and in which building, so that an answer is possible and no
    more is told.
    """
    in_hand = Stage(need.stage) in IN_HAND and need.taken_by_id == member.pk
    return in_hand or has_role(member, DESK_ROLES)


def home_ids_helped(*, member: Member, now: datetime) -> set[int]:
    """Return the homes of which a reader has a need in hand."""
    rows = Need.objects.of(member.community_id).filter(taken_by=member)
    in_hand = rows.filter(stage__in=[stage.value for stage in IN_HAND])
    return set(in_hand.values_list("home_id", flat=True))


def needs_open(member: Member, *, now: datetime) -> list[Need]:
    """Return the open needs a reader may see, in the order of the board."""
    rows = _told(needs_visible(member).exclude(stage__in=_CLOSED))
    return sorted(rows, key=lambda row: (*place_of(waiting_of(row), now=now), row.pk))


def needs_by_state(
    member: Member, *, state: str, home_id: int | None = None
) -> QuerySet[Need]:
    """Return needs that are ``open``, ``closed`` or ``all``, the newest first."""
    rows = _told(needs_visible(member))
    if home_id is not None:
        rows = rows.filter(home_id=home_id)
    if state == "open":
        rows = rows.exclude(stage__in=_CLOSED)
    elif state == "closed":
        rows = rows.filter(stage__in=_CLOSED)
    return rows.order_by("-opened_at", "-pk")


def need_for(member: Member, need_id: int) -> Need:
    """Return a need the reader may see, with its story, else "not found"."""
    return _one(needs_visible(member), need_id)


def need_to_act(member: Member, need_id: int, act: Act) -> Need:
    """Return a need on which the reader may do ``act``, else "not found".

    Somebody who was offered it may try to take it even when another was quicker: they
    are told who has it, not that it never was.
    """
    if has_role(member, DESK_ROLES):
        return need_for(member, need_id)
    if act not in CARRIER_ACTS:
        raise _unknown()
    rows = needs_visible(member)
    if act is Act.TAKE and has_role(member, LOOKING_ROLES):
        asked = _offers_to(member).exclude(reply="no")
        rows = Need.objects.of(member.community_id).filter(
            Q(taken_by=member) | Exists(asked)
        )
    return _one(rows, need_id)


def _one(rows: QuerySet[Need], need_id: int) -> Need:
    row = (
        _told(rows)
        .prefetch_related("moves__by", "moves__who")
        .filter(pk=need_id)
        .first()
    )
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFoundError:
    return NotFoundError("unknown_need", _("There is no such need here."))


def needs_of_home(*, home: Home) -> list[Need]:
    """Return the needs of a home, the open ones first, then the newest."""
    rows = _told(Need.objects.of(home.community_id).filter(home=home))
    return sorted(
        rows.order_by("-opened_at", "-pk"), key=lambda row: row.stage in _CLOSED
    )


def office_of(need: Need) -> HandOver | None:
    """Return the office a need lies with now, if any."""
    standing = [row for row in need.hand_overs.all() if row.ended_at is None]
    return standing[0] if standing else None


def offers_of(need: Need) -> list[NeedOffer]:
    """Return who was asked and has not answered, first asked first."""
    standing = [row for row in need.offers.all() if row.over_at is None]
    return sorted(standing, key=lambda row: (row.offered_at, row.pk))


def waiting_of(need: Need) -> Waiting:
    """Return a need as the order of the board sees it."""
    office = office_of(need)
    return Waiting(
        stage=Stage(need.stage),
        urgency=Urgency(need.urgency),
        since=need.since,
        wanted_by=need.wanted_by,
        chase_at=office.chase_at if office else None,
    )


def standing_of(need: Need) -> Standing:
    """Return a need as the rules of its moves see it."""
    return Standing(
        stage=Stage(need.stage),
        urgency=Urgency(need.urgency),
        consent=consent_state(need.home),
        taken_by=need.taken_by_id,
        waiting_for=tuple(row.member_id for row in offers_of(need)),
    )


def consent_state(home: Home) -> ConsentState:
    """Return whether a home's consent stands, was withdrawn, or was never given."""
    rows = Consent.objects.of(home.community_id).filter(home=home)
    withdrawn = [at is not None for at in rows.values_list("withdrawn_at", flat=True)]
    if not withdrawn:
        return ConsentState.NONE
    return ConsentState.WITHDRAWN if all(withdrawn) else ConsentState.STANDING


def homes_to_raise_for(member: Member, *, now: datetime) -> list[Home]:
    """Return the homes for which a reader may write a need down.

    The desk: every home that is kept. Who walks or volunteers: those they carry today.
    """
    homes = homes_in_order(community=member.community_id)
    if has_role(member, DESK_ROLES):
        return homes
    carried = homes_carried(member, now=now)
    return [row for row in homes if row.pk in carried]


def home_to_raise_for(member: Member, home_id: int, *, now: datetime) -> Home:
    """Return a home for which the reader may write a need down, else "not found"."""
    home = home_for(member, home_id)
    theirs = has_role(member, DESK_ROLES) or home.pk in homes_carried(member, now=now)
    if home.archived_at is not None or not theirs:
        raise NotFoundError("unknown_home", _("There is no such home here."))
    return home


def need_kinds(community: Community | int) -> dict[str, str]:
    """Return the kinds a new need may have: the built-in ones, then own ones in use."""
    own = NeedKindRow.objects.of(community).filter(ended_at__isnull=True)
    return {**kind_words(), **dict(own.order_by("pk").values_list("kind", "name"))}


def own_kinds(*, community: Community | int) -> list[NeedKindRow]:
    """Return a community's own kinds, those in use first."""
    rows = NeedKindRow.objects.of(community).order_by("pk")
    return sorted(rows, key=lambda row: row.ended_at is not None)


def need_kind_for(member: Member, row_id: int) -> NeedKindRow:
    """Return an own kind of the reader's community, else "not found"."""
    row = NeedKindRow.objects.of(member.community_id).filter(pk=row_id).first()
    if row is None:
        raise NotFoundError("unknown_row", _("There is no such entry here."))
    return row


def people_who_help(*, community: Community | int) -> list[Member]:
    """Return who can be asked to do something: all who look, by name."""
    rows = [
        row for row in members_list(community=community) if has_role(row, LOOKING_ROLES)
    ]
    return sorted(rows, key=lambda row: row.display_name)
