"""A need as pages show it: a card, a line on the home's page, a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, pgettext

from shouwang.apps.care.models import Need, NeedMove
from shouwang.apps.care.selectors import (
    needs_of_home,
    offers_of,
    office_of,
    waiting_of,
)
from shouwang.apps.care.words import (
    act_words,
    asked_words,
    due_sentence,
    kind_words_of,
    stage_words,
    title_of,
    urgency_words,
)
from shouwang.apps.residents.models import Home
from shouwang.common import clock
from shouwang.domain.needs import CLOSED, Stage, due_of

SHOWN_OF_HOME = 8


def card(
    need: Need, *, kinds: Mapping[str, str], now: datetime, carried: bool = True
) -> dict[str, Any]:
    """Return what a card says of a need; only to who carries it, whose it is."""
    due = due_of(waiting_of(need))
    zone = need.community.zone
    return {
        "row": need,
        "place": _place(need, carried=carried),
        # What was written may name her: who does not carry it reads the kind.
        "title": title_of(need, kinds) if carried else kinds.get(need.kind, need.kind),
        "kind": kinds.get(need.kind, need.kind),
        "urgency": urgency_words()[need.urgency],
        "stage": stage_words()[need.stage],
        "due": due_sentence(due, now=now, zone=zone) if due else "",
        "is_overdue": due is not None and due.is_over(now=now),
        "is_closed": need.stage in CLOSED,
        "is_done": need.stage in (Stage.DONE, Stage.CHECKED),
        "holder": holder(need),
        "opened": clock.local(need.opened_at, zone),
    }


def _place(need: Need, *, carried: bool) -> str:
    home = need.home
    if carried:
        return f"{home.address} {home.shown_name}".strip()
    return _("Building %(label)s") % {"label": home.building.label}


def holder(need: Need) -> str:
    """Return whose hands a need is in, or who was asked; empty where nobody was."""
    office = office_of(need)
    if office is not None:
        return str(office)
    if need.taken_by is not None:
        return str(need.taken_by)
    asked = [str(row.member) for row in offers_of(need)]
    if not asked:
        return ""
    names = pgettext("between names", ", ").join(asked)
    return _("%(names)s: asked") % {"names": names}


def cards_of_home(home: Home, *, now: datetime) -> list[dict[str, Any]]:
    """Return the needs of a home, the open ones first; the last few only."""
    kinds = kind_words_of(home.community_id)
    rows = needs_of_home(home=home)[:SHOWN_OF_HOME]
    return [card(row, kinds=kinds, now=now) for row in rows]


def story(need: Need, *, carried: bool = True) -> list[dict[str, Any]]:
    """Return everything that happened to a need, the newest first.

    What people wrote beside it is told only to who carries it.
    """
    rows = sorted(need.moves.all(), key=lambda row: (row.at, row.pk), reverse=True)
    return [_event(row, need, carried=carried) for row in rows]


def _event(row: NeedMove, need: Need, *, carried: bool) -> dict[str, Any]:
    words = act_words()[row.act]
    if row.who is not None:
        words = f"{words} {row.who}"
    if row.asked:
        words = f"{words} ({asked_words()[row.asked]})"
    return {
        "at": clock.local(row.at, need.community.zone),
        "words": words,
        "by": row.by if row.by != row.who else "",
        "note": row.note if carried else "",
    }
