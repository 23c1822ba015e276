"""What asks for visits: how often, which questions, which groups, what changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import Home


class RaisedReason(models.TextChoices):
    """Why a whole group is visited."""

    FESTIVAL = "festival", "festival"
    HEAT = "heat", "heat"
    COLD = "cold", "cold"
    SMOG = "smog", "smog"
    OTHER = "other", "other"


class VisitFrequency(ScopedModel):
    """How often a community visits; without a row the built-in times hold."""

    community = models.OneToOneField(
        Community, on_delete=models.PROTECT, related_name="+"
    )
    high_days = models.PositiveSmallIntegerField("high risk, days", default=7)
    key_days = models.PositiveSmallIntegerField("key care, days", default=30)
    general_days = models.PositiveSmallIntegerField("general, days", default=91)
    change_hours = models.PositiveSmallIntegerField("after a change, hours", default=24)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(high_days__gte=1, high_days__lte=366)
                & models.Q(key_days__gte=1, key_days__lte=366)
                & models.Q(general_days__gte=1, general_days__lte=366)
                & models.Q(change_hours__gte=1, change_hours__lte=240),
                name="visit_frequency_in_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.high_days} / {self.key_days} / {self.general_days}"


class VisitForm(ScopedModel):
    """One version of the own questions of a community's form, written once.

    ``questions`` is the whole list as it is asked: ``{"code", "kind", "words",
    "choices", "required"}`` each. What is no longer asked stands in earlier versions.
    """

    version = models.PositiveIntegerField()
    questions = models.JSONField()
    made_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "version"], name="visit_form_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class HomeList(ScopedModel):
    """Homes that are kept together under a name, to be chosen as a group."""

    name = models.CharField("name", max_length=40)
    homes = models.ManyToManyField(Home, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="visit_home_list_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VisitRaise(ScopedModel):
    """Visits of a group, raised at once: before a festival, in heat, cold or smog.

    Due from ``raised_at`` until ``by`` (outside); undone, it asks for nothing more.
    """

    reason = models.CharField(max_length=10, choices=RaisedReason.choices)
    words = models.CharField(max_length=80, blank=True)
    group = models.CharField("whom", max_length=200)
    by = models.DateTimeField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(by__gt=models.F("raised_at")),
                name="visit_raise_leaves_time",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=RaisedReason.values),
                name="visit_raise_reason_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.reason


class RaisedHome(ScopedModel):
    """One home of a raised group."""

    raised = models.ForeignKey(
        VisitRaise, on_delete=models.PROTECT, related_name="homes"
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["raised", "home"], name="visit_raise_home_once"
            ),
        ]
        indexes: ClassVar = [
            # visits.selectors.facts: what was raised for some homes
            models.Index(fields=["community", "home"], name="visit_raise_by_home"),
        ]

    def __str__(self) -> str:
        return f"{self.raised_id} {self.home_id}"


class MajorChange(ScopedModel):
    """Somebody says that something changed everything for her; or takes it back."""

    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, related_name="major_changes"
    )
    words = models.CharField("what changed", max_length=200)
    at = models.DateTimeField()
    noted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(words=""), name="visit_change_says_what"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community", "home", "at"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="visit_change_standing",
            ),
        ]

    def __str__(self) -> str:
        return self.words
