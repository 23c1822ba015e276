"""How well a community is served in a span, and its neighbours in a line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from shouwang.apps.communities.models import Community, Member, Role
from shouwang.apps.communities.selectors import (
    DESK_ROLES,
    has_role,
    members_of,
)
from shouwang.apps.desk.selectors.carrying import Carried, carried_between
from shouwang.apps.desk.selectors.cases import cases_between
from shouwang.apps.desk.selectors.early import early_between
from shouwang.apps.residents.models import Agreement
from shouwang.domain.alerts import AlertKind
from shouwang.domain.service_figures import (
    Summary,
    Waited,
    Watched,
    a_home_a_year,
    homes_by_day,
    summary_of,
    waited_of,
    week_of,
    weeks_between,
)
from shouwang.domain.unusual import Early

Key = TypeVar("Key", bound=Hashable)
FIGURE_ROLES = DESK_ROLES | {Role.SUPERVISOR}


@dataclass(frozen=True, kw_only=True)
class Span:
    """Local dates, both included; ``kind`` empty means alerts of every kind."""

    first: date
    last: date
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """The summary of one part, and on how many days homes were watched in it."""

    summary: Summary
    days: int

    @property
    def false_a_home_a_year(self) -> float | None:
        """Return the false alarms a home a year."""
        return a_home_a_year(self.summary.false_count, days=self.days)


@dataclass(frozen=True, kw_only=True)
class Service:
    """The figures of one community; ``communities`` where the reader sees several.

    ``weeks`` by their Monday, the oldest first. ``carried`` is empty to everybody but
    coordinators.
    """

    span: Span
    whole: Line
    weeks: tuple[tuple[date, Line], ...]
    kinds: tuple[tuple[AlertKind, Summary], ...]
    communities: tuple[tuple[Community, Line], ...]
    carried: tuple[Carried, ...]
    early: Early


def service_for(member: Member, *, span: Span, now: datetime) -> Service:
    """Return the figures ``member`` may see: of whom never, by whom to coordinators."""
    communities = _readable(member)
    found = cases_between(
        community_ids=list(communities), first=span.first, last=span.last, now=now
    )
    watched = _watched(communities)
    days = _by_day(watched[member.community_id], span)
    rows = [
        waited_of(row, now=now)
        for row in found.alerts
        if span.kind in ("", row.kind.value)
    ]
    own = [row for row in rows if row.case.community == member.community_id]
    carried: Sequence[Carried] = ()
    if has_role(member, {Role.COORDINATOR}):
        keys = {row.case.key for row in own}
        carried = carried_between(
            community=member.community,
            deeds=[row for row in found.deeds if row.alert in keys],
            first=span.first,
            last=span.last,
        )
    return Service(
        span=span,
        whole=_line(own, sum(days)),
        weeks=tuple(_weeks(own, days, span)),
        kinds=tuple(_kinds(own)),
        communities=_lines(communities, rows, watched, span),
        carried=tuple(carried),
        early=early_between(member.community, first=span.first, last=span.last),
    )


def _readable(member: Member) -> dict[int, Community]:
    """Return the communities whose figures the reader may see, their own among them."""
    own = {member.community_id: member.community}
    if member.user is None:
        return own
    rows = [row for row in members_of(member.user) if has_role(row, FIGURE_ROLES)]
    return own | {row.community_id: row.community for row in rows}


def _watched(community_ids: Collection[int]) -> Mapping[int, list[Watched]]:
    rows = Agreement.objects.across("the reader's own communities").filter(
        community_id__in=list(community_ids)
    )
    found: defaultdict[int, list[Watched]] = defaultdict(list)
    for community_id, home_id, first, last in rows.values_list(
        "community_id", "home_id", "valid_from", "valid_to"
    ):
        found[community_id].append(Watched(home=home_id, first=first, last=last))
    return found


def _by_day(watched: Sequence[Watched], span: Span) -> list[int]:
    return homes_by_day(watched, first=span.first, last=span.last)


def _line(rows: Sequence[Waited], days: int) -> Line:
    return Line(summary=summary_of(rows), days=days)


def _weeks(
    rows: Iterable[Waited], days: Sequence[int], span: Span
) -> Iterable[tuple[date, Line]]:
    found = _parted(rows, lambda row: week_of(row.case.on))
    for monday in weeks_between(span.first, span.last):
        place = (monday - span.first).days
        yield monday, _line(found[monday], sum(days[max(place, 0) : place + 7]))


def _kinds(rows: Iterable[Waited]) -> list[tuple[AlertKind, Summary]]:
    found = _parted(rows, lambda row: row.case.kind)
    return [(kind, summary_of(found[kind])) for kind in AlertKind if kind in found]


def _lines(
    communities: Mapping[int, Community],
    rows: Iterable[Waited],
    watched: Mapping[int, Sequence[Watched]],
    span: Span,
) -> tuple[tuple[Community, Line], ...]:
    if len(communities) < 2:
        return ()
    found = _parted(rows, lambda row: row.case.community)
    ordered = sorted(communities.values(), key=lambda row: (row.name, row.pk))
    return tuple(
        (row, _line(found[row.pk], sum(_by_day(watched[row.pk], span))))
        for row in ordered
    )


def _parted(
    rows: Iterable[Waited], key: Callable[[Waited], Key]
) -> defaultdict[Key, list[Waited]]:
    found: defaultdict[Key, list[Waited]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
