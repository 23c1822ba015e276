"""A need that somebody takes is a promise: kept free of others, reminded of, ended."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shouwang.apps.care.models import Need
from shouwang.apps.care.services import MoveIn, need_move
from shouwang.apps.care.services.opening import need_locked
from shouwang.apps.care.words import kind_words_of
from shouwang.apps.communities.models import Member
from shouwang.apps.dispatch.models import (
    Ask,
    Ending,
    KindSkill,
    Reply,
    Run,
    RunState,
    Says,
    Task,
)
from shouwang.apps.dispatch.notices import desk_of, notice_write
from shouwang.apps.dispatch.selectors import span_of, task_standing
from shouwang.apps.dispatch.services.running import run_end, run_start, wave_over
from shouwang.common.clock import local
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.dispatch import Promise, clashing
from shouwang.domain.needs import Act
from shouwang.domain.waves import reminders


def taken(need: Need, *, who: Member, now: datetime) -> Task:
    """Keep the promise of somebody who has just taken a need.

    Raises
    ------
    RefusedError
        ``promised_then``: they have promised something else for that time.
    """
    # Whoever takes two needs in one moment is asked one after the other.
    Member.objects.of(need.community_id).select_for_update().get(pk=who.pk)
    require_free(need, who=who)
    maybes = _answered(need, who, now=now)
    run_end(need, RunState.TAKEN, now=now)
    notice_write(need=need, to=maybes, says=Says.TAKEN, about=who, now=now)
    return Task.objects.of(need.community_id).create(
        community_id=need.community_id,
        need=need,
        member=who,
        taken_at=now,
        remind_at=remind_at(need, taken_at=now),
    )


def require_free(need: Need, *, who: Member) -> None:
    """Refuse what falls into the time of another promise, and say which.

    Raises
    ------
    RefusedError
        ``promised_then``.
    """
    skills = dict(KindSkill.objects.of(need.community_id).values_list("kind", "skill"))
    rows = (
        Task.objects.of(need.community_id)
        .filter(member=who, ended_at__isnull=True)
        .select_related("need__community", "need__home__building")
    )
    others = {row.need_id: row.need for row in rows}
    promises = [
        Promise(need=key, span=span_of(row, skills=skills))
        for key, row in others.items()
    ]
    clash = clashing(span_of(need, skills=skills), promises, need=need.pk)
    if clash is not None:
        raise _promised(others[clash.need], who)


def _promised(other: Need, who: Member) -> RefusedError:
    words = _(
        "%(name)s has promised something else for that time: %(kind)s in building "
        "%(building)s, %(time)s."
    ) % {
        "name": who,
        "kind": kind_words_of(other.community_id).get(other.kind, other.kind),
        "building": other.home.building.label,
        "time": f"{local(other.wanted_by, other.community.zone):%m-%d %H:%M}"
        if other.wanted_by
        else "",
    }
    return RefusedError("promised_then", words, fields={"who": [words]})


def _answered(need: Need, who: Member, *, now: datetime) -> list[Member]:
    """Note the yes in who was asked; return who had said maybe."""
    rows = Ask.objects.of(need.community_id).filter(
        run__need=need, run__state=RunState.RUNNING.value
    )
    rows.filter(member=who).update(reply=Reply.YES.value, replied_at=now)
    maybe = rows.filter(reply=Reply.MAYBE.value).select_related("member")
    return [row.member for row in maybe.order_by("pk")]


def refused(need: Need, *, who: Member, now: datetime) -> None:
    """Note a no; where all have answered, the next wave is asked."""
    Ask.objects.of(need.community_id).filter(
        run__need=need, run__state=RunState.RUNNING.value, member=who
    ).update(reply=Reply.NO.value, replied_at=now)
    wave_over(need, now=now)


def begun(need: Need, *, now: datetime) -> None:
    """Note that whoever has a need is at it."""
    _standing(need).filter(begun_at__isnull=True).update(begun_at=now)


def ended(need: Need, ending: Ending, *, now: datetime) -> Task | None:
    """End the promise that holds a need, if any, and return it as it was."""
    row = task_standing(need=need)
    _standing(need).update(ending=ending.value, ended_at=now)
    return row


def dropped(need: Need, *, by: Member | None, note: str, now: datetime) -> None:
    """Somebody gave a need back: the desk is told, and others are asked at once.

    A need that was never offered by message stays with the desk, which asked by hand.
    """
    row = task_standing(need=need)
    if row is None:
        return
    ended(need, Ending.GAVE_BACK, now=now)
    _sought_anew(need, row.member, by=by, note=note, now=now)


def _sought_anew(
    need: Need, who: Member, *, by: Member | None, note: str, now: datetime
) -> None:
    desk = [row for row in desk_of(need, now=now) if row != by]
    notice_write(need=need, to=desk, says=Says.GAVE_BACK, about=who, note=note, now=now)
    last = Run.objects.of(need.community_id).filter(need=need).order_by("-pk").first()
    if last is None:
        return
    try:
        with transaction.atomic():
            run_start(need=need, by=last.started_by, now=now)
    except (RefusedError, ConflictError):
        # Nobody else fits, or she wants to be left in peace: the desk goes on from here.
        notice_write(need=need, to=desk, says=Says.NOBODY, now=now)


def called_off(need: Need, *, by: Member | None, now: datetime) -> None:
    """Nobody need go any more: who had promised to is told, nobody further is asked."""
    run_end(need, RunState.STOPPED, now=now)
    row = ended(need, Ending.CALLED_OFF, now=now)
    if row is not None and row.member != by:
        notice_write(need=need, to=[row.member], says=Says.CALLED_OFF, now=now)


def changed(need: Need, *, now: datetime) -> None:
    """Remind of what is wanted now, after somebody put the need right."""
    _standing(need).update(remind_at=remind_at(need, taken_at=now))


def remind_at(need: Need, *, taken_at: datetime) -> datetime | None:
    """Return when whoever has a need is reminded next, or ``None``."""
    found = reminders(need.wanted_by, taken_at=taken_at, zone=need.community.zone)
    return found[0][0] if found else None


def _standing(need: Need) -> QuerySet[Task]:
    return Task.objects.of(need.community_id).filter(need=need, ended_at__isnull=True)


@transaction.atomic
def no_show(*, need: Need, note: str, by: Member, now: datetime) -> None:
    """Note that whoever promised did not come; the need is free and offered again.

    Raises
    ------
    ConflictError
        ``nobody_promised``: nobody holds it by a promise any more.
    RefusedError
        ``say_what_happened``.
    """
    row = need_locked(need)
    promise = task_standing(need=row)
    if promise is None:
        words = _("Nobody has promised this need any more. Look where it stands.")
        raise ConflictError("nobody_promised", words)
    if not prose(note):
        words = _("Write a few words: what happened, as you would tell a neighbour.")
        raise RefusedError("say_what_happened", words, fields={"note": [words]})
    Task.objects.of(row.community_id).filter(pk=promise.pk).update(
        ending=Ending.NO_SHOW.value, ended_at=now, note=""
    )
    move = MoveIn(act=Act.GIVE_BACK, note=note)
    need_move(need=row, move=move, by=by, now=now)
    _sought_anew(need_locked(row), promise.member, by=by, note=note, now=now)
