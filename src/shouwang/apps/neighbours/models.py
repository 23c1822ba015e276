"""What warm-hearted residents report without an account, by the code on a notice."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import Building, Home
from shouwang.apps.watch.models import Photo, Sighting
from shouwang.domain.reporting import Did, ReportState, What

STATES = [row.value for row in ReportState]


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
    what = models.CharField(max_length=10)
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
    state = models.CharField(max_length=10, default=ReportState.NEW.value)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what__in=[row.value for row in What]),
                name="report_is_of_something",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="report_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="new", settled_at__isnull=True)
                | models.Q(settled_at__isnull=False),
                name="report_settled_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            # rounds.reporting.reports_call_due, across communities
            models.Index(
                fields=["received_at"],
                condition=models.Q(state="new", what="cry", home__isnull=True),
                name="report_cry_unplaced",
            ),
            # neighbours.services.report_take: how many came of late
            models.Index(
                fields=["community", "building", "received_at"],
                name="report_by_building",
            ),
            # neighbours.selectors.reports_new, reports_for_walkers
            models.Index(
                fields=["community", "received_at"],
                condition=models.Q(state="new"),
                name="report_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.what}"


class ReportCall(ScopedModel):
    """People were called to look for the window of a crying face; once a report."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="call")
    called_at = models.DateTimeField()

    objects = ScopedManager()

    def __str__(self) -> str:
        return str(self.report_id)


class ReportAct(ScopedModel):
    """What somebody did about a report, written once: looked, cannot go, settled it.

    ``sighting`` is the look that was made for it. ``said_at`` is when it was said, by
    our clock; ``typed_by`` brought it in from a phone's file.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="acts")
    did = models.CharField(max_length=10)
    sighting = models.ForeignKey(
        Sighting, on_delete=models.PROTECT, null=True, related_name="+"
    )
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, related_name="+"
    )
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    typed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["said_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(did__in=[row.value for row in Did]),
                name="report_act_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(did="looked", sighting__isnull=False)
                | (~models.Q(did="looked") & models.Q(sighting__isnull=True)),
                name="report_looked_at_with_a_look",
            ),
            models.CheckConstraint(
                condition=models.Q(from_state__in=STATES, to_state__in=STATES),
                name="report_act_states_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(said_at__lte=models.F("received_at")),
                name="report_said_before_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.did}"
