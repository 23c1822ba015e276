"""Where a reader goes back to."""

from __future__ import annotations

from django.urls import reverse

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.volunteers.models import Volunteer


def page_of(member: Member, row: Volunteer) -> str:
    """Return the address of a volunteer's page as the reader sees it."""
    if has_role(member, DESK_ROLES):
        return reverse("volunteers:volunteer", args=[row.pk])
    return reverse("volunteers:own")
