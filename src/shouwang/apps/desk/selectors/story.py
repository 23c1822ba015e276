"""A month of a home's story: what every app tells of it, put in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import Min
from django.utils.module_loading import import_string

from shouwang.apps.alerts.models import Alert
from shouwang.apps.care.models import Need
from shouwang.apps.residents.models import Agreement, Consent, Home
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local_day
from shouwang.domain.status import Status
from shouwang.domain.story import Entry, QuietDays, StoryDay, StoryKind, only, story_of


class Teller(Protocol):
    """Tells what one app knows of a home, ``begin`` inside and ``end`` outside."""

    def __call__(
        self, *, home: Home, begin: datetime, end: datetime
    ) -> Iterable[Entry]:
        """Yield entries in any order."""


@dataclass(frozen=True, kw_only=True)
class StoryMonth:
    """One local month of a home; ``earlier`` and ``later`` are there to be opened."""

    first_on: date
    days: tuple[StoryDay | QuietDays, ...]
    checks: Mapping[date, tuple[Check, ...]]
    keys: frozenset[str]
    earlier: date | None
    later: date | None


def story_month(
    *,
    home: Home,
    month: date | None,
    kinds: Collection[StoryKind] = (),
    now: datetime,
) -> StoryMonth:
    """Return a home's story in the month of ``month``: this month where none is given.

    Every table is asked once for the month, so that five years cost what six weeks do.
    """
    zone = home.community.zone
    this = local_day(now, zone).replace(day=1)
    first = min(month.replace(day=1), this) if month else this
    end_on = _next(first)
    begin, end = (datetime.combine(on, time(), tzinfo=zone) for on in (first, end_on))
    entries = only(
        _entries(home, begin, min(end, now + timedelta(microseconds=1))), kinds
    )
    checks = _checks(home, first, end_on, now)
    days = story_of(entries, {} if kinds else _well(checks), zone=zone)
    began = _began(home)
    return StoryMonth(
        first_on=first,
        days=tuple(days),
        checks=checks,
        keys=frozenset(row.key for row in entries),
        earlier=_before(first) if began and began < begin else None,
        later=end_on if end_on <= this else None,
    )


def _entries(home: Home, begin: datetime, end: datetime) -> list[Entry]:
    found: list[Entry] = []
    for path in settings.HOME_STORY:
        teller: Teller = import_string(path)
        found += teller(home=home, begin=begin, end=end)
    return found


def _checks(
    home: Home, first: date, end: date, now: datetime
) -> dict[date, tuple[Check, ...]]:
    rows = (
        Check.objects.of(home.community_id)
        .filter(home=home, on__gte=first, on__lt=end, opens_at__lte=now)
        .defer("reasons")
        .order_by("opens_at")
    )
    by_day: defaultdict[date, list[Check]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    return {on: tuple(found) for on, found in by_day.items()}


def _well(checks: Mapping[date, Collection[Check]]) -> dict[date, bool]:
    """Return of each day that is decided whether all was well; days away say nothing."""
    waiting = {Status.SCHEDULED.value, Status.OPEN.value, Status.GRACE.value}
    found = {}
    for on, rows in checks.items():
        statuses = {row.status for row in rows if row.stopped_at is None}
        statuses -= {Status.EXCUSED.value}
        if statuses and not statuses & waiting:
            found[on] = statuses == {Status.WELL.value}
    return found


def _began(home: Home) -> datetime | None:
    """Return when the first thing was written down about a home."""
    of = home.community_id
    firsts = [
        Agreement.objects.of(of).filter(home=home).aggregate(at=Min("made_at")),
        Consent.objects.of(of).filter(home=home).aggregate(at=Min("recorded_at")),
        Alert.objects.of(of).filter(home=home).aggregate(at=Min("opened_at")),
        Need.objects.of(of).filter(home=home).aggregate(at=Min("opened_at")),
    ]
    return min((row["at"] for row in firsts if row["at"]), default=None)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
