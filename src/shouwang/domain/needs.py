"""What people need: who moves it where, what is refused, and what is overdue first.

A need is over only when somebody has asked the resident whether it was right, or when it
was cancelled with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shouwang.domain.alerts import CONTACT_CLOSES, AlertKind
from shouwang.domain.errors import NeedError
from shouwang.domain.ladder import Risk


class Urgency(StrEnum):
    """How a need is sorted, the most pressing first."""

    URGENT = "urgent"
    DIFFICULT = "difficult"
    EVERYDAY = "everyday"

    @property
    def place(self) -> int:
        """Return the place in the order; 0 presses most."""
        return list(Urgency).index(self)


class NeedKind(StrEnum):
    """The built-in kinds of need; a community adds its own by data."""

    MEDICINE = "medicine"
    MEAL = "meal"
    SHOPPING = "shopping"
    HOSPITAL = "hospital"
    REPAIR = "repair"
    HAIRCUT = "haircut"
    PAPERWORK = "paperwork"
    COMPANY = "company"
    OTHER = "other"


class Source(StrEnum):
    """How the community came to know of a need."""

    VISIT = "visit"
    ALERT = "alert"
    CRYING_FACE = "crying_face"
    PHONE = "phone"
    PAPER = "paper"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    ON_BEHALF = "on_behalf"


class Stage(StrEnum):
    """Where a need stands."""

    NEW = "new"
    OFFERED = "offered"
    TAKEN = "taken"
    DOING = "doing"
    DONE = "done"
    CHECKED = "checked"
    HANDED_ON = "handed_on"
    CANCELLED = "cancelled"


CLOSED = frozenset({Stage.CHECKED, Stage.CANCELLED})
IN_HAND = frozenset({Stage.TAKEN, Stage.DOING})


class Act(StrEnum):
    """What somebody does with a need.

    ``OPEN`` and ``CHANGE`` stand in its story only; they move it nowhere.
    """

    OPEN = "open"
    CHANGE = "change"
    OFFER = "offer"
    DECLINE = "decline"
    TAKE = "take"
    BEGIN = "begin"
    FINISH = "finish"
    GIVE_BACK = "give_back"
    RIGHT = "right"
    WRONG = "wrong"
    HAND_ON = "hand_on"
    CHASE = "chase"
    TAKE_BACK = "take_back"
    CANCEL = "cancel"


class Asked(StrEnum):
    """How somebody asked whether it was right."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    FAMILY = "family"


class ConsentState(StrEnum):
    """What a home has said about its data."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    NONE = "none"


_LEAVES: Mapping[Act, Stage] = {
    Act.HAND_ON: Stage.HANDED_ON,
    Act.CANCEL: Stage.CANCELLED,
}
_UNTAKEN: Mapping[Act, Stage] = {
    Act.OFFER: Stage.OFFERED,
    Act.TAKE: Stage.TAKEN,
    **_LEAVES,
}
_HELD: Mapping[Act, Stage] = {
    Act.FINISH: Stage.DONE,
    Act.GIVE_BACK: Stage.NEW,
    **_LEAVES,
}
MOVES: Mapping[Stage, Mapping[Act, Stage]] = {
    Stage.NEW: _UNTAKEN,
    # A refusal leads back to new where nobody else is asked any more.
    Stage.OFFERED: {Act.DECLINE: Stage.OFFERED, **_UNTAKEN},
    Stage.TAKEN: {Act.BEGIN: Stage.DOING, **_HELD},
    Stage.DOING: _HELD,
    # What was not right begins anew: nothing rests with somebody who has gone home.
    Stage.DONE: {Act.RIGHT: Stage.CHECKED, Act.WRONG: Stage.NEW},
    Stage.HANDED_ON: {
        Act.CHASE: Stage.HANDED_ON,
        Act.FINISH: Stage.DONE,
        Act.TAKE_BACK: Stage.NEW,
        Act.CANCEL: Stage.CANCELLED,
    },
    Stage.CHECKED: {},
    Stage.CANCELLED: {},
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a need stands when somebody wants to do something with it.

    ``taken_by`` and ``waiting_for`` are people by number: who has it, and who was
    asked and has not answered.
    """

    stage: Stage
    urgency: Urgency
    consent: ConsentState
    taken_by: int | None = None
    waiting_for: Collection[int] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody wants to do; ``who`` is whom it is about (offer, decline, take)."""

    act: Act
    who: int | None = None
    note: str = ""
    asked: Asked | None = None
    office: str = ""
    chase_at: datetime | None = None


# A second tap on one of these finds the need where the first has led it.
_LEADS_TO = {
    Act.BEGIN: Stage.DOING,
    Act.FINISH: Stage.DONE,
    Act.RIGHT: Stage.CHECKED,
    Act.CANCEL: Stage.CANCELLED,
}


def already_so(need: Standing, step: Step) -> bool:
    """Return whether doing this once more would change nothing."""
    if step.act is Act.TAKE:
        return need.stage in IN_HAND and need.taken_by == step.who
    if step.act is Act.OFFER:
        return step.who in need.waiting_for
    return _LEADS_TO.get(step.act) is need.stage


def next_stage(need: Standing, step: Step, *, now: datetime) -> Stage:
    """Return where a need stands after a step.

    Raises
    ------
    NeedError
        ``need_closed``, ``already_taken``, ``handed_on``, ``not_now``, ``not_asked``,
        ``say_why``, ``say_what_was_wrong``, ``say_what_they_said``,
        ``say_how_asked``, ``say_which_office``, ``chase_in_the_future``,
        ``everyday_stays_here``, ``no_consent`` or ``danger_needs_reason``.
    """
    to = MOVES[need.stage].get(step.act)
    if to is None:
        raise NeedError(_why_not_now(need, step))
    for check in _CHECKS.get(step.act, ()):
        refused = check(need, step, now)
        if refused:
            raise NeedError(refused)
    if step.act is Act.DECLINE and len(set(need.waiting_for) - {step.who}) == 0:
        return Stage.NEW
    return to


def _why_not_now(need: Standing, step: Step) -> str:
    if need.stage in CLOSED:
        return "need_closed"
    if step.act in {Act.TAKE, Act.OFFER} and need.stage in IN_HAND:
        return "already_taken"
    if need.stage is Stage.HANDED_ON:
        return "handed_on"
    return "not_now"


Check = Callable[[Standing, Step, datetime], str]


def _noted(code: str) -> Check:
    return lambda _need, step, _now: "" if step.note.strip() else code


def _was_asked(need: Standing, step: Step, _now: datetime) -> str:
    return "" if step.who in need.waiting_for else "not_asked"


def _says_how(_need: Standing, step: Step, _now: datetime) -> str:
    return "" if step.asked is not None else "say_how_asked"


def _names_office(_need: Standing, step: Step, _now: datetime) -> str:
    return "" if step.office.strip() else "say_which_office"


def _chases_later(_need: Standing, step: Step, now: datetime) -> str:
    later = step.chase_at is not None and step.chase_at > now
    return "" if later else "chase_in_the_future"


def _may_leave(need: Standing, step: Step, _now: datetime) -> str:
    if need.urgency is Urgency.EVERYDAY:
        return "everyday_stays_here"
    if need.consent is ConsentState.STANDING:
        return ""
    if need.urgency is not Urgency.URGENT:
        return "no_consent"
    # Somebody in danger is never refused; but why it left without her word is kept.
    return "" if step.note.strip() else "danger_needs_reason"


_CHECKS: Mapping[Act, tuple[Check, ...]] = {
    Act.DECLINE: (_was_asked,),
    Act.RIGHT: (_says_how,),
    Act.WRONG: (_says_how, _noted("say_what_was_wrong")),
    Act.HAND_ON: (_may_leave, _names_office, _chases_later),
    Act.CHASE: (_noted("say_what_they_said"), _chases_later),
    Act.TAKE_BACK: (_noted("say_why"),),
    Act.CANCEL: (_noted("say_why"),),
}


def opening_refused(
    *, consent: ConsentState, urgency: Urgency, source: Source
) -> NeedError | None:
    """Return why no need may be written down for a home, or ``None``.

    A home that withdrew its consent is left in peace. Somebody in danger is never
    refused, nor what was found at the door by an alert.
    """
    in_danger = urgency is Urgency.URGENT or source is Source.ALERT
    if consent is ConsentState.WITHDRAWN and not in_danger:
        return NeedError("consent_withdrawn")
    return None


def urgency_after_alert(kind: AlertKind, risk: Risk) -> Urgency:
    """Return how a need found by an alert is sorted until a person says otherwise.

    Never everyday: a person was missed or asked for help, and doubt is not calm.
    """
    if kind in CONTACT_CLOSES or risk is not Risk.GENERAL:
        return Urgency.URGENT
    return Urgency.DIFFICULT


# How long each may wait before it is overdue: to be taken, done, and asked about.
TAKEN_WITHIN: Mapping[Urgency, timedelta] = {
    Urgency.URGENT: timedelta(minutes=30),
    Urgency.DIFFICULT: timedelta(days=1),
    Urgency.EVERYDAY: timedelta(days=2),
}
DONE_WITHIN: Mapping[Urgency, timedelta] = {
    Urgency.URGENT: timedelta(hours=4),
    Urgency.DIFFICULT: timedelta(days=7),
    Urgency.EVERYDAY: timedelta(days=3),
}
ASKED_WITHIN: Mapping[Urgency, timedelta] = {
    Urgency.URGENT: timedelta(days=1),
    Urgency.DIFFICULT: timedelta(days=3),
    Urgency.EVERYDAY: timedelta(days=3),
}
# What is wanted on a later day must be in somebody's hands this long before.
TAKEN_BEFORE = timedelta(days=2)


class Why(StrEnum):
    """What has to happen next."""

    WANTED = "wanted"
    UNTAKEN = "untaken"
    UNDONE = "undone"
    UNASKED = "unasked"
    UNCHASED = "unchased"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A need as the order of the board sees it.

    ``since`` is when it came into the hands it is in: nobody's, somebody's, an
    office's, or waiting for the question whether it was right.
    """

    stage: Stage
    urgency: Urgency
    since: datetime
    wanted_by: datetime | None = None
    chase_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Due:
    """Until when (outside) what has to happen."""

    at: datetime
    why: Why

    def is_over(self, *, now: datetime) -> bool:
        """Return whether it should have happened by now."""
        return now >= self.at


def due_of(need: Waiting) -> Due | None:
    """Return what has to happen next and by when; ``None`` once a need is closed."""
    match need.stage:
        case Stage.NEW | Stage.OFFERED:
            return _due_untaken(need)
        case Stage.TAKEN | Stage.DOING:
            if need.wanted_by is not None:
                return Due(at=need.wanted_by, why=Why.WANTED)
            return Due(at=need.since + DONE_WITHIN[need.urgency], why=Why.UNDONE)
        case Stage.DONE:
            return Due(at=need.since + ASKED_WITHIN[need.urgency], why=Why.UNASKED)
        case Stage.HANDED_ON:
            return Due(at=need.chase_at or need.since, why=Why.UNCHASED)
        case Stage.CHECKED | Stage.CANCELLED:
            return None


def _due_untaken(need: Waiting) -> Due:
    soon = need.since + TAKEN_WITHIN[need.urgency]
    if need.wanted_by is None:
        return Due(at=soon, why=Why.UNTAKEN)
    in_time = max(soon, need.wanted_by - TAKEN_BEFORE)
    if need.wanted_by <= in_time:
        return Due(at=need.wanted_by, why=Why.WANTED)
    return Due(at=in_time, why=Why.UNTAKEN)


def place_of(need: Waiting, *, now: datetime) -> tuple[bool, bool, int, float]:
    """Return the place of a need in the order: overdue, then pressing, then soonest due.

    Closed needs come last, the newest first.
    """
    due = due_of(need)
    if due is None:
        return (True, True, 0, -need.since.timestamp())
    return (
        False,
        not due.is_over(now=now),
        need.urgency.place,
        due.at.timestamp(),
    )
