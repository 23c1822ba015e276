"""Signals, states and windows in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _, pgettext

from shouwang.domain.errors import TermsError


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
