"""What a family reads: on its page, and in a message of one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.communities.models import Community
from shouwang.apps.family.models import Telling
from shouwang.apps.residents.models import Home, Resident
from shouwang.apps.residents.words import (
    day_words,
    signal_words_of,
    state_words_of,
)
from shouwang.common.clock import local, local_day
from shouwang.domain.family import DayWas, Now, Says, Seen, Shown, Tells
from shouwang.domain.signals import CONTACT


def name_of(home: Home, residents: Sequence[Resident]) -> str:
    """Return how neighbours say who lives there; never the address."""
    names = [row.called or row.name for row in residents]
    together = pgettext("between people", " and ").join(names)
    return together or home.shown_name or _("Your relative")


@dataclass(frozen=True, kw_only=True)
class TwoFacts:
    """What the private page says: how she is, and since when."""

    state: str
    head: str
    fact: str


def two_facts(
    shown: Shown, *, name: str, community: Community, now: datetime
) -> TwoFacts:
    """Return the two facts of the private page."""
    zone = community.zone
    day = day_phrase(shown.since, now=now, zone=zone)
    heads = {
        Now.WELL: _("%(name)s is well %(day)s"),
        Now.PRESUMED: _("%(name)s is probably well %(day)s"),
        Now.WAITING: _("%(name)s: not looked at yet"),
        Now.UNSURE: _("%(name)s: not yet known whether she is well"),
        Now.ON_THE_WAY: _("%(name)s: somebody is on the way to her"),
        Now.ASK: _("%(name)s: please phone the desk"),
        Now.AWAY: _("%(name)s is away"),
        Now.NOT_AGREED: _("%(name)s: no look is agreed just now"),
    }
    head = heads[shown.state] % {"name": name, "day": day}
    fact = _fact(shown, community=community, now=now)
    return TwoFacts(state=shown.state.value, head=head, fact=fact)


def day_phrase(at: datetime | None, *, now: datetime, zone: tzinfo) -> str:
    """Return the day of a moment as it stands in a sentence: today, yesterday."""
    if at is None:
        return ""
    days = (local_day(now, zone) - local_day(at, zone)).days
    if days == 0:
        return pgettext("in a sentence", "today")
    if days == 1:
        return pgettext("in a sentence", "yesterday")
    return _("on %(day)s") % {"day": f"{local(at, zone):%m-%d}"}


def moment_words(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return a moment: the time of today, with the day where it is another one."""
    clock = f"{local(at, zone):%H:%M}"
    days = (local_day(now, zone) - local_day(at, zone)).days
    if days == 0:
        return clock
    if days == 1:
        return _("yesterday %(time)s") % {"time": clock}
    return f"{local(at, zone):%m-%d} {clock}"


def _fact(shown: Shown, *, community: Community, now: datetime) -> str:
    zone = community.zone
    since = moment_words(shown.since, now=now, zone=zone) if shown.since else ""
    until = moment_words(shown.until, now=now, zone=zone) if shown.until else ""
    match shown.state:
        case Now.WELL:
            return seen_words(shown.seen, community=community, now=now)
        case Now.PRESUMED:
            seen = seen_words(shown.seen, community=community, now=now)
            return _("%(seen)s; nobody saw it change.") % {"seen": seen}
        case Now.AWAY:
            return _away(shown, zone)
        case Now.WAITING | Now.UNSURE | Now.ON_THE_WAY | Now.ASK:
            words = {
                Now.WAITING: _("That is as agreed: there is time until %(until)s."),
                Now.UNSURE: _(
                    "The community has been looking after it since %(since)s."
                ),
                Now.ON_THE_WAY: _("On the way since %(since)s."),
                Now.ASK: _("The community was there or saw to it by %(since)s."),
            }
            return words[shown.state] % {"since": since, "until": until}
        case Now.NOT_AGREED:
            return _("The desk knows more.")


def _away(shown: Shown, zone: tzinfo) -> str:
    first = f"{local(shown.since, zone):%m-%d}" if shown.since else ""
    if shown.until is None:
        return _("Since %(first)s, as was said.") % {"first": first}
    last = local(shown.until - timedelta(seconds=1), zone)
    return _("From %(first)s to %(last)s, as was said.") % {
        "first": first,
        "last": f"{last:%m-%d}",
    }


def seen_words(seen: Seen | None, *, community: Community, now: datetime) -> str:
    """Return what was seen and when: ``8:05 curtain: open``."""
    if seen is None:
        return _("The desk knows more.")
    at = moment_words(seen.at, now=now, zone=community.zone)
    if seen.signal == CONTACT:
        return _contact_words().get(seen.state, "%(time)s") % {"time": at}
    signal = signal_words_of(community).get(seen.signal, seen.signal)
    state = state_words_of(community).get((seen.signal, seen.state), seen.state)
    return _("%(time)s seen: %(signal)s %(state)s") % {
        "time": at,
        "signal": signal,
        "state": state,
    }


def _contact_words() -> Mapping[str, str]:
    return {
        "spoke": _("%(time)s somebody spoke with her"),
        "bell_answered": _("%(time)s she answered the bell"),
        "vouched": _("%(time)s the family spoke with her"),
    }


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one message is made of; ``week`` counts the last seven days."""

    says: Says
    shown: Shown
    name: str
    week: Mapping[DayWas, int] = field(default_factory=dict)


def message_words(told: Told, *, community: Community, now: datetime) -> str:
    """Return a message of one sentence; never a detail of health, never an address."""
    values = {
        "name": told.name,
        "fact": _fact(told.shown, community=community, now=now).rstrip(".。"),
        "desk": _desk(community),
        "week": _week_words(told.week),
    }
    words = {
        Says.WELL: _("%(name)s is well today. %(fact)s."),
        Says.PRESUMED: _("%(name)s is probably well today. %(fact)s."),
        Says.AWAY: _("%(name)s is away. %(fact)s."),
        Says.NOT_DUE: _("%(name)s: today no look is agreed."),
        Says.ENDED_WELL: _("%(name)s is well; somebody had to see to it. %(fact)s."),
        Says.ENDED: _("%(name)s: the community has seen to it. Please phone %(desk)s."),
        Says.NOT_YET: _(
            "%(name)s: we have not been able to say yet that she is well; the desk is "
            "looking after it, phone %(desk)s."
        ),
        Says.STANDING: _(
            "%(name)s: for an hour we have not known whether she is well; the desk is "
            "looking after it, phone %(desk)s."
        ),
        Says.WEEK: _("%(name)s, of the last seven days: %(week)s."),
    }
    return words[told.says] % values


def _desk(community: Community) -> str:
    return community.desk_phone or _("the desk of %(name)s") % {"name": community.name}


def _week_words(week: Mapping[DayWas, int]) -> str:
    words = {
        DayWas.WELL: _("well on %(count)s"),
        DayWas.PRESUMED: _("probably well on %(count)s"),
        DayWas.AWAY: _("away on %(count)s"),
        DayWas.NOT_SURE: _("seen to on %(count)s"),
        DayWas.NOT_AGREED: _("no look agreed on %(count)s"),
    }
    parts = [
        words[kind] % {"count": week[kind]} for kind in DayWas if week.get(kind, 0)
    ]
    return pgettext("between names", ", ").join(parts)


def tells_words() -> Mapping[str, str]:
    """Return when somebody can be told, as one chooses it."""
    return {
        Tells.NEVER.value: _("never"),
        Tells.DAILY.value: _("every day, and when something was wrong"),
        Tells.WEEKLY.value: _("once a week, and when something was wrong"),
        Tells.WHEN_NOT.value: _("only when something was wrong"),
    }


def telling_words(telling: Telling | None) -> str:
    """Return when somebody is told, in a few words."""
    if telling is None or telling.tells == Tells.NEVER:
        return _("is told nothing")
    words = {
        Tells.DAILY.value: _("is told every day from %(at)s"),
        Tells.WEEKLY.value: _("is told on %(day)s from %(at)s"),
        Tells.WHEN_NOT.value: _("is told only when something was wrong"),
    }
    return words[telling.tells] % {
        "at": f"{telling.at:%H:%M}",
        "day": day_words()[telling.weekday],
    }


def says_words() -> Mapping[str, str]:
    """Return what was said, in a word, for the desk."""
    return {
        Says.WELL.value: _("well"),
        Says.PRESUMED.value: _("probably well"),
        Says.AWAY.value: _("away"),
        Says.NOT_DUE.value: _("no look agreed"),
        Says.ENDED_WELL.value: _("well after all"),
        Says.ENDED.value: _("seen to, please phone"),
        Says.NOT_YET.value: _("not known yet"),
        Says.STANDING.value: _("not known for an hour"),
        Says.WEEK.value: _("the week"),
    }


def how_words() -> Mapping[str, str]:
    """Return how one speaks with somebody."""
    return {
        "phone": _("by phone"),
        "in_person": _("in person"),
        "chat": _("by chat"),
    }
