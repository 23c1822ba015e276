"""Activities in the reader's language: when, how often, who came, what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.activities.models import Activity, Series
from shouwang.apps.residents.selectors import days_of
from shouwang.apps.residents.words import day_words
from shouwang.common.clock import local
from shouwang.domain.activities import (
    LAST,
    Attended,
    Group,
    Reply,
    Rhythm,
    Seats,
    WhyNot,
    nth_of,
)


def rhythm_words() -> Mapping[str, str]:
    """Return how a series comes back."""
    return {
        Rhythm.WEEKLY.value: _("every week"),
        Rhythm.BIWEEKLY.value: _("every second week"),
        Rhythm.MONTHLY_WEEKDAY.value: _("every month, by weekday"),
        Rhythm.MONTHLY_DATE.value: _("every month, by date"),
    }


def nth_words() -> Mapping[int, str]:
    """Return which weekday of a month."""
    return {
        1: pgettext("weekday of a month", "first"),
        2: pgettext("weekday of a month", "second"),
        3: pgettext("weekday of a month", "third"),
        4: pgettext("weekday of a month", "fourth"),
        LAST: pgettext("weekday of a month", "last"),
    }


def weekday_words() -> Sequence[str]:
    """Return the days of the week in full, Monday first."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )


def rhythm_sentence(series: Series) -> str:
    """Return how often a series comes back, as one says it."""
    weekdays = sorted(days_of(series.days) or {series.first_on.weekday()})
    return _rhythm_pattern(Rhythm(series.rhythm)) % {
        "days": pgettext("between names", ", ").join(
            weekday_words()[day] for day in weekdays
        ),
        "nth": nth_words()[series.nth or nth_of(series.first_on)],
        "weekday": weekday_words()[weekdays[0]],
        "day": series.first_on.day,
    }


def _rhythm_pattern(rhythm: Rhythm) -> str:
    match rhythm:
        case Rhythm.WEEKLY:
            return _("every week, %(days)s")
        case Rhythm.BIWEEKLY:
            return _("every second week, %(days)s")
        case Rhythm.MONTHLY_WEEKDAY:
            return _("every month, the %(nth)s %(weekday)s")
        case Rhythm.MONTHLY_DATE:
            return _("every month on the %(day)s.")


def day_phrase(on: date) -> str:
    """Return a local date as it stands on a paper: weekday, month and day."""
    months = (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )
    return _("%(weekday)s, %(day)d %(month)s") % {
        "weekday": weekday_words()[on.weekday()],
        "day": on.day,
        "month": months[on.month - 1],
    }


def short_day(on: date) -> str:
    """Return a local date as a list shows it."""
    return f"{on:%m-%d} {day_words()[on.weekday()]}"


def hours_phrase(activity: Activity) -> str:
    """Return from when to when, in the community's own time."""
    zone = activity.community.zone
    begins, ends = local(activity.begins_at, zone), local(activity.ends_at, zone)
    return f"{begins:%H:%M}–{ends:%H:%M}"


def hour_words(at: datetime, zone: tzinfo) -> str:
    """Return an hour as people say it to somebody who reads large letters."""
    moment = local(at, zone)
    hour = moment.hour % 12 or 12
    parts = {
        "half": _("in the morning") if moment.hour < 12 else _("in the afternoon"),
        "time": f"{hour}:{moment:%M}",
    }
    return pgettext("an hour, as spoken", "%(time)s %(half)s") % parts


def reply_words() -> Mapping[str, str]:
    """Return what somebody who was invited says."""
    return {
        Reply.NONE.value: _("has not said yet"),
        Reply.YES.value: pgettext("reply", "comes"),
        Reply.NO.value: pgettext("reply", "does not come"),
    }


def attended_words() -> Mapping[str, str]:
    """Return who came."""
    return {
        Attended.NONE.value: _("not written down yet"),
        Attended.CAME.value: pgettext("attendance", "came"),
        Attended.ABSENT.value: pgettext("attendance", "did not come"),
        Attended.EXCUSED.value: pgettext("attendance", "excused"),
    }


def why_not_words() -> Mapping[str, str]:
    """Return why a home is not invited."""
    return {
        WhyNot.CONSENT_WITHDRAWN.value: _("has withdrawn consent; is left in peace"),
        WhyNot.AWAY.value: _("is away then"),
    }


def group_words() -> Mapping[str, str]:
    """Return whom one can invite in one go."""
    return {
        Group.HOMES.value: _("the homes I tick below"),
        Group.BUILDING.value: _("a building"),
        Group.RISK.value: _("a level of risk"),
        Group.LONG_UNSEEN.value: _("who has not come to anything for long"),
        Group.ALL.value: _("everybody"),
    }


def places_sentence(seats: Seats, places: int | None) -> str:
    """Return how many places are taken, and how many wait."""
    if places is None:
        if not seats.coming:
            return _("Nobody has said yes yet.")
        words = ngettext("%(count)d comes.", "%(count)d come.", len(seats.coming))
        return words % {"count": len(seats.coming)}
    said = _("%(taken)d of %(places)d places are taken.") % {
        "taken": len(seats.coming),
        "places": places,
    }
    if not seats.waiting:
        return said
    waiting = ngettext("%(count)d waits.", "%(count)d wait.", len(seats.waiting))
    return f"{said} {waiting % {'count': len(seats.waiting)}}"


def full_sentence(name: str, number: int, places: int) -> str:
    """Return what is said when somebody says yes to an activity that is full."""
    words = ngettext(
        "The only place is taken: %(name)s is number %(number)d on the waiting list.",
        "All %(places)d places are taken: %(name)s is number %(number)d on the waiting "
        "list.",
        places,
    )
    return words % {"name": name, "number": number, "places": places}


def refusal_words(code: str) -> str:
    """Return why something is refused, and what to do instead."""
    words = {
        "series_ends_before_it_begins": _("The last day lies before the first."),
        "series_too_long": _(
            "A series runs for a year at most; it can be made longer later."
        ),
        "unknown_day": _("There is no such day."),
        "series_without_a_day": _("None of these days lies in that span."),
        "ends_before_it_begins": _("It must end after it begins, on the same day."),
        "too_long": _("An activity lasts twelve hours at most."),
        "seen_in_the_future": _("This time lies ahead."),
        "seen_at_another_time": _(
            "It was not on at that time. Say when she was seen there."
        ),
        "not_yet": _("It has not begun. Who came can be written down once it has."),
        "activity_cancelled": _("It was cancelled; nobody can have come."),
        "activity_over": _("It is over already."),
        "say_what": _("Say what it is."),
        "say_where": _("Say where it is."),
        "say_why": _("Say why; everybody who brings somebody reads it."),
        "say_who_agreed": _("Say who is on the photo, and that they are content."),
        "nobody_chosen": _("Choose whom to invite."),
        "came_already": _("It is written down already whether she came."),
        "unknown_helper": _("Choose somebody who walks or helps here."),
        "unknown_home": _("There is no such home here."),
        "no_places": _("Leave the places empty, or give at least one."),
        "unknown_leader": _("There is no such person here."),
        "consent_withdrawn": _(
            "This home has withdrawn its consent and is left in peace."
        ),
        "too_many_minutes": _("That is longer than it lasted."),
        "series_ended": _("This series was ended; begin a new one."),
    }
    return words[code]
