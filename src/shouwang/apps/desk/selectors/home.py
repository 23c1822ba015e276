"""What a home's page shows: today with its proofs, what was seen, its six weeks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shouwang.apps.residents.models import (
    Agreement,
    ContactPerson,
    Home,
    Resident,
)
from shouwang.apps.watch.models import Check, Photo, Sighting
from shouwang.common.clock import local_day

DAYS_SHOWN = 42
SEEN_SHOWN = timedelta(days=2)
REASONS_REACH = timedelta(days=16)


@dataclass(frozen=True, kw_only=True)
class DayOfHome:
    """One local day in the calendar; ``checks`` in order of their windows."""

    on: date
    checks: tuple[Check, ...]
    is_today: bool
    is_to_come: bool


def checks_near(*, home: Home, now: datetime) -> list[Check]:
    """Return the checks of yesterday and today, the newest window first."""
    today = local_day(now, home.community.zone)
    rows = Check.objects.of(home.community_id).filter(
        home=home, on__gte=today - timedelta(days=1), on__lte=today
    )
    return list(rows.order_by("-opens_at"))


def sightings_near(*, home: Home, now: datetime) -> list[Sighting]:
    """Return what was reported in the last two days, the newest first."""
    rows = Sighting.objects.of(home.community_id).filter(
        home=home, seen_at__gte=now - SEEN_SHOWN
    )
    return list(rows.select_related("by", "typed_by").order_by("-seen_at", "-pk"))


def photos_near(*, home: Home, now: datetime) -> list[Photo]:
    """Return the photos of the last two days that may show the home, newest first."""
    rows = Photo.objects.of(home.community_id).filter(
        homes__home=home, received_at__gte=now - SEEN_SHOWN
    )
    return list(rows.select_related("taken_by").order_by("-received_at", "-pk"))


def seen_times(*, home: Home, now: datetime) -> dict[str, datetime]:
    """Return when each sighting that a reason of today may name was seen, by id."""
    rows = Sighting.objects.of(home.community_id).filter(
        home=home, seen_at__gte=now - REASONS_REACH
    )
    return {str(pk): at for pk, at in rows.values_list("pk", "seen_at")}


def corrected_ids(sightings: list[Sighting]) -> set[UUID]:
    """Return the ids that a later sighting corrects."""
    return {row.replaces for row in sightings if row.replaces}


def weeks_of(*, home: Home, now: datetime) -> list[list[DayOfHome]]:
    """Return the last six weeks, Monday first, as whole weeks up to this one."""
    today = local_day(now, home.community.zone)
    last = today + timedelta(days=6 - today.weekday())
    first = last - timedelta(days=DAYS_SHOWN - 1)
    rows = (
        Check.objects.of(home.community_id)
        .filter(home=home, on__gte=first, on__lte=today, opens_at__lte=now)
        .defer("reasons")
        .order_by("opens_at")
    )
    by_day: defaultdict[date, list[Check]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    days = [first + timedelta(days=place) for place in range(DAYS_SHOWN)]
    shown = [
        DayOfHome(
            on=on,
            checks=tuple(by_day[on]),
            is_today=on == today,
            is_to_come=on > today,
        )
        for on in days
    ]
    return [shown[start : start + 7] for start in range(0, DAYS_SHOWN, 7)]


def agreements_running(*, home: Home) -> list[Agreement]:
    """Return the agreements that run, with their windows."""
    rows = Agreement.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=True
    )
    return list(rows.prefetch_related("expectations").order_by("made_at"))


def people_of(*, home: Home) -> tuple[list[Resident], list[ContactPerson]]:
    """Return who lives there, and whom one can reach about it."""
    residents = Resident.objects.of(home.community_id).filter(
        home=home, moved_out_at__isnull=True
    )
    contacts = ContactPerson.objects.of(home.community_id).filter(
        home=home, ended_at__isnull=True
    )
    return list(residents), list(contacts)
