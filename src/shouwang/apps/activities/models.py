"""Activities: what is on, who is invited, who brings whom, and who came."""

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
from shouwang.apps.residents.models import EVERY_DAY_MASK, Home, Resident
from shouwang.apps.watch.models import Photo
from shouwang.domain.activities import NTHS, Attended, Reply, Rhythm


class Told(ScopedModel):
    """What is said of an activity, and of each that a series makes."""

    what = models.CharField("what", max_length=80)
    place = models.CharField("where", max_length=80)
    words = models.CharField("in words", max_length=500, blank=True)
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    leader = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        abstract = True


class Series(Told):
    """An activity that comes back; each time it is held is an ``Activity`` of its own.

    ``days`` is a bit mask from Monday, 0 where the first day says it; ``nth`` is which
    weekday of the month, -1 the last. Its rhythm never changes: another rhythm is
    another series.
    """

    begins = models.TimeField("from")
    ends = models.TimeField("to")
    rhythm = models.CharField("comes back", max_length=16)
    first_on = models.DateField("first day")
    until_on = models.DateField("last day")
    days = models.PositiveSmallIntegerField("days", default=0)
    nth = models.SmallIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        verbose_name_plural = "series"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(rhythm__in=[row.value for row in Rhythm]),
                name="activity_rhythm_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("first_on")),
                name="activity_series_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(days__lte=EVERY_DAY_MASK),
                name="activity_series_days_are_days",
            ),
            models.CheckConstraint(
                condition=models.Q(nth__isnull=True) | models.Q(nth__in=NTHS),
                name="activity_series_nth_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Activity(Told):
    """Something to go to, once.

    ``planned_on`` is the day its series gave it; ``is_apart`` says that it was changed
    by itself, so that a change of the series leaves it as it is. ``changed_at`` is when
    anything about it was changed last, its cancelling too. ``eve_at`` is when whoever
    brings somebody is to be reminded; empty once they were.
    """

    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, related_name="activities"
    )
    planned_on = models.DateField(null=True)
    is_apart = models.BooleanField(default=False)
    begins_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("to")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    eve_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled_why = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords(excluded_fields=["eve_at"])

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        verbose_name_plural = "activities"
        ordering: ClassVar = ["begins_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")),
                name="activity_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(places__isnull=True) | models.Q(places__gte=1),
                name="activity_has_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(series__isnull=True, planned_on__isnull=True)
                | models.Q(series__isnull=False, planned_on__isnull=False),
                name="activity_of_a_series_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["series", "planned_on"], name="activity_of_a_series_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=False)
                | models.Q(cancelled_why=""),
                name="activity_why_only_if_cancelled",
            ),
        ]
        indexes: ClassVar = [
            # activities.selectors.activities_between
            models.Index(fields=["community", "begins_at"], name="activity_by_time"),
            # activities.telling.eves_tell_due, across communities
            models.Index(
                fields=["eve_at"],
                condition=models.Q(eve_at__isnull=False),
                name="activity_eve_due",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Guest(ScopedModel):
    """Somebody of a home who is invited, or who came by without.

    ``resident`` is empty where nobody is written down by name. ``invited_at`` is empty
    for who just came. ``seen_at`` is when somebody saw her there, ``sighting`` the proof
    of it; both are empty where it was not to count. ``ended_at``: taken off the list.
    """

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="guests"
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reply = models.CharField(max_length=3, blank=True)
    replied_at = models.DateTimeField(null=True)
    brought_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attended = models.CharField(max_length=8, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True)
    sighting = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity", "resident"],
                condition=models.Q(resident__isnull=False, ended_at__isnull=True),
                name="activity_guest_once",
            ),
            models.UniqueConstraint(
                fields=["activity", "home"],
                condition=models.Q(resident__isnull=True, ended_at__isnull=True),
                name="activity_guest_without_a_name_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reply__in=[row.value for row in Reply]),
                name="activity_reply_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(reply="") | models.Q(replied_at__isnull=False),
                name="activity_reply_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(attended__in=[row.value for row in Attended]),
                name="activity_attendance_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(sighting__isnull=True)
                | models.Q(attended=Attended.CAME.value, seen_at__isnull=False),
                name="activity_seen_only_who_came",
            ),
        ]
        indexes: ClassVar = [
            # activities.selectors.last_out_of_homes, activities_of_home
            models.Index(
                fields=["community", "home"],
                condition=models.Q(ended_at__isnull=True),
                name="activity_guest_by_home",
            ),
            # activities.selectors.activities_with: whom somebody brings
            models.Index(
                fields=["brought_by"],
                condition=models.Q(brought_by__isnull=False, ended_at__isnull=True),
                name="activity_guest_brought",
            ),
        ]

    def __str__(self) -> str:
        return str(self.resident or self.home.shown_name or self.home)


class Helper(ScopedModel):
    """Somebody who helps at an activity; ``minutes`` once it is known how long."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="helpers"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity", "member"],
                condition=models.Q(ended_at__isnull=True),
                name="activity_helper_once",
            ),
        ]
        indexes: ClassVar = [
            # activities.selectors.activities_with: where somebody helps
            models.Index(
                fields=["member"],
                condition=models.Q(ended_at__isnull=True),
                name="activity_helper_by_member",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class Says(models.TextChoices):
    """On what occasion somebody who brings or helps is told."""

    CANCELLED = "cancelled", "cancelled"
    MOVED = "moved", "moved"
    EVE = "eve", "the evening before"


class ActivityWord(ScopedModel):
    """Somebody was told something about an activity, once; ``on`` is its local day."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="told"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=10, choices=Says.choices)
    on = models.DateField()
    said_at = models.DateTimeField()
    messages = GenericRelation(
        OutboxMessage,
        content_type_field="subject_type",
        object_id_field="subject_id",
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(says__in=Says.values),
                name="activity_word_is_known",
            ),
            models.UniqueConstraint(
                fields=["activity", "member", "on"],
                condition=models.Q(says=Says.EVE.value),
                name="activity_eve_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.says} → {self.member_id}"


class ActivityPhoto(ScopedModel):
    """A photo of an activity; ``agreed`` says who is on it and that they are content.

    ``ended_at``: taken down, shown to nobody any more.
    """

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="photos"
    )
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="+")
    agreed = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity", "photo"], name="activity_photo_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(agreed=""), name="activity_photo_was_agreed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.photo_id}"
