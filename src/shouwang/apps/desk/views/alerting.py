"""An alert in blocks: where it stands, its ladder, what was done, what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.alerts.climbing import going_key, part_of
from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.alerts.people import Actor, person_of
from shouwang.apps.alerts.words import (
    actor_words,
    ask_words,
    did_words,
    doer_words,
    kind_words,
    message_words,
    outcome_words,
)
from shouwang.apps.desk.panes import minutes_between
from shouwang.apps.desk.selectors.alert import Rung, ladder_of
from shouwang.apps.desk.words import state_title
from shouwang.apps.residents.words import (
    could_not_see_words,
    signal_words_of,
    state_words_of,
)
from shouwang.common import clock


def alert_brief(alert: Alert, *, now: datetime) -> dict[str, Any]:
    """Return an alert in short: what it is, since when, who is going, how it ended."""
    zone = alert.community.zone
    return {
        "row": alert,
        "is_open": alert.state != "closed",
        "words": kind_words()[alert.kind],
        "state": state_title(alert),
        "outcome": outcome_words().get(alert.outcome, ""),
        "needs": alert.needs.all(),
        "since": clock.local(alert.opened_at, zone),
        "next": clock.local(alert.next_at, zone) if alert.next_at else None,
        "going": going_block(alert, now=now),
    }


def going_block(
    alert: Alert, *, now: datetime, me: Actor | None = None
) -> list[dict[str, Any]]:
    """Return who is on the way, who is due first at the front; ``me`` reads it."""
    mine = person_of(me).key if me else ""
    rows = [row for row in alert.commitments.all() if row.ended_at is None]
    return [
        {
            "key": going_key(row),
            "name": (
                actor_words(row.actor)
                if going_key(row) == mine
                else doer_words(row.actor, row.via)
            ),
            "is_me": going_key(row) == mine,
            "until": clock.local(row.until, alert.community.zone),
            "minutes": minutes_between(row.until, now),
        }
        for row in sorted(rows, key=lambda row: row.until)
    ]


def story_block(alert: Alert) -> list[dict[str, Any]]:
    """Return everything that happened, the newest first."""
    events = sorted(alert.events.all(), key=lambda row: (row.at, row.pk), reverse=True)
    return [_event(row, alert) for row in events]


def _event(row: AlertEvent, alert: Alert) -> dict[str, Any]:
    words = did_words()[row.did]
    told = _told(row, alert)
    if told:
        # Steps of a ladder that a more urgent kind replaced are not kept.
        kept = alert.steps if row.kind == alert.kind else []
        steps = dict(enumerate(kept, start=1))
        step = steps.get(row.step or 0, {})
        words = _("%(did)s: %(people)s. %(ask)s") % {
            "did": words,
            "people": told,
            "ask": ask_words().get(step.get("ask", ""), ""),
        }
    return {
        "at": clock.local(row.at, alert.community.zone),
        "words": words,
        "by": doer_words(row.actor, row.via) if row.actor else "",
        "note": _note(row, alert),
    }


def _told(row: AlertEvent, alert: Alert) -> str:
    if row.did not in {"step", "repeated"}:
        return ""
    names = {
        actor_words(actor)
        for message in alert.messages.all()
        if message.part == part_of(row.did, row.step, row.at)
        and (actor := message.to_member or message.to_contact)
    }
    return pgettext("between names", ", ").join(sorted(names))


def _note(row: AlertEvent, alert: Alert) -> str:
    """Return a note in words: what joined is kept as ``signal: state · who``."""
    if row.did != "joined" or ": " not in row.note:
        return outcome_words().get(row.note, row.note)
    what, _sep, who = row.note.partition(" · ")
    signal, _sep, state = what.partition(": ")
    states = state_words_of(alert.community_id)
    seen = states.get((signal, state)) or could_not_see_words().get(state)
    if seen is None:
        return row.note
    name = signal_words_of(alert.community_id).get(signal, signal)
    told = _("%(signal)s: %(what)s") % {"signal": name, "what": seen}
    return f"{told} · {who}" if who else told


def ladder_block(alert: Alert, *, now: datetime) -> list[dict[str, Any]]:
    """Return the ladder as a picture from its first step, with its clock."""
    return [_rung(row, alert) for row in ladder_of(alert, now=now)]


def _rung(row: Rung, alert: Alert) -> dict[str, Any]:
    zone = alert.community.zone
    is_now = row.place == "now"
    return {
        "number": row.number,
        "place": row.place,
        "ask": ask_words()[row.ask],
        "wait": f"{row.wait:g}",
        "at": clock.local(row.at, zone) if row.at else None,
        "until": clock.local(alert.next_at, zone) if is_now and alert.next_at else None,
        "names": pgettext("between names", ", ").join(map(actor_words, row.people)),
        "sent": [
            {
                "who": actor_words(to),
                "words": message_words(message.state, message.channel),
                "state": message.state,
                "at": clock.local(message.sent_at or message.queued_at, zone),
            }
            for message in row.messages
            if (to := message.to_member or message.to_contact)
        ],
    }
