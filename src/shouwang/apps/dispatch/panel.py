"""What dispatch adds to the page of a need: who was asked when, and what they said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shouwang.apps.care.models import Need
from shouwang.apps.care.selectors import carries
from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import DESK_ROLES, has_role
from shouwang.apps.dispatch.models import Ask, Run, Task
from shouwang.apps.dispatch.selectors import notes_left, runs_of, task_standing
from shouwang.apps.dispatch.services.running import UNTAKEN
from shouwang.apps.dispatch.words import (
    moment_words,
    reason_words,
    reasons_read,
    reply_words,
    run_words,
)
from shouwang.domain.needs import CLOSED


def need_panel(need: Need, member: Member, *, now: datetime) -> dict[str, Any] | None:
    """Return the part of a need's page that tells of its offering, for a reader.

    Who carries it sees the notes that others left for them; the desk sees all.
    """
    holds = carries(need, member)
    is_desk = has_role(member, DESK_ROLES)
    if not is_desk and not holds:
        return None
    panel: dict[str, Any] = {
        "template": "dispatch/_panel.html",
        "styles": "css/dispatch.css",
        "is_desk": is_desk,
        "notes": notes_left(need=need),
    }
    if is_desk:
        runs = runs_of(need=need)
        is_open = need.stage not in CLOSED
        panel |= {
            "runs": [_run(row, now=now) for row in runs],
            "task": _task(task_standing(need=need)) if is_open else None,
            "may_offer": need.stage in UNTAKEN
            and not any(row.next_at is not None for row in runs),
        }
    return panel


def _task(row: Task | None) -> dict[str, Any] | None:
    return {"row": row} if row is not None else None


def _run(row: Run, *, now: datetime) -> dict[str, Any]:
    zone = row.need.community.zone
    asks = sorted(row.asks.all(), key=lambda one: (one.wave, one.pk))
    waves: dict[int, list[dict[str, Any]]] = {}
    for one in asks:
        waves.setdefault(one.wave, []).append(_ask(one))
    return {
        "row": row,
        "words": run_words()[row.state],
        "is_running": row.next_at is not None,
        "is_last": row.asked_count >= len(row.plan),
        "next": moment_words(row.next_at, now=now, zone=zone) if row.next_at else "",
        "waves": [
            {
                "number": number,
                "at": moment_words(asks_of[0]["row"].asked_at, now=now, zone=zone),
                "asks": asks_of,
            }
            for number, asks_of in waves.items()
        ],
        "left_count": sum(len(wave["members"]) for wave in row.plan[row.asked_count :]),
    }


def _ask(row: Ask) -> dict[str, Any]:
    return {
        "row": row,
        "reasons": reason_words(reasons_read(row.reasons)),
        "reply": reply_words()[row.reply],
    }
