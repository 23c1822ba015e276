"""Volunteers, their teams and skills, what is on file about them, and their hours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import Building, Home
from shouwang.domain.volunteers import MINUTES_MOST, Training


class TeamKind(models.TextChoices):
    """Where the people of a team come from."""

    RESIDENTS = "residents", "Party members and residents"
    RED_CROSS = "red_cross", "Red Cross"
    STUDENTS = "students", "Students"
    OWN = "own", "Own team"


class SignUpState(models.TextChoices):
    """What became of somebody who signed up."""

    NEW = "new", "Waiting"
    APPROVED = "approved", "Approved"
    JOINED = "joined", "Was here already"
    DECLINED = "declined", "Declined"


class HoursSource(models.TextChoices):
    """How hours came to be written down."""

    COORDINATOR = "coordinator", "Coordinator"
    SELF = "self", "The volunteer"
    TASK = "task", "From a task"


_SEASON_WHOLE = models.Q(season_from="", season_until="") | ~models.Q(
    season_from=""
) & ~models.Q(season_until="")


class SkillRow(ScopedModel):
    """A community's own skill; the built-in ones are in ``domain.volunteers``.

    One that has ended stays with the people who have it; nobody new is given it.
    """

    skill = models.SlugField("code", max_length=30)
    name = models.CharField("name", max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "skill"], name="volunteer_skill_once"
            ),
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="volunteer_skill_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(ScopedModel):
    """A team of volunteers.

    Its season (``MM-DD``, both ends inside, empty for all year) holds for everybody in
    it who has none of their own.
    """

    name = models.CharField("name", max_length=60)
    kind = models.CharField("kind", max_length=10, choices=TeamKind.choices)
    lead = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    season_from = models.CharField(max_length=5, blank=True)
    season_until = models.CharField(max_length=5, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="volunteer_team_name_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TeamKind.values),
                name="volunteer_team_kind_is_known",
            ),
            models.CheckConstraint(
                condition=_SEASON_WHOLE, name="volunteer_team_season_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Volunteer(ScopedModel):
    """What is known of somebody who volunteers, beyond who they are.

    ``skills`` are codes; ``times`` are ``{"weekday": 0, "from": "14:00", "to":
    "17:00"}``, local. Both are kept with the row, so that its history tells what was
    promised when. From ``forgotten_at`` on nothing says who they were. ``consent_on`` is when they agreed, on paper or by the sign-up page,
    that their data is kept; without it they are asked nothing.
    """

    member = models.OneToOneField(
        Member, on_delete=models.PROTECT, related_name="volunteer"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="volunteers"
    )
    skills = models.JSONField(default=list)
    times = models.JSONField(default=list)
    season_from = models.CharField(max_length=5, blank=True)
    season_until = models.CharField(max_length=5, blank=True)
    a_week = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField("note", max_length=300, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_paper = models.CharField("paper", max_length=120, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_SEASON_WHOLE, name="volunteer_season_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(a_week__isnull=True)
                | models.Q(a_week__gte=1, a_week__lte=50),
                name="volunteer_a_week_1_to_50",
            ),
            models.CheckConstraint(
                condition=models.Q(consent_paper="")
                | models.Q(consent_on__isnull=False),
                name="volunteer_paper_has_a_day",
            ),
        ]
        indexes: ClassVar = [
            # volunteers.selectors: the list
            models.Index(fields=["community", "left_on"], name="volunteer_here"),
        ]

    def __str__(self) -> str:
        return str(self.member)


class ServedBuilding(ScopedModel):
    """A volunteer goes to this building; who has no such row goes everywhere."""

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="buildings"
    )
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="+")

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["volunteer", "building"], name="volunteer_building_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} → {self.building_id}"


class KnownHome(ScopedModel):
    """A volunteer and somebody who lives in a home know each other."""

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="known_homes"
    )
    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="+")
    noted_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["volunteer", "home"], name="volunteer_knows_home_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} → {self.home_id}"


class Pausing(ScopedModel):
    """A volunteer cannot be asked from one day to another, both inside.

    Written once and taken back once, so that the rows are their own history.
    """

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="pauses"
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    why = models.CharField(max_length=120, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="volunteer_pause_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.from_on}"


class TrainingRow(ScopedModel):
    """A volunteer was taught something; ``valid_until`` is the last day it counts.

    Written once and taken back once, where it was noted by mistake.
    """

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="trainings"
    )
    what = models.CharField(max_length=20)
    words = models.CharField(max_length=80, blank=True)
    on = models.DateField()
    valid_until = models.DateField(null=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what__in=[row.value for row in Training]),
                name="volunteer_training_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("on")),
                name="volunteer_training_valid_after_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.what}"


class HoursRow(ScopedModel):
    """Time somebody gave, written once.

    A correction is a row that ``replaces`` another; of no minutes, it says that the
    time was not given at all. ``source_key`` names the task it came of, so that a task
    is counted once.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="hours")
    on = models.DateField()
    from_time = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=120)
    source = models.CharField(max_length=12, choices=HoursSource.choices)
    source_key = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "source_key"],
                condition=~models.Q(source_key=""),
                name="volunteer_hours_once_a_task",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=HoursSource.values),
                name="volunteer_hours_source_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__lte=MINUTES_MOST)
                & (models.Q(minutes__gte=1) | models.Q(replaces__isnull=False)),
                name="volunteer_hours_within_a_day",
            ),
        ]
        indexes: ClassVar = [
            # volunteers.selectors.hours: a month of everybody, and of one
            models.Index(fields=["community", "on"], name="volunteer_hours_by_day"),
            models.Index(
                fields=["community", "member", "on"], name="volunteer_hours_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.on} {self.minutes}"


class SignUpLink(ScopedModel):
    """A link a coordinator shares; by it people sign up until it is ended."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField("what it is for", max_length=60)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    def __str__(self) -> str:
        return self.name


class SignUp(ScopedModel):
    """Somebody who signed up, until a coordinator says what becomes of it.

    ``sender`` tells one address from another for a day. Of who was declined nothing
    stays but that somebody was.
    """

    link = models.ForeignKey(
        SignUpLink, on_delete=models.PROTECT, related_name="sign_ups"
    )
    name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, related_name="+"
    )
    skills = models.JSONField(default=list)
    times = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    consent_text = models.TextField(blank=True)
    sender = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=SignUpState.choices, default=SignUpState.NEW
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=SignUpState.values),
                name="volunteer_sign_up_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="new", settled_at__isnull=True)
                | ~models.Q(state="new") & models.Q(settled_at__isnull=False),
                name="volunteer_sign_up_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined")
                | models.Q(name="", phone="", note=""),
                name="volunteer_declined_is_forgotten",
            ),
        ]
        indexes: ClassVar = [
            # volunteers.services.sign_up_take: how many came of late
            models.Index(
                fields=["community", "received_at"], name="volunteer_sign_up_came"
            ),
            # volunteers.selectors.sign_ups_waiting
            models.Index(
                fields=["community", "received_at"],
                condition=models.Q(state="new"),
                name="volunteer_sign_up_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VolunteerUpload(ScopedModel):
    """A file of volunteers between its preview and the decision to bring it in."""

    id = models.UUIDField(primary_key=True, editable=False)
    filename = models.CharField(max_length=120)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    objects = ScopedManager()

    def __str__(self) -> str:
        return self.filename
