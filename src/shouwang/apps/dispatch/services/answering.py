"""What somebody says who was asked: yes, maybe, no, begun, done, "I cannot after all"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import offers_of
from shouwang.apps.care.services import MoveIn, need_move
from shouwang.apps.care.services.opening import need_locked
from shouwang.apps.care.words import kind_words_of
from shouwang.apps.communities.models import Member
from shouwang.apps.dispatch.models import Ask, Reply, Task
from shouwang.apps.dispatch.selectors import require_consent, task_standing
from shouwang.apps.dispatch.services.running import UNTAKEN, wave_over
from shouwang.apps.volunteers.services import hours_record
from shouwang.common.clock import local
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.needs import Act

MINUTES_MOST = 24 * 60
NOTE_MOST = 300


@transaction.atomic
def need_take(*, need: Need, who: Member, now: datetime) -> Need:
    """Take a need; of two at once one has it, the other is told who.

    Raises
    ------
    ConflictError
        ``already_taken``, ``need_closed`` or ``handed_on``.
    RefusedError
        ``promised_then`` or ``consent_withdrawn``.
    """
    row = need_locked(need)
    if row.stage in UNTAKEN:
        require_consent(row)
    return need_move(need=row, move=MoveIn(act=Act.TAKE), by=who, now=now)


@transaction.atomic
def need_maybe(*, need: Need, who: Member, now: datetime) -> None:
    """Keep a "maybe": it is shown and holds nothing, and may become a yes.

    Raises
    ------
    ConflictError
        ``not_to_offer``: it is taken or closed by now.
    """
    row = need_locked(need)
    if row.stage not in UNTAKEN:
        words = _("Thank you, it is not needed any more.")
        raise ConflictError("not_to_offer", words)
    _asks(row, who).filter(reply="").update(reply=Reply.MAYBE.value, replied_at=now)
    wave_over(row, now=now)


@transaction.atomic
def need_refuse(*, need: Need, who: Member, now: datetime) -> None:
    """Note a "no"; saying it again, or of what is gone already, changes nothing."""
    row = need_locked(need)
    if any(offer.member_id == who.pk for offer in offers_of(row)):
        need_move(need=row, move=MoveIn(act=Act.DECLINE), by=who, now=now)


def _asks(need: Need, who: Member) -> QuerySet[Ask]:
    return Ask.objects.of(need.community_id).filter(run__need=need, member=who)


def need_begin(*, need: Need, who: Member, now: datetime) -> None:
    """Note that somebody is at it; only whoever has it can say so.

    Raises
    ------
    ConflictError
        ``not_yours``.
    """
    _require_theirs(need, who)
    need_move(need=need, move=MoveIn(act=Act.BEGIN), by=who, now=now)


@dataclass(frozen=True, kw_only=True)
class DoneIn:
    """How it was: how long it took, a word to the desk, and one for whoever goes next."""

    minutes: int | None = None
    note: str = ""
    for_next: str = ""


@transaction.atomic
def need_finish(*, need: Need, who: Member, done: DoneIn, now: datetime) -> None:
    """Note that it is done; the time it took is counted once among their hours.

    Raises
    ------
    ConflictError
        ``not_yours``.
    RefusedError
        ``no_such_length``: not between one minute and a day.
    """
    row = need_locked(need)
    task = _require_theirs(row, who)
    if done.minutes is not None and not 1 <= done.minutes <= MINUTES_MOST:
        words = _("Say how long it took, in minutes: from 1 to 1440.")
        raise RefusedError("no_such_length", words, fields={"minutes": [words]})
    Task.objects.of(row.community_id).filter(pk=task.pk).update(
        minutes=done.minutes, note=prose(done.for_next)[:NOTE_MOST]
    )
    move = MoveIn(act=Act.FINISH, note=done.note)
    need_move(need=row, move=move, by=who, now=now)
    if done.minutes is not None:
        _count(row, task, done.minutes, now)


def _count(need: Need, task: Task, minutes: int, now: datetime) -> None:
    kinds = kind_words_of(need.community_id)
    hours_record(
        member=task.member,
        on=local(now, need.community.zone).date(),
        minutes=minutes,
        what=kinds.get(need.kind, need.kind),
        source_key=f"dispatch-task:{task.pk}",
        by=task.member,
        now=now,
    )


def need_give_back(*, need: Need, who: Member, note: str, now: datetime) -> None:
    """Say "I cannot after all": the need is free, the desk is told, others are asked.

    Raises
    ------
    ConflictError
        ``not_yours``: somebody else has it, or it is done.
    """
    _require_theirs(need, who)
    move = MoveIn(act=Act.GIVE_BACK, note=note)
    need_move(need=need, move=move, by=who, now=now)


def _require_theirs(need: Need, who: Member) -> Task:
    task = task_standing(need=need)
    if task is None or task.member_id != who.pk:
        raise ConflictError("not_yours", _("This is not in your hands any more."))
    return task
