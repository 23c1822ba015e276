"""Which visits are due and overdue, most pressing first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.visits.models import PlannedVisit, Visit
from shouwang.apps.visits.selectors import COUNTS, SPOKE, frequency_of
from shouwang.apps.visits.selectors.facts import facts_of
from shouwang.apps.visits.selectors.planning import planned_from
from shouwang.common.clock import local_day
from shouwang.domain.ladder import Risk
from shouwang.domain.visits import Call, CallState, call_of, call_place


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """A home with the visit that comes next, who was there last, who goes next."""

    home: Home
    call: Call
    state: CallState
    last: Visit | None
    planned: PlannedVisit | None

    @property
    def last_by(self) -> Member | None:
        """Return who visited last."""
        return self.last.by if self.last else None


def calls_of(
    community: Community, homes: Collection[Home], *, now: datetime
) -> dict[int, Call]:
    """Return the visit that comes next for each home."""
    frequency = frequency_of(community)
    facts = facts_of(community, homes, now=now)
    return {key: call_of(row, frequency, now=now) for key, row in facts.items()}


def due_list(*, community: Community, now: datetime) -> list[DueRow]:
    """Return the homes whose visit is due or overdue, most pressing first."""
    homes = homes_in_order(community=community)
    calls = calls_of(community, homes, now=now)
    shown = [
        row
        for row in homes
        if calls[row.pk].state(now=now) in (CallState.DUE, CallState.OVERDUE)
    ]
    shown.sort(key=lambda row: call_place(calls[row.pk], Risk(row.risk), now=now))
    last = _last(community, [row.pk for row in shown])
    planned = {
        row.home_id: row
        for row in planned_from(community, on=local_day(now, community.zone))
    }
    return [
        DueRow(
            home=row,
            call=calls[row.pk],
            state=calls[row.pk].state(now=now),
            last=last.get(row.pk),
            planned=planned.get(row.pk),
        )
        for row in shown
    ]


def call_of_home(*, home: Home, now: datetime) -> Call:
    """Return the visit that comes next for one home."""
    return calls_of(home.community, [home], now=now)[home.pk]


def _last(community: Community, keys: Iterable[int]) -> dict[int, Visit]:
    """Return the last visit of each home at which somebody spoke with her."""
    rows = Visit.objects.of(community).filter(COUNTS, SPOKE, home_id__in=[*keys])
    return {
        row.home_id: row
        for row in rows.select_related("by").order_by("visited_at", "pk")
    }
