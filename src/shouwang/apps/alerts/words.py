"""Alerts in the reader's language: what happened, then what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.alerts.models import Via
from shouwang.apps.alerts.people import Actor
from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.words import channel_words
from shouwang.apps.residents.words import risk_words
from shouwang.domain.alerts import AlertKind, Outcome, Verified
from shouwang.domain.errors import PolicyError
from shouwang.domain.ladder import AlertState, Ask, Did, Policy, Risk, Step


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


def doer_words(actor: Actor, via: str) -> str:
    """Return who did something; by the link of a group they only said who they are."""
    if via != Via.GROUP_LINK:
        return actor_words(actor)
    name = actor.display_name if isinstance(actor, Member) else actor.name
    return _("%(name)s (said to be, by the group's link)") % {"name": name}


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
    return words.get(state, state) % {"channel": channel_words().get(channel, channel)}


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
        Did.LINK_OPENED.value: _("opened the group's link"),
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


def whom_words() -> Mapping[str, str]:
    """Return whom a step tells, by its token, as part of a sentence."""
    return {
        "walker_of_round": _("the walker of the round"),
        "duty_officer": _("whoever is on duty"),
        "keyholder": _("a keyholder"),
        "family": _("the family"),
        "coordinator": _("the coordinator"),
        "walker": _("every walker"),
        "volunteer": _("every volunteer"),
        "supervisor": _("the supervisor"),
    }


def ask_phrases() -> Mapping[str, str]:
    """Return what a step asks, as part of a sentence."""
    return {
        Ask.LOOK_AGAIN.value: _("look again"),
        Ask.PHONE.value: pgettext("asked of somebody", "phone"),
        Ask.RING_BELL.value: _("ring the bell"),
        Ask.GO_UP.value: _("go up"),
        Ask.KEYHOLDER.value: _("go up with the key"),
        Ask.FAMILY.value: _("reach the relative"),
        Ask.EMERGENCY.value: _("call 120 or 110"),
    }


def told_words(tell: Sequence[str], names: Mapping[str, str]) -> str:
    """Return whom a step tells; ``names`` are those of ``member:…`` tokens."""
    known = {**whom_words(), **names}
    gone = _("somebody who has left")
    return _(" and ").join(known.get(token, gone) for token in tell)


def step_sentence(
    step: Step, *, number: int, count: int, names: Mapping[str, str]
) -> str:
    """Return one step of a ladder of ``count`` as people say it."""
    values = {
        "whom": told_words(step.tell, names),
        "ask": ask_phrases()[step.ask.value],
        "wait": minutes_words(step.wait),
    }
    if number == 1:
        return _("First %(whom)s: %(ask)s, wait %(wait)s.") % values
    if number == count:
        return _("At last %(whom)s: %(ask)s, wait %(wait)s.") % values
    return _("Then %(whom)s: %(ask)s, wait %(wait)s.") % values


def minutes_words(span: timedelta) -> str:
    """Return a wait in minutes."""
    minutes = span.total_seconds() / 60
    shown = int(minutes) if minutes == int(minutes) else round(minutes, 1)
    return _("%(minutes)s minutes") % {"minutes": shown}


def numbers_words(numbers: Sequence[int]) -> str:
    """Return numbers in a row."""
    return pgettext("between names", ", ").join(map(str, numbers))


def policy_name_words(name: str) -> str:
    """Return the name of a policy; that of a built-in one is translated."""
    built_in = {
        "help": _("Asks for help"),
        "missed": _("The signal is missing"),
        "not_looked": _("Nobody has looked"),
        "unusual": _("Late for her own habit"),
        "pattern": _("Something is odd"),
        "return": _("Due back"),
        "round": _("A round was not walked"),
        "watch": _("The watch has stopped"),
    }
    return built_in.get(name, name)


def kinds_words(kinds: Collection[AlertKind]) -> str:
    """Return kinds of alert, the most urgent first."""
    words = kind_words()
    ordered = sorted(kinds, key=lambda kind: kind.urgency)
    return pgettext("between names", ", ").join(words[kind.value] for kind in ordered)


def fits_words(policy: Policy) -> str:
    """Return for which homes and hours a policy is."""
    parts = []
    if policy.risks:
        names = risk_words()
        ordered = [names[risk.value] for risk in Risk if risk in policy.risks]
        parts.append(_(" or ").join(ordered))
    if policy.hours is not None:
        values = {
            "begin": f"{policy.hours[0]:%H:%M}",
            "end": f"{policy.hours[1]:%H:%M}",
        }
        parts.append(_("from %(begin)s to %(end)s") % values)
    return pgettext("between names", ", ").join(parts) or _("every home, at every hour")


def policy_problem_words(problem: PolicyError) -> str:
    """Return what keeps a policy from being used, and what to do."""
    words = {
        "no_kind": _("Choose at least one kind of alert."),
        "hours_empty": _("These hours are none. For the whole day leave both empty."),
        "risks_of_no_home": _(
            "Alerts of a round or of the watch are of no home, so of no risk level."
        ),
        "no_step": _("A ladder needs at least one step."),
        "too_many_steps": _("A ladder has %(most)s steps at most."),
        "step_names_nobody": _("Step %(step)s: choose whom to tell."),
        "step_waits_too_long": _("Step %(step)s: wait 0 to 1440 minutes."),
    }
    return words[problem.code] % problem.values
