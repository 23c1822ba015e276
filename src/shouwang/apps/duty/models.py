"""The rota: turns that repeat each week, and what was changed for one day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import ScopedManager, ScopedModel
from shouwang.apps.residents.models import EVERY_DAY_MASK
from shouwang.domain.duty import ChangeKind

_GIVE, _EXTRA = ChangeKind.GIVE.value, ChangeKind.EXTRA.value


class DutyTurn(ScopedModel):
    """Somebody is on duty on some days of the week, from and to a local time.

    ``valid_to`` is the last day on which it begins. ``struck_at`` says when it was
    struck from the rota altogether: it never ran, or no rota is kept any more.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField("days", default=EVERY_DAY_MASK)
    begins = models.TimeField("from")
    ends = models.TimeField("to")
    valid_from = models.DateField("first day")
    valid_to = models.DateField("last day", null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["begins", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=EVERY_DAY_MASK),
                name="duty_turn_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="duty_turn_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [
            # duty.selectors.rota_of
            models.Index(
                fields=["community"],
                condition=models.Q(struck_at__isnull=True),
                name="duty_turn_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.begins:%H:%M}–{self.ends:%H:%M}"


class DutyChange(ScopedModel):
    """Something that is not as planned on one day; never rewritten, only taken back.

    ``member`` takes over ``turn`` (give), is on duty besides (extra), or cannot.
    """

    kind = models.CharField(max_length=6)
    on = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    turn = models.ForeignKey(
        DutyTurn, on_delete=models.CASCADE, null=True, related_name="changes"
    )
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[word.value for word in ChangeKind]),
                name="duty_change_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=_GIVE, turn__isnull=False)
                | ~models.Q(kind=_GIVE) & models.Q(turn__isnull=True),
                name="duty_give_names_its_turn",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=_EXTRA, begins__isnull=False, ends__isnull=False
                )
                | ~models.Q(kind=_EXTRA)
                & models.Q(begins__isnull=True, ends__isnull=True),
                name="duty_extra_has_its_hours",
            ),
            models.UniqueConstraint(
                fields=["turn", "on"],
                condition=models.Q(kind=_GIVE, withdrawn_at__isnull=True),
                name="duty_turn_given_to_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["community", "member", "on"],
                condition=models.Q(
                    kind=ChangeKind.CANNOT.value, withdrawn_at__isnull=True
                ),
                name="duty_cannot_said_once_a_day",
            ),
        ]
        indexes: ClassVar = [
            # duty.selectors.rota_of
            models.Index(
                fields=["community", "on"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="duty_change_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on} {self.member_id}"
