"""Checks are made ahead, each once by its key, and stop when the watch stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from shouwang.apps.communities.models import Community
from shouwang.apps.residents.models import Agreement
from shouwang.apps.residents.selectors import terms_of
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local_day
from shouwang.domain.schedule import Check as CheckTerms, checks_between
from shouwang.domain.status import Status

DAYS_AHEAD = 2
WRITE_AT_ONCE = 500


def checks_make_ahead(*, now: datetime) -> int:
    """Make the checks of every community that lacks them; return how many."""
    # No local date is more than a day from UTC's, so this finds all who may lack some.
    soon = now.date() + timedelta(days=DAYS_AHEAD + 1)
    lacking = Community.objects.filter(
        Q(checks_until_on__isnull=True) | Q(checks_until_on__lt=soon)
    )
    return sum(
        checks_make(community=community, now=now)
        for community in lacking
        if _lacks(community, now)
    )


def _lacks(community: Community, now: datetime) -> bool:
    until = community.checks_until_on
    return until is None or until < _last_day(community, now)


def _last_day(community: Community, now: datetime) -> date:
    return local_day(now, community.zone) + timedelta(days=DAYS_AHEAD)


@transaction.atomic
def checks_make(*, community: Community, now: datetime) -> int:
    """Bring the checks of a community in line with its agreements; return new ones."""
    Community.objects.select_for_update().get(pk=community.pk)
    _stop_ended(community, now)
    last = _last_day(community, now)
    rows = [
        row
        for agreement in _running(community)
        for row in _rows_of(agreement, community, last=last, now=now)
    ]
    before = Check.objects.of(community).count()
    Check.objects.of(community).bulk_create(
        rows, batch_size=WRITE_AT_ONCE, ignore_conflicts=True
    )
    Community.objects.filter(pk=community.pk).update(
        checks_until_on=last, board_revision=F("board_revision") + 1
    )
    return Check.objects.of(community).count() - before


def _running(community: Community) -> QuerySet[Agreement]:
    return (
        Agreement.objects.of(community)
        .filter(ended_at__isnull=True)
        .prefetch_related("expectations")
        .order_by("pk")
    )


def _rows_of(
    agreement: Agreement, community: Community, *, last: date, now: datetime
) -> Iterable[Check]:
    checks = checks_between(
        terms_of(agreement),
        zone=community.zone,
        first=local_day(now, community.zone) - timedelta(days=1),
        last=last,
    )
    # A window that was over before anybody agreed to it is nobody's check.
    return (
        check_row(check, agreement, made_at=now)
        for check in checks
        if check.due_at > agreement.made_at
    )


def check_row(check: CheckTerms, agreement: Agreement, *, made_at: datetime) -> Check:
    """Return an unsaved row for ``check``, scheduled, to be told by the next pass."""
    return Check(
        community_id=agreement.community_id,
        home_id=agreement.home_id,
        agreement_id=agreement.pk,
        series=agreement.series,
        label=check.label,
        on=check.on,
        signal=check.signal,
        well=sorted(check.well),
        require_change=check.require_change,
        day_starts_at=check.day_starts_at,
        opens_at=check.opens_at,
        due_at=check.due_at,
        alert_at=check.alert_at,
        change_from_at=check.change_from_at,
        unchanged_until_at=check.unchanged_until_at,
        state_until_at=check.state_until_at,
        contact_until_at=check.contact_until_at,
        help_until_at=check.help_until_at,
        status=Status.SCHEDULED.value,
        changed_at=min(made_at, check.opens_at),
        # Told at once: an absence may cover it already.
        next_at=made_at,
    )


def _stop_ended(community: Community, now: datetime) -> None:
    """Forget what never began of ended versions; stop what runs of ended agreements.

    A version that was changed leaves its running checks alone: they keep the terms
    they began with.
    """
    ended = Check.objects.of(community).filter(
        agreement__ended_at__isnull=False, next_at__isnull=False
    )
    ended.filter(
        status=Status.SCHEDULED.value,
        opens_at__gt=now,
        on__gt=F("agreement__valid_to"),
        changes__isnull=True,
    ).delete()
    running = Agreement.objects.of(community).filter(ended_at__isnull=True)
    ended.exclude(series__in=running.values("series")).update(
        stopped_at=now, next_at=None
    )
