"""The visits that are due and that nobody goes to yet, as the planner sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shouwang.apps.communities.models import Community
from shouwang.apps.visits.selectors.due import DueRow, due_list
from shouwang.apps.visits.selectors.planning import consents_withdrawn, rounds_on
from shouwang.domain.visits import CallState, Cause

# How long a visit takes, in minutes.
VISIT_MINUTES = 30
# The most pressing of a day; a new community has hundreds that were never visited.
CALLS_MOST = 40
# What it costs to leave one, in minutes of walking; less than what somebody asked for.
UNSERVED_DUE, UNSERVED_OVERDUE, UNSERVED_CHANGE = 200, 300, 600


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Due visits without a visitor, by home; ``more_count`` press less and wait.

    ``carried`` is how many visits each person has on that day already.
    """

    rows: Mapping[int, DueRow]
    more_count: int
    carried: Mapping[int, int]


def calls_open(*, community: Community, on: date, now: datetime) -> Calls:
    """Return the due visits that nobody has for a day, the most pressing first."""
    waiting = [row for row in due_list(community=community, now=now) if not row.planned]
    peace = consents_withdrawn(community, [row.home.pk for row in waiting])
    rows = [row for row in waiting if row.home.pk not in peace]
    rounds = rounds_on(community=community, on=on)
    return Calls(
        rows={row.home.pk: row for row in rows[:CALLS_MOST]},
        more_count=max(len(rows) - CALLS_MOST, 0),
        carried=Counter({one.member.pk: len(one.rows) for one in rounds}),
    )


def unserved_cost(row: DueRow) -> int:
    """Return what it costs to leave a visit for another day, in minutes."""
    if row.call.cause is Cause.CHANGE:
        return UNSERVED_CHANGE
    return UNSERVED_OVERDUE if row.state is CallState.OVERDUE else UNSERVED_DUE
