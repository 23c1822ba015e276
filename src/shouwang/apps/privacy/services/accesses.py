"""Noting who looked: one insert at most, and none where it is noted already."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction

from shouwang.apps.communities.models import ApiToken, Member
from shouwang.apps.privacy.models import Access, Place, What
from shouwang.common.ids import uuid7

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What somebody looked at; of every home of the community where no home is named.

    ``of`` is whose contact data: ``home``, ``resident:5`` or ``contact:7``.
    """

    what: What
    place: Place
    home_ids: Collection[int] = ()
    place_id: object = ""
    of: str = ""


def access_note(
    *, by: Member, looked: Looked, now: datetime, token: ApiToken | None = None
) -> None:
    """Note that ``by`` looked, a machine with ``token`` in their name.

    The same look within an hour is one row, and asks the database only to read; each
    opening of contact data is a row of its own. Where nothing can be written the look
    is not refused, because a life may hang on it: it stands in the log of the program.
    """
    homes: Collection[int | None] = looked.home_ids or [None]
    rows = [_row(by, token, looked, home, now) for home in homes]
    known = set(
        Access.objects.of(by.community_id)
        .filter(key__in=[row.key for row in rows])
        .values_list("key", flat=True)
    )
    fresh = [row for row in rows if row.key not in known]
    if not fresh:
        return
    try:
        with transaction.atomic():
            Access.objects.of(by.community_id).bulk_create(fresh, ignore_conflicts=True)
    except OperationalError:
        logger.exception("Could not note: %s", [row.key for row in fresh])


def _row(
    by: Member, token: ApiToken | None, looked: Looked, home: int | None, now: datetime
) -> Access:
    row = Access(
        community_id=by.community_id,
        home_id=home,
        member=by,
        token=token,
        what=looked.what,
        of=looked.of,
        place=looked.place,
        place_id=str(looked.place_id),
        at=now,
    )
    row.key = _key(row, now)
    return row


def _key(row: Access, now: datetime) -> str:
    is_single = row.what in {What.CONTACT, What.EXPORT}
    when = uuid7(now=now) if is_single else f"{now:%Y%m%d%H}"
    parts = (row.what, row.member_id, row.token_id or "", row.home_id or "")
    return ":".join(map(str, (*parts, row.place, row.place_id, when)))
