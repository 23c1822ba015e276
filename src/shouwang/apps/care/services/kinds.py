"""Writes about a community's own kinds of need."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwang.apps.care.models import NeedKindRow
from shouwang.apps.care.words import kind_words
from shouwang.apps.communities.models import Community
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy

KINDS_MOST = 30


@transaction.atomic
def need_kind_add(*, community: Community, name: str) -> NeedKindRow:
    """Add an own kind of need; its code is made here.

    Raises
    ------
    RefusedError
        ``kind_taken``, ``kind_without_name`` or ``kinds_too_many``.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    had = NeedKindRow.objects.of(community)
    if had.filter(ended_at__isnull=True).count() >= KINDS_MOST:
        words = _("More than %(count)s own kinds help nobody. End one first.")
        raise RefusedError("kinds_too_many", words % {"count": KINDS_MOST})
    row = NeedKindRow(community=community, kind=f"own-{had.count() + 1}")
    return _write(row, name)


@transaction.atomic
def need_kind_change(*, row: NeedKindRow, name: str) -> NeedKindRow:
    """Rename an own kind; what bears it bears the new name."""
    return _write(row, name)


@transaction.atomic
def need_kind_end(*, row: NeedKindRow, now: datetime) -> None:
    """Give an own kind to no new need; those that bear it keep it."""
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])


def _write(row: NeedKindRow, name: str) -> NeedKindRow:
    row.name = tidy(name)
    if not row.name:
        words = _("Give it a name.")
        raise RefusedError("kind_without_name", words, fields={"name": [words]})
    taken = _("There is such a kind already.")
    if row.name in kind_words().values():
        raise RefusedError("kind_taken", taken, fields={"name": [taken]})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RefusedError("kind_taken", taken, fields={"name": [taken]}) from error
    return row
