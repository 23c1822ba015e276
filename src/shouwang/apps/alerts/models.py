"""Alerts, the ladder each was opened with, and what was done."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.residents.models import ContactPerson, Home
from shouwang.apps.rounds.models import Round
from shouwang.apps.watch.models import Check
from shouwang.domain.alerts import AlertKind, Outcome
from shouwang.domain.ladder import AlertState, Did


def _values(words: type[AlertKind | AlertState | Did | Outcome]) -> list[str]:
    return [word.value for word in words]


class Via(models.TextChoices):
    """How somebody said it; by the link that a group reads, they only say who they are."""

    OWN = "", "as themselves"
    GROUP_LINK = "group_link", "by the link of a group"


class EscalationPolicy(ScopedModel):
    """A community's own ladder; the built-in ones are in ``domain.ladder``.

    ``steps`` is a list of ``{"tell": ["duty_officer"], "ask": "phone", "wait": 10,
    "channels": []}``, waits in minutes.
    """

    name = models.CharField("name", max_length=60)
    kinds = models.JSONField("kinds of alert", default=list)
    risks = models.JSONField("risk levels", default=list)
    hours_from = models.TimeField(null=True, blank=True)
    hours_to = models.TimeField(null=True, blank=True)
    steps = models.JSONField("steps", default=list)
    position = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(hours_from__isnull=True, hours_to__isnull=True)
                | models.Q(hours_from__isnull=False, hours_to__isnull=False),
                name="policy_hours_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alert(ScopedModel):
    """Something that does not rest until a person has seen to it.

    ``opened_at`` is when its deadline passed, ``noticed_at`` when the program knew.
    ``steps`` is the ladder it was opened with; later edits do not reach it.
    ``next_at`` is when it moves by itself.
    """

    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, related_name="alerts"
    )
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, related_name="alerts"
    )
    on = models.DateField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default=AlertState.OPEN.value)
    opened_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    policy_name = models.CharField(max_length=60)
    steps = models.JSONField()
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=30, blank=True)
    verified = models.CharField(max_length=20, blank=True)
    override = models.CharField(max_length=200, blank=True)
    retracted_at = models.DateTimeField(null=True)
    # A missed round holds back the alerts of its homes until here.
    released_at = models.DateTimeField(null=True)
    messages = GenericRelation(
        OutboxMessage,
        content_type_field="subject_type",
        object_id_field="subject_id",
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "home"],
                condition=~models.Q(state="closed") & models.Q(home__isnull=False),
                name="one_open_alert_a_home",
            ),
            models.UniqueConstraint(
                fields=["community", "round", "on"],
                condition=models.Q(round__isnull=False),
                name="one_alert_a_round_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_values(AlertState)),
                name="alert_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=_values(AlertKind)),
                name="alert_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                & models.Q(outcome__in=_values(Outcome))
                | ~models.Q(state="closed")
                & models.Q(closed_at__isnull=True, outcome=""),
                name="alert_closes_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(home__isnull=True) | models.Q(round__isnull=True),
                name="alert_of_a_home_or_a_round",
            ),
        ]
        indexes: ClassVar = [
            # alerts.services.ladders_advance_due, across communities
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="alert_due",
            ),
            # alerts.missed_rounds.held_back_open_due, across communities
            models.Index(
                fields=["opened_at"],
                condition=models.Q(kind="round_missed", released_at__isnull=True),
                name="alert_held_back",
            ),
            # the board's urgent list
            models.Index(
                fields=["community", "opened_at"],
                condition=~models.Q(state="closed"),
                name="alert_open",
            ),
            models.Index(
                fields=["community", "home", "opened_at"], name="alert_by_home"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.home_id or self.round_id}"


class AlertCheck(ScopedModel):
    """A check that joined an alert as evidence."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="evidence")
    check_row = models.ForeignKey(
        Check, on_delete=models.PROTECT, related_name="alerts"
    )
    kind = models.CharField(max_length=20)
    joined_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "check_row"], name="check_joins_an_alert_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.check_row_id}"


class AlertEvent(ScopedModel):
    """One thing that happened to an alert, written once."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    did = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_contact = models.ForeignKey(
        ContactPerson, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    via = models.CharField(
        max_length=10, blank=True, default=Via.OWN, db_default=Via.OWN
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(did__in=_values(Did)), name="alert_event_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(by__isnull=True) | models.Q(by_contact__isnull=True),
                name="alert_event_by_at_most_one",
            ),
            models.CheckConstraint(
                condition=models.Q(via__in=Via.values), name="alert_event_via_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "alert", "at"], name="event_by_alert"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.did}"

    @property
    def actor(self) -> Member | ContactPerson | None:
        """Return who did it; nobody where the clock or the evidence did."""
        return self.by or self.by_contact


class Commitment(ScopedModel):
    """Somebody is going, until when: a member, or a contact person of the home."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="commitments"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    contact = models.ForeignKey(
        ContactPerson, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    via = models.CharField(
        max_length=10, blank=True, default=Via.OWN, db_default=Via.OWN
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, contact__isnull=True)
                | models.Q(member__isnull=True, contact__isnull=False),
                name="commitment_of_exactly_one",
            ),
            models.CheckConstraint(
                condition=models.Q(via__in=Via.values), name="commitment_via_is_known"
            ),
            models.UniqueConstraint(
                fields=["alert", "member"],
                condition=models.Q(ended_at__isnull=True, member__isnull=False),
                name="one_running_commitment_each",
            ),
            models.UniqueConstraint(
                fields=["alert", "contact"],
                condition=models.Q(ended_at__isnull=True, contact__isnull=False),
                name="one_running_commitment_each_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id or self.contact_id} → {self.alert_id}"

    @property
    def actor(self) -> Member | ContactPerson:
        """Return who is going."""
        actor = self.member or self.contact
        if actor is None:
            message = f"Commitment {self.pk} belongs to nobody."
            raise ValueError(message)
        return actor
