"""Who looked at what of a home, and the clock that runs once she has left.

Everything above may write here, the residents too, so this app stands below them; that
is why homes and residents are named by their label and not imported.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.apps.communities.models import ApiToken, Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)

DAYS_KEPT = 180
DAYS_LEAST, DAYS_MOST = 30, 3650


class What(models.TextChoices):
    """What somebody looked at."""

    PAGE = "page", "the page"
    CONTACT = "contact", "contact data"
    PHOTO = "photo", "a photo"
    EXPORT = "export", "a file with everything"


class Place(models.TextChoices):
    """From where somebody looked."""

    HOME = "home", "the home's page"
    ALERT = "alert", "an alert"
    NEED = "need", "a need"
    PHOTO = "photo", "a photo"
    ROSTER = "roster", "the roster"
    NEEDS = "needs", "the needs"
    API = "api", "another program"


class Access(ScopedModel):
    """Somebody looked at something of a home, written once.

    ``home`` is empty where it was of every home of the community: an export. ``of`` is
    whose contact data it was (``home``, ``resident:5``, ``contact:7``). ``key`` makes
    several looks at the same thing within an hour one row; contact data is never
    bundled.
    """

    home = models.ForeignKey(
        "residents.Home", on_delete=models.PROTECT, null=True, related_name="accesses"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    token = models.ForeignKey(
        ApiToken, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what = models.CharField(max_length=10, choices=What.choices)
    of = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=10, choices=Place.choices)
    place_id = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=160)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "key"], name="access_noted_once"
            ),
            models.CheckConstraint(
                condition=models.Q(what__in=What.values), name="access_what_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(place__in=Place.values),
                name="access_place_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(what="contact") | models.Q(of__gt=""),
                name="access_says_whose_contact",
            ),
        ]
        indexes: ClassVar = [
            # privacy.selectors.accesses_of_home: who looked, the newest first
            models.Index(fields=["community", "home", "at"], name="access_by_home"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.what} {self.home_id}"


class Why(models.TextChoices):
    """Why somebody is no longer watched over."""

    LEFT = "left", "wants no watch any more"
    MOVED = "moved", "moved away"
    CARED = "cared", "lives in a care home"
    DIED = "died", "died"
    OTHER = "other", "other"


class RetentionRule(ScopedModel):
    """How many days a community keeps who somebody was; without a row, ``DAYS_KEPT``."""

    days = models.PositiveSmallIntegerField(default=DAYS_KEPT)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community"], name="one_retention_rule_a_community"
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=DAYS_LEAST, days__lte=DAYS_MOST),
                name="retention_days_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days}"


class Leaving(ScopedModel):
    """A home, or one resident of it, left; at ``forget_at`` its history loses its names.

    ``forget_at`` is empty while somebody holds the clock. ``done`` names the parts that
    are forgotten already, so that an interrupted pass goes on where it was.
    """

    home = models.ForeignKey(
        "residents.Home", on_delete=models.PROTECT, related_name="leavings"
    )
    resident = models.ForeignKey(
        "residents.Resident", on_delete=models.PROTECT, null=True, related_name="+"
    )
    why = models.CharField(max_length=10, choices=Why.choices)
    left_at = models.DateTimeField()
    forget_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    done = models.JSONField(default=list)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(why__in=Why.values), name="leaving_why_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True)
                | models.Q(ended_at__isnull=True),
                name="leaving_ended_or_forgotten",
            ),
            models.UniqueConstraint(
                fields=["home"],
                condition=models.Q(
                    resident__isnull=True,
                    ended_at__isnull=True,
                    forgotten_at__isnull=True,
                ),
                name="leaving_of_a_home_once",
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=models.Q(
                    resident__isnull=False,
                    ended_at__isnull=True,
                    forgotten_at__isnull=True,
                ),
                name="leaving_of_a_resident_once",
            ),
        ]
        indexes: ClassVar = [
            # privacy.services.leavings_forget_due, across communities
            models.Index(
                fields=["forget_at"],
                condition=models.Q(ended_at__isnull=True, forgotten_at__isnull=True),
                name="leaving_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_id} {self.why}"


class LeavingDid(models.TextChoices):
    """What happened to the clock of somebody who left."""

    BEGAN = "began", "began"
    PUT_OFF = "put_off", "put off"
    HELD = "held", "held"
    LET_GO = "let_go", "let go on"
    RETURNED = "returned", "came back"
    FORGOT = "forgot", "forgotten"


class LeavingMove(ScopedModel):
    """One thing that happened to such a clock, written once; by nobody, the clock did."""

    leaving = models.ForeignKey(Leaving, on_delete=models.PROTECT, related_name="moves")
    did = models.CharField(max_length=10, choices=LeavingDid.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    forget_at = models.DateTimeField(null=True)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(did__in=LeavingDid.values),
                name="leaving_move_is_known",
            ),
            # Whoever keeps names longer than the rule says why.
            models.CheckConstraint(
                condition=~models.Q(did__in=["put_off", "held"])
                | models.Q(reason__gt=""),
                name="leaving_kept_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaving_id} {self.did}"
