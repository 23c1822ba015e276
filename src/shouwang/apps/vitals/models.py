"""What was late on a day, as its coordinator was told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.apps.communities.scoping import ScopedManager, ScopedModel


class LatenessLine(ScopedModel):
    """One look back at one local day; ``counts`` is empty where nothing was late."""

    on = models.DateField()
    counts = models.JSONField(default=dict)
    written_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "on"], name="lateness_line_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.on}"
