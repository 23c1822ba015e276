"""What an alert is about in a sentence: what was agreed, what is missing, who looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.alerts.models import Alert, AlertCheck
from shouwang.apps.alerts.words import kind_words, outcome_words
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.words import (
    SignalNames,
    could_not_see_words,
    signal_names,
)
from shouwang.apps.watch.models import Check, Sighting
from shouwang.common.clock import local
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import AlertState, Did
from shouwang.domain.signals import CONTACT

LOOKED_WITHIN = timedelta(hours=24)


def name_of(home: Home) -> str:
    """Return how neighbours say who lives there, else the address."""
    return home.shown_name or home.address


def check_of(alert: Alert) -> Check | None:
    """Return the check an alert is about: begun, and the most urgent where several are.

    A cry for help turns later windows of the day too; they are not what it is about.
    """
    rows = AlertCheck.objects.of(alert.community_id).filter(alert=alert)
    found = sorted(
        rows.select_related("check_row"),
        key=lambda row: (
            row.check_row.opens_at > row.joined_at,
            AlertKind(row.kind).urgency,
            row.pk,
        ),
    )
    return found[0].check_row if found else None


def alert_sentence(alert: Alert, *, now: datetime) -> str:
    """Return what was agreed and what is missing, then who looked last and when."""
    if alert.home is None:
        place = alert.round or alert.community
        return _("%(place)s: %(words)s.") % {
            "place": place,
            "words": kind_words()[alert.kind],
        }
    told = _what(alert, alert.home)
    if alert.state == AlertState.CLOSED.value:
        return told
    last = _last_look(alert, alert.home, now)
    looked = look_sentence(last, alert.home, now=now) if last else ""
    return pgettext("between sentences", "%(first)s %(second)s") % {
        "first": told,
        "second": looked or _("Nobody has looked since."),
    }


def ended_sentence(alert: Alert) -> str:
    """Return how a closed alert ended."""
    at = alert.closed_at or alert.opened_at
    return _("It is over since %(time)s: %(outcome)s.") % {
        "time": f"{local(at, alert.community.zone):%H:%M}",
        "outcome": outcome_words().get(alert.outcome, ""),
    }


def _what(alert: Alert, home: Home) -> str:
    check, zone = check_of(alert), alert.community.zone
    values = {"name": name_of(home), "words": kind_words()[alert.kind]}
    if check is None or alert.kind not in _sentences():
        worry = _worry(alert)
        if worry:
            return _("%(name)s: somebody is worried. %(worry)s") % {
                "name": values["name"],
                "worry": worry,
            }
        return _("%(name)s: %(words)s.") % values
    names = signal_names(home.community_id)
    return _sentences()[alert.kind] % {
        **values,
        "signal": names.signals.get(check.signal, check.signal),
        "states": _(" or ").join(
            names.states.get((check.signal, state), state)
            for state in sorted(check.well)
        ),
        "due": f"{local(check.due_at, zone):%H:%M}",
        "alert": f"{local(alert.opened_at, zone):%H:%M}",
    }


def _sentences() -> dict[str, str]:
    return {
        AlertKind.MISSED.value: _(
            "%(name)s, %(signal)s: “%(states)s” by %(due)s was agreed, "
            "and at %(alert)s it was not so."
        ),
        AlertKind.UNPROVEN.value: _(
            "%(name)s, %(signal)s: “%(states)s” by %(due)s was agreed, "
            "but it has not changed since yesterday."
        ),
        AlertKind.UNCLEAR.value: _(
            "%(name)s, %(signal)s: “%(states)s” by %(due)s was agreed, "
            "but it could not be seen."
        ),
        AlertKind.NOT_LOOKED.value: _(
            "%(name)s, %(signal)s: “%(states)s” by %(due)s was agreed, "
            "and by %(alert)s nobody had looked."
        ),
    }


def _worry(alert: Alert) -> str:
    """Return what somebody wrote who opened the alert by hand."""
    opened = alert.events.filter(did=Did.OPENED.value).order_by("pk").first()
    return opened.note if opened else ""


def _last_look(alert: Alert, home: Home, now: datetime) -> Sighting | None:
    rows = Sighting.objects.of(home.community_id).filter(
        home=home, seen_at__gte=alert.opened_at - LOOKED_WITHIN, seen_at__lte=now
    )
    check = check_of(alert)
    if check is not None:
        rows = rows.filter(seen_at__gte=check.opens_at)
    return rows.select_related("by").order_by("-seen_at", "-pk").first()


def look_sentence(look: Sighting, home: Home, *, now: datetime) -> str:
    """Return who saw or reached what, and how long ago."""
    minutes = max(0, int((now - look.seen_at) / timedelta(minutes=1)))
    values = {
        "who": look.by or look.by_words or _("Somebody"),
        "what": look_words(look, signal_names(home.community_id)),
        "ago": ago_words(minutes),
    }
    return _("%(who)s, %(ago)s: %(what)s.") % values


def look_words(look: Sighting, names: SignalNames) -> str:
    """Return what was seen, of which signal."""
    signal = names.signals.get(look.signal, look.signal)
    if look.signal == CONTACT and look.could_not_see:
        return _("What was said before is taken back.")
    if look.could_not_see:
        return _("%(signal)s: %(what)s") % {
            "signal": signal,
            "what": could_not_see_words()[look.could_not_see],
        }
    return _("%(signal)s: %(what)s") % {
        "signal": signal,
        "what": names.states.get((look.signal, look.state), look.state),
    }


def ago_words(minutes: int) -> str:
    """Return how long ago something was, as people say it."""
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        words = ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes)
        return words % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {
        "count": hours
    }


def next_sentence(alert: Alert) -> str:
    """Return what happens by itself if nobody says anything more."""
    at = f"{local(alert.next_at, alert.community.zone):%H:%M}" if alert.next_at else ""
    words = {
        AlertState.OPEN: _("At %(time)s the next people are asked."),
        AlertState.COMMITTED: _(
            "Without a word by %(time)s the next people are asked."
        ),
        AlertState.MUTED: _("It rests until %(time)s; then the next people are asked."),
        AlertState.EXHAUSTED: _(
            "Everybody was asked. At %(time)s they are asked again."
        ),
        AlertState.ACKNOWLEDGED: _(
            "Somebody has it in hand; nobody else is asked now."
        ),
        AlertState.CLOSED: _("It is over."),
    }
    return words[AlertState(alert.state)] % {"time": at}
