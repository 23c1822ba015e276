"""The clock of somebody who left: begun, put off, held, and run out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.privacy.models import (
    DAYS_LEAST,
    DAYS_MOST,
    Leaving,
    LeavingDid,
    LeavingMove,
    RetentionRule,
    Why,
)
from shouwang.apps.privacy.selectors import retention_days
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.text import prose

logger = logging.getLogger(__name__)
# One home a tick: forgetting may wait, an alert may not.
FORGOTTEN_AT_ONCE = 1
PUT_OFF_MOST = timedelta(days=DAYS_MOST)


class Forgetter(Protocol):
    """Takes names and free words of somebody who left out of one app's tables.

    Called in one transaction of its own; doing it twice changes nothing.
    """

    def __call__(self, *, leaving: Leaving, now: datetime) -> None:
        """Forget."""


class Follower(Protocol):
    """Called inside the transaction in which a home leaves."""

    def __call__(self, *, leaving: Leaving, by: Member, now: datetime) -> None:
        """Stop what was planned for it."""


@transaction.atomic
def leaving_begin(
    *,
    home_id: int,
    community: Community,
    why: Why,
    by: Member,
    now: datetime,
    resident_id: int | None = None,
) -> Leaving:
    """Start the clock of a home, or of one resident; where it runs, it runs on.

    A home that leaves is told to ``settings.LEAVING_FOLLOWERS``, so that nothing
    planned for it stays.
    """
    running = Leaving.objects.of(community).filter(
        home_id=home_id, ended_at__isnull=True, forgotten_at__isnull=True
    )
    known = (
        running.filter(resident__isnull=True).first()
        if resident_id is None
        else running.filter(resident_id=resident_id).first()
    )
    if known is not None:
        return known
    row = Leaving.objects.of(community).create(
        community=community,
        home_id=home_id,
        resident_id=resident_id,
        why=why,
        left_at=now,
        forget_at=now + timedelta(days=retention_days(community=community)),
    )
    _move(row, LeavingDid.BEGAN, by=by, now=now)
    if resident_id is None:
        for path in settings.LEAVING_FOLLOWERS:
            follower: Follower = import_string(path)
            follower(leaving=row, by=by, now=now)
    return row


@transaction.atomic
def leaving_end(
    *, community: Community, home_id: int, by: Member | None, now: datetime
) -> None:
    """Stop the clock of a home that came back; what was forgotten stays forgotten."""
    rows = Leaving.objects.of(community).select_for_update(of=("self",))
    for row in rows.filter(
        home_id=home_id,
        resident__isnull=True,
        ended_at__isnull=True,
        forgotten_at__isnull=True,
    ):
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        _move(row, LeavingDid.RETURNED, by=by, now=now)


@transaction.atomic
def leaving_put_off(
    *, leaving: Leaving, until: datetime, reason: str, by: Member, now: datetime
) -> None:
    """Keep the names until a later moment, for a reason that is written down.

    Raises
    ------
    RefusedError
        ``no_reason`` or ``not_later``.
    ConflictError
        ``over``: it is forgotten, or came back.
    """
    row = _running(leaving)
    words = _require_reason(reason)
    if not max(now, row.forget_at or now) < until <= now + PUT_OFF_MOST:
        told = _("Choose a later day, within ten years.")
        raise RefusedError("not_later", told, fields={"until": [told]})
    _set(row, until, LeavingDid.PUT_OFF, by=by, now=now, reason=words)


@transaction.atomic
def leaving_hold(*, leaving: Leaving, reason: str, by: Member, now: datetime) -> None:
    """Stop the clock, as for a court, until somebody lets it go on.

    Raises
    ------
    RefusedError
        ``no_reason``.
    ConflictError
        ``over``.
    """
    row = _running(leaving)
    _set(row, None, LeavingDid.HELD, by=by, now=now, reason=_require_reason(reason))


@transaction.atomic
def leaving_let_go(*, leaving: Leaving, by: Member, now: datetime) -> None:
    """Let a held clock go on: to the day it would have had, but never before tomorrow.

    Raises
    ------
    ConflictError
        ``over``.
    """
    row = _running(leaving)
    if row.forget_at is not None:
        return
    days = timedelta(days=retention_days(community=row.community))
    until = max(row.left_at + days, now + timedelta(days=1))
    _set(row, until, LeavingDid.LET_GO, by=by, now=now)


@transaction.atomic
def retention_set(*, community: Community, days: int) -> None:
    """Set how many days names are kept; clocks that run already keep their day.

    Raises
    ------
    RefusedError
        ``days_out_of_bounds``.
    """
    if not DAYS_LEAST <= days <= DAYS_MOST:
        words = _("Between %(least)s and %(most)s days.") % {
            "least": DAYS_LEAST,
            "most": DAYS_MOST,
        }
        raise RefusedError("days_out_of_bounds", words, fields={"days": [words]})
    RetentionRule.objects.of(community).update_or_create(
        community=community, defaults={"days": days}
    )


def leavings_forget_due(*, now: datetime) -> int:
    """Forget those whose clock has run out; return how many were forgotten whole.

    Each part of it is one transaction and is noted with it, so that a pass that was
    interrupted goes on there, and a part that fails keeps no other home waiting long.
    """
    due = (
        Leaving.objects.across("the runner forgets in every community")
        .filter(forget_at__lte=now, ended_at__isnull=True, forgotten_at__isnull=True)
        .order_by("forget_at", "pk")
    )
    return sum(_forget(row, now) for row in due[:FORGOTTEN_AT_ONCE])


def _forget(leaving: Leaving, now: datetime) -> bool:
    for path in _parts_left(leaving):
        with transaction.atomic():
            row = _due(leaving, now)
            if row is None:
                return False
            forgetter: Forgetter = import_string(path)
            forgetter(leaving=row, now=now)
            row.done = [*row.done, path]
            row.save(update_fields=["done"])
            leaving.done = row.done
    with transaction.atomic():
        row = _due(leaving, now)
        if row is None:
            return False
        row.forgotten_at = now
        row.save(update_fields=["forgotten_at"])
        _move(row, LeavingDid.FORGOT, by=None, now=now)
        moves = LeavingMove.objects.to_forget(row.community_id, "may name her")
        moves.filter(leaving=row).exclude(reason="").update(reason="…")
    return True


def _parts_left(leaving: Leaving) -> Iterator[str]:
    return (path for path in settings.FORGETTERS if path not in leaving.done)


def _due(leaving: Leaving, now: datetime) -> Leaving | None:
    """Return the row, locked, unless somebody has held it or it came back meanwhile."""
    return (
        Leaving.objects.of(leaving.community_id)
        .select_for_update(of=("self",))
        .filter(
            pk=leaving.pk,
            forget_at__lte=now,
            ended_at__isnull=True,
            forgotten_at__isnull=True,
        )
        .first()
    )


def _running(leaving: Leaving) -> Leaving:
    row = (
        Leaving.objects.of(leaving.community_id)
        .select_for_update(of=("self",))
        .select_related("community")
        .get(pk=leaving.pk)
    )
    # Half forgotten is forgotten: there is no way back from the first part on.
    if row.ended_at or row.forgotten_at or row.done:
        words = _("This clock has run out, or was stopped.")
        raise ConflictError("over", words)
    return row


def _require_reason(reason: str) -> str:
    words = prose(reason)
    if not words:
        told = _("Say why the names are kept longer.")
        raise RefusedError("no_reason", told, fields={"reason": [told]})
    return words


def _set(
    row: Leaving,
    until: datetime | None,
    did: LeavingDid,
    *,
    by: Member,
    now: datetime,
    reason: str = "",
) -> None:
    row.forget_at = until
    row.save(update_fields=["forget_at"])
    _move(row, did, by=by, now=now, reason=reason)


def _move(
    row: Leaving,
    did: LeavingDid,
    *,
    by: Member | None,
    now: datetime,
    reason: str = "",
) -> None:
    LeavingMove.objects.of(row.community_id).create(
        community_id=row.community_id,
        leaving=row,
        did=did,
        at=now,
        by=by,
        reason=reason,
        forget_at=row.forget_at,
    )
