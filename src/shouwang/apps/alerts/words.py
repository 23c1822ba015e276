"""Alerts in the reader's language: what happened, then what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.alerts.people import Actor
from shouwang.apps.communities.models import Member
from shouwang.domain.alerts import AlertKind, Outcome, Verified
from shouwang.domain.ladder import AlertState, Ask, Did


def actor_words(actor: Actor) -> str:
    """Return who somebody is: a name, and of a contact person what they are to her."""
    if isinstance(actor, Member):
        return actor.display_name
    what = [
        actor.relation,
        _("family") if actor.is_family else "",
        _("has a key") if actor.is_keyholder else "",
    ]
    told = pgettext("between names", ", ").join(row for row in what if row)
    if not told:
        return actor.name
    return _("%(name)s (%(what)s)") % {"name": actor.name, "what": told}


def kind_words() -> Mapping[str, str]:
    """Return what each kind of alert says."""
    return {
        AlertKind.HELP.value: _("asks for help"),
        AlertKind.MISSED.value: _("the agreed signal is missing"),
        AlertKind.UNPROVEN.value: _("the signal has not changed since yesterday"),
        AlertKind.UNCLEAR.value: _("could not be seen"),
        AlertKind.NOT_LOOKED.value: _("nobody has looked"),
        AlertKind.UNUSUAL.value: _("later than usual for her"),
        AlertKind.PATTERN.value: _("curtain shut and lamp on by day"),
        AlertKind.RETURN_CHECK.value: _("due back today"),
        AlertKind.ROUND_MISSED.value: _("this round was not walked"),
        AlertKind.WATCH_STALLED.value: _("the watch has stopped"),
    }


def ask_words() -> Mapping[str, str]:
    """Return what a step asks of the person it tells."""
    return {
        Ask.LOOK_AGAIN.value: _("Please look again."),
        Ask.PHONE.value: _("Please phone."),
        Ask.RING_BELL.value: _("Please ring the bell."),
        Ask.GO_UP.value: _("Please go up."),
        Ask.KEYHOLDER.value: _("Please go up with the key."),
        Ask.FAMILY.value: _("Please try to reach your relative."),
        Ask.EMERGENCY.value: _("Please call the emergency services if in doubt."),
    }


def message_words(state: str, channel: str) -> str:
    """Return whether a message went out, and by which channel."""
    words = {
        "queued": _("waits to be sent by %(channel)s"),
        "sent": _("sent by %(channel)s"),
        "failed": _("not through yet by %(channel)s, is tried again"),
        "given_up": _("did not get through by %(channel)s"),
        "over": _("not needed any more"),
    }
    return words.get(state, state) % {"channel": channel}


def state_words() -> Mapping[str, str]:
    """Return where an alert stands, in words."""
    return {
        AlertState.OPEN.value: _("waiting for somebody"),
        AlertState.ACKNOWLEDGED.value: _("taken in hand"),
        AlertState.COMMITTED.value: _("someone is on the way"),
        AlertState.MUTED.value: _("resting"),
        AlertState.EXHAUSTED.value: _("nobody has answered"),
        AlertState.CLOSED.value: _("closed"),
    }


def did_words() -> Mapping[str, str]:
    """Return what happened to an alert, in words."""
    return {
        Did.OPENED.value: _("opened"),
        Did.JOINED.value: _("new evidence"),
        Did.RETRACTED.value: _("seen in time, arrived late"),
        Did.STEP.value: _("told"),
        Did.NOBODY_TOLD.value: _("nobody to tell"),
        Did.ACKNOWLEDGED.value: _("taken in hand"),
        Did.COMMITTED.value: _("is going"),
        Did.LAPSED.value: _("time ran out without a result"),
        Did.DECLINED.value: _("cannot"),
        Did.EXHAUSTED.value: _("the ladder has ended; nobody has answered"),
        Did.REPEATED.value: _("told again"),
        Did.MUTED.value: _("rests"),
        Did.EMERGENCY.value: _("emergency services called"),
        Did.CLOSED.value: _("closed"),
    }


def outcome_words() -> Mapping[str, str]:
    """Return how an alert turned out, in words."""
    return {
        Outcome.OVERSLEPT.value: _("overslept"),
        Outcome.DID_NOT_HEAR.value: _("did not hear"),
        Outcome.FORGOT.value: _("forgot"),
        Outcome.AWAY_NOT_TOLD.value: _("away, nobody was told"),
        Outcome.SIGNAL_BROKEN.value: _("the signal is broken"),
        Outcome.WANTED_COMPANY.value: _("wanted company"),
        Outcome.UNWELL.value: _("unwell"),
        Outcome.NEEDS_HELP.value: _("needs help"),
        Outcome.EMERGENCY_CALLED.value: _("emergency services called"),
        Outcome.IN_HOSPITAL.value: _("in hospital"),
        Outcome.DIED.value: _("died"),
        Outcome.RECORDED_WRONGLY.value: _("recorded wrongly"),
        Outcome.OTHER.value: _("other"),
        Outcome.SEEN_IN_TIME.value: _("seen in time, arrived late"),
        Outcome.SEEN_AFTER_ALL.value: _("seen after all"),
        Outcome.ROUND_WALKED.value: _("the round was walked after all"),
    }


def verified_words() -> Mapping[str, str]:
    """Return how it is known, in words."""
    return {
        Verified.SPOKE.value: _("spoke with her"),
        Verified.BELL_ANSWERED.value: _("the bell was answered"),
        Verified.VOUCHED.value: _("the family vouches"),
        Verified.ASKS_HELP.value: _("she asks for help"),
        Verified.LOOKED.value: _("looked"),
        Verified.OTHER.value: _("other"),
    }
