"""Needs in the reader's language: what it is, where it stands, what has to happen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.care.models import Need, NeedKindRow
from shouwang.apps.communities.models import Community
from shouwang.common.clock import local
from shouwang.domain.needs import Act, Asked, Due, NeedKind, Source, Stage, Urgency, Why


def urgency_words() -> Mapping[str, str]:
    """Return how a need is sorted."""
    return {
        Urgency.URGENT.value: pgettext("need", "urgent"),
        Urgency.DIFFICULT.value: pgettext("need", "difficult"),
        Urgency.EVERYDAY.value: pgettext("need", "everyday"),
    }


def urgency_hints() -> Mapping[str, str]:
    """Return what each urgency means, for somebody who sorts for the first time."""
    return {
        Urgency.URGENT.value: _("today, or she comes to harm"),
        Urgency.DIFFICULT.value: _("takes an office, a craftsman or time"),
        Urgency.EVERYDAY.value: _("an errand, a haircut, a talk"),
    }


def kind_words() -> Mapping[str, str]:
    """Return the names of the built-in kinds of need."""
    return {
        NeedKind.MEDICINE.value: _("medicine"),
        NeedKind.MEAL.value: _("meal"),
        NeedKind.SHOPPING.value: _("shopping"),
        NeedKind.HOSPITAL.value: _("to the hospital with her"),
        NeedKind.REPAIR.value: _("repair"),
        NeedKind.HAIRCUT.value: _("haircut"),
        NeedKind.PAPERWORK.value: _("paperwork and bills"),
        NeedKind.COMPANY.value: _("company"),
        NeedKind.OTHER.value: pgettext("kind of need", "something else"),
    }


def kind_words_of(community: Community | int) -> Mapping[str, str]:
    """Return the names of the built-in kinds and of the community's own, ended too."""
    own = NeedKindRow.objects.of(community).order_by("pk").values_list("kind", "name")
    return {**kind_words(), **dict(own)}


def source_words() -> Mapping[str, str]:
    """Return how the community came to know."""
    return {
        Source.VISIT.value: _("at a visit"),
        Source.ALERT.value: _("from an alert"),
        Source.CRYING_FACE.value: _("a crying face in the window"),
        Source.PHONE.value: pgettext("source of a need", "by phone"),
        Source.PAPER.value: _("on a slip of paper"),
        Source.FAMILY.value: _("from the family"),
        Source.NEIGHBOUR.value: _("from a neighbour"),
        Source.ON_BEHALF.value: _("seen, and said for her"),
    }


def stage_words() -> Mapping[str, str]:
    """Return where a need stands."""
    return {
        Stage.NEW.value: pgettext("need", "new"),
        Stage.OFFERED.value: pgettext("need", "offered"),
        Stage.TAKEN.value: pgettext("need", "taken"),
        Stage.DOING.value: pgettext("need", "being done"),
        Stage.DONE.value: pgettext("need", "done, not yet asked"),
        Stage.HANDED_ON.value: pgettext("need", "with an office"),
        Stage.CHECKED.value: pgettext("need", "done, and she says it is right"),
        Stage.CANCELLED.value: pgettext("need", "cancelled"),
    }


def act_words() -> Mapping[str, str]:
    """Return what somebody did, as the story tells it."""
    return {
        Act.OPEN.value: _("written down"),
        Act.CHANGE.value: _("changed"),
        Act.OFFER.value: _("offered to"),
        Act.DECLINE.value: pgettext("need", "cannot"),
        Act.TAKE.value: _("taken by"),
        Act.BEGIN.value: _("begun"),
        Act.FINISH.value: pgettext("act on a need", "done"),
        Act.GIVE_BACK.value: _("given back"),
        Act.RIGHT.value: _("asked: it was right"),
        Act.WRONG.value: _("asked: it was not right"),
        Act.HAND_ON.value: _("handed on to"),
        Act.CHASE.value: _("asked the office"),
        Act.TAKE_BACK.value: _("taken back from the office"),
        Act.CANCEL.value: pgettext("act on a need", "cancelled"),
    }


def asked_words() -> Mapping[str, str]:
    """Return how somebody asked whether it was right."""
    return {
        Asked.IN_PERSON.value: _("herself, at the door"),
        Asked.PHONE.value: _("herself, by phone"),
        Asked.FAMILY.value: _("her family, as she cannot say it herself"),
    }


def title_of(need: Need, kinds: Mapping[str, str]) -> str:
    """Return a need in a few words: what was written, else its kind."""
    if need.alert_id is not None and need.kind == NeedKind.OTHER.value:
        return need.words or _("needs help, not yet written down what")
    return need.words or kinds.get(need.kind, need.kind)


def due_sentence(due: Due, *, now: datetime, zone: tzinfo) -> str:
    """Return what has to happen next, and by when, or since when it is late."""
    at = {"time": f"{local(due.at, zone):%m-%d %H:%M}"}
    if due.is_over(now=now):
        words = {
            Why.WANTED: _("It was wanted by %(time)s."),
            Why.UNTAKEN: _("Nobody took it by %(time)s."),
            Why.UNDONE: _("It was to be done by %(time)s."),
            Why.UNASKED: _("Nobody asked her by %(time)s whether it was right."),
            Why.UNCHASED: _("The office was to be asked again at %(time)s."),
        }
    else:
        words = {
            Why.WANTED: _("Wanted by %(time)s."),
            Why.UNTAKEN: _("Somebody should take it by %(time)s."),
            Why.UNDONE: _("It should be done by %(time)s."),
            Why.UNASKED: _("Ask her by %(time)s whether it was right."),
            Why.UNCHASED: _("Ask the office again at %(time)s."),
        }
    return words[due.why] % at


def refusal_words(code: str, *, holder: str = "") -> str:
    """Return why a step is refused, and what to do instead."""
    words = {
        "need_closed": _("This need is closed already."),
        "already_taken": _("%(who)s has taken it already; it is in good hands."),
        "handed_on": _("It lies with an office; take it back first."),
        "not_now": _("That does not fit where this need stands now. Look again."),
        "not_asked": _("Nobody is waiting for an answer here any more."),
        "say_why": _("Say why."),
        "say_what_was_wrong": _("Say what was not right, so that it can be put right."),
        "say_what_they_said": _("Write down what the office said."),
        "say_how_asked": _("Say how she was asked; only she can say that it is right."),
        "say_which_office": _("Say which office or hotline has it now."),
        "chase_in_the_future": _("Say on which day, from tomorrow on, to ask again."),
        "everyday_stays_here": _(
            "An everyday need stays with the neighbours. If it takes an office, "
            "sort it as difficult first."
        ),
        "no_consent": _(
            "There is no consent on file that stands, so nothing about this home may go "
            "outside. Ask her first and write the consent down."
        ),
        "danger_needs_reason": _(
            "There is no consent on file. In danger it may go outside all the same: "
            "write down what the danger is."
        ),
        "consent_withdrawn": _(
            "This home has withdrawn its consent and is left in peace. Only what is "
            "urgent may be written down; otherwise ask her first."
        ),
    }
    return words[code] % {"who": holder or _("Somebody")}
