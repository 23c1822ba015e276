"""Habits in words that a coordinator understands."""

from __future__ import annotations

from datetime import date, time

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from shouwang.apps.habits.models import Drift
from shouwang.domain.unusual import Mode

# What is rarer is not told more exactly: nobody has watched for so many mornings.
RAREST = 200
# Below this many times out of ten it is no surprise yet.
ORDINARY = 0.25


def mode_words() -> dict[str, str]:
    """Return what a community does when a home is late for its habit."""
    return {
        Mode.OFF.value: _("nothing: only show the habit"),
        Mode.GENTLE.value: _("gently: somebody looks again, then phones"),
        Mode.FULL.value: _("fully: as if the deadline had passed"),
    }


def clock_words(minute: float) -> str:
    """Return a minute after midnight as people write it."""
    whole = round(minute) % (24 * 60)
    return f"{whole // 60}:{whole % 60:02d}"


def usual_words(first: float, last: float) -> str:
    """Return when four in five days fall."""
    return _("Usually between %(first)s and %(last)s.") % {
        "first": clock_words(first),
        "last": clock_words(last),
    }


def rough_words(after: float, by: float) -> str:
    """Return between which looks the signal is given, where nobody looks in between."""
    return _("Some time between %(after)s and %(by)s; nobody looks in between.") % {
        "after": clock_words(after),
        "by": clock_words(by),
    }


def unseen_words(by: float) -> str:
    """Return by when it is given, where it mostly is before anybody looks."""
    return _("Usually by %(by)s; nobody looks earlier.") % {"by": clock_words(by)}


def rarity_words(chance: float, *, at: str) -> str:
    """Return how often a day is as late as today, seen not yet at ``at``."""
    if chance >= ORDINARY:
        return _("At %(at)s today not yet: that is quite usual.") % {"at": at}
    often = min(round(1 / max(chance, 1 / (2 * RAREST))), 2 * RAREST)
    if often > RAREST:
        return _("At %(at)s today not yet: that hardly ever happens.") % {"at": at}
    if often > 10:
        often = round(often / 5) * 5
    return _("At %(at)s today not yet: that happens about once in %(often)s days.") % {
        "at": at,
        "often": often,
    }


def sure_words(day_count: int, *, is_rough: bool) -> str:
    """Return from how many days it is known, and how sure that makes it.

    ``is_rough``: hours lie between the looks that saw it not yet, and then given.
    """
    known = ngettext(
        "Known from %(count)s day.", "Known from %(count)s days.", day_count
    ) % {"count": day_count}
    if is_rough:
        hint = _("Only roughly: hours lie between one look and the next.")
    elif day_count < 14:
        hint = _("Still learning: take it as a hint.")
    elif day_count < 40:
        hint = _("Fairly sure.")
    else:
        hint = _("Quite sure.")
    return f"{known} {hint}"


def not_yet_known_words(day_count: int, opens: time, due: time) -> str:
    """Return what is said before a week is known: what was agreed."""
    return _(
        "Her own time is not known yet: it takes a week of looks, and there are "
        "%(count)s. Until then what was agreed stands: between %(opens)s and %(due)s."
    ) % {"count": day_count, "opens": f"{opens:%H:%M}", "due": f"{due:%H:%M}"}


def weekend_words(first: float, last: float) -> str:
    """Return when four in five weekend days fall, where they differ."""
    return _("On weekends between %(first)s and %(last)s.") % {
        "first": clock_words(first),
        "last": clock_words(last),
    }


def drift_words(drift: str, since: date | None) -> str:
    """Return which way a habit moves, and since when."""
    if not drift or since is None:
        return ""
    day = date_format(since, "MONTH_DAY_FORMAT")
    if drift == Drift.LATER.value:
        return _("Ever later since about %(day)s. Talk with her when you visit.") % {
            "day": day
        }
    return _("Ever earlier since about %(day)s. Talk with her when you visit.") % {
        "day": day
    }
