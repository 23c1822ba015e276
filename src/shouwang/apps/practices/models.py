"""Practices that a community has saved or been given, and what was made of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)


class PracticeRow(ScopedModel):
    """A practice as its file; ``digest`` (SHA-256) keeps the same file from coming twice."""

    name = models.CharField("name", max_length=80)
    source = models.CharField("source", max_length=80, blank=True)
    file = models.TextField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "digest"],
                condition=models.Q(ended_at__isnull=True),
                name="practice_kept_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PracticeUse(ScopedModel):
    """A practice was taken over, written once; ``file`` is it as it was then.

    ``built_in`` names one that comes with the program; ``signal`` is the code that its
    kind of signal has here; ``made`` says in words what was added.
    """

    built_in = models.CharField(max_length=30, blank=True)
    practice = models.ForeignKey(
        PracticeRow, on_delete=models.PROTECT, null=True, related_name="uses"
    )
    file = models.TextField()
    signal = models.CharField(max_length=30)
    made = models.JSONField(default=list)
    used_at = models.DateTimeField()
    used_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(built_in__gt="", practice__isnull=True)
                | models.Q(built_in="", practice__isnull=False),
                name="practice_use_of_exactly_one",
            ),
        ]
        indexes: ClassVar = [
            # practices.selectors.uses_of: what is used here, the newest first
            models.Index(fields=["community", "used_at"], name="practice_use_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.built_in or self.practice_id}"
