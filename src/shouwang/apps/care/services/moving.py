"""A need moves on: one rule says whether it may, one transaction writes what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.apps.care.followers import Moved, followers_tell
from shouwang.apps.care.models import Chase, HandOver, Need, NeedOffer
from shouwang.apps.care.selectors import office_of, standing_of
from shouwang.apps.care.services.opening import need_locked
from shouwang.apps.care.services.story import Line, story_write
from shouwang.apps.care.words import refusal_words
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import LOOKING_ROLES, has_role
from shouwang.apps.residents.selectors import consents_standing
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import prose
from shouwang.domain.errors import NeedError
from shouwang.domain.needs import (
    CLOSED,
    Act,
    Asked,
    Stage,
    Step,
    already_so,
    next_stage,
)

# Somebody else was quicker: not a fault of what was sent.
CONFLICTS = frozenset({"already_taken", "need_closed", "handed_on", "not_now"})
_FIELD = {
    "say_how_asked": "asked",
    "say_which_office": "office",
    "chase_in_the_future": "chase_on",
    "say_why": "note",
    "say_what_was_wrong": "note",
    "say_what_they_said": "note",
    "danger_needs_reason": "note",
}
# Moves that leave a need in the hands it is in.
_SAME_HANDS = frozenset({Act.OFFER, Act.DECLINE, Act.BEGIN, Act.CHASE})
# Moves that are about whom they are offered to, or who answers.
_ABOUT_SOMEBODY = frozenset({Act.OFFER, Act.TAKE, Act.DECLINE})


@dataclass(frozen=True, kw_only=True)
class MoveIn:
    """What somebody does with a need.

    ``who`` is whom it is offered to, or who takes or refuses it: whoever does it,
    unless said.
    """

    act: Act
    note: str = ""
    asked: Asked | None = None
    who: Member | None = None
    office: str = ""
    number: str = ""
    chase_at: datetime | None = None


@transaction.atomic
def need_move(*, need: Need, move: MoveIn, by: Member, now: datetime) -> Need:
    """Move a need on; doing again what was done already changes nothing.

    Raises
    ------
    ConflictError
        The need stands elsewhere by now, for one because somebody else has taken it:
        the words say who.
    RefusedError
        The rules do not allow it; see ``domain.needs.next_stage``.
    """
    row = need_locked(need)
    who = move.who or by
    standing = standing_of(row)
    step = Step(
        act=move.act,
        who=who.pk,
        note=move.note,
        asked=move.asked,
        office=move.office,
        chase_at=move.chase_at,
    )
    if already_so(standing, step):
        return row
    _require_helper(move, who)
    try:
        to = next_stage(standing, step, now=now)
    except NeedError as error:
        raise _told(error, row) from error
    had = row.taken_by
    done = Done(need=row, move=move, by=by, who=who, now=now)
    EFFECTS[move.act](done)
    _write(done, to)
    about = who if move.act in _ABOUT_SOMEBODY else had
    followers_tell(
        Moved(need=row, act=move.act, who=about, by=by, note=move.note, now=now)
    )
    return row


def _require_helper(move: MoveIn, who: Member) -> None:
    if move.act in {Act.OFFER, Act.TAKE} and (
        who.left_at is not None or not has_role(who, LOOKING_ROLES)
    ):
        words = _("This person cannot take a need. Choose somebody who walks or helps.")
        raise RefusedError("not_a_helper", words, fields={"who": [words]})


def _told(error: NeedError, row: Need) -> RefusedError | ConflictError:
    words = refusal_words(error.code, holder=str(row.taken_by or ""))
    if error.code in CONFLICTS:
        return ConflictError(error.code, words)
    field = _FIELD.get(error.code)
    return RefusedError(error.code, words, fields={field: [words]} if field else None)


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step that the rules allow, about to be written."""

    need: Need
    move: MoveIn
    by: Member
    who: Member
    now: datetime


def _offer(done: Done) -> None:
    NeedOffer.objects.of(done.need.community_id).create(
        community_id=done.need.community_id,
        need=done.need,
        member=done.who,
        offered_at=done.now,
        offered_by=done.by,
    )


def _decline(done: Done) -> None:
    _answer(done, "no")


def _take(done: Done) -> None:
    _answer(done, "yes")
    _offers_end(done)
    done.need.taken_by = done.who


def _answer(done: Done, reply: str) -> None:
    NeedOffer.objects.of(done.need.community_id).filter(
        need=done.need, member=done.who, over_at__isnull=True
    ).update(reply=reply, replied_at=done.now, over_at=done.now)


def _offers_end(done: Done) -> None:
    NeedOffer.objects.of(done.need.community_id).filter(
        need=done.need, over_at__isnull=True
    ).update(over_at=done.now)


def _let_go(done: Done) -> None:
    done.need.taken_by = None


def _wrong(done: Done) -> None:
    done.need.taken_by = None
    done.need.wrong_count += 1


def _close(done: Done) -> None:
    _offers_end(done)
    _office_end(done)


def _hand_on(done: Done) -> None:
    _offers_end(done)
    done.need.taken_by = None
    consents = consents_standing(home=done.need.home)
    HandOver.objects.of(done.need.community_id).create(
        community_id=done.need.community_id,
        need=done.need,
        office=prose(done.move.office),
        number=prose(done.move.number),
        consent=consents[0] if consents else None,
        danger="" if consents else done.move.note,
        handed_at=done.now,
        handed_by=done.by,
        chase_at=_later(done),
    )


def _chase(done: Done) -> None:
    office = office_of(done.need)
    if office is None:
        # The rules were asked before: a need that can be chased has an office.
        raise RefusedError("not_now", refusal_words("not_now"))
    office.chase_at = _later(done)
    Chase.objects.of(done.need.community_id).create(
        community_id=done.need.community_id,
        hand_over=office,
        at=done.now,
        by=done.by,
        said=done.move.note,
        next_at=office.chase_at,
    )
    office.save(update_fields=["chase_at"])


def _later(done: Done) -> datetime:
    """Return when to ask the office again; the rules have seen that it is said."""
    if done.move.chase_at is None:
        code = "chase_in_the_future"
        raise RefusedError(code, refusal_words(code))
    return done.move.chase_at


def _office_end(done: Done) -> None:
    HandOver.objects.of(done.need.community_id).filter(
        need=done.need, ended_at__isnull=True
    ).update(ended_at=done.now)


def _nothing(_done: Done) -> None:
    return


EFFECTS: Mapping[Act, Callable[[Done], None]] = {
    Act.OFFER: _offer,
    Act.DECLINE: _decline,
    Act.TAKE: _take,
    Act.BEGIN: _nothing,
    Act.FINISH: _office_end,
    Act.GIVE_BACK: _let_go,
    Act.RIGHT: _close,
    Act.WRONG: _wrong,
    Act.HAND_ON: _hand_on,
    Act.CHASE: _chase,
    Act.TAKE_BACK: _office_end,
    Act.CANCEL: _close,
}


def _write(done: Done, to: Stage) -> None:
    need, move = done.need, done.move
    from_stage, need.stage = need.stage, to.value
    if move.act not in _SAME_HANDS:
        need.since = done.now
    if to in CLOSED:
        need.closed_at = done.now
    need.save(update_fields=["stage", "since", "taken_by", "wrong_count", "closed_at"])
    line = Line(
        act=move.act,
        by=done.by,
        at=done.now,
        from_stage=from_stage,
        who=done.who if move.act in _ABOUT_SOMEBODY else None,
        asked=move.asked.value if move.asked else "",
        note=_story_note(move),
    )
    story_write(need, line)


def _story_note(move: MoveIn) -> str:
    office = f"{prose(move.office)} {prose(move.number)}".strip()
    return " · ".join(part for part in (office, prose(move.note)) if part)
