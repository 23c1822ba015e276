"""Private links by which a calendar program reads what somebody has to do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel


class CalendarLink(ScopedModel):
    """A link to the calendar of one member, or, without a member, of the community.

    Only the SHA-256 of its code is kept. ``digest`` tells what it answered last, and
    ``changed_at`` when that became another answer.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(member__isnull=False, ended_at__isnull=True),
                name="calendar_link_one_a_member",
            ),
            models.UniqueConstraint(
                fields=["community"],
                condition=models.Q(member__isnull=True, ended_at__isnull=True),
                name="calendar_link_one_a_community",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member or self.community)
