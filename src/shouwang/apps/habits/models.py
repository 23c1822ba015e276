"""What was learned of each agreed signal, and what a community does with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.apps.residents.models import Home
from shouwang.domain.unusual import Mode

MOST_A_YEAR = 6


class Drift(models.TextChoices):
    """Which way a habit moves over weeks."""

    NONE = "", "none"
    LATER = "later", "later"
    EARLIER = "earlier", "earlier"


class HabitSettings(ScopedModel):
    """What a community does when a home is late for its own habit.

    ``latitude`` and ``longitude`` (degrees, north and east) let evenings be counted
    from sunset; without them they are counted by the clock.
    """

    mode = models.CharField(max_length=10, default=Mode.OFF.value)
    most_a_year = models.PositiveSmallIntegerField(default=MOST_A_YEAR)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # The local date for which all habits of the community were last learned.
    learned_on = models.DateField(null=True)
    # The last home whose days were gathered for the next learning.
    gathered_home = models.PositiveBigIntegerField(default=0)
    history = HistoricalRecords(excluded_fields=["learned_on", "gathered_home"])

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community"], name="habit_settings_once_a_community"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=[row.value for row in Mode]),
                name="habit_mode_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(most_a_year__gte=1, most_a_year__lte=52),
                name="habit_asks_1_to_52_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__gte=-60,
                    latitude__lte=60,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="habit_place_has_a_sunset",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.mode}"


class Habit(ScopedModel):
    """When one agreed signal of a home is usually given: a projection of the facts.

    ``days`` holds the intervals that were seen, each ``[date as a number, after, by]``
    in minutes from ``anchor``; ``curves`` the chance of "not yet" at every five minutes,
    ``{"workday": {"begin": 300, "still": [1.0, …]}, "weekend": …}``.
    """

    class Anchor(models.TextChoices):
        MORNING = "morning", "the clock, mornings"
        CLOCK = "clock", "the clock"
        SUNSET = "sunset", "sunset"

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="habits")
    series = models.UUIDField()
    label = models.CharField(max_length=40)
    signal = models.CharField(max_length=30)
    anchor = models.CharField(max_length=10, choices=Anchor.choices)
    days = models.JSONField(default=list)
    day_count = models.PositiveSmallIntegerField(default=0)
    own_weekend = models.BooleanField(default=False)
    curves = models.JSONField(default=dict)
    drift = models.CharField(
        max_length=10, choices=Drift.choices, default="", blank=True
    )
    drift_since_on = models.DateField(null=True)
    # When somebody should look again today if the signal is still not given.
    ask_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "label"], name="habit_once_a_window"
            ),
            models.CheckConstraint(
                condition=models.Q(drift__in=Drift.values), name="habit_drift_is_known"
            ),
        ]
        indexes: ClassVar = [
            # alerts.unusual.unusual_ask_due, across communities
            models.Index(
                fields=["ask_at"],
                condition=models.Q(ask_at__isnull=False),
                name="habit_ask_due",
            ),
            # the page of a home
            models.Index(fields=["community", "home"], name="habit_by_home"),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.label}"
