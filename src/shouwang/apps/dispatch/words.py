"""Offerings and promises in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.care.models import Need
from shouwang.apps.care.words import kind_words_of
from shouwang.apps.dispatch.models import Reply, RunState
from shouwang.common.clock import local
from shouwang.domain.dispatch import Against, For, Reason, is_whole_day, wish_of
from shouwang.planning.days import LOAD, Given, Why


def reason_words(reasons: Iterable[Reason]) -> str:
    """Return why somebody stands where they stand: "knows her · near · one task"."""
    found = [_reason(row) for row in reasons]
    return " · ".join(found) or _("fits, and nothing else speaks for or against")


def _reason(row: Reason) -> str:
    if row.why is For.WEEK:
        words = ngettext(
            "%(count)s task this week", "%(count)s tasks this week", row.count
        )
        return words % {"count": row.count}
    return {
        For.KNOWS_HER: _("knows her"),
        For.WAS_HERE: _("helped her before"),
        For.SAME_ENTRANCE: _("same entrance"),
        For.NEAR: _("near"),
        For.HAS_SKILL: _("can do it"),
        For.LIKES_IT: _("likes such things"),
        For.ASKED_LATELY: _("was asked a short while ago"),
        For.DID_NOT_COME: _("could not make it once"),
        For.CHOSEN: _("chosen by hand"),
    }[row.why]


def reasons_read(stored: Sequence[Sequence[Any]]) -> list[Reason]:
    """Return reasons as they were frozen with a plan."""
    return [Reason(why=For(why), count=int(count)) for why, count in stored]


def against_words(against: Against, *, other: str = "") -> str:
    """Return why somebody is not asked."""
    return {
        Against.MAY_NOT: _("not approved, or no consent on file"),
        Against.PAUSED: _("takes a break"),
        Against.NO_SKILL: _("has not the skill for it"),
        Against.NOT_THERE: _("does not go to that building"),
        Against.NOT_THEN: _("is not free then"),
        Against.FULL_WEEK: _("has as much this week as they said they can"),
        Against.SAID_NO: _("has said no to it"),
        Against.GAVE_BACK: _("has given it back"),
        Against.PROMISED: _("has promised something else then: %(other)s")
        % {"other": other},
    }[against]


def reply_words() -> Mapping[str, str]:
    """Return what somebody answered."""
    return {
        "": pgettext("answer", "no answer yet"),
        Reply.YES.value: pgettext("answer", "yes"),
        Reply.MAYBE.value: pgettext("answer", "maybe"),
        Reply.NO.value: pgettext("answer", "no"),
    }


def run_words() -> Mapping[str, str]:
    """Return where an offering stands."""
    return {
        RunState.RUNNING.value: _("People are being asked."),
        RunState.TAKEN.value: _("Somebody said yes."),
        RunState.NOBODY.value: _("All who fit were asked, and nobody took it."),
        RunState.STOPPED.value: _("Nobody further is asked."),
    }


def kind_of(need: Need) -> str:
    """Return the kind of a need: all that is said of it before it is taken."""
    return kind_words_of(need.community_id).get(need.kind, need.kind)


def when_words(need: Need, *, now: datetime) -> str:
    """Return by when it is wanted, as one says it: today, tomorrow, a date, an hour."""
    if need.wanted_by is None:
        return (
            _("as soon as somebody can") if need.urgency == "urgent" else _("any time")
        )
    zone = need.community.zone
    whole_day = is_whole_day(need.wanted_by, zone)
    at = local(need.wanted_by, zone)
    on = at.date() - timedelta(days=whole_day)
    days = (on - local(now, zone).date()).days
    day = {0: _("today"), 1: _("tomorrow")}.get(days, f"{on:%m-%d}")
    if whole_day:
        return _("%(day)s, any hour") % {"day": day}
    return f"{day} {at:%H:%M}"


def place_words(need: Need) -> str:
    """Return the part of the estate, and nothing nearer."""
    return _("building %(label)s") % {"label": need.home.building.label}


def moment_words(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return a moment as one says it today: the hour, or the day with it."""
    there, here = local(at, zone), local(now, zone)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%m-%d %H:%M}"


def length_words(need: Need) -> str:
    """Return how long such a thing usually takes at the door."""
    minutes = int(wish_of(need.kind).length.total_seconds()) // 60
    return _("about %(minutes)s minutes") % {"minutes": minutes}


def cost_words(given: Given) -> str:
    """Return what a day's choice costs and of what, in a line."""
    way = ngettext("%(count)s minute's walk", "%(count)s minutes' walk", given.way)
    parts = [
        way % {"count": given.way},
        _("she knows them") if given.new_face == 0 else _("a new face"),
    ]
    carried = given.load // LOAD
    if carried:
        words = ngettext(
            "%(count)s other task this week", "%(count)s other tasks this week", carried
        )
        parts.append(words % {"count": carried})
    return " · ".join(parts)


def left_words(why: Why) -> str:
    """Return why a need stays undone on a day."""
    return {
        Why.NO_SKILL: _("nobody who can go has the skill for it"),
        Why.NOBODY_THERE: _("nobody with the skill goes to that building"),
        Why.NOBODY_FREE: _("nobody is free at that time"),
        Why.ALL_REFUSED: _("all who could have said no"),
        Why.ALL_BUSY: _("all who could have something else then"),
    }[why]
