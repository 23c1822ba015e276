"""Needs: what somebody needs, who was asked, who has it, and everything that happened."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import (
    AppendOnlyManager,
    ScopedManager,
    ScopedModel,
)
from shouwang.apps.residents.models import Consent, Home
from shouwang.domain.needs import CLOSED, IN_HAND, Act, Asked, Source, Stage, Urgency


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


_CLOSED = sorted(stage.value for stage in CLOSED)
_IN_HAND = sorted(stage.value for stage in IN_HAND)


class NeedKindRow(ScopedModel):
    """A community's own kind of need; the built-in ones are in ``domain.needs``.

    One that has ended stays for the needs that bear it; no new need gets it.
    """

    kind = models.SlugField("code", max_length=30)
    name = models.CharField("name", max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "kind"], name="need_kind_once"
            ),
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="need_kind_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Need(ScopedModel):
    """Something somebody needs.

    ``key`` is made where the need was written down, so that sending it twice is one
    need. ``since`` is when it came into the hands it is in: nobody's, somebody's, an
    office's, or waiting for the question whether it was right.
    """

    key = models.UUIDField()
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="needs")
    words = models.CharField("what is needed", max_length=500, blank=True)
    kind = models.CharField("kind", max_length=30)
    urgency = models.CharField("urgency", max_length=10)
    source = models.CharField("how we know", max_length=12)
    said_by = models.CharField("who said so", max_length=80, blank=True)
    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, null=True, related_name="needs"
    )
    at_the_door = models.CharField("at the door", max_length=300, blank=True)
    wanted_by = models.DateTimeField("wanted by", null=True, blank=True)
    stage = models.CharField(max_length=10, default=Stage.NEW.value)
    since = models.DateTimeField()
    taken_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="needs"
    )
    wrong_count = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "key"], name="need_once"),
            models.UniqueConstraint(
                fields=["community", "alert"],
                condition=models.Q(alert__isnull=False),
                name="one_need_an_alert",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=_values(Stage)),
                name="need_stage_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(urgency__in=_values(Urgency)),
                name="need_urgency_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=_values(Source)),
                name="need_source_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=_IN_HAND)
                | models.Q(taken_by__isnull=False),
                name="need_in_hand_has_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=_CLOSED, closed_at__isnull=False)
                | ~models.Q(stage__in=_CLOSED) & models.Q(closed_at__isnull=True),
                name="need_closes_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            # care.selectors.needs_open: the board
            models.Index(
                fields=["community", "opened_at"],
                condition=~models.Q(stage__in=_CLOSED),
                name="need_open",
            ),
            # care.selectors.needs_of_home
            models.Index(
                fields=["community", "home", "opened_at"], name="need_by_home"
            ),
            # care.selectors.needs_visible: what a volunteer carries
            models.Index(
                fields=["taken_by"],
                condition=~models.Q(stage__in=_CLOSED),
                name="need_carried",
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.kind


class NeedMove(ScopedModel):
    """One thing that happened to a need, written once.

    ``who`` is whom it is about, where that is not who did it; ``asked`` is how
    somebody asked whether it was right.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="moves")
    act = models.CharField(max_length=10)
    from_stage = models.CharField(max_length=10, blank=True)
    to_stage = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    who = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(act__in=_values(Act)), name="need_act_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(asked__in=["", *_values(Asked)]),
                name="need_asked_is_known",
            ),
            # Nothing closes as done until somebody asked her.
            models.CheckConstraint(
                condition=~models.Q(to_stage=Stage.CHECKED.value) | ~models.Q(asked=""),
                name="need_checked_by_asking",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "need", "at"], name="move_by_need"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.act}"


class NeedOffer(ScopedModel):
    """A need was offered to somebody; it stands until ``over_at``."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="offers")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="need_offers"
    )
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reply = models.CharField(max_length=3, blank=True)
    replied_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need", "member"],
                condition=models.Q(over_at__isnull=True),
                name="need_offered_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(reply__in=["", "yes", "no"]),
                name="need_reply_is_known",
            ),
        ]
        indexes: ClassVar = [
            # care.selectors.needs_visible: what a volunteer was asked for
            models.Index(
                fields=["member"],
                condition=models.Q(over_at__isnull=True),
                name="need_offer_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} → {self.member_id}"


class HandOver(ScopedModel):
    """A need lies with an office outside: its ticket, and when to ask again.

    It rests on her consent, or on the danger that left no time to ask for one.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="hand_overs")
    office = models.CharField("office", max_length=80)
    number = models.CharField("number", max_length=60, blank=True)
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, related_name="+"
    )
    danger = models.CharField(max_length=500, blank=True)
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    chase_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(ended_at__isnull=True),
                name="one_office_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(consent__isnull=False) | ~models.Q(danger=""),
                name="hand_over_by_consent_or_danger",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.number}".strip()


class Chase(ScopedModel):
    """Somebody asked the office; what it said, and when to ask again."""

    hand_over = models.ForeignKey(
        HandOver, on_delete=models.PROTECT, related_name="chases"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    said = models.CharField(max_length=500)
    next_at = models.DateTimeField()

    objects = AppendOnlyManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(next_at__gt=models.F("at")),
                name="chased_again_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id} {self.at:%Y-%m-%d}"
