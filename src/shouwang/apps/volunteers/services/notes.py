"""Writes about pauses and training: noted once, taken back once."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from shouwang.apps.communities.models import Member
from shouwang.apps.volunteers.drafts import TrainingDraft
from shouwang.apps.volunteers.models import Pausing, TrainingRow, Volunteer
from shouwang.common.clock import local_day
from shouwang.common.errors import RefusedError
from shouwang.common.text import tidy
from shouwang.domain.volunteers import Training


def pause_add(
    *,
    volunteer: Volunteer,
    from_on: date,
    until_on: date | None,
    why: str,
    by: Member,
    now: datetime,
) -> Pausing:
    """Ask somebody nothing from one day to another, both inside.

    Raises
    ------
    RefusedError
        ``pause_ends_before_it_begins`` or ``pause_is_over``.
    """
    if until_on is not None and until_on < from_on:
        words = _("The last day lies before the first.")
        raise _refused("pause_ends_before_it_begins", "until_on", words)
    if until_on is not None and until_on < local_day(now, volunteer.community.zone):
        words = _("This pause would be over already.")
        raise _refused("pause_is_over", "until_on", words)
    return Pausing.objects.of(volunteer.community_id).create(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        from_on=from_on,
        until_on=until_on,
        why=tidy(why)[:120],
        noted_at=now,
        noted_by=by,
    )


def pause_withdraw(*, pause: Pausing, now: datetime) -> None:
    """Take a pause back: they can be asked again."""
    rows = Pausing.objects.of(pause.community_id).filter(pk=pause.pk)
    rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)


def training_add(
    *, volunteer: Volunteer, draft: TrainingDraft, by: Member, now: datetime
) -> TrainingRow:
    """Note a course somebody took.

    Raises
    ------
    RefusedError
        ``training_in_the_future``, ``training_lapsed_before`` or ``say_what``.
    """
    if draft.what == Training.OTHER and not tidy(draft.words):
        raise _refused("say_what", "words", _("Say what it was."))
    if draft.on > local_day(now, volunteer.community.zone):
        words = _("This day is still to come. Note it afterwards.")
        raise _refused("training_in_the_future", "on", words)
    if draft.valid_until is not None and draft.valid_until < draft.on:
        words = _("It would have lapsed before it was given.")
        raise _refused("training_lapsed_before", "valid_until", words)
    return TrainingRow.objects.of(volunteer.community_id).create(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        what=draft.what,
        words=tidy(draft.words)[:80],
        on=draft.on,
        valid_until=draft.valid_until,
        noted_at=now,
        noted_by=by,
    )


def training_withdraw(*, training: TrainingRow, now: datetime) -> None:
    """Take back a course that was noted by mistake; the row stays."""
    rows = TrainingRow.objects.of(training.community_id).filter(pk=training.pk)
    rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)


def _refused(code: str, field: str, words: str) -> RefusedError:
    return RefusedError(code, words, fields={field: [words]})
