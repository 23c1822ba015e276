"""Who is who: communities, the people who work in them, and their machines."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.scoping import ScopedManager, ScopedModel


class Language(models.TextChoices):
    """Languages the program speaks."""

    ZH_HANS = "zh-hans", "简体中文"
    EN = "en", "English"


class Role(models.TextChoices):
    """What somebody may do in a community."""

    COORDINATOR = "coordinator", "Coordinator"
    DUTY_OFFICER = "duty_officer", "Duty officer"
    WALKER = "walker", "Walker"
    VOLUNTEER = "volunteer", "Volunteer"
    SUPERVISOR = "supervisor", "Supervisor"


class User(AbstractUser):
    """A login. The person it belongs to is a ``Member`` of each community."""

    first_name = None  # type: ignore[assignment]  # one name, as people write it
    last_name = None  # type: ignore[assignment]  # one name, as people write it
    display_name = models.CharField("name", max_length=80)
    language = models.CharField(
        "language", max_length=10, choices=Language.choices, blank=True
    )

    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name or self.username


class Community(models.Model):
    """A neighbourhood community that watches."""

    name = models.CharField("name", max_length=80)
    street = models.CharField("street", max_length=80, blank=True)
    district = models.CharField("district", max_length=80, blank=True)
    time_zone = models.CharField("time zone", max_length=64, default="Asia/Shanghai")
    desk_phone = models.CharField("phone of the desk", max_length=40, blank=True)
    created_at = models.DateTimeField()
    # Bumped in every transaction that changes what the board shows, so that an open
    # page asks one small number and not the whole board.
    board_revision = models.PositiveBigIntegerField(default=0)
    # Checks are made ahead up to and with this local date.
    checks_until_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["board_revision", "checks_until_on"])

    class Meta:
        verbose_name_plural = "communities"
        indexes: ClassVar = [
            # watch.selectors.communities_needing_checks
            models.Index(fields=["checks_until_on"], name="community_checks_until"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the community's time zone."""
        return ZoneInfo(self.time_zone)


class Member(ScopedModel):
    """A person of a community, with a login or without one."""

    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    display_name = models.CharField("name", max_length=80)
    phone = models.CharField("phone", max_length=40, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "user"],
                condition=models.Q(user__isnull=False),
                name="one_membership_per_login_and_community",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class MemberRole(ScopedModel):
    """One role of one member; people often have several."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "member", "role"], name="role_given_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"


class ApiToken(ScopedModel):
    """A key for a machine; only its SHA-256 is kept."""

    name = models.CharField("name", max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tokens")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    def __str__(self) -> str:
        return self.name
