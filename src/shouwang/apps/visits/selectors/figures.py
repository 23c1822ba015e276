"""Figures of visits for pages and reports: per month and risk, how many were due and done."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from django.db.models import Min

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.selectors import homes_in_order
from shouwang.apps.visits.models import Visit
from shouwang.apps.visits.selectors import COUNTS, SPOKE, frequency_of
from shouwang.domain.ladder import Risk
from shouwang.domain.schedule import instant
from shouwang.domain.visits import Kept, needed_in


def visits_kept(*, community: Community, month: date) -> dict[str, Kept]:
    """Return for the month of a date, by risk level as it is now: due, and done of those.

    A home was due when its interval ran out before the month's end.
    """
    begin, end = _span(community, month)
    frequency, visited = frequency_of(community), _visited(community, end)
    since = dict(
        Consent.objects.of(community)
        .values("home")
        .annotate(at=Min("recorded_at"))
        .values_list("home", "at")
    )
    totals = {risk.value: [0, 0] for risk in Risk}
    for home in homes_in_order(community=community):
        kept = needed_in(
            visited[home.pk],
            since=since.get(home.pk, community.created_at),
            interval=frequency.of(Risk(home.risk)),
            span=(begin, end),
        )
        totals[home.risk][0] += kept.due
        totals[home.risk][1] += kept.done
    return {risk: Kept(due=due, done=done) for risk, (due, done) in totals.items()}


def _span(community: Community, month: date) -> tuple[datetime, datetime]:
    first = month.replace(day=1)
    years, place = divmod(first.month, 12)
    after = date(first.year + years, place + 1, 1)
    zone = community.zone
    return instant(first, time(0), zone), instant(after, time(0), zone)


def _visited(community: Community, end: datetime) -> dict[int, list[datetime]]:
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    rows = Visit.objects.of(community).filter(COUNTS, SPOKE, visited_at__lt=end)
    for home_id, at in rows.values_list("home_id", "visited_at"):
        found[home_id].append(at)
    return found
