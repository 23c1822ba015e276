"""How a community tells people, what is to be told, and every try to tell it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import ContactPerson, Home


class ChannelSetup(ScopedModel):
    """One robot, account or address through which a community tells people.

    ``settings`` are what anybody at the desk may read; ``sealed`` holds the secrets,
    encrypted, which nobody sees again. ``levels`` are its token buckets; it takes
    nothing before ``blocked_until``. ``trouble_since`` is empty while it works.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField("name", max_length=60)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    is_on = models.BooleanField("in use", default=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    levels = models.JSONField(default=list)
    blocked_until = models.DateTimeField(null=True)
    failed_count = models.PositiveSmallIntegerField(default=0)
    trouble_since = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    history = HistoricalRecords(
        excluded_fields=[
            "sealed",
            "levels",
            "blocked_until",
            "failed_count",
            "trouble_since",
            "trouble",
            "sent_at",
        ]
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="channel_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class By(models.TextChoices):
    """By what a person is found."""

    EMAIL = "email", "e-mail"
    PUSH = "push", "push"


class Address(ScopedModel):
    """Where a person is found besides their phone number: e-mail, or a phone's app."""

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, related_name="addresses"
    )
    contact = models.ForeignKey(
        ContactPerson, on_delete=models.CASCADE, null=True, related_name="addresses"
    )
    by = models.CharField(max_length=10, choices=By.choices)
    value = models.TextField()
    value_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, contact__isnull=True)
                | models.Q(member__isnull=True, contact__isnull=False),
                name="address_of_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(by__in=By.values), name="address_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["community", "member", "by", "value_hash"],
                condition=models.Q(ended_at__isnull=True, member__isnull=False),
                name="address_of_a_member_once",
            ),
            models.UniqueConstraint(
                fields=["community", "contact", "by", "value_hash"],
                condition=models.Q(ended_at__isnull=True, contact__isnull=False),
                name="address_of_a_contact_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.member_id or self.contact_id}"


class MessageState(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", "waiting to be sent"
    SENT = "sent", "sent"
    FAILED = "failed", "failed, will be tried again"
    GIVEN_UP = "given_up", "given up"
    OVER = "over", "not needed any more"


class OutboxMessage(ScopedModel):
    """A message: a row first, sent after, at least once.

    ``key`` makes a repeat harmless: the same message is one row, and receivers get
    the key. ``subject`` is what it is about; whoever owns that table finds the words
    when it is sent. ``part`` tells messages of one moment apart from later ones about
    the same subject (``step:2:…``). The lowest ``priority`` goes first.

    ``tried`` are the ways that failed since the last pause; ``unreached_at`` is when
    every way had failed once. ``parts_gone`` of a text sent in parts are not repeated.
    """

    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, related_name="+"
    )
    part = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=120)
    to_member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    to_contact = models.ForeignKey(
        ContactPerson, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    to_group = models.ForeignKey(
        ChannelSetup, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    about = models.CharField(max_length=20)
    ask = models.CharField(max_length=20, blank=True)
    channels = models.JSONField(default=list)
    priority = models.PositiveSmallIntegerField(default=100)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    tried = models.JSONField(default=list)
    unreached_at = models.DateTimeField(null=True)
    parts_gone = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=20, blank=True)
    via = models.ForeignKey(
        ChannelSetup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    error = models.CharField(max_length=200, blank=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "key"], name="message_queued_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    to_member__isnull=False,
                    to_contact__isnull=True,
                    to_group__isnull=True,
                )
                | models.Q(
                    to_member__isnull=True,
                    to_contact__isnull=False,
                    to_group__isnull=True,
                )
                | models.Q(
                    to_member__isnull=True,
                    to_contact__isnull=True,
                    to_group__isnull=False,
                ),
                name="message_to_one_person_or_group",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MessageState.values),
                name="message_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | ~models.Q(state="sent"),
                name="message_sent_at_a_moment",
            ),
        ]
        indexes: ClassVar = [
            # outbox.sending: what is due, across communities
            models.Index(
                fields=["priority", "next_at"],
                condition=models.Q(next_at__isnull=False),
                name="outbox_due",
            ),
            # outbox.selectors.outbox_waiting_since, across communities
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="outbox_next",
            ),
            # the messages of an alert, of an offer …
            models.Index(
                fields=["community", "subject_type", "subject_id"],
                name="outbox_by_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Result(models.TextChoices):
    """What came of one try."""

    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    LOST = "lost", "the answer was lost"
    REFUSED = "refused", "refused"


class Attempt(ScopedModel):
    """One try to send one message, written once; ``code`` is the provider's own."""

    message = models.ForeignKey(
        OutboxMessage, on_delete=models.CASCADE, related_name="attempts"
    )
    channel = models.CharField(max_length=20)
    setup = models.ForeignKey(
        ChannelSetup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=Result.choices)
    code = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=200, blank=True)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(result__in=Result.values),
                name="attempt_result_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel} {self.result}"
