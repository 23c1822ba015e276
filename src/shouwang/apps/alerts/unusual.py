"""Late for her own habit: somebody is asked to look, before the agreed deadline.

The habit raises ``unusual`` only; it never replaces the deadline, which opens ``missed``
as it always does, and nothing it says makes anything well (watch-rules.md, 5).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.models import AlertCheck
from shouwang.apps.alerts.opening import Cause, alerts_raise, open_alerts
from shouwang.apps.habits.models import Habit, HabitSettings
from shouwang.apps.habits.selectors import settings_of
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.selectors import facts_of, terms_of_check
from shouwang.common.clock import local_day
from shouwang.domain.alerts import AlertKind
from shouwang.domain.service_figures import JUDGED, Judged
from shouwang.domain.unusual import ASKED_AGAIN_AFTER, Mode, unusual_look

ASK_AT_ONCE = 200
YEAR = timedelta(days=365)
NEEDED = [row.value for row, judged in JUDGED.items() if judged is Judged.NEEDED]


def unusual_ask_due(*, now: datetime) -> int:
    """Ask about every home that is late for its own habit; return how many were seen to."""
    due = (
        Habit.objects.across("the runner serves every community")
        .filter(ask_at__lte=now)
        .select_related("community", "home")
        .order_by("ask_at", "pk")[:ASK_AT_ONCE]
    )
    return sum(_ask(row, now) for row in due)


@transaction.atomic
def _ask(habit: Habit, now: datetime) -> bool:
    """Claim a habit, so that two runners never ask twice, and open its alert."""
    check = _check_of(habit, now)
    again = now + ASKED_AGAIN_AFTER
    is_over = check is None or again >= check.due_at
    claimed = (
        Habit.objects.of(habit.community_id)
        .filter(pk=habit.pk, ask_at=habit.ask_at)
        .update(ask_at=None if is_over else again)
    )
    if not claimed or check is None or not _is_late(check, now):
        return bool(claimed)
    Habit.objects.of(habit.community_id).filter(pk=habit.pk).update(ask_at=None)
    kept = settings_of(habit.community)
    if kept.mode != Mode.OFF.value and not _is_asked_enough(habit, kept, now):
        _open(habit, check, kept, now)
    return True


def _check_of(habit: Habit, now: datetime) -> Check | None:
    """Return the check of a habit today, ``None`` once its deadline has come."""
    if habit.home.archived_at is not None:
        return None
    return (
        Check.objects.of(habit.community_id)
        .filter(
            series=habit.series,
            label=habit.label,
            on=local_day(habit.ask_at or now, habit.community.zone),
            stopped_at__isnull=True,
            opens_at__lte=now,
            due_at__gt=now,
        )
        .first()
    )


def _is_late(check: Check, now: datetime) -> bool:
    """Return whether somebody saw today that the signal is not given yet."""
    facts = facts_of(check.community, [check.home_id], since=check.opens_at)[
        check.home_id
    ]
    return unusual_look(terms_of_check(check), facts, now=now) is not None


def _is_asked_enough(habit: Habit, kept: HabitSettings, now: datetime) -> bool:
    """Return whether the home was asked about in vain as often as a year allows.

    Counted are all asks of the last 365 days but those that found somebody in need.
    """
    asked = AlertCheck.objects.of(habit.community_id).filter(
        alert__home_id=habit.home_id,
        kind=AlertKind.UNUSUAL.value,
        joined_at__gt=now - YEAR,
    )
    return asked.exclude(alert__outcome__in=NEEDED).count() >= kept.most_a_year


def _open(habit: Habit, check: Check, kept: HabitSettings, now: datetime) -> None:
    batch = Batch(community=habit.community, now=now)
    is_full = kept.mode == Mode.FULL.value
    cause = Cause(
        home_id=habit.home_id,
        kind=AlertKind.UNUSUAL,
        at=now,
        check_row=check,
        ladder=AlertKind.MISSED if is_full else None,
    )
    alerts_raise(batch, open_alerts(habit.community, [habit.home_id]), [cause])
    batch.write()
