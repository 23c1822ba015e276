"""Escalation policies: the community's own, else the built-in ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.communities.models import Community, Member
from shouwang.common.errors import NotFoundError
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Ask, Policy, Risk, Step
from shouwang.domain.policies import with_built_in


def policies_of(community: Community) -> tuple[Policy, ...]:
    """Return the community's own policies before the built-in ones, which fill gaps."""
    own = policies_own(community=community)
    return with_built_in([policy_of(row) for row in own])


def policies_own(*, community: Community) -> list[EscalationPolicy]:
    """Return the community's own running policies, in the order in which they count."""
    return list(EscalationPolicy.objects.of(community).filter(ended_at__isnull=True))


def policy_for(member: Member, policy_id: int) -> EscalationPolicy:
    """Return a running policy of the reader's community, else "not found"."""
    row = (
        EscalationPolicy.objects.of(member.community_id)
        .filter(pk=policy_id, ended_at__isnull=True)
        .select_related("community")
        .first()
    )
    if row is None:
        raise NotFoundError("unknown_policy", _("There is no such ladder here."))
    return row


def version_of(row: EscalationPolicy) -> int:
    """Return a number that grows with each change of a policy."""
    last = row.history.order_by("-history_id").first()
    return last.history_id if last else 0


def policy_of(row: EscalationPolicy) -> Policy:
    """Return a stored policy as the rules read it."""
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
