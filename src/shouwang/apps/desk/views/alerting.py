"""An alert on a page: where it stands, what was done, what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.alerts.words import (
    ask_words,
    did_words,
    kind_words,
    outcome_words,
)
from shouwang.apps.desk.forms import CloseForm, CommitForm, MuteForm
from shouwang.apps.desk.words import state_title
from shouwang.common import clock


def alert_block(
    alert: Alert, *, now: datetime, wrong: dict[str, BaseForm] | None = None
) -> dict[str, Any]:
    """Return what the template needs; ``wrong`` holds forms that were refused."""
    zone = alert.community.zone
    forms = {"commit": CommitForm(), "mute": MuteForm(), "close": CloseForm()}
    return {
        "row": alert,
        "is_open": alert.state != "closed",
        "words": kind_words()[alert.kind],
        "state": state_title(alert),
        "outcome": outcome_words().get(alert.outcome, ""),
        "since": clock.local(alert.opened_at, zone),
        "next": clock.local(alert.next_at, zone) if alert.next_at else None,
        "going": [
            {"name": row.member.display_name, "until": clock.local(row.until, zone)}
            for row in alert.commitments.all()
            if row.ended_at is None
        ],
        "events": [_event(row, alert) for row in alert.events.all()],
        "forms": {**forms, **(wrong or {})},
        "refused": next(iter(wrong or {}), ""),
        "refusal": [
            words
            for name, form in (wrong or {}).items()
            if name not in {"close", "mute"}
            for words in form.non_field_errors()
        ],
    }


def _event(row: AlertEvent, alert: Alert) -> dict[str, Any]:
    step = (
        alert.steps[row.step - 1] if row.step and row.step <= len(alert.steps) else {}
    )
    told = sorted(
        {
            str(message.to_member or message.to_contact)
            for message in alert.messages.all()
            if row.did in {"step", "repeated"} and message.queued_at == row.recorded_at
        }
    )
    words = did_words()[row.did]
    if told:
        words = _("%(did)s: %(people)s. %(ask)s") % {
            "did": words,
            "people": pgettext("between names", ", ").join(told),
            "ask": ask_words().get(step.get("ask", ""), ""),
        }
    return {
        "at": clock.local(row.at, alert.community.zone),
        "words": words,
        "by": row.by,
        "note": outcome_words().get(row.note, row.note),
    }
