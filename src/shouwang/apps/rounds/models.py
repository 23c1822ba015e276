"""Rounds: who walks when, past which homes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.apps.residents.models import EVERY_DAY_MASK, Home
from shouwang.apps.watch.models import Photo
from shouwang.domain.covering import Reply


class EstatePlan(ScopedModel):
    """A picture of the estate from above; standpoints lie on it in shares of its sides."""

    picture = models.FileField(upload_to="plans/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    stored_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community"],
                condition=models.Q(ended_at__isnull=True),
                name="one_plan_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class Standpoint(ScopedModel):
    """Where one stands to see windows.

    ``x`` and ``y`` (0..1, from the left and from the top of the plan) are empty where
    nobody has marked it.
    """

    name = models.CharField("name", max_length=40)
    note = models.CharField("how to stand there", max_length=200, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="standpoint_name_once",
            ),
            models.CheckConstraint(
                condition=models.Q(x__isnull=True, y__isnull=True)
                | models.Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1),
                name="standpoint_lies_on_the_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReferencePicture(ScopedModel):
    """A photo taken from a standpoint, by which one finds the windows; one at a time."""

    standpoint = models.ForeignKey(
        Standpoint, on_delete=models.PROTECT, related_name="pictures"
    )
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["standpoint"],
                condition=models.Q(ended_at__isnull=True),
                name="one_picture_of_a_standpoint",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standpoint_id} {self.photo_id}"


class StandpointWindow(ScopedModel):
    """A home whose window is seen from a standpoint, in the order of looking."""

    standpoint = models.ForeignKey(
        Standpoint, on_delete=models.CASCADE, related_name="windows"
    )
    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="standpoints")
    position = models.PositiveSmallIntegerField(default=1)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["standpoint", "home"], name="window_of_standpoint_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standpoint}: {self.home}"


class Round(ScopedModel):
    """A walk at a local time on some days (bit mask from Monday)."""

    name = models.CharField("name", max_length=40)
    at = models.TimeField("begins at")
    stand_in = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    days = models.PositiveSmallIntegerField("days", default=EVERY_DAY_MASK)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="round_name_once",
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=EVERY_DAY_MASK),
                name="round_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundWalker(ScopedModel):
    """Somebody who walks a round, in the order they are asked."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="walkers")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="rounds")
    position = models.PositiveSmallIntegerField(default=1)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "member"], name="walker_of_round_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.member}"


class DropOut(ScopedModel):
    """Somebody who walks a round cannot on a local date.

    ``over_at`` says when that day was past and nobody need be sought any more.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="drop_outs")
    on = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    said_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "on", "member"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="drops_out_once_a_day",
            ),
        ]
        indexes: ClassVar = [
            # rounds.services.covering.offers_make_due, across communities
            models.Index(
                fields=["community", "round", "on"],
                condition=models.Q(over_at__isnull=True),
                name="drop_out_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.on} {self.member_id}"


class Offer(ScopedModel):
    """A round of one day was offered to somebody who could walk it instead."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="offers")
    on = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="offers")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=5, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    over_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "on", "member"], name="offered_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(reply__in=[word.value for word in Reply]),
                name="reply_is_known",
            ),
        ]
        indexes: ClassVar = [
            # rounds.services.covering.offers_make_due, across communities
            models.Index(
                fields=["community", "round", "on"],
                condition=models.Q(over_at__isnull=True),
                name="offer_standing",
            ),
            # rounds.offering.offers_tell_due, across communities
            models.Index(
                fields=["asked_at"],
                condition=models.Q(told_at__isnull=True),
                name="offer_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.on} → {self.member_id}"


class RoundHome(ScopedModel):
    """A home that a round passes, in walking order, and where one stands to see it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="homes")
    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="rounds")
    standpoint = models.ForeignKey(
        Standpoint, on_delete=models.PROTECT, null=True, related_name="rounds"
    )
    position = models.PositiveSmallIntegerField(default=1)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "home"], name="home_of_round_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.home}"
