"""What asks for visits: raised groups, kept lists, major changes, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.residents.models import Home
from shouwang.apps.visits.models import (
    HomeList,
    MajorChange,
    RaisedHome,
    RaisedReason,
    VisitFrequency,
    VisitRaise,
)
from shouwang.common.errors import RefusedError
from shouwang.common.text import prose, tidy

LISTS_MOST = 50


@dataclass(frozen=True, kw_only=True)
class RaiseDraft:
    """Why, whom in words, and by when (outside)."""

    reason: str
    words: str
    group: str
    by: datetime


@transaction.atomic
def visits_raise(
    *,
    community: Community,
    homes: Sequence[Home],
    draft: RaiseDraft,
    by: Member,
    now: datetime,
) -> VisitRaise:
    """Ask for a visit of every one of ``homes``.

    Raises
    ------
    RefusedError
        ``nobody_chosen``, ``unknown_reason`` or ``raised_in_the_past``.
    """
    if not homes:
        raise RefusedError("nobody_chosen", _("No home is like this. Choose wider."))
    if draft.reason not in RaisedReason.values:
        raise RefusedError("unknown_reason", _("This reason is not known."))
    if draft.by <= now:
        words = _("Say by which day, from today on.")
        raise RefusedError("raised_in_the_past", words, fields={"by_on": [words]})
    row = VisitRaise.objects.of(community).create(
        community=community,
        reason=draft.reason,
        words=prose(draft.words),
        group=draft.group[:200],
        by=draft.by,
        raised_at=now,
        raised_by=by,
    )
    RaisedHome.objects.of(community).bulk_create(
        RaisedHome(community=community, raised=row, home=home) for home in homes
    )
    return row


def raise_undo(*, row: VisitRaise, by: Member, now: datetime) -> None:
    """Ask for these visits no longer; what was visited stays visited."""
    VisitRaise.objects.of(row.community_id).filter(
        pk=row.pk, undone_at__isnull=True
    ).update(undone_at=now, undone_by=by)


@transaction.atomic
def home_list_keep(
    *, community: Community, name: str, homes: Sequence[Home], row: HomeList | None
) -> HomeList:
    """Keep homes under a name: a new list, or ``row`` changed.

    Raises
    ------
    RefusedError
        ``list_without_name``, ``list_name_taken``, ``nobody_chosen`` or
        ``lists_too_many``.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    kept = HomeList.objects.of(community).filter(ended_at__isnull=True)
    if row is None and kept.count() >= LISTS_MOST:
        raise RefusedError("lists_too_many", _("There are 50 lists. End one first."))
    made = row or HomeList(community=community)
    made.name = tidy(name)
    if not made.name:
        raise _about("list_without_name", "name", _("Give it a name."))
    if not homes:
        raise _about("nobody_chosen", "homes", _("Choose at least one home."))
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        words = _("There is such a list already.")
        raise _about("list_name_taken", "name", words) from error
    made.homes.set(homes)
    return made


def _about(code: str, field: str, words: str) -> RefusedError:
    return RefusedError(code, words, fields={field: [words]})


def home_list_end(*, row: HomeList, now: datetime) -> None:
    """Offer a list no longer."""
    HomeList.objects.of(row.community_id).filter(
        pk=row.pk, ended_at__isnull=True
    ).update(ended_at=now)


def change_note(
    *, home: Home, words: str, by: Member | None, now: datetime
) -> MajorChange:
    """Note that something changed everything for her: somebody goes soon.

    Raises
    ------
    RefusedError
        ``say_what_changed``.
    """
    said = prose(words)
    if not said:
        raise _about("say_what_changed", "words", _("Say what changed."))
    return MajorChange.objects.of(home.community_id).create(
        community_id=home.community_id, home=home, words=said, at=now, noted_by=by
    )


def change_withdraw(*, row: MajorChange, by: Member, now: datetime) -> None:
    """Take a major change back: it was not so."""
    MajorChange.objects.of(row.community_id).filter(
        pk=row.pk, withdrawn_at__isnull=True
    ).update(withdrawn_at=now, withdrawn_by=by)


@dataclass(frozen=True, kw_only=True)
class FrequencyDraft:
    """How often, in days by risk level; and how soon after a major change, in hours."""

    high_days: int
    key_days: int
    general_days: int
    change_hours: int


@transaction.atomic
def frequency_set(*, community: Community, draft: FrequencyDraft) -> VisitFrequency:
    """Set how often a community visits.

    Raises
    ------
    RefusedError
        ``rarer_for_the_frailer``: who is at higher risk may not be visited less often.
    """
    if not draft.high_days <= draft.key_days <= draft.general_days:
        words = _("Who is at higher risk is not visited less often than others.")
        raise _about("rarer_for_the_frailer", "high_days", words)
    Community.objects.select_for_update().get(pk=community.pk)
    row = VisitFrequency.objects.of(community).first()
    row = row or VisitFrequency(community=community)
    for name in FrequencyDraft.__dataclass_fields__:
        setattr(row, name, getattr(draft, name))
    row.save()
    return row
