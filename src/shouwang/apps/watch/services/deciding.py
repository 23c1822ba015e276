"""Checks are decided from the facts and ``now``; every change is a dated row."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from shouwang.apps.communities.models import Community
from shouwang.apps.communities.writing import rows_update
from shouwang.apps.residents.models import Home
from shouwang.apps.watch.models import (
    Check,
    Sighting,
    StatusChange,
    Trouble,
)
from shouwang.apps.watch.selectors import facts_of, home_ids_of, terms_of_check
from shouwang.domain.facts import HomeFacts
from shouwang.domain.schedule import CONTACT_LEAD, REACH_DAYS, Check as CheckTerms
from shouwang.domain.status import Result, Status, next_change_at, status_of

logger = logging.getLogger(__name__)

DECIDE_AT_ONCE = 1000
WRITE_AT_ONCE = 500
CHECK_REACH = timedelta(days=REACH_DAYS)
PUSHED_BACK = timedelta(minutes=1)
PUSHED_BACK_MOST = timedelta(minutes=30)
_UPDATED = ["status", "strength", "reasons", "changed_at", "next_at", "claim"]


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A check that changed, as those who follow the watch are told."""

    row: Check
    from_status: Status
    to_status: Status
    changed_at: datetime


Follower = Callable[..., None]


def checks_decide_due(*, now: datetime) -> int:
    """Decide every check whose time has come, in every community; return how many."""
    decided = 0
    while True:
        due = (
            Check.objects.across("the runner serves every community")
            .filter(next_at__lte=now)
            .order_by("next_at")
            .values_list("community_id", "pk")[:DECIDE_AT_ONCE]
        )
        by_community: defaultdict[int, list[int]] = defaultdict(list)
        for community_id, check_id in due:
            by_community[community_id].append(check_id)
        if not by_community:
            return decided
        communities = Community.objects.in_bulk(by_community)
        for community_id, check_ids in by_community.items():
            decided += _decide_chunk(communities[community_id], check_ids, now)


def _decide_chunk(community: Community, check_ids: list[int], now: datetime) -> int:
    try:
        return _decide(community, check_ids, now)
    except Exception:
        # One home may have spoiled it for the others: take them one by one.
        logger.exception("A pass of %s checks failed", len(check_ids))
    rows = Check.objects.of(community).filter(pk__in=check_ids).order_by("home_id")
    return sum(_decide_alone(community, row, now) for row in rows)


def _decide_alone(community: Community, row: Check, now: datetime) -> int:
    try:
        return _decide(community, [row.pk], now)
    except Exception as error:
        logger.exception("Check %s pushed back", row.pk)
        _push_back(community, row, error, now)
        return 1


def _push_back(
    community: Community, row: Check, error: Exception, now: datetime
) -> None:
    wait = min(PUSHED_BACK * 2 ** min(row.trouble_count, 8), PUSHED_BACK_MOST)
    Check.objects.of(community).filter(pk=row.pk).update(
        next_at=now + wait, trouble_count=F("trouble_count") + 1, claim=None
    )
    standing, made = Trouble.objects.get_or_create(
        community=community,
        home_id=row.home_id,
        what="check",
        over_at=None,
        defaults={"detail": str(error)[:300], "first_at": now, "last_at": now},
    )
    if not made:
        Trouble.objects.filter(pk=standing.pk).update(
            last_at=now, count=F("count") + 1, detail=str(error)[:300]
        )


@transaction.atomic
def _decide(community: Community, check_ids: Sequence[int], now: datetime) -> int:
    """Claim what is still due, so that two runners never act twice, and decide it."""
    claim = uuid.uuid4()
    due = Check.objects.of(community).filter(pk__in=check_ids, next_at__lte=now)
    # The homes first, as whoever records a look does: two who wait never wait for
    # each other.
    _lock(community, due.values("home_id"))
    claimed = due.update(claim=claim)
    if claimed:
        rows = list(Check.objects.of(community).filter(claim=claim).order_by("pk"))
        _retell(community, rows, [], now)
    return claimed


@transaction.atomic
def home_recompute(
    *,
    community: Community,
    home_ids: Collection[int],
    since: datetime,
    now: datetime,
    looks: Sequence[Sighting] = (),
) -> None:
    """Tell the checks of some homes again from ``since``: new facts have arrived."""
    _lock(community, sorted(home_ids))
    rows = list(
        Check.objects.of(community)
        .filter(
            # The longest any check can be told, so that the index finds them.
            opens_at__gt=since - CHECK_REACH,
            home_id__in=home_ids,
            stopped_at__isnull=True,
        )
        .filter(
            Q(contact_until_at__gt=since)
            | Q(state_until_at__gt=since)
            | Q(help_until_at__gt=since)
        )
        .order_by("pk")
    )
    _retell(community, rows, looks, now)


def _lock(community: Community, home_ids: Sequence[int] | QuerySet[Any, Any]) -> None:
    """Let one writer at a time re-tell a home; locks are taken in id order.

    SQLite has one writer at a time already, and no rows to lock.
    """
    if not connection.features.has_select_for_update:
        return
    list(
        Home.objects.of(community)
        .filter(pk__in=home_ids)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk")
    )


def _retell(
    community: Community, rows: list[Check], looks: Sequence[Sighting], now: datetime
) -> None:
    before = {row.pk: _stored(row) for row in rows}
    facts = _facts(community, rows, now)
    told = [
        (row, change) for row in rows for change in _tell(row, facts[row.home_id], now)
    ]
    moved = [row for row in rows if _stored(row) != before[row.pk]]
    _write(community, moved, [change for _, change in told])
    changes = [
        Changed(
            row=row,
            from_status=Status(change.from_status),
            to_status=Status(change.to_status),
            changed_at=change.changed_at,
        )
        for row, change in told
    ]
    for path in settings.WATCH_FOLLOWERS:
        follower: Follower = import_string(path)
        follower(community=community, changes=changes, looks=looks, now=now)


def _facts(
    community: Community, rows: Sequence[Check], now: datetime
) -> dict[int, HomeFacts]:
    since = min((row.opens_at for row in rows), default=now)
    near = min(
        (
            min(row.change_from_at, row.day_starts_at, row.opens_at - CONTACT_LEAD)
            for row in rows
        ),
        default=now,
    )
    return facts_of(community, home_ids_of(rows), since=since, near=near)


def _stored(row: Check) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _UPDATED)


def _write(
    community: Community,
    rows: list[Check],
    changes: list[StatusChange],
) -> None:
    rows_update(rows, _UPDATED)
    StatusChange.objects.of(community).bulk_create(changes, batch_size=WRITE_AT_ONCE)
    Community.objects.filter(pk=community.pk).update(
        board_revision=F("board_revision") + 1
    )


def _tell(row: Check, facts: HomeFacts, now: datetime) -> Iterable[StatusChange]:
    """Bring ``row`` to what holds at ``now``; yield each change on the way.

    Boundaries that passed unnoticed are told one by one, as they fell.
    """
    check = terms_of_check(row)
    passed = row.next_at
    while passed is not None and passed < now:
        yield from _take(row, check, facts, at=passed, now=now)
        passed = next_change_at(check, now=passed)
    yield from _take(row, check, facts, at=now, now=now)
    row.next_at = next_change_at(check, now=now)
    row.claim = None


def _take(
    row: Check, check: CheckTerms, facts: HomeFacts, *, at: datetime, now: datetime
) -> Iterable[StatusChange]:
    """Bring ``row`` to what held at ``at``; known only ``now``."""
    result = status_of(check, facts, now=at)
    before = (row.status, row.strength)
    row.status, row.strength = result.status.value, result.strength or ""
    row.reasons = reasons_json(result)
    if before == (row.status, row.strength):
        return
    row.changed_at = happened_at(check, result, after=row.changed_at, now=at)
    if before[0] == row.status:
        return
    yield StatusChange(
        community_id=row.community_id,
        check_row=row,
        home_id=row.home_id,
        from_status=before[0],
        to_status=row.status,
        strength=row.strength,
        reasons=row.reasons,
        changed_at=row.changed_at,
        recorded_at=now,
    )


def reasons_json(result: Result) -> list[dict[str, Any]]:
    """Return the reasons of ``result`` as they are stored."""
    return [
        {"why": reason.why.value, "sightings": [row.id for row in reason.sightings]}
        for reason in result.reasons
    ]


def happened_at(
    check: CheckTerms, result: Result, *, after: datetime, now: datetime
) -> datetime:
    """Return when ``result`` came about: a deadline, or when it was seen.

    What would lie before the change it follows is dated ``now``: it re-tells the day.
    """
    at = _came_about(check, result, now)
    return at if after <= at <= now else now


def _came_about(check: CheckTerms, result: Result, now: datetime) -> datetime:
    match result.status:
        case Status.SCHEDULED | Status.EXCUSED:
            return now
        case Status.OPEN:
            return check.opens_at
        case Status.GRACE:
            return check.due_at
        case Status.MISSED | Status.UNPROVEN | Status.UNCLEAR | Status.NOT_LOOKED:
            return check.alert_at
        case Status.WELL | Status.HELP:
            reason = result.reasons[0]
            seen_at = max(row.seen_at for row in reason.sightings)
            return max(seen_at, reason.answered_at or seen_at)
