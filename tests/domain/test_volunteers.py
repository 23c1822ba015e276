"""Volunteers: when they can be asked, what is missing on file, and hours that can be."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.errors import VolunteerError
from shouwang.domain.volunteers import (
    FreeTime,
    Gap,
    Helper,
    Lack,
    MonthDay,
    Pause,
    Trained,
    Training,
    can_at,
    goes_to,
    in_season,
    lacks,
    require_hours,
    times_tidied,
)

TODAY = date(2026, 3, 2)  # a Monday
ZONE = ZoneInfo("Asia/Shanghai")
SUMMER = (MonthDay(month=7, day=1), MonthDay(month=8, day=31))


def at(
    month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026
) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def helper(**known: object) -> Helper:
    return Helper(member=1, name="林小雨", **known)  # type: ignore[arg-type]  # facts of a test


def free(weekday: int, from_hour: int, to_hour: int) -> FreeTime:
    return FreeTime(weekday=weekday, from_time=time(from_hour), to_time=time(to_hour))


def test_who_said_nothing_can_be_asked_at_any_time_and_goes_everywhere() -> None:
    assert can_at(helper(), at(3, 2, 3, 0))
    assert goes_to(helper(), 7)


def test_a_free_time_holds_its_beginning_and_not_its_end() -> None:
    mondays = helper(times=(free(0, 14, 17),))
    assert not can_at(mondays, at(3, 2, 13, 59))
    assert can_at(mondays, at(3, 2, 14, 0))
    assert can_at(mondays, at(3, 2, 16, 59))
    assert not can_at(mondays, at(3, 2, 17, 0))
    assert not can_at(mondays, at(3, 3, 15, 0))


def test_students_are_asked_from_the_first_of_july_to_the_last_of_august_only() -> None:
    student = helper(season=SUMMER)
    assert not can_at(student, at(6, 30, 12))
    assert can_at(student, at(7, 1, 0))
    assert can_at(student, at(8, 31, 23))
    assert not can_at(student, at(9, 1, 0))


def test_a_season_may_reach_over_new_year() -> None:
    winter = (MonthDay(month=12, day=20), MonthDay(month=1, day=10))
    assert in_season(winter, date(2026, 12, 20))
    assert in_season(winter, date(2027, 1, 10))
    assert not in_season(winter, date(2027, 1, 11))
    assert not in_season(winter, date(2026, 12, 19))


def test_no_season_begins_on_a_day_no_year_has() -> None:
    with pytest.raises(ValueError, match="day"):
        MonthDay(month=2, day=30)
    assert MonthDay(month=2, day=29).day == 29


def test_a_pause_holds_both_its_days_and_is_over_the_day_after() -> None:
    away = helper(pauses=(Pause(from_on=TODAY, until_on=TODAY + timedelta(days=2)),))
    asked = [can_at(away, at(3, day, 9)) for day in (1, 2, 4, 5)]
    assert asked == [True, False, False, True]


def test_a_pause_without_an_end_lasts() -> None:
    away = helper(pauses=(Pause(from_on=TODAY),))
    assert not can_at(away, at(3, 2, 9, year=2036))


def test_who_may_not_is_never_asked() -> None:
    assert not can_at(helper(may=False), at(3, 2, 9))


def test_who_named_buildings_goes_to_those_alone() -> None:
    assert goes_to(helper(buildings=frozenset({3})), 3)
    assert not goes_to(helper(buildings=frozenset({3})), 4)


def test_times_that_touch_or_overlap_become_one() -> None:
    tidied = times_tidied(
        [free(1, 9, 12), free(0, 14, 17), free(1, 12, 13), free(1, 8, 10)]
    )
    assert tidied == (free(0, 14, 17), free(1, 8, 13))


@pytest.mark.parametrize(
    ("row", "code"),
    [(free(7, 9, 12), "unknown_weekday"), (free(0, 12, 12), "ends_before_it_begins")],
)
def test_a_time_that_cannot_be_is_refused(row: FreeTime, code: str) -> None:
    with pytest.raises(VolunteerError) as refused:
        times_tidied([row])
    assert refused.value.code == code


hours = st.integers(0, 22)
free_times = st.builds(
    lambda weekday, start, length: free(weekday, start, min(start + length, 23)),
    st.integers(0, 6),
    hours,
    st.integers(1, 8),
)


@given(st.lists(free_times, max_size=12), st.integers(0, 7 * 24 * 60 - 1))
def test_tidying_changes_nothing_about_when_somebody_is_free(
    times: list[FreeTime], minute: int
) -> None:
    moment = at(3, 2) + timedelta(minutes=minute)
    before = any(row.covers(moment) for row in times)
    assert any(row.covers(moment) for row in times_tidied(times)) == before


def test_without_consent_and_training_all_of_it_is_missing() -> None:
    assert lacks(has_consent=False, trained=(), today=TODAY) == (
        Lack(what=None, gap=Gap.MISSING),
        Lack(what=Training.CONFIDENTIALITY, gap=Gap.MISSING),
        Lack(what=Training.FIRST_AID, gap=Gap.MISSING),
    )


@pytest.mark.parametrize(
    ("days", "gap"),
    [(-1, Gap.LAPSED), (0, Gap.LAPSING), (30, Gap.LAPSING), (31, None)],
)
def test_training_is_lapsing_for_thirty_days_and_valid_on_its_last(
    days: int, gap: Gap | None
) -> None:
    trained = (
        Trained(what=Training.CONFIDENTIALITY),
        Trained(what=Training.FIRST_AID, valid_until=TODAY + timedelta(days=days)),
    )
    found = lacks(has_consent=True, trained=trained, today=TODAY)
    assert [row.gap for row in found] == ([gap] if gap else [])


def test_the_newest_course_counts() -> None:
    trained = (
        Trained(what=Training.CONFIDENTIALITY),
        Trained(what=Training.FIRST_AID, valid_until=date(2025, 1, 1)),
        Trained(what=Training.FIRST_AID, valid_until=date(2027, 1, 1)),
    )
    assert lacks(has_consent=True, trained=trained, today=TODAY) == ()


@pytest.mark.parametrize(
    ("minutes", "days", "code"),
    [
        (0, 0, "no_such_length"),
        (1441, 0, "no_such_length"),
        (60, 1, "in_the_future"),
        (60, -367, "too_long_ago"),
    ],
)
def test_hours_nobody_can_have_given_are_refused(
    minutes: int, days: int, code: str
) -> None:
    with pytest.raises(VolunteerError) as refused:
        require_hours(minutes=minutes, on=TODAY + timedelta(days=days), today=TODAY)
    assert refused.value.code == code


def test_a_whole_day_today_can_be() -> None:
    require_hours(minutes=1440, on=TODAY, today=TODAY)
