from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from shouwang.notify import limits
from shouwang.notify.limits import Limit

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ROBOT = (Limit(count=20, per=timedelta(minutes=1)),)


def seconds(count: float) -> datetime:
    return NOON + timedelta(seconds=count)


def test_a_channel_nobody_used_has_room():
    assert limits.room(limits.full(ROBOT, now=NOON)) == 10


def test_a_channel_without_limits_has_no_end():
    assert limits.room(limits.full((), now=NOON)) is None
    assert limits.wait((), ()) == timedelta(0)


def test_an_empty_channel_says_how_long_to_wait():
    levels = limits.taken(limits.full(ROBOT, now=NOON), 10)
    assert limits.room(levels) == 0
    assert limits.wait(ROBOT, levels) == timedelta(seconds=6)
    assert limits.room(limits.refilled(ROBOT, levels, now=seconds(6))) == 1


def test_a_clock_that_goes_back_earns_nothing():
    levels = limits.taken(limits.full(ROBOT, now=NOON), 10)
    assert limits.room(limits.refilled(ROBOT, levels, now=seconds(-3600))) == 0


def test_the_narrowest_of_two_limits_decides():
    both = (
        Limit(count=100, per=timedelta(minutes=1)),
        Limit(count=5, per=timedelta(seconds=1)),
    )
    assert limits.room(limits.full(both, now=NOON)) == 2


def test_levels_of_other_limits_begin_anew():
    levels = limits.full(ROBOT, now=NOON)
    assert limits.refilled((), levels, now=NOON) == ()


@given(
    count=st.integers(1, 60),
    per=st.integers(1, 120),
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=200),
)
def test_no_span_ever_sees_more_than_its_limit(count, per, gaps):
    rows = (Limit(count=count, per=timedelta(seconds=per)),)
    levels, at, sent = limits.full(rows, now=NOON), NOON, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        levels = limits.refilled(rows, levels, now=at)
        going = limits.room(levels) or 0
        levels = limits.taken(levels, going)
        sent += [at] * going
    for begin in sent:
        within = [row for row in sent if begin <= row < begin + rows[0].per]
        assert len(within) <= count
