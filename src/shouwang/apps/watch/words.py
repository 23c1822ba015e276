"""Statuses and their reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from shouwang.domain.marks import Fault
from shouwang.domain.status import Status, Strength, Why


def status_words() -> Mapping[str, str]:
    """Return the word of each status."""
    return {
        Status.SCHEDULED.value: _("later today"),
        Status.OPEN.value: _("waiting"),
        Status.GRACE.value: _("time is up, waiting a little"),
        Status.WELL.value: _("well"),
        Status.MISSED.value: _("not as agreed"),
        Status.UNPROVEN.value: _("unchanged"),
        Status.UNCLEAR.value: _("could not see"),
        Status.NOT_LOOKED.value: _("nobody looked"),
        Status.HELP.value: _("asks for help"),
        Status.EXCUSED.value: _("away"),
    }


def strength_words() -> Mapping[str, str]:
    """Return the word of each strength of a proof."""
    return {
        Strength.CONTACT.value: _("spoken with"),
        Strength.SEEN.value: _("seen"),
        Strength.PHOTO.value: _("read from a photo"),
        Strength.PRESUMED.value: _("presumed"),
    }


def why_sentence(why: str, seen_at: Sequence[datetime], zone: tzinfo) -> str:
    """Return the reason ``why`` as a sentence; ``seen_at`` are its sightings."""
    times = [at.astimezone(zone).strftime("%H:%M") for at in seen_at]
    values = {
        "first": times[0] if times else "",
        "last": times[-1] if times else "",
    }
    return _sentences()[why] % values


def _sentences() -> Mapping[str, str]:
    return {
        Why.HELP_ASKED.value: _("Asked for help at %(last)s; not answered yet."),
        Why.AWAY.value: _("Away, as announced."),
        Why.SPOKEN_WITH.value: _("Somebody reached her at %(last)s."),
        Why.HELP_ANSWERED.value: _(
            "Somebody reached her at %(last)s; she asked for help, and it was seen to."
        ),
        Why.HAPPENED.value: _("It happened at %(last)s."),
        Why.CHANGED.value: _("Changed: seen otherwise at %(first)s, well at %(last)s."),
        Why.NOBODY_LOOKED_BETWEEN.value: _(
            "Seen well at %(last)s; nobody looked since the last time, "
            "so the change is presumed."
        ),
        Why.CHANGE_NOT_SEEN.value: _(
            "Seen well at %(last)s, but nobody saw it change as agreed."
        ),
        Why.NOT_CHANGED.value: _(
            "Seen so at %(first)s and still so at %(last)s: "
            "unchanged, which proves nothing."
        ),
        Why.NOT_WELL_SEEN.value: _("At %(last)s it was not as agreed."),
        Why.COULD_NOT_SEE.value: _("Somebody looked at %(last)s but could not see."),
        Why.NEEDS_A_PERSON.value: _("The photo of %(last)s needs a person to judge."),
        Why.NOBODY_LOOKED.value: _("Nobody has looked."),
        Why.NOT_YET.value: _("Not yet time."),
        Why.WINDOW_OPEN.value: _("It is time; nothing proves it yet."),
        Why.GRACE_RUNS.value: _("The time is up; a little longer is given."),
    }


def fault_words() -> Mapping[Fault, str]:
    """Return why a box on a picture is no mark of a window, and what to do."""
    return {
        Fault.OUTSIDE: _("The box goes over the edge of the picture."),
        Fault.TOO_SMALL: _("The box is too small: draw it around the whole window."),
        Fault.TOO_LARGE: _("The box is too large: draw it around the window only."),
        Fault.SAME: _("Two homes have the same box: one of them is another window."),
    }
