"""Duty in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _, pgettext

from shouwang.apps.duty.models import DutyChange, DutyTurn
from shouwang.apps.duty.selectors import DutyToday
from shouwang.apps.residents.selectors import days_of
from shouwang.apps.residents.words import day_words, days_phrase
from shouwang.common.clock import local
from shouwang.domain.duty import ChangeKind, DutyState, Gap


def day_title(on: date) -> str:
    """Return a local date as it heads a line: the day of the week, then the date."""
    return f"{day_words()[on.weekday()]} {on:%m-%d}"


def hours_words(begins: time, ends: time) -> str:
    """Return local hours; an end at or before the begin is of the next day."""
    values = {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    if begins == ends:
        return _("all day from %(begins)s") % values
    if ends < begins and ends != time(0):
        return _("%(begins)s to %(ends)s of the next day") % values
    return _("%(begins)s to %(ends)s") % values


def span_clock(begins_at: datetime, ends_at: datetime, zone: tzinfo) -> str:
    """Return a span as it stands in the table: "20:00–08:00"."""
    begin, end = local(begins_at, zone), local(ends_at, zone)
    return (
        f"{begin:%H:%M}–{'24:00' if _is_midnight_after(begin, end) else f'{end:%H:%M}'}"
    )


def _is_midnight_after(begin: datetime, end: datetime) -> bool:
    return end.date() > begin.date() and end.time() == time(0)


def gap_words(gap: Gap, zone: tzinfo) -> str:
    """Return when nobody is on duty, and who is told then."""
    begin, end = local(gap.begins_at, zone), local(gap.ends_at, zone)
    values = {
        "begin": f"{day_title(begin.date())} {begin:%H:%M}",
        "end": f"{end:%H:%M}"
        if begin.date() == end.date()
        else f"{day_title(end.date())} {end:%H:%M}",
    }
    return (
        _("From %(begin)s to %(end)s nobody is on duty: every duty officer is told.")
        % values
    )


def turn_words(row: DutyTurn) -> str:
    """Return a turn as it repeats: days, hours, and from when to when it is valid."""
    values = {
        "days": days_phrase(days_of(row.days)),
        "hours": hours_words(row.begins, row.ends),
        "first": date_format(row.valid_from, "Y-m-d"),
    }
    if row.valid_to is None:
        return _("%(days)s, %(hours)s, since %(first)s") % values
    values["last"] = date_format(row.valid_to, "Y-m-d")
    return _("%(days)s, %(hours)s, from %(first)s to %(last)s") % values


def change_words(row: DutyChange) -> str:
    """Return what was changed for one day."""
    values = {"day": day_title(row.on), "name": row.member}
    if row.kind == ChangeKind.GIVE.value and row.turn is not None:
        values["of"] = row.turn.member
        values["hours"] = hours_words(row.turn.begins, row.turn.ends)
        return _("%(day)s, %(hours)s: %(name)s instead of %(of)s") % values
    if row.begins is not None and row.ends is not None:
        values["hours"] = hours_words(row.begins, row.ends)
        return _("%(day)s, %(hours)s: %(name)s besides") % values
    return _("%(day)s: %(name)s cannot") % values


def now_words(today: DutyToday, zone: tzinfo) -> str:
    """Return who is on duty now, and until when."""
    names = names_words([str(row) for row in today.people])
    until = today.now.until
    match today.now.state:
        case DutyState.NO_ROTA:
            return _("No rota is kept: every duty officer is on duty.")
        case DutyState.GAP:
            return _("Nobody is on duty now: every duty officer is told.")
        case DutyState.ON_DUTY:
            if until is None:
                return _("On duty: %(names)s") % {"names": names}
            at = f"{local(until, zone):%H:%M}"
            return _("On duty until %(at)s: %(names)s") % {"names": names, "at": at}


def names_words(names: Sequence[str]) -> str:
    """Return names in a row."""
    return pgettext("between names", ", ").join(names)
