"""Reads of communities and of the people in them; permission is inside."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import (
    ApiToken,
    Community,
    Member,
    Role,
    User,
)
from shouwang.common.errors import NotFoundError

DESK_ROLES = frozenset({Role.COORDINATOR, Role.DUTY_OFFICER})
LOOKING_ROLES = DESK_ROLES | {Role.WALKER, Role.VOLUNTEER}


def communities_of(user: User) -> list[Community]:
    """Return the communities ``user`` works in, by name."""
    return list(
        Community.objects.filter(
            pk__in=Member.objects.across("the logins of one person")
            .filter(user=user, left_at__isnull=True)
            .values("community_id")
        ).order_by("name")
    )


def community_for(user: User, community_id: int) -> Community:
    """Return a community ``user`` works in, else "not found"."""
    found = {row.pk: row for row in communities_of(user)}.get(community_id)
    if found is None:
        raise NotFoundError("unknown_community", _("There is no such community here."))
    return found


def members_of(user: User) -> list[Member]:
    """Return the memberships of ``user``, by community name."""
    return list(
        Member.objects.across("the logins of one person")
        .filter(user=user, left_at__isnull=True)
        .select_related("community")
        .prefetch_related("roles")
        .order_by("community__name")
    )


def roles_of(member: Member) -> frozenset[str]:
    """Return what ``member`` may do."""
    return frozenset(row.role for row in member.roles.all())


def has_role(member: Member, roles: Collection[str]) -> bool:
    """Return whether ``member`` has one of ``roles``."""
    return not roles_of(member).isdisjoint(roles)


def member_for(member: Member, member_id: int) -> Member:
    """Return a person of ``member``'s own community, else "not found"."""
    row = (
        Member.objects.of(member.community_id)
        .filter(pk=member_id, left_at__isnull=True)
        .select_related("community", "user")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_member", _("There is no such person here."))
    return row


def members_list(*, community: Community | int) -> list[Member]:
    """Return the people who are there, with roles and login, the desk's first."""
    rows = (
        Member.objects.of(community)
        .filter(left_at__isnull=True)
        .select_related("user")
        .prefetch_related("roles")
    )
    order = list(Role)
    return sorted(
        rows,
        key=lambda row: (
            min(
                (order.index(Role(role)) for role in roles_of(row)), default=len(order)
            ),
            row.pk,
        ),
    )


def members_at_work(*, community: Community | int) -> tuple[list[Member], int]:
    """Return who sits at the desk, walks or oversees, and how many only volunteer.

    Whoever only volunteers stands in the volunteers' own list, if they have a record
    there; that app stands above this one and is named by its relation alone.
    """
    recorded = set(
        Member.objects.of(community)
        .filter(left_at__isnull=True, volunteer__isnull=False)
        .values_list("pk", flat=True)
    )
    everybody = members_list(community=community)
    rows = [
        row
        for row in everybody
        if row.pk not in recorded or roles_of(row) - {Role.VOLUNTEER}
    ]
    return rows, len(everybody) - len(rows)


def members_with_role(community: Community | int, role: str) -> list[Member]:
    """Return the people of a community who have ``role``, longest there first."""
    return list(
        Member.objects.of(community)
        .filter(left_at__isnull=True, roles__role=role)
        .order_by("pk")
    )


def token_hash(secret: str) -> str:
    """Return what is kept of a machine's key (SHA-256, hex)."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_for(secret: str) -> ApiToken | None:
    """Return the valid key ``secret`` with the person it acts as, or ``None``."""
    return (
        ApiToken.objects.across("a key says itself whose it is")
        .filter(
            token_hash=token_hash(secret),
            revoked_at__isnull=True,
            member__left_at__isnull=True,
        )
        .select_related("member__community")
        .first()
    )


def tokens_list(*, community: Community | int) -> list[ApiToken]:
    """Return the keys of a community's machines, revoked ones too, oldest first."""
    rows = ApiToken.objects.of(community).select_related("member")
    return list(rows.order_by("pk"))
