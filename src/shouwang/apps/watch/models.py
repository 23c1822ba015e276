"""What is due, what was seen, and how the status of each check came about."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import Agreement, Home
from shouwang.domain.facts import CouldNotSee, Source
from shouwang.domain.marks import SIDE_LEAST, Box
from shouwang.domain.status import Status, Strength

STATUS_VALUES = [status.value for status in Status]


class Check(ScopedModel):
    """One expectation on one local date, with the terms it began with.

    ``next_at`` is the next instant at which time alone may change the status; the
    runner finds due checks by it. It is empty once the check is decided or stopped.
    """

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="checks")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="checks"
    )
    series = models.UUIDField()
    label = models.CharField(max_length=40)
    on = models.DateField()
    signal = models.CharField(max_length=30)
    well = models.JSONField()
    require_change = models.BooleanField()
    day_starts_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    alert_at = models.DateTimeField()
    change_from_at = models.DateTimeField()
    unchanged_until_at = models.DateTimeField()
    state_until_at = models.DateTimeField()
    contact_until_at = models.DateTimeField()
    help_until_at = models.DateTimeField()
    status = models.CharField(max_length=12, default=Status.SCHEDULED.value)
    strength = models.CharField(max_length=10, blank=True)
    reasons = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    trouble_count = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "label", "on"], name="check_made_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=STATUS_VALUES),
                name="check_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(strength="")
                | models.Q(strength__in=[strength.value for strength in Strength]),
                name="check_strength_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gte=models.F("opens_at"))
                & models.Q(alert_at__gte=models.F("due_at")),
                name="check_opens_then_due_then_alert",
            ),
        ]
        indexes: ClassVar = [
            # watch.services.checks_decide_due: what is due, across communities
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="check_due",
            ),
            # the board of a day, and a home's days
            models.Index(fields=["community", "on", "home"], name="check_by_day"),
            # the checks that a sighting may touch
            models.Index(
                fields=["community", "home", "opens_at"], name="check_by_home"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.label} {self.on}"


class Photo(ScopedModel):
    """A picture, decoded and encoded again by us, without metadata."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to="photos/%Y/%m/%d")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    standpoint = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()

    objects = ScopedManager()

    def __str__(self) -> str:
        return str(self.id)


class PhotoHome(ScopedModel):
    """A home whose window may be on a photo; one photo often shows a whole standpoint."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="homes")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="photos")

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["photo", "home"], name="home_once_on_a_photo"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.home_id}"


class Marking(ScopedModel):
    """Somebody said where the agreed windows are on a photo; the newest one counts."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="markings")
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [
            # watch.selectors.markings_of: the newest of each photo
            models.Index(fields=["community", "photo", "id"], name="marking_by_photo"),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.marked_at}"


class WindowMark(ScopedModel):
    """Where the window of a home is, in shares (0..1) of the photo's sides."""

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="marks")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    x = models.FloatField()
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["marking", "home"], name="window_marked_once"
            ),
            models.CheckConstraint(
                # A little over one: shares are sums of rounded hundredths.
                condition=models.Q(
                    x__gte=0,
                    y__gte=0,
                    width__gte=SIDE_LEAST,
                    height__gte=SIDE_LEAST,
                    x__lte=1.000001 - models.F("width"),
                    y__lte=1.000001 - models.F("height"),
                ),
                name="window_mark_lies_inside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marking_id} {self.home_id}"

    @property
    def box(self) -> Box:
        """Return the mark as the rules read it."""
        return Box(x=self.x, y=self.y, width=self.width, height=self.height)


class Sighting(ScopedModel):
    """One look or contact, written once.

    ``seen_at`` is the recorder's time, corrected by the clock offset measured at
    sync, never after ``received_at``; ``claimed_at`` is what the recorder's clock
    said. ``digest`` tells the same id with other content apart.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="sightings")
    signal = models.CharField(max_length=30)
    state = models.CharField(max_length=30, blank=True)
    could_not_see = models.CharField(max_length=10, blank=True)
    how = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    clock_offset = models.DurationField(null=True)
    clock_flagged = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    source = models.CharField(max_length=20)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_words = models.CharField(max_length=80, blank=True)
    # Who typed it in from a paper sheet; ``by`` is who saw it.
    typed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    standpoint = models.CharField(max_length=80, blank=True)
    photo = models.ForeignKey(
        Photo, on_delete=models.PROTECT, null=True, related_name="sightings"
    )
    confidence = models.FloatField(null=True)
    note = models.CharField(max_length=500, blank=True)
    replaces = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="", could_not_see__gt="")
                | models.Q(state__gt="", could_not_see=""),
                name="state_or_could_not_see",
            ),
            models.CheckConstraint(
                condition=models.Q(could_not_see="")
                | models.Q(could_not_see__in=[row.value for row in CouldNotSee]),
                name="could_not_see_reason_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=[row.value for row in Source]),
                name="sighting_source_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(seen_at__lte=models.F("received_at")),
                name="seen_before_received",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__isnull=True)
                | models.Q(confidence__gte=0, confidence__lte=1),
                name="confidence_is_a_share",
            ),
        ]
        indexes: ClassVar = [
            # facts of a home, newest first
            models.Index(
                fields=["community", "home", "seen_at"], name="sighting_by_home"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.signal} {self.state or self.could_not_see}"


class HelpAnswer(ScopedModel):
    """A cry for help was answered: its alert was closed with an outcome."""

    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, related_name="help_answers"
    )
    answered_at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["community", "home", "answered_at"], name="answer_by_home"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.answered_at}"


class StatusChange(ScopedModel):
    """A check went from one status to another.

    ``changed_at`` is when it happened (a deadline, or when it was seen);
    ``recorded_at`` is when the program knew.
    """

    check_row = models.ForeignKey(
        Check, on_delete=models.PROTECT, related_name="changes"
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    from_status = models.CharField(max_length=12)
    to_status = models.CharField(max_length=12)
    strength = models.CharField(max_length=10, blank=True)
    reasons = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(from_status__in=STATUS_VALUES)
                & models.Q(to_status__in=STATUS_VALUES),
                name="change_statuses_are_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community", "home", "changed_at"], name="change_by_home"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_row_id}: {self.from_status} → {self.to_status}"


class Heartbeat(models.Model):
    """The last moment at which the auditor found everything decided in time."""

    name = models.CharField(primary_key=True, max_length=20)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at}"


class Trouble(models.Model):
    """Something the runner could not do and pushed back; shown until it is over."""

    community = models.ForeignKey(
        Community, on_delete=models.CASCADE, related_name="troubles"
    )
    home = models.ForeignKey(Home, on_delete=models.CASCADE, null=True)
    what = models.CharField("what", max_length=40)
    detail = models.CharField(max_length=300)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "home", "what"],
                condition=models.Q(over_at__isnull=True),
                name="one_standing_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.detail}"
