"""Whom a need is offered to, what they said, and what they have promised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.domain.waves import Remind


class RunState(models.TextChoices):
    """Where an offering in waves stands."""

    RUNNING = "running", "running"
    TAKEN = "taken", "taken"
    NOBODY = "nobody", "nobody took it"
    STOPPED = "stopped", "stopped"


class Reply(models.TextChoices):
    """What somebody answered."""

    YES = "yes", "yes"
    MAYBE = "maybe", "maybe"
    NO = "no", "no"


class Ending(models.TextChoices):
    """How a promise ended."""

    DONE = "done", "done"
    GAVE_BACK = "gave_back", "given back"
    NO_SHOW = "no_show", "did not come"
    CALLED_OFF = "called_off", "called off"


class Says(models.TextChoices):
    """What a notice says."""

    NOBODY = "nobody", "nobody took it"
    GAVE_BACK = "gave_back", "given back"
    CALLED_OFF = "called_off", "called off"
    TAKEN = "taken", "another has taken it"
    EVENING_BEFORE = Remind.EVENING_BEFORE.value, "tomorrow"
    HOUR_BEFORE = Remind.HOUR_BEFORE.value, "in an hour"


class KindSkill(ScopedModel):
    """Which skill a kind of need takes in this community; empty: anybody can.

    It replaces what ``domain.dispatch.WISHES`` says of a built-in kind.
    """

    kind = models.CharField(max_length=30)
    skill = models.CharField(max_length=30, blank=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "kind"], name="dispatch_skill_once_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.skill}"


class Run(ScopedModel):
    """A need is offered in waves; the plan is frozen when it begins.

    ``plan`` is a list of ``{"members": [{"id": 1, "reasons": [["knows_her", 1]]}],
    "wait_minutes": 120}``; ``asked_count`` of its waves were asked. At ``next_at`` the
    next one is, or the desk is told that nobody took it.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="runs")
    plan = models.JSONField(default=list)
    asked_count = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=RunState.choices, default=RunState.RUNNING
    )
    next_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(state="running"),
                name="dispatch_one_run_a_need",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values),
                name="dispatch_run_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="running", next_at__isnull=False, ended_at__isnull=True
                )
                | ~models.Q(state="running")
                & models.Q(next_at__isnull=True, ended_at__isnull=False),
                name="dispatch_run_moves_while_it_runs",
            ),
        ]
        indexes: ClassVar = [
            # dispatch.services.runs_move_due, across communities
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="dispatch_run_due",
            ),
            # dispatch.selectors.runs_of
            models.Index(fields=["community", "need"], name="dispatch_run_by_need"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.state}"


class Ask(ScopedModel):
    """Somebody was asked in a wave, why them, and what they answered.

    A "maybe" is kept and shown, and holds nothing.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="asks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="asks")
    wave = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    reply = models.CharField(max_length=5, choices=Reply.choices, blank=True)
    replied_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "member"], name="dispatch_asked_once_a_run"
            ),
            models.CheckConstraint(
                condition=models.Q(reply__in=["", *Reply.values]),
                name="dispatch_reply_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(reply="", replied_at__isnull=True)
                | ~models.Q(reply="") & models.Q(replied_at__isnull=False),
                name="dispatch_replied_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} → {self.member_id}"


class Task(ScopedModel):
    """Somebody has taken a need: a promise, until it ends in one way or another.

    ``note`` is for whoever goes there next. At ``remind_at`` they are reminded.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="tasks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tasks")
    taken_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    remind_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(ended_at__isnull=True),
                name="dispatch_one_promise_a_need",
            ),
            models.CheckConstraint(
                condition=models.Q(ending="", ended_at__isnull=True)
                | models.Q(ending__in=Ending.values, ended_at__isnull=False),
                name="dispatch_promise_ends_somehow",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True)
                | models.Q(minutes__gte=1, minutes__lte=24 * 60),
                name="dispatch_minutes_within_a_day",
            ),
        ]
        indexes: ClassVar = [
            # dispatch.services.reminders_tell_due, across communities
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False, ended_at__isnull=True),
                name="dispatch_task_to_remind",
            ),
            # dispatch.selectors: what somebody carries, and carried
            models.Index(
                fields=["community", "member", "taken_at"], name="dispatch_task_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.member_id}"


class Notice(ScopedModel):
    """Somebody must know something about a need; the message is found from this row."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=16, choices=Says.choices)
    about = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(says__in=Says.values),
                name="dispatch_notice_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.says} → {self.member_id}"
