"""What the desk of the invented community has done: its rota, reports, and past alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from django.conf import settings

from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_close,
    alert_commit,
    alert_open_by_hand,
)
from shouwang.apps.communities.models import Member
from shouwang.apps.duty.services import TurnDraft, turn_add
from shouwang.apps.outbox.models import MessageState
from shouwang.apps.reports.services import TimeDraft, digest_time_add
from shouwang.apps.residents.models import Home
from shouwang.common.clock import local_day
from shouwang.domain.schedule import EVERY_DAY, instant

PAST_ALERTS = (
    (3, "did_not_hear", "助听器没戴,没听见敲门"),
    (9, "overslept", "起晚了"),
    (20, "signal_broken", "窗帘轨道坏了"),
)
REPORT_TIMES = (time(9, 20), time(20, 20))


def desk_play(
    *,
    homes: Sequence[Home],
    people: Sequence[Member],
    chance: Random,
    now: datetime,
    days: int,
) -> None:
    """Share the day between the desk's two for ``days`` past, and leave some closed alerts.

    ``people`` begin with the coordinator and the duty officer; no check stands yet that
    the alerts touch.
    """
    chief, officer = people[:2]
    community = chief.community
    today = local_day(now, community.zone)
    for member, begins, ends in ((officer, 7, 19), (chief, 19, 7)):
        turn = TurnDraft(
            member_id=member.pk,
            days=EVERY_DAY,
            begins=time(begins),
            ends=time(ends),
            valid_from=today - timedelta(days=days),
        )
        turn_add(community=community, draft=turn)
    for at in REPORT_TIMES:
        digest_time_add(community=community, draft=TimeDraft(at=at), now=now)
    chosen = chance.sample(homes, len(PAST_ALERTS))
    for home, (ago, outcome, note) in zip(chosen, PAST_ALERTS, strict=True):
        on = today - timedelta(days=ago)
        home.community = community
        _alert(home, officer, instant(on, time(9), community.zone), outcome, note)


def _alert(home: Home, officer: Member, at: datetime, outcome: str, note: str) -> None:
    """Open an alert, tell of it, go, and close it at the door."""
    alert = alert_open_by_hand(home=home, note=note, by=officer, now=at)
    alert.messages.update(
        state=MessageState.SENT,
        sent_at=at + timedelta(seconds=4),
        channel=settings.NOTIFY_CHANNEL,
        next_at=None,
    )
    until = at + timedelta(minutes=30)
    alert_commit(alert=alert, by=officer, until=until, now=at + timedelta(seconds=40))
    alert_close(
        alert=alert,
        closing=ClosingIn(outcome=outcome, verified="spoke"),
        by=officer,
        now=at + timedelta(minutes=17),
    )
