"""Reads of the watch: facts in bulk, the day's checks, the heart-beat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Absence, Home
from shouwang.apps.residents.selectors import signal_kinds
from shouwang.apps.watch.models import (
    Check,
    Heartbeat,
    HelpAnswer,
    Marking,
    Photo,
    Sighting,
    WindowMark,
)
from shouwang.domain import facts as domain
from shouwang.domain.facts import CouldNotSee, HomeFacts, Source
from shouwang.domain.marks import Box
from shouwang.domain.schedule import REACH_DAYS, Check as CheckTerms
from shouwang.domain.signals import CONTACT, Meaning, SignalKind
from shouwang.domain.status import CRY_REACH

WATCH = "watch"
HEART_OLD_AFTER = timedelta(seconds=60)
# A deadline not decided this long after it passed means that the runner is behind.
DECIDED_WITHIN = timedelta(seconds=60)
UNDECIDED_TOLD = 1000
FACTS_REACH = max(CRY_REACH, timedelta(days=REACH_DAYS))
_SIGHTING = (
    "home_id",
    "id",
    "signal",
    "state",
    "could_not_see",
    "seen_at",
    "source",
    "confidence",
    "replaces",
)


def facts_of(
    community: Community,
    home_ids: Collection[int],
    *,
    since: datetime,
    near: datetime | None = None,
) -> dict[int, HomeFacts]:
    """Return the facts of each home that checks opening at or after ``since`` need.

    Where the checks are known, ``near`` is the instant from which they read every
    look; of what is older only cries for help, and what answers them, still count.
    """
    begin = since - FACTS_REACH
    kinds = signal_kinds(community)
    sightings = _sightings(community, home_ids, begin, _near(near, kinds))
    absences = _absences(community, home_ids)
    answers = _answers(community, home_ids, begin)
    return {
        home_id: HomeFacts(
            sightings=tuple(sightings[home_id]),
            absences=tuple(absences[home_id]),
            answered_at=tuple(answers[home_id]),
            kinds=kinds,
        )
        for home_id in home_ids
    }


def _near(near: datetime | None, kinds: Mapping[str, SignalKind]) -> Q:
    if near is None:
        return Q()
    cries = [
        row.kind
        for row in kinds.values()
        if Meaning.HELP in row.states.values() or row.kind == CONTACT
    ]
    # A correction may have been seen before what it corrects.
    return Q(seen_at__gte=near) | Q(signal__in=cries) | Q(replaces__isnull=False)


def _sightings(
    community: Community, home_ids: Collection[int], begin: datetime, near: Q
) -> Mapping[int, list[domain.Sighting]]:
    rows = (
        Sighting.objects.of(community)
        .filter(near, home_id__in=home_ids, seen_at__gte=begin)
        .values_list(*_SIGHTING)
    )
    found: defaultdict[int, list[domain.Sighting]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(_sighting(row))
    return found


def _sighting(row: tuple[Any, ...]) -> domain.Sighting:
    return domain.Sighting(
        id=str(row[1]),
        signal=row[2],
        state=row[3] or None,
        could_not_see=CouldNotSee(row[4]) if row[4] else None,
        seen_at=row[5],
        source=Source(row[6]),
        confidence=row[7],
        replaces=str(row[8]) if row[8] else None,
    )


def _absences(
    community: Community, home_ids: Collection[int]
) -> Mapping[int, list[domain.Absence]]:
    found: defaultdict[int, list[domain.Absence]] = defaultdict(list)
    rows = (
        Absence.objects.of(community)
        .filter(home_id__in=home_ids, withdrawn_at__isnull=True)
        .values_list("home_id", "from_at", "until_at")
    )
    for home_id, from_at, until_at in rows:
        found[home_id].append(domain.Absence(from_at=from_at, until_at=until_at))
    return found


def _answers(
    community: Community, home_ids: Collection[int], begin: datetime
) -> Mapping[int, list[datetime]]:
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    rows = (
        HelpAnswer.objects.of(community)
        .filter(home_id__in=home_ids, answered_at__gte=begin)
        .values_list("home_id", "answered_at")
    )
    for home_id, answered_at in rows:
        found[home_id].append(answered_at)
    return found


def terms_of_check(row: Check) -> CheckTerms:
    """Return a stored check as the rules read it."""
    return CheckTerms(
        signal=row.signal,
        label=row.label,
        on=row.on,
        well=frozenset(row.well),
        require_change=row.require_change,
        day_starts_at=row.day_starts_at,
        opens_at=row.opens_at,
        due_at=row.due_at,
        alert_at=row.alert_at,
        change_from_at=row.change_from_at,
        unchanged_until_at=row.unchanged_until_at,
        state_until_at=row.state_until_at,
        contact_until_at=row.contact_until_at,
        help_until_at=row.help_until_at,
    )


def heartbeat(*, now: datetime) -> dict[str, Any]:
    """Return ``beat_at`` and whether the heart is too old to trust the pages."""
    beat = Heartbeat.objects.filter(name=WATCH).first()
    beat_at = beat.beat_at if beat else None
    stale = beat_at is None or now - beat_at > HEART_OLD_AFTER
    return {"beat_at": beat_at, "stale": stale}


def checks_undecided(*, now: datetime) -> list[str]:
    """Return what an auditor must report: checks past their deadline, undecided."""
    behind = (
        Check.objects.across("the auditor looks at everything")
        .filter(next_at__lte=now - DECIDED_WITHIN, trouble_count=0)
        .order_by("next_at")
        .values_list("community_id", flat=True)[:UNDECIDED_TOLD]
    )
    # Told apart here: grouped in the database, every check there is would be read.
    return [f"community {key}: checks undecided" for key in sorted(set(behind))]


def checks_of_day(
    *, community: Community | int, on: date, home_id: int | None = None
) -> QuerySet[Check]:
    """Return the checks of a local day, the earliest window first."""
    rows = Check.objects.of(community).filter(on=on)
    if home_id is not None:
        rows = rows.filter(home_id=home_id)
    return rows.order_by("opens_at", "pk")


def sightings_since(*, home: Home, since: datetime) -> QuerySet[Sighting]:
    """Return what was seen of a home at or after ``since``, oldest first."""
    rows = Sighting.objects.of(home.community_id)
    return rows.filter(home=home, seen_at__gte=since).order_by("seen_at", "pk")


def home_ids_of(rows: Iterable[Check]) -> list[int]:
    """Return the homes of ``rows``, each once, in id order (the order of locking)."""
    return sorted({row.home_id for row in rows})


def markings_of(*, photo: Photo) -> list[Marking]:
    """Return what people marked on a photo, the newest, which alone counts, first."""
    rows = Marking.objects.of(photo.community_id).filter(photo=photo)
    return list(rows.select_related("marked_by").order_by("-pk"))


def boxes_on(
    *, community: Community | int, photo_ids: Collection[UUID]
) -> dict[UUID, dict[int, Box]]:
    """Return where the windows of homes are on photos, as people confirmed it last."""
    newest = (
        Marking.objects.of(community)
        .filter(photo_id__in=photo_ids)
        .values("photo")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    marks = WindowMark.objects.of(community).filter(marking__in=newest)
    found: defaultdict[UUID, dict[int, Box]] = defaultdict(dict)
    for mark in marks.select_related("marking"):
        found[mark.marking.photo_id][mark.home_id] = mark.box
    return dict(found)
