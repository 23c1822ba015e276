"""What warm-hearted residents report without an account, by the code on a notice."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.apps.residents.models import Building, Home
from shouwang.apps.watch.models import Photo


class What(models.TextChoices):
    """What somebody saw."""

    CRY = "cry", "a crying face"
    SMILE = "smile", "a smiling face"
    OTHER = "other", "something else"


class ReportState(models.TextChoices):
    """What became of a report."""

    NEW = "new", "new"
    CONFIRMED = "confirmed", "confirmed"
    DISMISSED = "dismissed", "dismissed"


class Notice(ScopedModel):
    """A notice on the board of a building; its code leads to the page of that building."""

    building = models.ForeignKey(
        Building, on_delete=models.CASCADE, related_name="notices"
    )
    code = models.CharField(max_length=24, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building"],
                condition=models.Q(ended_at__isnull=True),
                name="one_notice_a_building",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building}"


class Report(ScopedModel):
    """One report, as it came; ``home`` is whom the desk or the drawing says it is about.

    ``sender`` tells one address from another for a day, and no more than that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="reports"
    )
    what = models.CharField(max_length=10, choices=What.choices)
    unit = models.CharField(max_length=20, blank=True)
    floor = models.SmallIntegerField(null=True)
    column = models.PositiveSmallIntegerField(null=True)
    where = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    photo = models.ForeignKey(
        Photo, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sender = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.NEW
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what__in=What.values), name="report_is_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(state="new", settled_at__isnull=True)
                | models.Q(settled_at__isnull=False),
                name="report_settled_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            # neighbours.services.report_take: how many came of late
            models.Index(
                fields=["community", "building", "received_at"],
                name="report_by_building",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.what}"
