"""What happened, as JSON lines or as a timeline people can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import Alert, AlertEvent
from shouwang.apps.alerts.words import did_words, kind_words, outcome_words
from shouwang.apps.communities.models import Community
from shouwang.apps.watch.models import Check, Sighting, StatusChange
from shouwang.apps.watch.words import status_words, why_sentence

Line = dict[str, Any]


def lines_of(community: Community) -> Iterator[Line]:
    """Return every change of status and everything alerts did, in recorded order."""
    yield from _statuses(community)
    yield from _alerts(community)


def _statuses(community: Community) -> Iterator[Line]:
    seen_at = {
        str(key): at
        for key, at in Sighting.objects.of(community).values_list("pk", "seen_at")
    }
    rows = StatusChange.objects.of(community).order_by("pk")
    for row in rows.select_related("check_row", "home"):
        yield {
            "at": row.changed_at,
            "kind": "status",
            "home": row.home.shown_name,
            "signal": row.check_row.signal,
            "label": row.check_row.label,
            "date": row.check_row.on.isoformat(),
            "from": row.from_status,
            "to": row.to_status,
            "strength": row.strength or None,
            "reasons": [
                why_sentence(
                    reason["why"],
                    [seen_at[key] for key in reason["sightings"]],
                    community.zone,
                )
                for reason in row.reasons
            ],
        }


def _about(alert: Alert) -> Line:
    if alert.round:
        return {"home": None, "round": alert.round.name}
    return {"home": alert.home.shown_name if alert.home else None}


def _alerts(community: Community) -> Iterator[Line]:
    rows = AlertEvent.objects.of(community).order_by("pk")
    for row in rows.select_related("alert__home", "alert__round", "by", "by_contact"):
        yield {
            "at": row.at,
            "kind": "alert",
            **_about(row.alert),
            "type": row.kind,
            "did": row.did,
            "step": row.step,
            "by": str(row.actor) if row.actor else None,
        }


def final_line(community: Community, *, now: datetime) -> Line:
    """Return where every check begun and every alert stands at ``now``."""
    checks = (
        Check.objects.of(community)
        .filter(day_starts_at__lte=now)
        .select_related("home")
        .order_by("home__pk", "opens_at", "pk")
    )
    alerts = Alert.objects.of(community).select_related("home", "round")
    return {
        "at": now,
        "kind": "final",
        "checks": [
            {
                "home": row.home.shown_name,
                "signal": row.signal,
                "label": row.label,
                "date": row.on.isoformat(),
                "status": row.status,
                "strength": row.strength or None,
            }
            for row in checks
        ],
        "alerts": [
            {
                **_about(row),
                "type": row.kind,
                "state": row.state,
                "outcome": row.outcome or None,
            }
            for row in alerts.order_by("opened_at", "pk")
        ],
    }


def told(line: Line, *, as_json: bool, zone: tzinfo) -> str:
    """Return a line of output: JSON with UTC times, or words with local ones."""
    if as_json:
        utc = line["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps({**line, "at": utc}, ensure_ascii=False)
    at = line["at"].astimezone(zone).strftime("%m-%d %H:%M")
    return f"{at}  {_words(line)}"


def _words(line: Line) -> str:
    place = line.get("home") or line.get("round") or ""
    match line["kind"]:
        case "status":
            word = status_words()[line["to"]]
            return f"{place} {line['label']}: {word} — {' '.join(line['reasons'])}"
        case "alert":
            step = f" {line['step']}" if line["step"] else ""
            by = f" ({line['by']})" if line["by"] else ""
            what = f"{kind_words()[line['type']]}: {did_words()[line['did']]}"
            return f"{place} ! {what}{step}{by}"
        case "message":
            about = kind_words()[line["about"]]
            return f"{place} → {line['to']}: {about} [{line['state']}]"
        case "refused":
            return _("refused: event %(number)s: %(why)s") % {
                "number": line["event"],
                "why": line["why"],
            }
        case _:
            return _final_words(line)


def _final_words(line: Line) -> str:
    checks = [
        f"  {row['home']} {row['date']} {row['label']}: {status_words()[row['status']]}"
        for row in line["checks"]
    ]
    alerts = [
        f"  {row['home'] or row['round']}: {kind_words()[row['type']]}, {row['state']} "
        f"{outcome_words().get(row['outcome'], '')}".rstrip()
        for row in line["alerts"]
    ]
    return "\n".join([_("At the end:"), *checks, *alerts])
