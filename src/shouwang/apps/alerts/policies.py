"""Escalation policies: the community's own, else the built-in ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.communities.models import Community
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import BUILT_IN_POLICIES, Ask, Policy, Risk, Step


def policies_of(community: Community) -> tuple[Policy, ...]:
    """Return the community's policies before the built-in ones, which fill gaps."""
    own = EscalationPolicy.objects.of(community).filter(ended_at__isnull=True)
    mine = tuple(_policy(row) for row in own)
    covered = {kind for row in mine if row.narrowness == 0 for kind in row.kinds}
    gaps = (row for row in BUILT_IN_POLICIES if not row.kinds <= covered)
    return (*mine, *gaps)


def _policy(row: EscalationPolicy) -> Policy:
    hours = (row.hours_from, row.hours_to) if row.hours_from and row.hours_to else None
    return Policy(
        name=row.name,
        kinds=frozenset(AlertKind(kind) for kind in row.kinds),
        risks=frozenset(Risk(risk) for risk in row.risks),
        hours=hours,
        steps=steps_of(row.steps),
    )


def steps_of(stored: list[dict[str, Any]]) -> tuple[Step, ...]:
    """Return stored steps as the rules read them."""
    return tuple(
        Step(
            tell=tuple(row["tell"]),
            ask=Ask(row["ask"]),
            wait=timedelta(minutes=row["wait"]),
            channels=tuple(row.get("channels", ())),
        )
        for row in stored
    )


def steps_json(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """Return steps as they are stored, waits in minutes."""
    return [
        {
            "tell": list(step.tell),
            "ask": step.ask.value,
            "wait": step.wait.total_seconds() / 60,
            "channels": list(step.channels),
        }
        for step in steps
    ]
