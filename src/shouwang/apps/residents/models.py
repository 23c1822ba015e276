"""Homes, the people in and around them, and what was agreed with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel

EVERY_DAY_MASK = 0b1111111


class RiskLevel(models.TextChoices):
    """How soon a home must be cared for."""

    HIGH = "high", "high risk"
    KEY = "key", "key care"
    GENERAL = "general", "general"


class Building(ScopedModel):
    """A building as it is seen from downstairs.

    ``units`` lists the entrances from left to right, each
    ``{"label": "1", "columns": 2}``.
    """

    label = models.CharField("building", max_length=20)
    floors = models.PositiveSmallIntegerField("floors", default=6)
    units = models.JSONField("units", default=list)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "label"], name="building_label_once"
            ),
            models.CheckConstraint(
                condition=models.Q(floors__gte=1, floors__lte=120),
                name="building_has_1_to_120_floors",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Home(ScopedModel):
    """A flat in which somebody is watched over.

    ``unit``, ``floor`` and ``column`` say where its window is on the facade; they are
    empty where the address does not tell.
    """

    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="homes"
    )
    address = models.CharField("address", max_length=40)
    unit = models.CharField("unit", max_length=20, blank=True)
    floor = models.SmallIntegerField("floor", null=True, blank=True)
    column = models.PositiveSmallIntegerField(
        "window from the left", null=True, blank=True
    )
    shown_name = models.CharField("name shown to walkers", max_length=40, blank=True)
    risk = models.CharField(
        "risk", max_length=10, choices=RiskLevel.choices, default=RiskLevel.GENERAL
    )
    phone = models.CharField("phone", max_length=40, blank=True)
    at_the_door = models.TextField(
        "good to know at the door",
        blank=True,
        help_text="Hard of hearing, a dog, a lift that does not go there …",
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "address"], name="home_address_once"
            ),
            models.CheckConstraint(
                condition=models.Q(risk__in=RiskLevel.values), name="home_risk_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "building"], name="home_by_building"),
        ]

    def __str__(self) -> str:
        return self.address


class RiskKind(models.TextChoices):
    """What whoever goes to the door must know."""

    HARD_OF_HEARING = "hard_of_hearing", "hard of hearing"
    OVERSLEEPS = "oversleeps", "often sleeps long"
    SEES_BADLY = "sees_badly", "sees badly"
    WALKS_BADLY = "walks_badly", "slow to the door"
    FALLS = "falls", "has fallen before"
    HEART = "heart", "heart"
    FORGETFUL = "forgetful", "forgetful"
    DOG = "dog", "dog"
    NO_LIFT = "no_lift", "no lift"
    KEY_WITH = "key_with", "the key is with"
    OTHER = "other", "other"


class KnownRisk(ScopedModel):
    """One thing that whoever goes to the door of a home must know.

    A row is written once and ended once, so that the rows are their own history.
    """

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="known_risks")
    kind = models.CharField(max_length=20, choices=RiskKind.choices)
    words = models.CharField(max_length=120, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RiskKind.values),
                name="known_risk_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["key_with", "other"])
                | models.Q(words__gt=""),
                name="known_risk_says_what",
            ),
            # Also what a home's pages read: the risks that stand.
            models.UniqueConstraint(
                fields=["home", "kind", "words"],
                condition=models.Q(ended_at__isnull=True),
                name="known_risk_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.words}".strip()


class Resident(ScopedModel):
    """An older person who lives there."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="residents")
    name = models.CharField("name", max_length=80)
    called = models.CharField(
        "called", max_length=40, blank=True, help_text="As neighbours say it."
    )
    birth_year = models.PositiveSmallIntegerField("birth year", null=True, blank=True)
    phone = models.CharField("phone", max_length=40, blank=True)
    note = models.TextField("note", blank=True)
    moved_out_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(birth_year__isnull=True)
                | models.Q(birth_year__gte=1890, birth_year__lte=2100),
                name="resident_birth_year_is_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.called or self.name


class ContactPerson(ScopedModel):
    """Somebody who can be reached about a home."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField("name", max_length=80)
    relation = models.CharField("relation", max_length=40, blank=True)
    phone = models.CharField("phone", max_length=40, blank=True)
    is_family = models.BooleanField("family", default=False)
    is_keyholder = models.BooleanField("has a key", default=False)
    position = models.PositiveSmallIntegerField("order of calling", default=1)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class SignalKindRow(ScopedModel):
    """A community's own kind of signal; the built-in ones are in ``domain.signals``.

    ``states`` is a list of ``{"state": "out", "meaning": "well", "name": "挂出"}``.
    """

    kind = models.SlugField("code", max_length=30)
    name = models.CharField("name", max_length=40)
    states = models.JSONField("states", default=list)
    photo_confidence = models.FloatField(default=0.95)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "kind"], name="signal_kind_once"
            ),
            models.CheckConstraint(
                condition=models.Q(photo_confidence__gte=0, photo_confidence__lte=1),
                name="photo_confidence_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Consent(ScopedModel):
    """Who agreed to the watch, when, and on what paper."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="consents")
    agreed_by = models.CharField("who agreed", max_length=80)
    relation = models.CharField(
        "who that is",
        max_length=40,
        blank=True,
        help_text="Empty for the resident; otherwise daughter, guardian …",
    )
    agreed_on = models.DateField("agreed on")
    paper = models.CharField(
        "paper",
        max_length=120,
        help_text="Number or place of the signed paper.",
    )
    recorded_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    objects = ScopedManager()

    def __str__(self) -> str:
        return f"{self.agreed_by} {self.agreed_on:%Y-%m-%d}"


class Agreement(ScopedModel):
    """One version of what was agreed with a home about one signal.

    All versions of one agreement share ``series``. A version is never edited: a
    change closes it (``valid_to``) and begins the next.
    """

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="agreements")
    series = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    signal = models.CharField("signal", max_length=30)
    require_change = models.BooleanField("a change must be seen", default=False)
    seen_from = models.CharField("seen from", max_length=120, blank=True)
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, related_name="agreements"
    )
    valid_from = models.DateField("valid from")
    valid_to = models.DateField("valid to", null=True, blank=True)
    review_on = models.DateField("review on", null=True, blank=True)
    made_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "series", "version"], name="agreement_version_once"
            ),
            models.UniqueConstraint(
                fields=["community", "series"],
                condition=models.Q(ended_at__isnull=True),
                name="one_running_version_per_agreement",
            ),
        ]
        indexes: ClassVar = [
            # watch.services.checks_make: what runs and needs checks made ahead
            models.Index(
                fields=["community", "home"],
                condition=models.Q(ended_at__isnull=True),
                name="agreement_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home}: {self.signal}"


class Expectation(ScopedModel):
    """One agreed window of an agreement; local times, days as a bit mask from Monday."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="expectations"
    )
    label = models.CharField("label", max_length=40)
    opens = models.TimeField("from")
    due = models.TimeField("to")
    grace_minutes = models.PositiveSmallIntegerField("grace minutes", default=10)
    days = models.PositiveSmallIntegerField("days", default=EVERY_DAY_MASK)
    well = models.JSONField("means well", default=list)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["opens", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "label"], name="expectation_label_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(opens=models.F("due")), name="window_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=EVERY_DAY_MASK),
                name="expectation_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.opens:%H:%M}–{self.due:%H:%M}"


class AbsenceReason(models.TextChoices):
    """Why a home is empty."""

    HOSPITAL = "hospital", "in hospital"
    FAMILY = "family", "with family"
    TRAVEL = "travel", "travelling"
    OTHER = "other", "other"


class Absence(ScopedModel):
    """A home is empty from ``from_at`` (inside) to ``until_at`` (outside).

    ``until_at`` is empty while nobody knows the end; then ``review_on`` says when to
    ask. An absence that changes is withdrawn and recorded anew.
    """

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="absences")
    from_at = models.DateTimeField("from")
    until_at = models.DateTimeField("until", null=True, blank=True)
    review_on = models.DateField("ask again on", null=True, blank=True)
    # When somebody must ask whether she is back, and when that was seen to.
    ask_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("reason", max_length=20, choices=AbsenceReason.choices)
    said_by = models.CharField("who said so", max_length=80)
    note = models.CharField("note", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True)
                | models.Q(until_at__gt=models.F("from_at")),
                name="absence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=False)
                | models.Q(review_on__isnull=False),
                name="open_absence_has_a_review_date",
            ),
        ]
        indexes: ClassVar = [
            # alerts.returning.returns_ask_due, across communities
            models.Index(
                fields=["ask_at"],
                condition=models.Q(asked_at__isnull=True, withdrawn_at__isnull=True),
                name="absence_to_ask",
            ),
            models.Index(
                fields=["community", "home"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="absence_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home}: {self.reason}"


class RosterUpload(ScopedModel):
    """A roster between its preview and the decision to bring it in."""

    id = models.UUIDField(primary_key=True, editable=False)
    filename = models.CharField(max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    objects = ScopedManager()

    def __str__(self) -> str:
        return self.filename
