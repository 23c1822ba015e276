"""Free times and seasons as people write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, strategies as st

from shouwang.apps.volunteers.times import (
    TimesError,
    of_ticks,
    season_read,
    season_written,
    ticked,
    times_read,
    times_written,
)
from shouwang.domain.errors import VolunteerError
from shouwang.domain.volunteers import FreeTime, MonthDay, times_tidied

CHINESE = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SUMMER = (MonthDay(month=7, day=1), MonthDay(month=8, day=31))


def said(*rows: tuple[int, str, str]) -> tuple[FreeTime, ...]:
    return tuple(
        FreeTime(
            weekday=day,
            from_time=time.fromisoformat(first),
            to_time=time.fromisoformat(last),
        )
        for day, first, last in rows
    )


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("", ()),
        ("周二下午", said((1, "12:00", "18:00"))),
        ("周二、周四 14:00-17:00", said((1, "14:00", "17:00"), (3, "14:00", "17:00"))),
        ("周二四 2点到4点半", said((1, "02:00", "04:30"), (3, "02:00", "04:30"))),
        ("周末", said((5, "08:00", "21:00"), (6, "08:00", "21:00"))),
        ("星期一至星期三上午", said(*((day, "08:00", "12:00") for day in range(3)))),
        ("每天晚上", said(*((day, "18:00", "21:00") for day in range(7)))),
        ("9:00-10:00", said(*((day, "09:00", "10:00") for day in range(7)))),
        ("Tue morning; Sat 14:00–15:30",
         said((1, "08:00", "12:00"), (5, "14:00", "15:30"))),
        ("Mondays and Fridays, evenings",
         said((0, "18:00", "21:00"), (4, "18:00", "21:00"))),
        ("Mon to Wed", said(*((day, "08:00", "21:00") for day in range(3)))),
        ("周一上午,周三下午", said((0, "08:00", "12:00"), (2, "12:00", "18:00"))),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(
    text: str, times: tuple[FreeTime, ...]
) -> None:
    assert times_read(text) == times


@pytest.mark.parametrize(
    ("text", "piece"),
    [("周二 有空就来", "有空就来"), ("sometimes", "sometimes"), ("周二 25:00-26:00", "25:00-26:00")],
)  # fmt: skip
def test_what_says_no_time_is_named(text: str, piece: str) -> None:
    with pytest.raises(TimesError) as refused:
        times_read(text)
    assert refused.value.piece == piece


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(VolunteerError):
        times_read("周二 17:00-14:00")


free_times = st.builds(
    lambda day, start, length: FreeTime(
        weekday=day,
        from_time=time(start // 4, start % 4 * 15),
        to_time=time(min(start + length, 95) // 4, min(start + length, 95) % 4 * 15),
    ),
    st.integers(0, 6),
    st.integers(0, 90),
    st.integers(1, 30),
)


@given(st.lists(free_times, max_size=10), st.sampled_from([CHINESE, ENGLISH]))
def test_what_is_written_is_read_the_same(
    times: list[FreeTime], days: tuple[str, ...]
) -> None:
    tidied = times_tidied(times)
    assert times_read(times_written(tidied, days)) == tidied


@given(st.lists(free_times, max_size=10))
def test_ticks_and_what_is_left_are_all_of_it(times: list[FreeTime]) -> None:
    tidied = times_tidied(times)
    ticks, left = ticked(tidied)
    assert times_tidied([*of_ticks(ticks), *left]) == tidied


def test_a_morning_and_an_afternoon_are_ticked_and_an_odd_hour_is_left() -> None:
    ticks, left = ticked(said((0, "08:00", "18:00"), (1, "14:00", "17:00")))
    assert ticks == ["0-morning", "0-afternoon"]
    assert left == [*said((1, "14:00", "17:00"))]


@pytest.mark.parametrize(
    "text", ["7.1-8.31", "7月1日至8月31日", "07-01 到 08-31", "7/1–8/31"]
)
def test_a_season_is_read_as_people_write_it(text: str) -> None:
    assert season_read(text) == SUMMER
    assert season_read(season_written(SUMMER)) == SUMMER


def test_no_words_are_all_year_and_a_day_no_year_has_is_refused() -> None:
    assert season_read(" ") is None
    for text in ("2.30-3.1", "summer"):
        with pytest.raises(TimesError):
            season_read(text)
