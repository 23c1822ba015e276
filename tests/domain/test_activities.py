"""Activities: the days of a series, hours that skip, places, and who stays away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.activities import (
    LAST,
    LONG,
    SERIES_MOST,
    Attended,
    HomeStanding,
    Pattern,
    Rhythm,
    WhyNot,
    attendance_problem,
    dates_of,
    eve_of,
    hours_of,
    long_unseen,
    moved_up,
    nth_of,
    pattern_problem,
    seats,
    seen_problem,
    why_not,
)
from shouwang.domain.errors import ActivityError
from shouwang.domain.facts import Absence

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def pattern(rhythm="weekly", first=MONDAY, until=None, **more):
    until = until or first + timedelta(days=120)
    return Pattern(rhythm=Rhythm(rhythm), first_on=first, until_on=until, **more)


@st.composite
def patterns(draw):
    first = draw(DAYS)
    return Pattern(
        rhythm=draw(st.sampled_from(list(Rhythm))),
        first_on=first,
        until_on=first + timedelta(days=draw(st.integers(0, SERIES_MOST.days))),
        days=draw(st.frozensets(st.integers(0, 6))),
        nth=draw(st.sampled_from([None, 1, 2, 3, 4, LAST])),
    )


# --- days of a series ---------------------------------------------------------------


def test_weekly_falls_on_the_weekday_of_its_first_day():
    assert dates_of(pattern(until=date(2026, 3, 20))) == [
        date(2026, 3, 2),
        date(2026, 3, 9),
        date(2026, 3, 16),
    ]


def test_every_second_week_counts_from_the_week_of_the_first_day():
    # A Wednesday; the Monday of that week is past already, the one after next is not.
    found = dates_of(
        pattern(
            "biweekly",
            date(2026, 3, 4),
            date(2026, 3, 31),
            days=frozenset({0, 2}),
        )
    )
    days = [date(2026, 3, day) for day in (4, 16, 18, 30)]
    assert found == days


def test_the_second_tuesday_of_each_month():
    found = dates_of(pattern("monthly_weekday", date(2026, 3, 10), date(2026, 6, 30)))
    assert found == [
        date(2026, 3, 10),
        date(2026, 4, 14),
        date(2026, 5, 12),
        date(2026, 6, 9),
    ]


def test_a_fifth_weekday_is_the_last_of_its_month():
    found = dates_of(pattern("monthly_weekday", date(2026, 3, 31), date(2026, 6, 30)))
    assert found == [
        date(2026, 3, 31),
        date(2026, 4, 28),
        date(2026, 5, 26),
        date(2026, 6, 30),
    ]


def test_by_date_the_31st_is_the_last_day_of_a_shorter_month():
    found = dates_of(pattern("monthly_date", date(2026, 1, 31), date(2026, 4, 30)))
    assert found == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


@given(patterns())
def test_the_days_of_a_series_lie_in_it_and_come_once_and_in_order(row):
    found = dates_of(row)
    assert found == sorted(set(found))
    assert all(row.first_on <= on <= row.until_on for on in found)


@given(patterns())
def test_a_series_by_weekday_falls_on_no_other(row):
    found = dates_of(row)
    if row.rhythm is Rhythm.MONTHLY_DATE:
        assert all(on.day <= row.first_on.day for on in found)
    elif row.rhythm is Rhythm.MONTHLY_WEEKDAY:
        assert {on.weekday() for on in found} <= {min(row.weekdays)}
    else:
        assert {on.weekday() for on in found} <= row.weekdays


@given(patterns())
def test_every_second_week_is_half_of_every_week(row):
    weekly = Pattern(**{**vars_of(row), "rhythm": Rhythm.WEEKLY})
    biweekly = Pattern(**{**vars_of(row), "rhythm": Rhythm.BIWEEKLY})
    assert set(dates_of(biweekly)) <= set(dates_of(weekly))
    weeks = {on - timedelta(days=on.weekday()) for on in dates_of(biweekly)}
    assert all((one - two).days % 14 == 0 for one in weeks for two in weeks)


@given(patterns(), st.integers(0, 200))
def test_ending_a_series_earlier_moves_none_of_its_days(row, days):
    shorter = Pattern(
        **{
            **vars_of(row),
            "until_on": max(row.first_on, row.until_on - timedelta(days)),
        }
    )
    assert dates_of(shorter) == [on for on in dates_of(row) if on <= shorter.until_on]


@given(DAYS, st.sampled_from([Rhythm.MONTHLY_DATE, Rhythm.MONTHLY_WEEKDAY]))
def test_a_monthly_series_comes_once_a_month(first, rhythm):
    row = Pattern(rhythm=rhythm, first_on=first, until_on=first + SERIES_MOST)
    months = [(on.year, on.month) for on in dates_of(row)]
    assert len(months) == len(set(months))
    assert months[0] == (first.year, first.month)
    assert len(months) >= 12


@given(DAYS)
def test_the_first_day_is_the_first_of_its_own_series(first):
    for rhythm in Rhythm:
        assert dates_of(pattern(rhythm.value, first))[0] == first


def vars_of(row):
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (pattern(until=MONDAY - timedelta(days=1)), "series_ends_before_it_begins"),
        (pattern(until=MONDAY + timedelta(days=367)), "series_too_long"),
        (pattern(days=frozenset({7})), "unknown_day"),
        (pattern("monthly_weekday", nth=5), "unknown_day"),
        (pattern(until=MONDAY, days=frozenset({3})), "series_without_a_day"),
    ],
)
def test_a_series_that_cannot_be_says_why(row, code):
    problem = pattern_problem(row)
    assert problem is not None
    assert problem.code == code


def test_a_sound_series_has_no_problem():
    assert pattern_problem(pattern()) is None


@given(DAYS)
def test_which_of_its_weekday_a_date_is_finds_the_date_again(on):
    row = Pattern(
        rhythm=Rhythm.MONTHLY_WEEKDAY, first_on=on.replace(day=1), until_on=on,
        days=frozenset({on.weekday()}), nth=nth_of(on),
    )  # fmt: skip
    assert on in dates_of(row) or (nth_of(on) != LAST and on.day > 28)


# --- hours --------------------------------------------------------------------------


def test_hours_are_the_communitys_own():
    begins_at, ends_at = hours_of(MONDAY, time(9, 30), time(11), SHANGHAI)
    assert begins_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert ends_at - begins_at == timedelta(minutes=90)


def test_a_series_keeps_its_local_hour_over_a_change_of_the_clock():
    winter, summer = date(2026, 3, 28), date(2026, 3, 30)
    for on in (winter, summer):
        begins_at, _ends = hours_of(on, time(9), time(10), BERLIN)
        assert begins_at.astimezone(BERLIN).time() == time(9)


def test_hours_that_are_skipped_last_as_long_as_they_say():
    on = date(2026, 3, 29)
    begins_at, ends_at = hours_of(on, time(2, 10), time(2, 40), BERLIN)
    assert begins_at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert ends_at - begins_at == timedelta(minutes=30)


TIMES = st.times().map(lambda at: at.replace(microsecond=0, second=0))


@given(DAYS, TIMES, TIMES, st.sampled_from([SHANGHAI, BERLIN]))
def test_an_activity_ends_after_it_begins_or_is_refused(on, begins, ends, zone):
    lasts = datetime.combine(on, ends) - datetime.combine(on, begins)
    if timedelta(0) < lasts <= timedelta(hours=12):
        begins_at, ends_at = hours_of(on, begins, ends, zone)
        assert begins_at < ends_at <= begins_at + timedelta(hours=13)
        return
    with pytest.raises(ActivityError) as refused:
        hours_of(on, begins, ends, zone)
    code = "ends_before_it_begins" if ends <= begins else "too_long"
    assert refused.value.code == code


def test_who_brings_somebody_is_reminded_on_the_evening_before():
    begins_at, _ends = hours_of(MONDAY, time(9), time(10), SHANGHAI)
    assert eve_of(begins_at, SHANGHAI) == datetime(2026, 3, 1, 10, tzinfo=UTC)


# --- who is asked -------------------------------------------------------------------


def away(begin, end):
    until = NOON + timedelta(hours=end) if end is not None else None
    return HomeStanding(
        absences=(Absence(from_at=NOON + timedelta(hours=begin), until_at=until),)
    )


@pytest.mark.parametrize(
    ("home", "reason"),
    [
        (HomeStanding(), None),
        (HomeStanding(consent_withdrawn=True), WhyNot.CONSENT_WITHDRAWN),
        (away(-48, None), WhyNot.AWAY),
        (away(1, 9), WhyNot.AWAY),
        (away(-9, 1), WhyNot.AWAY),
        (away(-9, 0), None),
        (away(2, 9), None),
    ],
)
def test_who_is_away_or_wants_no_more_is_not_invited(home, reason):
    assert why_not(home, NOON, NOON + timedelta(hours=2)) is reason


# --- places -------------------------------------------------------------------------

ANSWERS = st.dictionaries(
    st.integers(1, 30), st.integers(0, 50).map(lambda one: NOON + timedelta(one))
)


def test_whoever_said_yes_first_has_a_place_and_the_rest_wait_in_order():
    said = {3: NOON, 1: NOON + timedelta(1), 2: NOON + timedelta(2)}
    found = seats(said, 1)
    assert (found.coming, found.waiting) == ((3,), (1, 2))
    assert [found.number_of(guest) for guest in (3, 1, 2)] == [None, 1, 2]


@given(ANSWERS, st.none() | st.integers(1, 40))
def test_nobody_is_lost_and_no_place_is_given_twice(said, places):
    found = seats(said, places)
    assert sorted(found.coming + found.waiting) == sorted(said)
    assert places is None or len(found.coming) <= places
    assert not found.waiting or len(found.coming) == places


@given(ANSWERS.filter(bool), st.integers(1, 10), st.data())
def test_whoever_leaves_lets_at_most_one_move_up_and_sends_nobody_back(
    said, places, data
):
    gone = data.draw(st.sampled_from(sorted(said)))
    before = seats(said, places)
    after = seats({key: at for key, at in said.items() if key != gone}, places)
    up = moved_up(before, after)
    assert up == (before.waiting[:1] if gone in before.coming else ())
    assert set(before.coming) - {gone} <= set(after.coming)


# --- who came -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (-121, "seen_at_another_time"),
        (-120, None),
        (60, None),
        (180, None),
        (181, "seen_at_another_time"),
        (700, "seen_in_the_future"),
    ],
)
def test_somebody_is_seen_at_an_activity_around_its_hours(minutes, code):
    problem = seen_problem(
        NOON + timedelta(minutes=minutes),
        NOON,
        NOON + timedelta(minutes=60),
        now=NOON + timedelta(minutes=600),
    )
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize(
    ("attended", "hours", "cancelled", "code"),
    [
        (Attended.CAME, -3, False, "not_yet"),
        (Attended.ABSENT, -3, False, "not_yet"),
        (Attended.EXCUSED, -300, False, None),
        (Attended.CAME, -1, False, None),
        (Attended.CAME, 1, True, "activity_cancelled"),
        (Attended.NONE, 1, True, None),
    ],
)
def test_who_came_is_known_only_there(attended, hours, cancelled, code):
    problem = attendance_problem(
        attended, NOON, now=NOON + timedelta(hours=hours), cancelled=cancelled
    )
    assert (problem.code if problem else None) == code


def test_who_never_came_stands_before_who_came_long_ago_and_who_is_new_not_at_all():
    since = {
        "never": NOON - 3 * LONG,
        "long ago": NOON - 9 * LONG,
        "last week": NOON - 9 * LONG,
        "new": NOON - LONG / 2,
    }
    last = {"long ago": NOON - 2 * LONG, "last week": NOON - LONG / 6}
    assert long_unseen(last, since, now=NOON) == ["never", "long ago"]
