"""Visits in the reader's language: why one is due, what is asked, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.visits.models import Held, RaisedReason
from shouwang.common.clock import local
from shouwang.domain.alerts import Outcome
from shouwang.domain.visits import (
    Answer,
    Call,
    CallState,
    Cause,
    ChangeKind,
    Question,
    QuestionKind,
    VisitOutcome,
)


def outcome_words() -> Mapping[str, str]:
    """Return what became of going there."""
    return {
        VisitOutcome.SPOKE.value: pgettext("at a visit", "visited"),
        VisitOutcome.NOBODY_OPENED.value: _("nobody opened"),
        VisitOutcome.NOT_NOW.value: _("she said: not now"),
    }


def question_words() -> Mapping[str, str]:
    """Return what every visit asks."""
    return {
        "how_is_she": _("How is she?"),
        "home_safety": _("Is the home safe?"),
        "medicines": _("Are the medicines in date?"),
        "agreement": _("Is what was agreed still right?"),
        "changed": _("Has anything changed?"),
    }


def answer_words() -> Mapping[tuple[str, str], str]:
    """Return the answers of what every visit asks."""
    return {
        ("how_is_she", "well"): pgettext("at a visit", "well"),
        ("how_is_she", "so_so"): pgettext("at a visit", "so-so"),
        ("how_is_she", "unwell"): pgettext("at a visit", "not well"),
        ("home_safety", "safe"): pgettext("at a visit", "safe"),
        ("home_safety", "small_things"): pgettext("at a visit", "small things"),
        ("home_safety", "dangerous"): pgettext("at a visit", "dangerous"),
        ("medicines", "in_date"): pgettext("at a visit", "in date"),
        ("medicines", "out_of_date"): pgettext("at a visit", "some out of date"),
        ("medicines", "none"): pgettext("at a visit", "takes none"),
        ("agreement", "right"): pgettext("at a visit", "still right"),
        ("agreement", "change"): pgettext("at a visit", "should change"),
        ("changed", "nothing"): pgettext("at a visit", "nothing"),
        ("changed", "something"): pgettext("at a visit", "something"),
    }


def yes_no_words() -> Mapping[str, str]:
    """Return the answers of an own question that is answered by yes or no."""
    return {"yes": pgettext("at a visit", "yes"), "no": pgettext("at a visit", "no")}


def asked(question: Question) -> str:
    """Return what a question asks."""
    return question.words or question_words()[question.code]


def answer_choices(question: Question) -> list[tuple[str, str]]:
    """Return the answers that can be tapped, with their words; none for text and number."""
    match question.kind:
        case QuestionKind.YES_NO:
            return [*yes_no_words().items()]
        case QuestionKind.CHOICE:
            words = answer_words()
            return [
                (value, words.get((question.code, value), value))
                for value in question.choices
            ]
        case QuestionKind.NUMBER | QuestionKind.TEXT:
            return []


def answered(question: Question, answer: Answer) -> str:
    """Return what was answered, with the words beside it."""
    said = dict(answer_choices(question)).get(answer.value, answer.value)
    return " · ".join(part for part in (said, answer.words) if part)


def kind_words() -> Mapping[str, str]:
    """Return how an own question can be answered."""
    return {
        QuestionKind.YES_NO.value: pgettext("at a visit", "yes or no"),
        QuestionKind.CHOICE.value: pgettext("at a visit", "one of several answers"),
        QuestionKind.NUMBER.value: pgettext("at a visit", "a number"),
        QuestionKind.TEXT.value: pgettext("at a visit", "words"),
    }


def problem_words() -> Mapping[str, str]:
    """Return what is wrong with an answer."""
    return {
        "required": _("This has to be answered."),
        "unknown_answer": _("Choose one of the answers."),
        "not_a_number": _("Write a number."),
        "too_long": _("This is longer than 500 characters."),
    }


def state_words() -> Mapping[str, str]:
    """Return where a visit stands."""
    return {
        CallState.OVERDUE.value: pgettext("visit", "overdue"),
        CallState.DUE.value: pgettext("visit", "due"),
        CallState.LATER.value: pgettext("visit", "later"),
        CallState.AWAY.value: pgettext("visit", "away"),
    }


def reason_words() -> Mapping[str, str]:
    """Return why a whole group is visited."""
    return {
        RaisedReason.FESTIVAL.value: _("before the festival"),
        RaisedReason.HEAT.value: _("in the heat"),
        RaisedReason.COLD.value: _("in the cold"),
        RaisedReason.SMOG.value: _("in the smog"),
        RaisedReason.OTHER.value: pgettext("reason for visits", "for another reason"),
    }


def festival_words() -> Mapping[str, str]:
    """Return the festivals on which nobody should be alone."""
    return {
        "spring": _("Spring Festival"),
        "dragon_boat": _("Dragon Boat Festival"),
        "mid_autumn": _("Mid-Autumn Festival"),
        "double_ninth": _("Double Ninth Festival"),
    }


def held_words() -> Mapping[str, str]:
    """Return why a visit waits for a person to judge it."""
    return {
        Held.CONSENT.value: _(
            "This home had withdrawn its consent when the visit arrived."
        ),
        Held.NOT_THEIRS.value: _("This home was not theirs to visit."),
        Held.ARCHIVED.value: _("This home was no longer kept when the visit arrived."),
    }


def change_words(kind: ChangeKind, words: str) -> str:
    """Return what changed everything for her."""
    match kind:
        case ChangeKind.LEFT_HOSPITAL:
            return _("back from the hospital")
        case ChangeKind.ALERT:
            return _grave_words().get(words, words)
        case ChangeKind.RISK_RAISED:
            return _("her risk level was raised")
        case ChangeKind.HOSPITAL_NEED:
            return _("she has to go to the hospital")
        case ChangeKind.BY_HAND:
            return words


def _grave_words() -> Mapping[str, str]:
    return {
        Outcome.UNWELL.value: _("an alert found her unwell"),
        Outcome.IN_HOSPITAL.value: _("an alert found her in the hospital"),
        Outcome.EMERGENCY_CALLED.value: _("the emergency service was called"),
    }


def why(call: Call, *, zone: tzinfo) -> str:
    """Return why a visit comes next and by when, with every reason there is by now.

    The routine is one reason among others only where it presses most.
    """
    special = [row for row in call.also if row.cause in {Cause.CHANGE, Cause.RAISED}]
    told = [_why(row, zone=zone) for row in (call, *special)]
    return pgettext("between reasons", "; ").join(dict.fromkeys(told))


def _why(call: Call, *, zone: tzinfo) -> str:
    by = f"{local(call.by, zone):%m-%d}"
    match call.cause:
        case Cause.CHANGE if call.change is not None:
            what = change_words(call.change.kind, call.words)
            hour = f"{local(call.by, zone):%m-%d %H:%M}"
            return _("%(what)s: visit by %(by)s") % {"what": what, "by": hour}
        case Cause.RAISED:
            what = reason_words().get(call.words, call.words)
            return _("%(what)s: visit by %(by)s") % {"what": what, "by": by}
        case Cause.NEVER:
            return _("never visited yet: visit by %(by)s") % {"by": by}
        case _:
            return _("the next visit by %(by)s") % {"by": by}


def late_words(call: Call, *, now: datetime) -> str:
    """Return since when a visit is overdue; empty where it is not."""
    if call.state(now=now) is not CallState.OVERDUE:
        return ""
    days = (now - call.by).days
    if days == 0:
        return _("overdue since today")
    words = ngettext("overdue for %(count)s day", "overdue for %(count)s days", days)
    return words % {"count": days}


def alone_words(met_at: datetime | None, *, now: datetime) -> str:
    """Return how long nobody has sat with her."""
    if met_at is None:
        return _("nobody has written down yet that they sat with her")
    days = (now - met_at).days
    if days == 0:
        return _("somebody sat with her today")
    words = ngettext("%(count)s day ago", "%(count)s days ago", days)
    return words % {"count": days}
