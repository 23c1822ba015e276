"""The tree of errors a rule may raise.

``WatchError``
    ``TermsError``      an agreement that cannot be watched
    ``LadderError``     an act on an alert that the rules do not allow
    ``PolicyError``     a ladder that cannot be used
    ``NeedError``       an act on a need that the rules do not allow
    ``VolunteerError``  times or hours of a volunteer that cannot be
    ``ActivityError``   an activity, or a mark on it, that the rules do not allow
"""

from __future__ import annotations


class WatchError(Exception):
    """A rule of the watch was broken; ``code`` is stable, words are the caller's."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class TermsError(WatchError):
    """What was agreed cannot be watched."""


class LadderError(WatchError):
    """An act on an alert that its state does not allow."""


class PolicyError(WatchError):
    """A ladder that somebody wrote cannot be used."""


class NeedError(WatchError):
    """An act on a need that its stage, or her consent, does not allow."""


class VolunteerError(WatchError):
    """Free times or hours of a volunteer that cannot be."""


class ActivityError(WatchError):
    """An activity, a series or a mark on who came that cannot be."""
