"""What the rule of visits reads: all that is known of homes, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Min, QuerySet, Window
from django.db.models.functions import Lag

from shouwang.apps.alerts.models import Alert
from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Absence, AbsenceReason, Consent, Home
from shouwang.apps.visits.models import (
    MajorChange,
    RaisedHome,
    RiskSuggestion,
    Visit,
)
from shouwang.apps.visits.selectors import COUNTS, SPOKE
from shouwang.domain.alerts import Outcome
from shouwang.domain.ladder import Risk
from shouwang.domain.needs import NeedKind, Stage
from shouwang.domain.visits import (
    AwaySpan,
    Change,
    ChangeKind,
    RaisedCall,
    VisitFacts,
)

# What is older was met before, or the routine visit has met it since.
CHANGES_WITHIN = timedelta(days=90)
GRAVE_OUTCOMES = tuple(
    row.value for row in (Outcome.UNWELL, Outcome.IN_HOSPITAL, Outcome.EMERGENCY_CALLED)
)
_ORDER = [risk.value for risk in reversed(Risk)]


def facts_of(
    community: Community, homes: Collection[Home], *, now: datetime
) -> Mapping[int, VisitFacts]:
    """Return the facts of homes of one community, by home."""
    keys = [row.pk for row in homes]
    since, last = _since(community, keys), last_visits(community, keys)
    away, left = _absences(community, keys, now)
    changes = _changes(community, keys, now)
    raised = _raised(community, keys)
    return {
        row.pk: VisitFacts(
            risk=Risk(row.risk),
            since=min(since.get(row.pk, community.created_at), now),
            last_visit_at=last.get(row.pk),
            changes=[*changes[row.pk], *left[row.pk]],
            raised=raised[row.pk],
            away=away[row.pk],
        )
        for row in homes
    }


def last_visits(
    community: Community | int, keys: Collection[int]
) -> Mapping[int, datetime]:
    """Return when each home was last visited by somebody who spoke with her."""
    rows = Visit.objects.of(community).filter(COUNTS, SPOKE, home_id__in=keys)
    return dict(
        rows.values("home").annotate(at=Max("visited_at")).values_list("home", "at")
    )


def _since(community: Community, keys: Collection[int]) -> Mapping[int, datetime]:
    rows = Consent.objects.of(community).filter(home_id__in=keys)
    first = rows.values("home").annotate(at=Min("recorded_at"))
    return dict(first.values_list("home", "at"))


def _absences(
    community: Community, keys: Collection[int], now: datetime
) -> tuple[dict[int, list[AwaySpan]], dict[int, list[Change]]]:
    """Return when homes were empty, and who came back from a hospital."""
    away: defaultdict[int, list[AwaySpan]] = defaultdict(list)
    left: defaultdict[int, list[Change]] = defaultdict(list)
    for row in Absence.objects.of(community).filter(home_id__in=keys):
        end = _end_of(row)
        if end is not None and end <= row.from_at:
            continue
        away[row.home_id].append(AwaySpan(begin=row.from_at, end=end))
        is_back = end is not None and now - CHANGES_WITHIN <= end <= now
        if is_back and end and row.reason == AbsenceReason.HOSPITAL:
            left[row.home_id].append(Change(kind=ChangeKind.LEFT_HOSPITAL, at=end))
    return away, left


def _end_of(row: Absence) -> datetime | None:
    """Return when an absence ended: as said, or when she was found to be there."""
    ends = [at for at in (row.until_at, row.withdrawn_at) if at is not None]
    return min(ends, default=None)


def _changes(
    community: Community, keys: Collection[int], now: datetime
) -> dict[int, list[Change]]:
    found: defaultdict[int, list[Change]] = defaultdict(list)
    since = now - CHANGES_WITHIN
    for kind, rows in _written(community, keys, since):
        for home_id, at, words in rows:
            found[home_id].append(Change(kind=kind, at=at, words=words))
    for home_id, at, risk in _raised_risks(community, keys, since):
        change = Change(kind=ChangeKind.RISK_RAISED, at=at, words=risk)
        found[home_id].append(change)
    return found


def _written(
    community: Community, keys: Collection[int], since: datetime
) -> Iterable[tuple[ChangeKind, QuerySet[Any, Any]]]:
    """Return each kind of change that is written down, as home, time and words."""
    alerts = Alert.objects.of(community).filter(
        home_id__in=keys, closed_at__gte=since, outcome__in=GRAVE_OUTCOMES
    )
    yield ChangeKind.ALERT, alerts.values_list("home_id", "closed_at", "outcome")
    needs = Need.objects.of(community).filter(
        home_id__in=keys, opened_at__gte=since, kind=NeedKind.HOSPITAL.value
    )
    needs = needs.exclude(stage=Stage.CANCELLED.value)
    yield (
        ChangeKind.HOSPITAL_NEED,
        needs.values_list("home_id", "opened_at", "words"),
    )
    hand = MajorChange.objects.of(community).filter(
        home_id__in=keys, at__gte=since, withdrawn_at__isnull=True
    )
    yield ChangeKind.BY_HAND, hand.values_list("home_id", "at", "words")


def _raised_risks(
    community: Community, keys: Collection[int], since: datetime
) -> Iterable[tuple[int, datetime, str]]:
    """Return when the risk of homes was raised, and to what."""
    history = Home.history.filter(community_id=community.pk, id__in=keys)
    told = history.annotate(
        before=Window(
            Lag("risk"),
            partition_by=F("id"),
            order_by=F("history_id").asc(),
        )
    ).filter(history_date__gte=since, before__isnull=False)
    # What a visit found was seen to by that visit.
    found = set(
        RiskSuggestion.objects.of(community)
        .filter(accepted=True)
        .values_list("home_id", "decided_at")
    )
    for home_id, at, risk, before in told.values_list(
        "id", "history_date", "risk", "before"
    ):
        if (home_id, at) not in found and _ORDER.index(risk) > _ORDER.index(before):
            yield home_id, at, risk


def _raised(community: Community, keys: Collection[int]) -> dict[int, list[RaisedCall]]:
    rows = RaisedHome.objects.of(community).filter(
        home_id__in=keys, raised__undone_at__isnull=True
    )
    found: defaultdict[int, list[RaisedCall]] = defaultdict(list)
    for row in rows.select_related("raised"):
        call = RaisedCall(
            at=row.raised.raised_at,
            by=row.raised.by,
            words=row.raised.words or row.raised.reason,
        )
        found[row.home_id].append(call)
    return found
