"""A home's story: in time order, quiet days folded, each entry once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from shouwang.domain.story import (
    Entry,
    QuietDays,
    StoryDay,
    StoryKind,
    only,
    story_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


def entry(key="alert:1", *, days=0, hours=0, kind=StoryKind.ALERT):
    at = NOON + timedelta(days=days, hours=hours)
    return Entry(key=key, kind=kind, at=at, title=key)


def well(*days):
    return {MONDAY + timedelta(days=day): True for day in days}


def told(entries=(), by_day=None):
    return story_of(entries, by_day or {}, zone=SHANGHAI)


def test_a_fortnight_in_which_nothing_happened_is_one_line():
    assert told(by_day=well(*range(14))) == [
        QuietDays(first_on=MONDAY, last_on=date(2026, 3, 15), count=14)
    ]


def test_a_day_on_which_something_happened_parts_the_quiet_ones():
    parts = told([entry(days=3)], well(*range(7)))
    assert [type(part) for part in parts] == [QuietDays, StoryDay, QuietDays]
    assert [part.count for part in parts if isinstance(part, QuietDays)] == [3, 3]


def test_a_day_that_was_not_well_is_never_folded_though_nothing_is_told_of_it():
    parts = told(by_day={**well(0, 2), MONDAY + timedelta(days=1): False})
    assert parts[1] == StoryDay(on=date(2026, 3, 3), entries=())


def test_days_on_which_nothing_was_agreed_keep_no_quiet_days_apart():
    assert told(by_day=well(0, 2, 4)) == [
        QuietDays(first_on=MONDAY, last_on=date(2026, 3, 6), count=3)
    ]


def test_an_entry_belongs_to_the_local_day_on_which_it_happened():
    # Half past midnight in Shanghai is still the day before in UTC.
    late = entry(hours=12, key="night")
    (day,) = told([late])
    assert day.on == date(2026, 3, 3)


def test_the_same_entry_told_by_two_is_in_the_story_once():
    (day,) = told([entry(), entry()])
    assert [row.key for row in day.entries] == ["alert:1"]


def test_only_some_kinds_are_told_when_asked_for():
    rows = [entry("a"), entry("n", kind=StoryKind.NEED)]
    assert [row.key for row in only(rows, [StoryKind.NEED])] == ["n"]
    assert only(rows, []) == rows


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 200)), max_size=40),
    st.dictionaries(st.integers(0, 20), st.booleans(), max_size=20),
    st.randoms(use_true_random=False),
)
def test_the_story_keeps_everything_in_time_order_whatever_the_order_of_telling(
    given_rows, by_day, random
):
    rows = [entry(f"e:{key}", hours=hours) for key, hours in given_rows]
    days = {MONDAY + timedelta(days=day): value for day, value in by_day.items()}
    parts = told(rows, days)
    kept = [row for part in parts if isinstance(part, StoryDay) for row in part.entries]
    assert {row.key for row in kept} == {row.key for row in rows}
    assert [row.at for row in kept] == sorted(row.at for row in kept)
    starts = [
        part.on if isinstance(part, StoryDay) else part.first_on for part in parts
    ]
    assert starts == sorted(starts)
    quiet = sum(part.count for part in parts if isinstance(part, QuietDays))
    shown = sum(isinstance(part, StoryDay) for part in parts)
    entry_days = {row.at.astimezone(SHANGHAI).date() for row in kept}
    assert quiet + shown == len({*days, *entry_days})
    last_told = {row.key: row for row in rows}
    random.shuffle(rows)
    if len(last_told) == len(given_rows):
        assert told(rows, days) == parts
