"""Who goes there, what was found, and chats that are company."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import Home, RiskLevel
from shouwang.apps.visits.models.asking import VisitForm
from shouwang.domain.visits import VisitOutcome


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


class Held(models.TextChoices):
    """Why a visit that arrived waits for a person to judge it."""

    CONSENT = "consent_withdrawn", "consent withdrawn"
    NOT_THEIRS = "not_planned", "never theirs to visit"
    ARCHIVED = "home_archived", "home no longer kept"


class PlannedVisit(ScopedModel):
    """A home that somebody visits on a local date, in walking order."""

    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, related_name="planned_visits"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="planned_visits"
    )
    on = models.DateField()
    position = models.PositiveSmallIntegerField(default=1)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "home", "on"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="visit_planned_once_a_day",
            ),
        ]
        indexes: ClassVar = [
            # visits.selectors.planning: a day's rounds, and what a phone carries
            models.Index(
                fields=["community", "on", "member", "position"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="visit_planned_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.member_id} {self.home_id}"


class Visit(ScopedModel):
    """Somebody went there; written once. ``id`` is made where it was filled in.

    ``form`` is the version that was filled in, empty while there were no own
    questions; ``answers`` maps codes to ``{"value", "words"}``. ``held`` says why it
    waits for a person to judge it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="visits")
    planned = models.ForeignKey(
        PlannedVisit, on_delete=models.PROTECT, null=True, related_name="visits"
    )
    outcome = models.CharField(max_length=15)
    visited_at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="visits")
    typed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    form = models.ForeignKey(
        VisitForm, on_delete=models.PROTECT, null=True, related_name="visits"
    )
    answers = models.JSONField(default=dict)
    needs_said = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    held = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=_values(VisitOutcome)),
                name="visit_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(held__in=["", *Held.values]),
                name="visit_held_for_a_known_reason",
            ),
        ]
        indexes: ClassVar = [
            # visits.selectors.facts and visits_of_home: the last of each home
            models.Index(
                fields=["community", "home", "visited_at"], name="visit_by_home"
            ),
            # visits.selectors.done: what was done of late
            models.Index(fields=["community", "visited_at"], name="visit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.visited_at:%Y-%m-%d}"


class VisitNeed(ScopedModel):
    """A need that was raised at a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="needs")
    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="visit")

    objects = AppendOnlyManager()

    def __str__(self) -> str:
        return f"{self.visit_id} {self.need_id}"


class VisitJudgement(ScopedModel):
    """A person has judged a visit that was held: it counts, or it is set aside."""

    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, related_name="judgement"
    )
    counts = models.BooleanField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="visit_judged_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.counts}"


class RiskSuggestion(ScopedModel):
    """Whoever visited thinks the risk level should change; a coordinator decides."""

    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, related_name="suggestion"
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    risk = models.CharField(max_length=10, choices=RiskLevel.choices)
    words = models.CharField(max_length=200, blank=True)
    accepted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(risk__in=RiskLevel.values),
                name="visit_suggestion_risk_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted__isnull=True, decided_at__isnull=True)
                | models.Q(
                    accepted__isnull=False,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="visit_suggestion_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(accepted=False) | ~models.Q(reason=""),
                name="visit_suggestion_declined_with_a_reason",
            ),
        ]
        indexes: ClassVar = [
            # visits.selectors.suggestions_open
            models.Index(
                fields=["community"],
                condition=models.Q(accepted__isnull=True),
                name="visit_suggestion_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} → {self.risk}"


class Chat(ScopedModel):
    """Somebody sat with her. Its contact sighting bears the same ``id``."""

    id = models.UUIDField(primary_key=True, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="chats")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="chats")
    words = models.CharField(max_length=300, blank=True)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [
            # visits.selectors.company: the last of each home
            models.Index(fields=["community", "home", "at"], name="chat_by_home"),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.at:%Y-%m-%d}"
