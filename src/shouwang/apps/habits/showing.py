"""The card of a home's habits: words, picture, today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from shouwang.apps.habits.curves import Curve, curve_on
from shouwang.apps.habits.drawing import DayRow, Picture, habit_svg
from shouwang.apps.habits.gathering import (
    axis_of,
    known_of,
    minute_at,
    sightings_gathered,
    start_minute,
)
from shouwang.apps.habits.models import Habit, HabitSettings
from shouwang.apps.habits.selectors import habits_of_home, settings_of
from shouwang.apps.habits.services import DAYS_LEAST
from shouwang.apps.habits.words import (
    clock_words,
    drift_words,
    not_yet_known_words,
    rarity_words,
    rough_words,
    sure_words,
    unseen_words,
    usual_words,
    weekend_words,
)
from shouwang.apps.residents.models import Expectation, Home
from shouwang.apps.residents.words import signal_words_of
from shouwang.apps.watch.models import Check
from shouwang.common.clock import local, local_day
from shouwang.domain.unusual import WAITED_FOR
from shouwang.routines.intervals import Known

DAYS_SHOWN = 14
# Four days in five lie between these.
EARLY, LATE = 0.9, 0.1
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


@dataclass(frozen=True)
class _Of:
    """A habit with what its words and picture need."""

    habit: Habit
    window: Expectation
    kept: HabitSettings
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now, self.kept.community.zone)

    @property
    def shift(self) -> float:
        """Return the minute after midnight from which the curve counts today."""
        return start_minute(self.today, anchor=self.habit.anchor, kept=self.kept)


def habit_cards(home: Home, *, now: datetime) -> list[dict[str, Any]]:
    """Return what is known of each agreed window of a home, for its page."""
    kept = settings_of(home.community)
    windows = {
        (row.agreement.series, row.label): row
        for row in Expectation.objects.of(home.community_id)
        .filter(agreement__home=home, agreement__ended_at__isnull=True)
        .select_related("agreement")
    }
    names = signal_words_of(home.community)
    return [
        {"title": f"{names.get(row.signal, row.signal)} · {row.label}", **_card(of)}
        for row in habits_of_home(home=home)
        if (row.series, row.label) in windows
        for of in [_Of(row, windows[row.series, row.label], kept, now)]
    ]


def _card(of: _Of) -> dict[str, Any]:
    curve = curve_on(of.habit.curves, of.today)
    if curve is None or of.habit.day_count < DAYS_LEAST:
        words = not_yet_known_words(of.habit.day_count, of.window.opens, of.window.due)
        return {"lines": [words], "drift": "", "picture": ""}
    known = known_of(of.habit)
    is_known = known is Known.WHEN
    lines = [_when(of, known)]
    if known is not Known.ROUGHLY:
        lines.append(_today(of, curve))
    lines.append(sure_words(of.habit.day_count, is_rough=not is_known))
    kept = [row for row in lines if row]
    return {
        "lines": kept,
        "drift": drift_words(of.habit.drift, of.habit.drift_since_on),
        "picture": habit_svg(_picture(of, curve if is_known else None, " ".join(kept))),
    }


def _when(of: _Of, known: Known) -> str:
    """Return when it usually is, as far as the looks can say."""
    match known:
        case Known.WHEN:
            return _usual(of)
        case Known.BY_WHEN:
            seen = sorted(by for _day, _after, by in of.habit.days)
            return unseen_words(seen[int(EARLY * (len(seen) - 1))] + of.shift)
        case Known.ROUGHLY:
            return _roughly(of)


def _roughly(of: _Of) -> str:
    after = median(after for _day, after, _by in of.habit.days)
    by = median(by for _day, _after, by in of.habit.days)
    return rough_words(after + of.shift, by + of.shift)


def _range(of: _Of, on: date) -> tuple[float, float]:
    curve = curve_on(of.habit.curves, on)
    assert curve is not None
    first, last = curve.first_at_most(EARLY), curve.first_at_most(LATE)
    return (first or curve.begin) + of.shift, (last or curve.begin) + of.shift


def _usual(of: _Of) -> str:
    words = usual_words(*_range(of, MONDAY))
    if not of.habit.own_weekend:
        return words
    return f"{words} {weekend_words(*_range(of, SATURDAY))}"


def _today(of: _Of, curve: Curve) -> str:
    """Return how rare today is, as of the last look that saw the signal not given."""
    check = (
        Check.objects.of(of.kept.community)
        .filter(series=of.habit.series, label=of.habit.label, on=of.today)
        .first()
    )
    if check is None or check.status not in WAITED_FOR:
        return ""
    seen = sightings_gathered(
        of.kept.community, [of.habit.home_id], since=check.day_starts_at
    ).get((of.habit.home_id, check.signal), [])
    if not seen or seen[-1][1] in check.well or seen[-1][2]:
        return ""
    minute = minute_at(seen[-1][0], on=of.today, anchor=of.habit.anchor, kept=of.kept)
    return rarity_words(curve.at(minute), at=clock_words(minute + of.shift))


def _picture(of: _Of, curve: Curve | None, words: str) -> Picture:
    minutes = [_minutes(row) for row in (of.window.opens, of.window.due)]
    opens, due = minutes[0], minutes[1] + (1440 if minutes[1] <= minutes[0] else 0)
    moment = local(of.now, of.kept.community.zone).replace(tzinfo=None)
    since = moment - datetime.combine(of.today, time(0))
    return Picture(
        curve=curve,
        shift=of.shift,
        days=[_day(of, *row) for row in of.habit.days[: -DAYS_SHOWN - 1 : -1]],
        opens=opens,
        due=due,
        now=since / timedelta(minutes=1),
        words=_("%(words)s Below: each of the last days, not yet and then given.")
        % {"words": words},
    )


def _minutes(at: time) -> float:
    return at.hour * 60 + at.minute


def _day(of: _Of, day: int, after: int, by: int) -> DayRow:
    axis = axis_of(of.habit.anchor)
    on = date.fromordinal(day)
    return DayRow(
        label=f"{on:%m-%d}",
        after=after + of.shift if after > axis.first else None,
        by=by + of.shift if by < axis.last else None,
    )
