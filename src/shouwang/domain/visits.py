"""Visits: who is to be visited by when and why, and what a visit's form may hold.

Everything here is a function of facts and ``now``. A home that is away is never due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shouwang.domain.ladder import Risk


class ChangeKind(StrEnum):
    """A major change, after which somebody goes soon."""

    LEFT_HOSPITAL = "left_hospital"
    ALERT = "alert"
    RISK_RAISED = "risk_raised"
    HOSPITAL_NEED = "hospital_need"
    BY_HAND = "by_hand"


class Cause(StrEnum):
    """Why a visit is due, the most pressing first."""

    CHANGE = "change"
    RAISED = "raised"
    NEVER = "never"
    ROUTINE = "routine"

    @property
    def place(self) -> int:
        """Return the place in the order; 0 presses most."""
        return list(Cause).index(self)


class CallState(StrEnum):
    """Where a visit stands at a moment, the most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    LATER = "later"
    AWAY = "away"

    @property
    def place(self) -> int:
        """Return the place in the order; 0 presses most."""
        return list(CallState).index(self)


class VisitOutcome(StrEnum):
    """What became of going there; only ``SPOKE`` counts as a visit."""

    SPOKE = "spoke"
    NOBODY_OPENED = "nobody_opened"
    NOT_NOW = "not_now"


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """How often a community visits, by risk level, and how soon after a major change."""

    high: timedelta = timedelta(days=7)
    key: timedelta = timedelta(days=30)
    general: timedelta = timedelta(days=91)
    after_change: timedelta = timedelta(hours=24)

    def of(self, risk: Risk) -> timedelta:
        """Return the longest time between two visits of a home."""
        match risk:
            case Risk.HIGH:
                return self.high
            case Risk.KEY:
                return self.key
            case Risk.GENERAL:
                return self.general


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that changed everything for her, and when."""

    kind: ChangeKind
    at: datetime
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class RaisedCall:
    """Somebody asked for a visit of this home: when, and by when (outside)."""

    at: datetime
    by: datetime
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class AwaySpan:
    """A home is empty from ``begin`` (inside) to ``end`` (outside), or open-ended."""

    begin: datetime
    end: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Return whether nobody is there at ``at``."""
        return self.begin <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, kw_only=True)
class VisitFacts:
    """What is known of a home when somebody asks whether a visit is due.

    ``since`` is when it came into our care: without any visit, the first is due within
    the interval from there.
    """

    risk: Risk
    since: datetime
    last_visit_at: datetime | None = None
    changes: Sequence[Change] = ()
    raised: Sequence[RaisedCall] = ()
    away: Sequence[AwaySpan] = ()


@dataclass(frozen=True, kw_only=True)
class Call:
    """The visit that comes next: why, from when on it is due, by when (outside).

    ``also`` are the other reasons for which it is due by now.
    """

    cause: Cause
    from_at: datetime
    by: datetime
    is_away: bool = False
    change: Change | None = None
    words: str = ""
    also: tuple[Call, ...] = ()

    def state(self, *, now: datetime) -> CallState:
        """Return where it stands at ``now``."""
        if self.is_away:
            return CallState.AWAY
        if now >= self.by:
            return CallState.OVERDUE
        return CallState.DUE if now >= self.from_at else CallState.LATER


# A routine visit is shown as due for the last part of its interval, so that whoever
# plans a week sees it in time.
DUE_PART = 6
# Who comes home is not overdue the same minute.
AFTER_RETURN = timedelta(hours=24)


def call_of(facts: VisitFacts, frequency: Frequency, *, now: datetime) -> Call:
    """Return the visit that presses most; a visit answers all that came before it."""
    away = any(span.covers(now) for span in facts.away)
    calls = [
        _routine(facts, frequency, now),
        *_changes(facts, frequency, now),
        *_raised(facts, now),
    ]
    found, *others = sorted(calls, key=lambda call: _pressing(call, now))
    also = tuple(call for call in others if now >= call.from_at)
    return replace(found, is_away=away, also=also)


def _pressing(call: Call, now: datetime) -> tuple[int, datetime, int, datetime]:
    # Of two that are due, the one whose time runs out first: adding one to the facts
    # never makes the answer later.
    return (call.state(now=now).place, call.by, call.cause.place, call.from_at)


def _routine(facts: VisitFacts, frequency: Frequency, now: datetime) -> Call:
    interval = frequency.of(facts.risk)
    begin = facts.since if facts.last_visit_at is None else facts.last_visit_at
    by = _after_return(begin + interval, facts.away, now)
    cause = Cause.NEVER if facts.last_visit_at is None else Cause.ROUTINE
    return Call(cause=cause, from_at=by - interval / DUE_PART, by=by)


def _changes(facts: VisitFacts, frequency: Frequency, now: datetime) -> Iterable[Call]:
    for change in facts.changes:
        if change.at > now or _answered(facts, change.at):
            continue
        by = _after_return(change.at + frequency.after_change, facts.away, now)
        yield Call(
            cause=Cause.CHANGE,
            from_at=change.at,
            by=by,
            change=change,
            words=change.words,
        )


def _raised(facts: VisitFacts, now: datetime) -> Iterable[Call]:
    for row in facts.raised:
        if row.at > now or _answered(facts, row.at):
            continue
        by = _after_return(row.by, facts.away, now)
        yield Call(cause=Cause.RAISED, from_at=row.at, by=by, words=row.words)


def _answered(facts: VisitFacts, at: datetime) -> bool:
    return facts.last_visit_at is not None and facts.last_visit_at >= at


def _after_return(by: datetime, away: Sequence[AwaySpan], now: datetime) -> datetime:
    """Return a deadline that fell while nobody was there, moved to after the return."""
    for span in sorted(away, key=lambda row: row.begin):
        if span.end is not None and span.end <= now and span.covers(by):
            by = span.end + AFTER_RETURN
    return by


def call_place(
    call: Call, risk: Risk, *, now: datetime
) -> tuple[int, int, int, datetime]:
    """Return the place in the list: overdue, then why, then risk, then longest waiting."""
    return (
        call.state(now=now).place,
        call.cause.place,
        list(Risk).index(risk),
        call.by,
    )


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Of the homes that needed a visit in a span, how many had one."""

    due: int = 0
    done: int = 0


def needed_in(
    visits: Iterable[datetime],
    *,
    since: datetime,
    interval: timedelta,
    span: tuple[datetime, datetime],
) -> Kept:
    """Return whether a home needed a routine visit in ``span`` and whether it had one.

    It needed one when the interval since the visit before the span, or since it came
    into our care, ran out before the span's end (outside).
    """
    begin, end = span
    times = sorted(visits)
    before = [at for at in times if at < begin]
    start = before[-1] if before else since
    if since >= end or start + interval >= end:
        return Kept()
    return Kept(due=1, done=int(any(begin <= at < end for at in times)))


# --- the form ---------------------------------------------------------------------


class QuestionKind(StrEnum):
    """How an own question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a form; ``choices`` are the answers of a choice.

    ``concerns`` are the answers that somebody at the desk should read.
    """

    code: str
    kind: QuestionKind
    words: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    concerns: frozenset[str] = frozenset()


YES, NO = "yes", "no"
# What every visit asks, in this order; their words are translated where they are shown.
BUILT_IN_QUESTIONS: tuple[Question, ...] = (
    Question(
        code="how_is_she",
        kind=QuestionKind.CHOICE,
        choices=("well", "so_so", "unwell"),
        required=True,
        concerns=frozenset({"so_so", "unwell"}),
    ),
    Question(
        code="home_safety",
        kind=QuestionKind.CHOICE,
        choices=("safe", "small_things", "dangerous"),
        concerns=frozenset({"dangerous"}),
    ),
    Question(
        code="medicines",
        kind=QuestionKind.CHOICE,
        choices=("in_date", "out_of_date", "none"),
        concerns=frozenset({"out_of_date"}),
    ),
    Question(
        code="agreement",
        kind=QuestionKind.CHOICE,
        choices=("right", "change"),
        concerns=frozenset({"change"}),
    ),
    Question(
        code="changed",
        kind=QuestionKind.CHOICE,
        choices=("nothing", "something"),
        concerns=frozenset({"something"}),
    ),
)
TEXT_MOST = 500
NUMBER_MOST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered to a question; the words beside it may be empty."""

    value: str = ""
    words: str = ""


def answer_problem(question: Question, answer: Answer | None) -> str:
    """Return what is wrong with an answer, as a code; empty where nothing is."""
    given = answer.value.strip() if answer else ""
    if not given:
        return "required" if question.required else ""
    match question.kind:
        case QuestionKind.YES_NO:
            return "" if given in (YES, NO) else "unknown_answer"
        case QuestionKind.CHOICE:
            return "" if given in question.choices else "unknown_answer"
        case QuestionKind.NUMBER:
            return "" if _is_number(given) else "not_a_number"
        case QuestionKind.TEXT:
            return "" if len(given) <= TEXT_MOST else "too_long"


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) <= NUMBER_MOST
    except ValueError:
        return False


def form_problems(
    questions: Iterable[Question], answers: Mapping[str, Answer]
) -> dict[str, str]:
    """Return what is wrong with a filled-in form: a code for each question's code."""
    found = {row.code: answer_problem(row, answers.get(row.code)) for row in questions}
    return {code: problem for code, problem in found.items() if problem}


def concerns_of(
    questions: Iterable[Question], answers: Mapping[str, Answer]
) -> tuple[str, ...]:
    """Return the questions whose answers somebody at the desk should read."""
    return tuple(
        row.code
        for row in questions
        if row.code in answers and answers[row.code].value in row.concerns
    )


# --- company ----------------------------------------------------------------------


def longest_alone(
    met: Mapping[int, datetime | None],
) -> list[int]:
    """Return homes by how long nobody has sat with them; never at all comes first."""
    return sorted(
        met,
        key=lambda home: (
            met[home] is not None,
            at.timestamp() if (at := met[home]) else 0.0,
            home,
        ),
    )
