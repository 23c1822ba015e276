"""Who is told how she is, their links, what they said there, and what they were told."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.residents.models import Absence, ContactPerson
from shouwang.apps.watch.models import Sighting
from shouwang.domain.family import Says, Tells


class Telling(ScopedModel):
    """When a contact person is told; without a row, never.

    ``at`` is a local time, ``weekday`` (0 is Monday) the day of a weekly word;
    ``since`` is when it was chosen so, ``next_at`` when it is to be looked at again.
    """

    contact = models.OneToOneField(
        ContactPerson, on_delete=models.PROTECT, related_name="telling"
    )
    tells = models.CharField(max_length=10)
    at = models.TimeField("at")
    weekday = models.PositiveSmallIntegerField(default=6)
    since = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    history = HistoricalRecords(excluded_fields=["next_at"])

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(tells__in=[row.value for row in Tells]),
                name="telling_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="telling_on_a_weekday"
            ),
            models.CheckConstraint(
                condition=~models.Q(tells="never") | models.Q(next_at__isnull=True),
                name="never_told_is_not_due",
            ),
        ]
        indexes: ClassVar = [
            # family.services.families_tell_due, across communities
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="telling_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.tells}"


class Slot(models.TextChoices):
    """On what occasion something was said."""

    DAY = "day", "of the day"
    WEEK = "week", "of the week"
    STANDING = "standing", "an alert stands"
    ENDED = "ended", "an alert ended"


class Word(ScopedModel):
    """One thing that was said to one person, on one occasion, once.

    ``taken_back_at``: it was no longer true when it was to be sent, and was not.
    """

    telling = models.ForeignKey(Telling, on_delete=models.PROTECT, related_name="words")
    slot = models.CharField(max_length=10, choices=Slot.choices)
    on = models.DateField()
    says = models.CharField(max_length=12)
    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, null=True, related_name="+"
    )
    said_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    messages = GenericRelation(
        OutboxMessage,
        content_type_field="subject_type",
        object_id_field="subject_id",
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["-said_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(slot__in=Slot.values), name="word_slot_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(says__in=[row.value for row in Says]),
                name="word_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(slot__in=["day", "week"], alert__isnull=True)
                | models.Q(slot__in=["standing", "ended"], alert__isnull=False),
                name="word_about_a_day_or_an_alert",
            ),
            models.UniqueConstraint(
                fields=["telling", "slot", "on"],
                condition=models.Q(alert__isnull=True, taken_back_at__isnull=True),
                name="word_of_a_day_once",
            ),
            models.UniqueConstraint(
                fields=["telling", "slot", "alert"],
                condition=models.Q(alert__isnull=False, taken_back_at__isnull=True),
                name="word_about_an_alert_once",
            ),
        ]
        indexes: ClassVar = [
            # family.selectors: the last words of a contact person
            models.Index(
                fields=["community", "telling", "said_at"], name="word_by_telling"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.telling_id} {self.on} {self.says}"


class FamilyLink(ScopedModel):
    """The private page of one contact person; only the SHA-256 of its code is kept."""

    contact = models.ForeignKey(
        ContactPerson, on_delete=models.PROTECT, related_name="family_links"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(ended_at__isnull=True),
                name="one_family_link_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.made_at}"


class FamilyAct(ScopedModel):
    """What somebody did on their private page, written once."""

    class Did(models.TextChoices):
        """What it was."""

        VOUCHED = "vouched", "vouched"
        TOOK_BACK = "took_back", "took a vouching back"
        ANNOUNCED = "announced", "announced an absence"
        IS_BACK = "is_back", "said that she is back"

    link = models.ForeignKey(FamilyLink, on_delete=models.PROTECT, related_name="acts")
    did = models.CharField(max_length=10, choices=Did.choices)
    at = models.DateTimeField()
    sighting = models.ForeignKey(
        Sighting, on_delete=models.PROTECT, null=True, related_name="+"
    )
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    did__in=["vouched", "took_back"],
                    sighting__isnull=False,
                    absence__isnull=True,
                )
                | models.Q(
                    did__in=["announced", "is_back"],
                    sighting__isnull=True,
                    absence__isnull=False,
                ),
                name="family_act_with_what_it_made",
            ),
            models.UniqueConstraint(
                fields=["sighting", "did"],
                condition=models.Q(sighting__isnull=False),
                name="family_act_on_a_sighting_once",
            ),
            models.UniqueConstraint(
                fields=["absence", "did"],
                condition=models.Q(absence__isnull=False),
                name="family_act_on_an_absence_once",
            ),
        ]
        indexes: ClassVar = [
            # family.services.acting: how much a link did of late
            models.Index(fields=["community", "link", "at"], name="family_act_by_link"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.did}"
