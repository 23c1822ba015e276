"""What was late, in one line for the coordinator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.domain.lateness import Lateness


def lateness_words(lateness: Lateness, *, on: date) -> str:
    """Return the line: the day, then what was late, the gravest first."""
    words = _part_words()
    parts = pgettext("between names", ", ").join(
        words[name](count) % {"count": count} for name, count in lateness.counts.items()
    )
    return _("%(day)s, late: %(parts)s.") % {"day": f"{on:%m-%d}", "parts": parts}


def _part_words() -> Mapping[str, Callable[[int], str]]:
    return {
        "stalls": lambda count: ngettext(
            "the watch stopped once", "the watch stopped %(count)s times", count
        ),
        "checks_late": lambda count: ngettext(
            "%(count)s check decided late", "%(count)s checks decided late", count
        ),
        "told_late": lambda count: ngettext(
            "%(count)s alert told late", "%(count)s alerts told late", count
        ),
        "steps_late": lambda count: ngettext(
            "%(count)s next step late", "%(count)s next steps late", count
        ),
        "unsent": lambda count: ngettext(
            "%(count)s message reached nobody",
            "%(count)s messages reached nobody",
            count,
        ),
        "rounds_missed": lambda count: ngettext(
            "%(count)s round not walked", "%(count)s rounds not walked", count
        ),
        "rounds_uncovered": lambda count: ngettext(
            "nobody was down for %(count)s round",
            "nobody was down for %(count)s rounds",
            count,
        ),
    }
