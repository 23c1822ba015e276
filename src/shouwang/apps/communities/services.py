"""Writes about communities and the people in them."""

from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from shouwang.apps.communities.models import (
    ApiToken,
    Community,
    Member,
    MemberRole,
    Role,
    User,
)
from shouwang.apps.communities.selectors import (
    members_with_role,
    roles_of,
    token_hash,
)
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import tidy

# Without letters and digits that are taken for one another when read from paper.
LEGIBLE = "abcdefghkmnpqrstuvwxyz23456789"
PASSWORD_GROUPS, PASSWORD_GROUP_LENGTH = 3, 4
TIME_ZONE = "Asia/Shanghai"
TOKEN_PREFIX, TOKEN_BYTES = "sw_", 32
# Often enough to see that a machine lives, seldom enough not to write each time.
TOKEN_USE_NOTED = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class FirstStart:
    """The first community and the person who runs it."""

    community: str
    name: str
    username: str
    password: str


@transaction.atomic
def first_start(*, given: FirstStart, now: datetime) -> User:
    """Make the first community and its coordinator, who is also on duty.

    Raises
    ------
    ConflictError
        Somebody was here before.
    RefusedError
        Something is missing, or the password is easily guessed.
    """
    if User.objects.exists():
        raise ConflictError("started_before", _("Somebody has set this up already."))
    if not all((given.community, given.name, given.username)):
        raise RefusedError("incomplete", _("Please fill in every field."))
    user = User(username=given.username, display_name=given.name)
    try:
        validate_password(given.password, user)
    except ValidationError as error:
        raise RefusedError("weak_password", " ".join(error.messages)) from error
    user.set_password(given.password)
    user.save()
    _begin_community(given.community, user, time_zone=TIME_ZONE, now=now)
    return user


def _begin_community(
    name: str, user: User, *, time_zone: str, now: datetime
) -> Community:
    community = Community.objects.create(name=name, time_zone=time_zone, created_at=now)
    member = Member.objects.of(community).create(
        community=community, user=user, display_name=user.display_name, joined_at=now
    )
    _give_roles(member, {Role.COORDINATOR, Role.DUTY_OFFICER})
    return community


@dataclass(frozen=True, kw_only=True)
class CommunityDraft:
    """What a community is called, where it lies and what time it keeps."""

    name: str
    street: str = ""
    district: str = ""
    time_zone: str = TIME_ZONE
    desk_phone: str = ""


@transaction.atomic
def community_add(*, draft: CommunityDraft, by: User, now: datetime) -> Community:
    """Begin another community; ``by`` becomes its coordinator and is on duty."""
    _require_zone(draft.time_zone)
    community = _begin_community(
        tidy(draft.name), by, time_zone=draft.time_zone, now=now
    )
    return community_change(community=community, draft=draft)


def community_change(*, community: Community, draft: CommunityDraft) -> Community:
    """Write what a community is called and where it lies.

    Checks made already keep the instants they were made with; a new time zone
    counts from the checks made next.
    """
    _require_zone(draft.time_zone)
    community.name, community.time_zone = tidy(draft.name), draft.time_zone
    community.street, community.district = tidy(draft.street), tidy(draft.district)
    community.desk_phone = tidy(draft.desk_phone)
    community.save(
        update_fields=["name", "street", "district", "time_zone", "desk_phone"]
    )
    return community


def _require_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        words = _("There is no such time zone. An example: Asia/Shanghai")
        raise RefusedError("unknown_time_zone", words, fields={"time_zone": [words]})


@dataclass(frozen=True, kw_only=True)
class MemberDraft:
    """A person of a community; ``username`` is empty for one without a login."""

    display_name: str
    roles: frozenset[str]
    phone: str = ""
    username: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberMade:
    """A person who was written down, and the first password if a login was made."""

    member: Member
    password: str = ""


@transaction.atomic
def member_add(*, by: Member, draft: MemberDraft, now: datetime) -> MemberMade:
    """Write down a person of ``by``'s community; make the login if one is wanted.

    A login that exists already is taken over only where ``by`` knows its owner from
    another community; a mistyped name must never let a stranger in.

    Raises
    ------
    RefusedError
        ``no_role`` or ``login_taken``.
    """
    _require_role(draft)
    user, password = _login_for(by, draft)
    member = Member.objects.of(by.community_id).create(
        community_id=by.community_id,
        user=user,
        display_name=tidy(draft.display_name),
        phone=tidy(draft.phone),
        joined_at=now,
    )
    _give_roles(member, draft.roles)
    return MemberMade(member=member, password=password)


@transaction.atomic
def members_add(
    *, by: Member, drafts: Sequence[MemberDraft], now: datetime
) -> list[Member]:
    """Write down many people of ``by``'s community at once, none with a login.

    Raises
    ------
    RefusedError
        ``no_role``.
    """
    for draft in drafts:
        _require_role(draft)
    made = bulk_create_with_history(
        [
            Member(
                community_id=by.community_id,
                display_name=tidy(draft.display_name),
                phone=tidy(draft.phone),
                joined_at=now,
            )
            for draft in drafts
        ],
        Member,
    )
    roles = [
        MemberRole(community_id=by.community_id, member=row, role=role)
        for row, draft in zip(made, drafts, strict=True)
        for role in sorted(draft.roles)
    ]
    bulk_create_with_history(roles, MemberRole)
    return list(made)


@transaction.atomic
def member_change(*, member: Member, by: Member, draft: MemberDraft) -> MemberMade:
    """Change what is known of a person; a login can be added, never renamed."""
    _require_role(draft)
    if Role.COORDINATOR not in draft.roles:
        _require_other_coordinator(member)
    password = ""
    if member.user_id is None and draft.username:
        member.user, password = _login_for(by, draft)
    member.display_name, member.phone = tidy(draft.display_name), tidy(draft.phone)
    member.save(update_fields=["user", "display_name", "phone"])
    for row in member.roles.exclude(role__in=draft.roles):
        row.delete()
    _give_roles(member, draft.roles - roles_of(member))
    return MemberMade(member=member, password=password)


@transaction.atomic
def member_leave(*, member: Member, now: datetime) -> None:
    """End somebody's part in a community; what they recorded keeps their name."""
    _require_other_coordinator(member)
    member.left_at = now
    member.save(update_fields=["left_at"])


def member_password_new(*, member: Member) -> str:
    """Give a person's login a new password, and return it."""
    if member.user is None:
        raise RefusedError("no_login", _("This person has no login."))
    password = _password()
    member.user.set_password(password)
    member.user.save(update_fields=["password"])
    return password


def _require_role(draft: MemberDraft) -> None:
    if not draft.roles:
        words = _("Say what this person does: choose at least one role.")
        raise RefusedError("no_role", words, fields={"roles": [words]})


def _require_other_coordinator(member: Member) -> None:
    if Role.COORDINATOR not in roles_of(member):
        return
    coordinators = members_with_role(member.community_id, Role.COORDINATOR)
    others = [row for row in coordinators if row.pk != member.pk]
    # One without a login could let nobody in again.
    if not any(row.user_id for row in others):
        words = _("A community needs a coordinator who can log in. Name another first.")
        raise RefusedError("last_coordinator", words, fields={"roles": [words]})


def _give_roles(member: Member, roles: Collection[str]) -> None:
    for role in sorted(roles):
        MemberRole.objects.of(member.community_id).create(
            community_id=member.community_id, member=member, role=role
        )


def _login_for(by: Member, draft: MemberDraft) -> tuple[User | None, str]:
    username = tidy(draft.username)
    if not username:
        return None, ""
    taken = User.objects.filter(username__iexact=username).first()
    if taken is None:
        user = User(username=username, display_name=tidy(draft.display_name))
        password = _password()
        user.set_password(password)
        user.save()
        return user, password
    if _is_known_elsewhere(by, taken):
        return taken, ""
    words = _("This login name is taken. Please choose another.")
    raise RefusedError("login_taken", words, fields={"username": [words]})


def _is_known_elsewhere(by: Member, user: User) -> bool:
    rows = Member.objects.across("a coordinator's people of several communities")
    here = rows.filter(user=user, community_id=by.community_id)
    shared = rows.filter(user=by.user, left_at__isnull=True).values("community_id")
    met = rows.filter(user=user, left_at__isnull=True, community_id__in=shared)
    return by.user_id is not None and not here.exists() and met.exists()


def _password() -> str:
    groups = (
        "".join(secrets.choice(LEGIBLE) for _ in range(PASSWORD_GROUP_LENGTH))
        for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)


def account_change(*, user: User, display_name: str, language: str) -> None:
    """Change one's own name and language; an empty language follows the browser."""
    user.display_name, user.language = tidy(display_name), language
    user.save(update_fields=["display_name", "language"])


@transaction.atomic
def token_make(*, member: Member, name: str, now: datetime) -> tuple[ApiToken, str]:
    """Make a key for a machine that acts as ``member``; it is shown this once.

    Raises
    ------
    RefusedError
        ``no_name``, or ``member_left``.
    """
    if not tidy(name):
        raise RefusedError("no_name", _("Say which machine the key is for."))
    if member.left_at is not None:
        raise RefusedError("member_left", _("This person is no longer there."))
    secret = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.of(member.community_id).create(
        community_id=member.community_id,
        name=tidy(name)[:80],
        token_hash=token_hash(secret),
        member=member,
        created_at=now,
    )
    return token, secret


def token_revoke(*, token: ApiToken, now: datetime) -> None:
    """End a key; what came in with it stays."""
    ApiToken.objects.of(token.community_id).filter(
        pk=token.pk, revoked_at__isnull=True
    ).update(revoked_at=now)


def token_used(*, token: ApiToken, now: datetime) -> None:
    """Note that a key was used, at most once a minute."""
    last = token.last_used_at
    if last is None or now - last >= TOKEN_USE_NOTED:
        ApiToken.objects.of(token.community_id).filter(pk=token.pk).update(
            last_used_at=now
        )
