"""Turns of duty in a calendar: one's own, or whether anybody is on duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.calendars.sources import Asked, Entry
from shouwang.apps.duty.models import DutyTurn
from shouwang.apps.duty.selectors import changes_standing, rota_of
from shouwang.domain.duty import Shift, shifts_between


def entries(asked: Asked) -> Iterator[Entry]:
    """Return the turns of a span; one that was given away or cannot be taken is off."""
    first, last = asked.days
    rota = rota_of(asked.community, first=first, last=last)
    turns, changes = _turns_changed(asked), _days_changed(asked)
    for shift in shifts_between(rota, asked.since, asked.until):
        if asked.member and asked.member.pk not in {shift.member, shift.planned}:
            continue
        is_off = asked.member is not None and shift.member != asked.member.pk
        yield Entry(
            uid=asked.uid("duty", _key(shift), f"{shift.on:%Y%m%d}"),
            starts_at=shift.begins_at,
            ends_at=shift.ends_at,
            title=_("Duty: nobody yet")
            if asked.member is None and shift.member is None
            else _("Duty"),
            link=reverse("duty:rota"),
            changed_at=max(
                turns.get(shift.turn or 0, asked.community.created_at),
                changes.get(shift.on, asked.community.created_at),
            ),
            cancelled=is_off,
        )


def _key(shift: Shift) -> str:
    return f"t{shift.turn}" if shift.turn else f"x{shift.change}"


def _turns_changed(asked: Asked) -> dict[int, datetime]:
    rows = DutyTurn.history.filter(community_id=asked.community.pk).values_list("id")
    return dict(rows.annotate(last=Max("history_date")).order_by())


def _days_changed(asked: Asked) -> dict[date, datetime]:
    first, last = asked.days
    rows = changes_standing(community=asked.community, first=first, last=last)
    return {row.on: row.at for row in rows.order_by("at")}
