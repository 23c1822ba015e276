"""A day's needs, visits and people as the planner sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Community
from shouwang.apps.dispatch.selectors.calls import (
    VISIT_MINUTES,
    calls_open,
    unserved_cost,
)
from shouwang.apps.dispatch.selectors.facts import People
from shouwang.apps.rounds.models import StandpointWindow
from shouwang.apps.visits.selectors.due import DueRow
from shouwang.domain.dispatch import Span, is_whole_day
from shouwang.domain.needs import Stage, Urgency
from shouwang.domain.schedule import instant
from shouwang.domain.volunteers import Helper, in_season, is_paused
from shouwang.planning.days import Hand, Job, Minutes

# When somebody may ring at a door for what has no hour.
OPENS, CLOSES = 8 * 60, 20 * 60
DAY_MINUTES = 24 * 60
# What it costs to leave a need undone today, in minutes of walking.
UNSERVED: Mapping[Urgency, int] = {
    Urgency.URGENT: 1000,
    Urgency.DIFFICULT: 600,
    Urgency.EVERYDAY: 400,
}
# The way across the plan picture from edge to edge, and where nothing is marked.
ACROSS_MINUTES, UNKNOWN_MINUTES = 6.0, 3
USUAL_MOST, MOST = 2, 4


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """Everything the planner is told of one day, the needs and the visits by number.

    A visit bears the number of its home, below zero, so that it is no need's.
    """

    on: date
    needs: Mapping[int, Need]
    visits: Mapping[int, DueRow]
    more_visits_count: int
    jobs: tuple[Job, ...]
    hands: tuple[Hand, ...]
    walk: Minutes


def day_facts(people: People, *, on: date) -> DayFacts:
    """Return what has to be done on a local day and who can do some of it.

    Needs that are wanted on a later day wait; what is overdue is for today.
    """
    needs = _needs(people, on)
    calls = calls_open(community=people.community, on=on, now=people.now)
    visits = {-home: row for home, row in calls.rows.items()}
    buildings = sorted(
        {row.home.building_id for row in needs}
        | {row.home.building_id for row in visits.values()}
        | {one for row in people.helpers for one in row.buildings}
    )
    places = {building: number for number, building in enumerate(buildings)}
    return DayFacts(
        on=on,
        needs={row.pk: row for row in needs},
        visits=visits,
        more_visits_count=calls.more_count,
        jobs=(
            *(_job(row, people, places, on) for row in needs),
            *(_call(key, row, people, places, on) for key, row in visits.items()),
        ),
        hands=tuple(
            hand
            for row in people.helpers
            if (hand := _hand(row, people, places, on, calls.carried)) is not None
        ),
        walk=_walk(people.community, buildings),
    )


def _needs(people: People, on: date) -> list[Need]:
    zone = people.community.zone
    tomorrow = instant(on + timedelta(days=1), time(0), zone)
    rows = (
        Need.objects.of(people.community)
        .filter(stage__in=[Stage.NEW.value, Stage.OFFERED.value])
        .select_related("home__building", "home__community", "community")
        .order_by("pk")
    )
    return [row for row in rows if row.wanted_by is None or row.wanted_by <= tomorrow]


def _job(need: Need, people: People, places: Mapping[int, int], on: date) -> Job:
    wish = people.wish(need.kind)
    minutes = int(wish.length.total_seconds()) // 60
    earliest, latest = _window(need, people, minutes, on)
    undone = people.left_undone.get(need.pk, frozenset())
    return Job(
        key=need.pk,
        place=places[need.home.building_id],
        earliest=earliest,
        latest=latest,
        minutes=minutes,
        skills=wish.needs,
        knows=_known_to(need.home_id, people),
        refused=people.refused.get(need.pk, frozenset()) | undone,
        unserved=UNSERVED[Urgency(need.urgency)],
    )


def _call(
    key: int, row: DueRow, people: People, places: Mapping[int, int], on: date
) -> Job:
    earliest = max(OPENS, _passed(people, on))
    return Job(
        key=key,
        place=places[row.home.building_id],
        earliest=earliest,
        latest=max(CLOSES - VISIT_MINUTES, earliest),
        minutes=VISIT_MINUTES,
        knows=_known_to(row.home.pk, people),
        unserved=unserved_cost(row),
    )


def _known_to(home_id: int, people: People) -> frozenset[int]:
    """Return who knows her: as they said, by their round, or from helping her."""
    knows = {
        row.member
        for row in people.helpers
        if home_id in row.knows or home_id in people.walked.homes.get(row.member, ())
    }
    return frozenset(knows) | people.helped.get(home_id, frozenset())


def _passed(people: People, on: date) -> int:
    """Return how many minutes of a day are over."""
    local = people.now.astimezone(people.community.zone)
    return local.hour * 60 + local.minute if local.date() == on else 0


def _window(need: Need, people: People, minutes: int, on: date) -> tuple[int, int]:
    """Return between which minutes of the day it begins; an hour means that hour."""
    zone, wanted = people.community.zone, need.wanted_by
    is_hour = wanted is not None and not is_whole_day(wanted, zone)
    if wanted is not None and is_hour and wanted > people.now:
        at = wanted.astimezone(zone)
        return at.hour * 60 + at.minute, at.hour * 60 + at.minute
    passed = _passed(people, on)
    earliest = max(OPENS, passed)
    if need.urgency == Urgency.URGENT.value:
        earliest, closes = passed, DAY_MINUTES
    else:
        closes = CLOSES
    return earliest, max(closes - minutes, earliest)


def _hand(
    helper: Helper,
    people: People,
    places: Mapping[int, int],
    on: date,
    visits: Mapping[int, int],
) -> Hand | None:
    """Return somebody as the planner sees them, or ``None``: not that day.

    The visits they have that day already count like what they have promised.
    """
    visit_count = visits.get(helper.member, 0)
    carried = people.week_counts.get(helper.member, 0) + visit_count
    asked_most = min(MOST, helper.a_week - carried) if helper.a_week else USUAL_MOST
    most = min(asked_most, MOST - visit_count)
    away = is_paused(helper, on) or not in_season(helper.season, on)
    free = _free(helper, people, on)
    if not helper.may or away or not free or most <= 0:
        return None
    return Hand(
        key=helper.member,
        skills=helper.skills,
        places=frozenset(places[one] for one in helper.buildings),
        free=free,
        most=most,
        carried=carried,
    )


def _free(helper: Helper, people: People, on: date) -> tuple[tuple[int, int], ...]:
    """Return the free minutes of a day, without what is promised already."""
    spans = [
        (_minute(row.from_time), _minute(row.to_time))
        for row in helper.times
        if row.weekday == on.weekday()
    ]
    if not helper.times:
        spans = [(0, DAY_MINUTES)]
    for promise in people.promises.get(helper.member, ()):
        if promise.span is not None:
            spans = _without(spans, *_on_day(promise.span, people.community, on))
    return tuple(sorted(spans))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _on_day(span: Span, community: Community, on: date) -> tuple[int, int]:
    begin = instant(on, time(0), community.zone)

    def minute(at: datetime) -> int:
        return int((at - begin).total_seconds()) // 60

    return minute(span.from_at), minute(span.to_at)


def _without(
    spans: Iterable[tuple[int, int]], begin: int, end: int
) -> list[tuple[int, int]]:
    found = []
    for first, last in spans:
        found += [(first, min(last, begin)), (max(first, end), last)]
    return [(first, last) for first, last in found if first < last]


def _walk(community: Community, buildings: Sequence[int]) -> Minutes:
    """Return the minutes from building to building, as the plan picture tells them.

    A building lies where one stands to see its windows. Where nothing is marked, every
    other building is equally far.
    """
    at = _positions(community)
    size = len(buildings)
    walk = np.full((size, size), UNKNOWN_MINUTES, dtype=np.int64)
    np.fill_diagonal(walk, 0)
    for row, one in enumerate(buildings):
        for column, other in enumerate(buildings):
            if row != column and one in at and other in at:
                far = np.hypot(*(np.array(at[one]) - np.array(at[other])))
                walk[row, column] = int(np.ceil(far * ACROSS_MINUTES))
    return walk


def _positions(community: Community) -> Mapping[int, tuple[float, float]]:
    rows = StandpointWindow.objects.of(community).filter(
        standpoint__ended_at__isnull=True,
        standpoint__x__isnull=False,
        standpoint__y__isnull=False,
    )
    seen: dict[int, list[tuple[float, float]]] = {}
    for building, x, y in rows.values_list(
        "home__building_id", "standpoint__x", "standpoint__y"
    ):
        if x is not None and y is not None:
            seen.setdefault(building, []).append((x, y))
    return {
        building: (
            sum(x for x, _y in points) / len(points),
            sum(y for _x, y in points) / len(points),
        )
        for building, points in seen.items()
    }
