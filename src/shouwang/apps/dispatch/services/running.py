"""A need is offered in waves; the plan is frozen, the runner moves it on."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.care.models import Need
from shouwang.apps.care.services import need_offer_to
from shouwang.apps.care.services.opening import need_locked
from shouwang.apps.communities.models import Member
from shouwang.apps.dispatch.models import Ask, Run, RunState, Says
from shouwang.apps.dispatch.notices import ABOUT, desk_of, notice_write, priority_of
from shouwang.apps.dispatch.selectors import (
    People,
    peace_broken,
    people_of,
    require_consent,
    run_standing,
)
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.services import messages_queue
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.dispatch import For, Reason, Verdict
from shouwang.domain.needs import Stage, Urgency
from shouwang.domain.waves import Wave, may_ring_at, next_wave_now, waves

logger = logging.getLogger(__name__)

UNTAKEN = frozenset({Stage.NEW.value, Stage.OFFERED.value})
OFFER = "offer"
PUSHED_BACK = timedelta(minutes=1)
AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who would be asked, in waves, and everybody's verdict beside it."""

    waves: tuple[Wave, ...]
    verdicts: tuple[Verdict, ...]
    begins_at: datetime

    @property
    def reasons(self) -> Mapping[int, tuple[Reason, ...]]:
        """Return why each person stands where they stand."""
        return {row.member: row.reasons for row in self.verdicts}


def plan_of(need: Need, people: People, *, first: Sequence[int] = ()) -> Plan:
    """Return the plan by which a need would be offered at ``people.now``.

    ``first`` are chosen by hand and asked before all others.

    Raises
    ------
    RefusedError
        ``does_not_fit``: somebody chosen cannot be asked.
    """
    verdicts = people.verdicts(need)
    order = [row.member for row in verdicts if row.fits]
    if not set(first) <= set(order):
        words = _("Somebody you chose cannot be asked for this any more. Look again.")
        raise RefusedError("does_not_fit", words, fields={"who": [words]})
    urgency = Urgency(need.urgency)
    return Plan(
        waves=waves(
            order,
            urgency=urgency,
            first=[member for member in order if member in set(first)],
            until=need.wanted_by,
            now=people.now,
        ),
        verdicts=tuple(verdicts),
        begins_at=may_ring_at(people.now, urgency, people.community.zone),
    )


@transaction.atomic
def run_start(
    *, need: Need, by: Member | None, now: datetime, first: Sequence[int] = ()
) -> Run:
    """Offer a need in waves; the first is asked at once unless it is night.

    Raises
    ------
    ConflictError
        ``run_stands``: it is being offered; ``not_to_offer``: it is taken or closed.
    RefusedError
        ``consent_withdrawn``, ``nobody_fits`` or ``does_not_fit``.
    """
    row = need_locked(need)
    _require_untaken(row)
    require_consent(row)
    people = people_of(community=row.community, now=now)
    plan = plan_of(row, people, first=first)
    if not plan.waves:
        words = _("Nobody fits now. Below stands why; ask somebody yourself.")
        raise RefusedError("nobody_fits", words)
    run = Run.objects.of(row.community_id).create(
        community_id=row.community_id,
        need=row,
        plan=_frozen(plan, chosen=first),
        next_at=plan.begins_at,
        started_at=now,
        started_by=by,
    )
    if plan.begins_at <= now:
        _move(run, row, now, people)
    return run


def _require_untaken(need: Need) -> None:
    if need.stage not in UNTAKEN:
        words = _("This need is not to be offered any more. Look where it stands.")
        raise ConflictError("not_to_offer", words)
    if run_standing(need=need) is not None:
        words = _("It is being offered already.")
        raise ConflictError("run_stands", words)


def _frozen(plan: Plan, *, chosen: Sequence[int]) -> list[dict[str, Any]]:
    by_hand = [[For.CHOSEN.value, 1]]
    return [
        {
            "members": [
                {
                    "id": member,
                    "reasons": (by_hand if member in chosen else [])
                    + [[row.why.value, row.count] for row in plan.reasons[member]],
                }
                for member in wave.members
            ],
            "wait_minutes": int(wave.wait.total_seconds()) // 60,
        }
        for wave in plan.waves
    ]


@transaction.atomic
def run_stop(*, need: Need, now: datetime) -> None:
    """Ask nobody further; who was asked may still say yes. A second call is nothing."""
    row = need_locked(need)
    run_end(row, RunState.STOPPED, now=now)


def run_end(need: Need, state: RunState, *, now: datetime) -> None:
    """End the offering of a need that the caller holds, if one runs."""
    rows = Run.objects.of(need.community_id).filter(need=need)
    rows.filter(state=RunState.RUNNING.value).update(
        state=state.value, next_at=None, ended_at=now
    )


@transaction.atomic
def run_hurry(*, need: Need, now: datetime) -> None:
    """Ask the next wave at once, where the desk does not want to wait."""
    row = need_locked(need)
    run = run_standing(need=row)
    if run is not None:
        _move(run, row, now, people_of(community=row.community, now=now))


def wave_over(need: Need, *, now: datetime) -> None:
    """Let the next wave be asked by the next tick if all who were asked have answered."""
    run = run_standing(need=need)
    if run is None or run.next_at is None or run.next_at <= now:
        return
    if next_wave_now(list(run.asks.values_list("reply", flat=True))):
        Run.objects.of(run.community_id).filter(pk=run.pk).update(
            next_at=may_ring_at(now, Urgency(need.urgency), need.community.zone)
        )


def runs_move_due(*, now: datetime) -> int:
    """Move every offering on whose time has come; return how many moved."""
    due = (
        Run.objects.across("the runner serves every community")
        .filter(next_at__lte=now)
        .select_related("need")
        .order_by("next_at", "pk")[:AT_ONCE]
    )
    return sum(_move_alone(row, now) for row in due)


def _move_alone(run: Run, now: datetime) -> int:
    """Move one offering; its trouble never stops the others."""
    try:
        return _move_due(run, now)
    except Exception:
        logger.exception("The offering %s was pushed back", run.pk)
        Run.objects.of(run.community_id).filter(
            pk=run.pk, next_at__isnull=False
        ).update(next_at=now + PUSHED_BACK)
        return 0


@transaction.atomic
def _move_due(run: Run, now: datetime) -> int:
    """Hold the need first, as whoever takes it does; a second runner finds it moved."""
    need = need_locked(run.need)
    row = Run.objects.of(run.community_id).filter(pk=run.pk, next_at__lte=now).first()
    if row is None:
        return 0
    _move(row, need, now, people_of(community=need.community, now=now))
    return 1


def _move(run: Run, need: Need, now: datetime, people: People) -> None:
    """Ask the next wave in which somebody still fits, or tell the desk."""
    if need.stage not in UNTAKEN or peace_broken(need) is not None:
        run_end(need, RunState.STOPPED, now=now)
        return
    fits = {row.member for row in people.verdicts(need) if row.fits}
    while run.asked_count < len(run.plan):
        wave = run.plan[run.asked_count]
        run.asked_count += 1
        if _ask(run, need, [row for row in wave["members"] if row["id"] in fits], now):
            wait = timedelta(minutes=wave["wait_minutes"])
            zone = need.community.zone
            run.next_at = may_ring_at(now + wait, Urgency(need.urgency), zone)
            run.save(update_fields=["asked_count", "next_at"])
            return
    run.save(update_fields=["asked_count"])
    _nobody(need, now)


def _ask(run: Run, need: Need, wanted: Sequence[dict[str, Any]], now: datetime) -> int:
    """Write down whom a wave asks, and their messages; return how many."""
    reasons = {row["id"]: row["reasons"] for row in wanted}
    members = Member.objects.of(need.community_id).in_bulk(list(reasons))
    chosen = [members[key] for key in reasons if key in members]
    need_offer_to(need=need, members=chosen, by=run.started_by, now=now)
    asks = Ask.unscoped.bulk_create(
        Ask(
            community_id=run.community_id,
            run=run,
            member=member,
            wave=run.asked_count,
            reasons=reasons[member.pk],
            asked_at=now,
        )
        for member in chosen
    )
    messages_queue(_message(row, need, now) for row in asks)
    return len(asks)


def _message(row: Ask, need: Need, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        community_id=row.community_id,
        subject=row,
        home_id=need.home_id,
        key=f"dispatch-ask:{row.pk}",
        to_member_id=row.member_id,
        about=ABOUT,
        ask=OFFER,
        priority=priority_of(need),
        queued_at=now,
        next_at=now,
    )


def _nobody(need: Need, now: datetime) -> None:
    run_end(need, RunState.NOBODY, now=now)
    notice_write(need=need, to=desk_of(need, now=now), says=Says.NOBODY, now=now)
