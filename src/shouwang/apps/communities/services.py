"""Writes about communities and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, MemberRole, Role, User
from shouwang.common.errors import ConflictError, RefusedError


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
    community = Community.objects.create(name=given.community, created_at=now)
    member = Member.objects.of(community).create(
        community=community, user=user, display_name=given.name, joined_at=now
    )
    MemberRole.objects.of(community).bulk_create(
        MemberRole(community=community, member=member, role=role)
        for role in (Role.COORDINATOR, Role.DUTY_OFFICER)
    )
    return user
