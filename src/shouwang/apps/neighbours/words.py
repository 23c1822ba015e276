"""The words of reports."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shouwang.apps.neighbours.models import Report, ReportAct
from shouwang.apps.residents.words import could_not_see_words
from shouwang.apps.watch.models import Sighting
from shouwang.domain.reporting import (
    Asks,
    Did,
    ReportState,
    What,
    without_numbers,
)


def window_words(unit: str, floor: int, column: int) -> str:
    """Return which window it is, as one says it from downstairs."""
    return _("entrance %(unit)s, floor %(floor)s, window %(column)s from the left") % {
        "unit": unit,
        "floor": floor,
        "column": column,
    }


def what_words() -> Mapping[str, str]:
    """Return what was seen, in words."""
    return {
        What.CRY.value: _("a crying face"),
        What.SMILE.value: _("a smiling face"),
        What.OTHER.value: _("something else that worries me"),
    }


def report_state_words() -> Mapping[str, str]:
    """Return where a report stands, in words."""
    return {
        ReportState.NEW.value: _("waits for somebody to look"),
        ReportState.DISMISSED.value: _("not so"),
        ReportState.LOOKED.value: _("looked at"),
        ReportState.CONFIRMED.value: _("confirmed"),
    }


def act_words(act: ReportAct, states: Mapping[tuple[str, str], str]) -> str:
    """Return what somebody did about a report; ``states`` names what can be seen."""
    words = {
        Did.LOOKED: _("%(by)s saw: %(seen)s"),
        Did.NOTHING: _("%(by)s saw nothing there, or not one of ours"),
        Did.CANNOT: _("%(by)s cannot go"),
        Did.PLACED: _("%(by)s said which home it is"),
        Did.CONFIRMED: _("%(by)s confirmed it"),
        Did.DISMISSED: _("%(by)s said that it is not so"),
    }
    seen = _seen_words(act.sighting, states) if act.sighting else ""
    return words[Did(act.did)] % {"by": act.by, "seen": seen}


def _seen_words(look: Sighting, states: Mapping[tuple[str, str], str]) -> str:
    if look.could_not_see:
        return could_not_see_words()[look.could_not_see]
    return states.get((look.signal, look.state), look.state)


def place_words(report: Report) -> str:
    """Return where it was seen, as it was said."""
    parts = [_("Building %(label)s") % {"label": report.building.label}]
    if report.floor is not None and report.column is not None:
        parts.append(window_words(report.unit, report.floor, report.column))
    if report.where:
        parts.append(report.where)
    return " · ".join(parts)


def walker_place_words(report: Report) -> str:
    """Return where it was seen, without a phone number that somebody wrote there."""
    return without_numbers(place_words(report))


def telling_words(report: Report, asks: Asks, at: str) -> str:
    """Return the message about a report; ``at`` is when it came, as a local time."""
    values = {
        "at": at,
        "what": what_words()[report.what],
        "place": walker_place_words(report),
    }
    words = {
        Asks.LOOK: _(
            "%(at)s a neighbour saw %(what)s: %(place)s. Please look, and say on the "
            "phone app which window it is."
        ),
        Asks.PLACE: _(
            "%(at)s a neighbour saw %(what)s: %(place)s. Please find out which home it "
            "is."
        ),
    }
    return words[asks] % values
