"""Writes of the rota. Nothing is rewritten: what was on duty stays on duty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import members_with_role
from shouwang.apps.duty.models import DutyChange, DutyTurn
from shouwang.apps.duty.selectors import may_give, rota_of
from shouwang.apps.duty.telling import CANNOT, GIVEN, TAKEN_BACK, change_tell
from shouwang.apps.residents.selectors import mask_of
from shouwang.common.clock import local_day
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.duty import ChangeKind, Shift, shift_of

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class TurnDraft:
    """A turn as somebody plans it; an end at or before the begin is the next day."""

    member_id: int
    days: frozenset[int]
    begins: time
    ends: time
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def turn_add(*, community: Community, draft: TurnDraft) -> DutyTurn:
    """Plan a turn that repeats each week.

    Raises
    ------
    RefusedError
        ``no_day``, ``ends_before_it_begins``, or ``not_a_duty_officer``.
    """
    _require_sound(community, draft)
    row = DutyTurn.objects.of(community).create(
        community=community,
        member_id=draft.member_id,
        days=mask_of(draft.days),
        begins=draft.begins,
        ends=draft.ends,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
    )
    _show(community)
    return row


@transaction.atomic
def turn_change(*, row: DutyTurn, draft: TurnDraft, now: datetime) -> DutyTurn:
    """Change a turn from ``draft.valid_from`` on; until then it stays as it was.

    What was given away for a later day falls back to whose turn it then is.
    """
    _require_sound(row.community, draft)
    turn_end(row=row, last=draft.valid_from - DAY, now=now)
    return turn_add(community=row.community, draft=draft)


@transaction.atomic
def turn_end(*, row: DutyTurn, last: date, now: datetime) -> None:
    """End a turn with local date ``last``; one that never began is struck out.

    Raises
    ------
    ConflictError
        ``turn_ended``: somebody ended it before that day meanwhile.
    """
    row = DutyTurn.objects.of(row.community_id).select_for_update().get(pk=row.pk)
    if row.struck_at is not None or (row.valid_to is not None and row.valid_to < last):
        raise ConflictError("turn_ended", _("This turn has ended before that day."))
    if last < row.valid_from:
        row.struck_at = now
    else:
        row.valid_to = last
    row.save(update_fields=["struck_at", "valid_to"])
    _show(row.community)


@transaction.atomic
def rota_end(*, community: Community, now: datetime) -> int:
    """Keep no rota any more: every duty officer is on duty again, always."""
    rows = DutyTurn.objects.of(community).filter(struck_at__isnull=True)
    turns = list(rows.select_for_update())
    for row in turns:
        row.struck_at = now
        row.save(update_fields=["struck_at"])
    _show(community)
    return len(turns)


@dataclass(frozen=True, kw_only=True)
class Giving:
    """One turn of one day goes to ``to``; ``held_by`` is who had it on the page."""

    turn: DutyTurn
    on: date
    to: Member
    held_by: int | None


@transaction.atomic
def turn_give(*, giving: Giving, by: Member, now: datetime) -> DutyChange:
    """Give a turn of one day to another duty officer.

    Raises
    ------
    NotFoundError
        There is no such turn on that day that ``by`` may give.
    ConflictError
        ``given_meanwhile``: somebody else has it by now.
    RefusedError
        ``not_a_duty_officer``, ``turn_is_over``, ``cannot_that_day``.
    """
    turn, to = giving.turn, giving.to
    DutyTurn.objects.of(turn.community_id).select_for_update().get(pk=turn.pk)
    shift = _shift(turn, giving.on)
    if shift is None or not may_give(by, shift):
        raise NotFoundError("unknown_turn", _("There is no such turn of duty here."))
    if shift.member != giving.held_by:
        words = _("Somebody else has changed this turn meanwhile. Please look again.")
        raise ConflictError("given_meanwhile", words)
    if shift.ends_at <= now:
        raise RefusedError("turn_is_over", _("This turn is over."))
    _require_officer(turn.community, to.pk)
    _require_can(to, giving.on)
    _take_back(_gives(turn, giving.on), by, now)
    _show(turn.community)
    row = DutyChange.objects.of(turn.community_id).create(
        community_id=turn.community_id,
        kind=ChangeKind.GIVE.value,
        on=giving.on,
        member=to,
        turn=turn,
        at=now,
        by=by,
    )
    told = {to.pk, giving.held_by, turn.member_id}
    change_tell(row, says=GIVEN, to=told, by=by, now=now)
    return row


def _shift(turn: DutyTurn, on: date) -> Shift | None:
    rota = rota_of(turn.community, first=on, last=on)
    return shift_of(rota, turn.pk, on)


def _gives(turn: DutyTurn, on: date) -> list[DutyChange]:
    return list(
        DutyChange.objects.of(turn.community_id).filter(
            turn=turn, on=on, kind=ChangeKind.GIVE.value, withdrawn_at__isnull=True
        )
    )


@transaction.atomic
def duty_cannot(*, member: Member, on: date, by: Member, now: datetime) -> DutyChange:
    """Note that ``member`` takes no turn that begins on ``on``; said twice counts once.

    Raises
    ------
    RefusedError
        ``day_is_over``, or ``not_a_duty_officer``.
    """
    _require_coming(member.community, on, now)
    _require_officer(member.community, member.pk)
    row, is_new = DutyChange.objects.of(member.community_id).get_or_create(
        community_id=member.community_id,
        kind=ChangeKind.CANNOT.value,
        on=on,
        member=member,
        withdrawn_at=None,
        defaults={"at": now, "by": by},
    )
    if is_new:
        _tell_cannot(member, on, by=by, now=now)
    _show(member.community)
    return row


def _tell_cannot(member: Member, on: date, *, by: Member, now: datetime) -> None:
    """Tell both of each swap by which ``member`` had a turn on that day."""
    swaps = DutyChange.objects.of(member.community_id).filter(
        kind=ChangeKind.GIVE.value, on=on, member=member, withdrawn_at__isnull=True
    )
    for row in swaps.select_related("turn"):
        told = {member.pk, row.turn.member_id if row.turn else None}
        change_tell(row, says=CANNOT, to=told, by=by, now=now)


@dataclass(frozen=True, kw_only=True)
class ExtraDraft:
    """Somebody is on duty besides the turns, on one local date."""

    member: Member
    on: date
    begins: time
    ends: time


@transaction.atomic
def duty_extra(*, draft: ExtraDraft, by: Member, now: datetime) -> DutyChange:
    """Put somebody on duty for one day.

    Raises
    ------
    RefusedError
        ``day_is_over``, ``not_a_duty_officer``, or ``cannot_that_day``.
    """
    member = draft.member
    _require_coming(member.community, draft.on, now)
    _require_officer(member.community, member.pk)
    _require_can(member, draft.on)
    _show(member.community)
    return DutyChange.objects.of(member.community_id).create(
        community_id=member.community_id,
        kind=ChangeKind.EXTRA.value,
        on=draft.on,
        member=member,
        begins=draft.begins,
        ends=draft.ends,
        at=now,
        by=by,
    )


@transaction.atomic
def change_withdraw(*, row: DutyChange, by: Member, now: datetime) -> None:
    """Take back what was changed for one day; the row stays.

    Raises
    ------
    RefusedError
        ``day_is_over``: who was on duty then is not told anew.
    """
    _require_coming(row.community, row.on, now)
    _take_back([row], by, now)
    if row.turn is not None:
        told = {row.member_id, row.turn.member_id}
        change_tell(row, says=TAKEN_BACK, to=told, by=by, now=now)
    _show(row.community)


def _take_back(rows: Collection[DutyChange], by: Member, now: datetime) -> None:
    for row in rows:
        DutyChange.objects.of(row.community_id).filter(
            pk=row.pk, withdrawn_at__isnull=True
        ).update(withdrawn_at=now, withdrawn_by=by)


def _show(community: Community) -> None:
    """Let an open board renew itself."""
    Community.objects.filter(pk=community.pk).update(
        board_revision=F("board_revision") + 1
    )


def _require_sound(community: Community, draft: TurnDraft) -> None:
    if not draft.days:
        words = _("Choose at least one day.")
        raise RefusedError("no_day", words, fields={"days": [words]})
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        words = _("The last day lies before the first.")
        raise RefusedError("ends_before_it_begins", words, fields={"valid_to": [words]})
    _require_officer(community, draft.member_id)


def _require_officer(community: Community, member_id: int) -> None:
    officers = members_with_role(community, Role.DUTY_OFFICER)
    if member_id not in {row.pk for row in officers}:
        words = _("Only a duty officer can be on duty. Give them that role first.")
        raise RefusedError("not_a_duty_officer", words, fields={"member": [words]})


def _require_can(member: Member, on: date) -> None:
    said = DutyChange.objects.of(member.community_id).filter(
        kind=ChangeKind.CANNOT.value, member=member, on=on, withdrawn_at__isnull=True
    )
    if said.exists():
        words = _("%(name)s has said that they cannot on that day.") % {"name": member}
        raise RefusedError("cannot_that_day", words, fields={"member": [words]})


def _require_coming(community: Community, on: date, now: datetime) -> None:
    if on < local_day(now, community.zone) - DAY:
        words = _("That day is over.")
        raise RefusedError("day_is_over", words, fields={"on": [words]})
