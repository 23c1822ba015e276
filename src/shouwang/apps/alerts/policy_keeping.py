"""Writes of policies. A change is a row of history; open alerts keep their copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.alerts.policies import steps_json, version_of
from shouwang.apps.alerts.previewing import steps_unreached
from shouwang.apps.alerts.words import numbers_words, policy_problem_words
from shouwang.apps.communities.models import Community
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import tidy
from shouwang.domain.errors import PolicyError
from shouwang.domain.ladder import Policy
from shouwang.domain.policies import policy_problems

# Where the pages show what is wrong; of a step it stands above the form.
FIELDS = {"no_kind": "kinds", "hours_empty": "hours_to", "risks_of_no_home": "risks"}


@dataclass(frozen=True, kw_only=True)
class PolicyDraft:
    """A policy as somebody writes it.

    ``anyway`` are the steps (from 1) that reach nobody and shall be kept all the same:
    somebody has read the warning that names them. ``version`` is that of the policy on
    the page, so that two people do not overwrite one another.
    """

    policy: Policy
    anyway: tuple[int, ...] = ()
    version: int = 0


@transaction.atomic
def policy_add(
    *, community: Community, draft: PolicyDraft, now: datetime
) -> EscalationPolicy:
    """Keep a new policy; it counts after those that are there.

    Raises
    ------
    RefusedError
        The first of ``policy_problems`` with the words of all, or ``reaches_nobody``
        for steps that are not in ``draft.anyway``.
    """
    rows = EscalationPolicy.objects.of(community)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return _write(
        EscalationPolicy(community=community, position=last + 1), draft, now=now
    )


@transaction.atomic
def policy_change(
    *, row: EscalationPolicy, draft: PolicyDraft, now: datetime
) -> EscalationPolicy:
    """Change a policy; alerts that are open keep the ladder they began with.

    Raises
    ------
    ConflictError
        ``changed_meanwhile``: it is not as it was on the page.
    RefusedError
        As ``policy_add``.
    """
    rows = EscalationPolicy.objects.of(row.community_id).select_related("community")
    row = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at is not None or version_of(row) != draft.version:
        words = _("Somebody has changed this ladder meanwhile. Please look again.")
        raise ConflictError("changed_meanwhile", words)
    return _write(row, draft, now=now)


@transaction.atomic
def policy_end(*, row: EscalationPolicy, now: datetime) -> None:
    """End a policy; the built-in one is used again."""
    row.ended_at = now
    row.save(update_fields=["ended_at"])


def _write(
    row: EscalationPolicy, draft: PolicyDraft, *, now: datetime
) -> EscalationPolicy:
    policy = draft.policy
    _require_sound(policy_problems(policy))
    unreached = steps_unreached(community=row.community, policy=policy, at=now)
    if not set(unreached) <= set(draft.anyway):
        words = unreached_words(unreached, len(policy.steps))
        raise RefusedError("reaches_nobody", words, fields={"anyway": [words]})
    row.name = tidy(policy.name)
    row.kinds = sorted(policy.kinds, key=lambda kind: kind.urgency)
    row.risks = sorted(policy.risks)
    row.hours_from, row.hours_to = policy.hours or (None, None)
    row.steps = steps_json(policy.steps)
    row.save()
    return row


def _require_sound(problems: Sequence[PolicyError]) -> None:
    if not problems:
        return
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for row in problems:
        fields[FIELDS.get(row.code, "steps")].append(policy_problem_words(row))
    words = " ".join(policy_problem_words(row) for row in problems)
    raise RefusedError(problems[0].code, words, fields=dict(fields))


def unreached_words(steps: Sequence[int], count: int) -> str:
    """Return the warning that names the steps of a ladder that reach nobody."""
    if len(steps) == count:
        return _("No step of this ladder reaches anybody: nobody would ever be told.")
    return _("Nobody is reached by step %(steps)s.") % {"steps": numbers_words(steps)}
