"""Rounds: who walks when, past which homes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.apps.residents.models import EVERY_DAY_MASK, Home


class Round(ScopedModel):
    """A walk at a local time on some days (bit mask from Monday)."""

    name = models.CharField("name", max_length=40)
    at = models.TimeField("begins at")
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


class RoundHome(ScopedModel):
    """A home that a round passes, in walking order."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="homes")
    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="rounds")
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
