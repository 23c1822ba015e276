"""Who has promised something is reminded the evening before, and an hour before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.apps.dispatch.models import Says, Task
from shouwang.apps.dispatch.notices import notice_write
from shouwang.domain.waves import reminders

AT_ONCE = 500


def reminders_tell_due(*, now: datetime) -> int:
    """Remind everybody whose reminder is due; return how many were."""
    due = (
        Task.objects.across("the runner serves every community")
        .filter(remind_at__lte=now, ended_at__isnull=True)
        .select_related("need__community", "member")
        .order_by("remind_at", "pk")[:AT_ONCE]
    )
    return sum(_remind(row, now) for row in due)


@transaction.atomic
def _remind(row: Task, now: datetime) -> int:
    """Claim one promise by moving it on, so that two runners never say it twice."""
    need = row.need
    plan = reminders(need.wanted_by, taken_at=row.taken_at, zone=need.community.zone)
    past = [says for at, says in plan if at <= now]
    later = [at for at, _says in plan if at > now]
    claimed = (
        Task.objects.of(row.community_id)
        .filter(pk=row.pk, remind_at=row.remind_at, ended_at__isnull=True)
        .update(remind_at=later[0] if later else None)
    )
    # What was wanted before this moment is not reminded of any more.
    if not claimed or not past or (need.wanted_by and need.wanted_by <= now):
        return 0
    notice_write(need=need, to=[row.member], says=Says(past[-1].value), now=now)
    return 1
