"""Signals, states and windows in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import (
    AbsenceReason,
    KnownRisk,
    RiskKind,
    SignalKindRow,
)
from shouwang.domain.errors import TermsError
from shouwang.domain.schedule import EVERY_DAY, Expectation
from shouwang.domain.signals import BUILT_IN, Meaning, SignalKind


def signal_words() -> Mapping[str, str]:
    """Return the names of the built-in signal kinds."""
    return {
        "curtain": _("curtain"),
        "light": _("light"),
        "board": _("board in the window"),
        "token": _("token at the door"),
        "sticker": _("sticker"),
        "contact": _("contact"),
        "sensor": _("sensor"),
    }


def state_words() -> Mapping[str, str]:
    """Return the names of the built-in states."""
    return {
        "open": pgettext("curtain", "open"),
        "closed": pgettext("curtain", "closed"),
        "partly": pgettext("curtain", "partly open"),
        "on": pgettext("lamp", "on"),
        "off": pgettext("lamp", "off"),
        "smile": _("smile"),
        "cry": _("crying face"),
        "nothing_hung": _("nothing hung"),
        "out": pgettext("token", "out"),
        "in": pgettext("token", "taken in"),
        "spoke": _("spoke with her"),
        "bell_answered": _("the bell was answered"),
        "vouched": _("the family vouches"),
        "no_answer": _("no answer"),
        "asks_help": _("asks for help"),
        "activity": _("activity"),
    }


def could_not_see_words() -> Mapping[str, str]:
    """Return why somebody could not see, in words."""
    return {
        "dark": _("too dark"),
        "glare": _("glare"),
        "blocked": _("something in the way"),
        "too_far": _("too far"),
        "other": _("could not see"),
    }


def terms_problem_words(problem: TermsError) -> str:
    """Return what is wrong with the terms, and what to do."""
    words = {
        "no_expectation": _("Agree on at least one window of time."),
        "label_twice": _("Two windows are both called “%(label)s”."),
        "ends_before_it_begins": _("The agreement ends before it begins."),
        "window_empty": _("The window “%(label)s” is empty: it ends when it opens."),
        "grace_negative": _("The grace of “%(label)s” is less than nothing."),
        "no_day": _("“%(label)s” has no day of the week."),
        "no_well_state": _("Say which states mean well in “%(label)s”."),
        "window_overlaps_itself": _(
            "“%(label)s” and its grace last longer than a day and overlap themselves."
        ),
        "windows_overlap": _("The windows “%(label)s” and “%(other)s” overlap."),
    }
    return words[problem.code] % problem.values


def signal_words_of(community: Community | int) -> Mapping[str, str]:
    """Return the names of the built-in signal kinds and of the community's own."""
    own = SignalKindRow.objects.of(community).values_list("kind", "name")
    return {**signal_words(), **dict(own)}


def state_words_of(community: Community | int) -> Mapping[tuple[str, str], str]:
    """Return the name of each state, by signal kind and state."""
    built_in = {
        (kind.kind, state): state_words()[state]
        for kind in BUILT_IN.values()
        for state in kind.states
    }
    own = {
        (row.kind, state["state"]): state["name"]
        for row in SignalKindRow.objects.of(community)
        for state in row.states
    }
    return {**built_in, **own}


@dataclass(frozen=True, kw_only=True)
class SignalNames:
    """What a community calls its signals and their states, read once for many rows."""

    signals: Mapping[str, str]
    states: Mapping[tuple[str, str], str]


def signal_names(community: Community | int) -> SignalNames:
    """Return the names of all that can be seen in a community."""
    return SignalNames(
        signals=signal_words_of(community), states=state_words_of(community)
    )


def seen_words(
    kind: SignalKind, states: Mapping[tuple[str, str], str]
) -> list[tuple[str, str]]:
    """Return what somebody may say of a signal: its states, then why not seen.

    A reason is marked by an exclamation mark before it.
    """
    return [
        *((state, states[kind.kind, state]) for state in kind.states),
        *((f"!{reason}", words) for reason, words in could_not_see_words().items()),
    ]


def meaning_words() -> Mapping[str, str]:
    """Return what a state can mean by itself."""
    return {
        Meaning.WELL.value: _("all is well"),
        Meaning.NOT_WELL.value: _("not well"),
        Meaning.HELP.value: _("asks for help, at any hour"),
        Meaning.NEUTRAL.value: _("nothing by itself"),
    }


def absence_words() -> Mapping[str, str]:
    """Return why a home is empty."""
    return {
        AbsenceReason.HOSPITAL.value: _("in hospital"),
        AbsenceReason.FAMILY.value: _("with family"),
        AbsenceReason.TRAVEL.value: _("travelling"),
        AbsenceReason.OTHER.value: _("other"),
    }


def risk_words() -> Mapping[str, str]:
    """Return how soon a home must be cared for."""
    return {
        "high": _("high risk"),
        "key": _("key care"),
        "general": pgettext("risk", "general"),
    }


def risk_kind_words() -> Mapping[str, str]:
    """Return what whoever goes to the door must know, in words."""
    return {
        RiskKind.HARD_OF_HEARING.value: _("hard of hearing"),
        RiskKind.OVERSLEEPS.value: _("often sleeps long"),
        RiskKind.SEES_BADLY.value: _("sees badly"),
        RiskKind.WALKS_BADLY.value: _("slow to the door"),
        RiskKind.FALLS.value: _("has fallen before"),
        RiskKind.HEART.value: _("weak heart"),
        RiskKind.FORGETFUL.value: _("forgetful"),
        RiskKind.DOG.value: _("a dog"),
        RiskKind.NO_LIFT.value: _("no lift"),
        RiskKind.KEY_WITH.value: _("the key is with"),
        RiskKind.OTHER.value: _("other"),
    }


def known_risk_words(row: KnownRisk) -> str:
    """Return one known risk as it is read at the door."""
    if row.kind == RiskKind.OTHER:
        return row.words
    words = risk_kind_words()[row.kind]
    return (
        _("%(what)s %(words)s") % {"what": words, "words": row.words}
        if row.words
        else words
    )


def day_words() -> Sequence[str]:
    """Return the days of the week, Monday first, as short as they are written."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def days_phrase(days: frozenset[int]) -> str:
    """Return some days of the week as people say them."""
    special = {
        EVERY_DAY: _("every day"),
        frozenset(range(5)): _("on weekdays"),
        frozenset({5, 6}): _("at weekends"),
    }
    names = day_words()
    listed = pgettext("between names", ", ").join(names[day] for day in sorted(days))
    return special.get(days) or _("on %(days)s") % {"days": listed}


def expectation_sentence(
    row: Expectation, *, signal: str, states: Mapping[tuple[str, str], str]
) -> str:
    """Return one agreed window as it is printed on the resident's card."""
    minutes = int(row.grace.total_seconds() // 60)
    values = {
        "days": days_phrase(row.days),
        "opens": f"{row.opens:%H:%M}",
        "due": f"{row.due:%H:%M}",
        "states": _(" or ").join(
            states.get((signal, state), state) for state in sorted(row.well)
        ),
        "minutes": minutes,
    }
    if row.crosses_midnight:
        words = _(
            "%(days)s between %(opens)s and %(due)s of the next morning: %(states)s. "
            "If it is not so %(minutes)s minutes later, somebody comes to see you."
        )
    else:
        words = _(
            "%(days)s between %(opens)s and %(due)s: %(states)s. "
            "If it is not so %(minutes)s minutes later, somebody comes to see you."
        )
    sentence = words % values
    return sentence[:1].upper() + sentence[1:]


def column_words() -> Mapping[str, str]:
    """Return the columns of a roster."""
    return {
        "address": _("address"),
        "building": _("building"),
        "unit": _("unit"),
        "room": _("room"),
        "name": _("name"),
        "called": _("called"),
        "birth_year": _("birth year"),
        "phone": _("phone"),
        "risk": _("risk"),
        "contact": _("contact person"),
        "relation": _("relation"),
        "contact_phone": _("phone of the contact person"),
        "key": _("has a key"),
        "signal": _("signal"),
        "morning": _("morning"),
        "evening": _("evening"),
        "grace": _("grace"),
        "agreed_by": _("who agreed"),
        "agreed_on": _("agreed on"),
        "paper": _("paper"),
        "at_the_door": _("good to know at the door"),
    }
