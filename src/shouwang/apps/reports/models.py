"""When a community reports to its group, and every report as it was."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.apps.outbox.models import ChannelSetup, OutboxMessage


class DigestTime(ScopedModel):
    """A local time at which the group report is written, every day.

    ``via`` is the group it is posted to; without one it waits to be forwarded by hand.
    ``next_at`` is when it is due next.
    """

    at = models.TimeField("at")
    via = models.ForeignKey(
        ChannelSetup, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    history = HistoricalRecords(excluded_fields=["next_at"])

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "at"],
                condition=models.Q(ended_at__isnull=True),
                name="digest_time_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(next_at__isnull=True),
                name="ended_digest_time_is_not_due",
            ),
        ]
        indexes: ClassVar = [
            # reports.services.digests_write_due, across communities
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="digest_time_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"


class Digest(ScopedModel):
    """A group report as it was at its time: the words, and the drawing.

    ``drawing`` is the SVG until it has become the PNG in ``picture``; a report without
    exceptions is one line and has neither. ``counts`` are the homes of each part.
    """

    due_at = models.DateTimeField()
    written_at = models.DateTimeField()
    text = models.TextField()
    counts = models.JSONField(default=dict)
    has_exceptions = models.BooleanField()
    drawing = models.TextField(blank=True)
    picture = models.FileField(upload_to="reports/%Y/%m/%d", blank=True)
    drawn_at = models.DateTimeField(null=True)
    via = models.ForeignKey(
        ChannelSetup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    messages = GenericRelation(
        OutboxMessage,
        content_type_field="subject_type",
        object_id_field="subject_id",
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["-due_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "due_at"], name="digest_written_once"
            ),
        ]
        indexes: ClassVar = [
            # reports.services.digests_draw_due, across communities
            models.Index(
                fields=["due_at"],
                condition=models.Q(drawn_at__isnull=True),
                name="digest_undrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.due_at}"
