"""Who is on duty: turns, changes of one day, gaps, and hours that skip or repeat."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.duty import (
    Change,
    ChangeKind,
    DutyState,
    Rota,
    Turn,
    gaps,
    on_duty,
    shift_of,
    shifts_between,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
CHEN, LIN, WU = 1, 2, 3
DAYTIME = Turn(id=10, member=CHEN, begins=time(8), ends=time(20), valid_from=MONDAY)
NIGHT = Turn(id=11, member=LIN, begins=time(20), ends=time(8), valid_from=MONDAY)


def rota(*turns, changes=(), zone=SHANGHAI, officers=(CHEN, LIN, WU)):
    return Rota(zone=zone, officers=officers, turns=turns, changes=tuple(changes))


def at(clock, day=3, zone=SHANGHAI):
    hours, minutes = map(int, clock.split(":"))
    return datetime(2026, 3, day, hours, minutes, tzinfo=zone).astimezone(UTC)


def give(member, on, turn=DAYTIME.id, number=1):
    return Change(id=number, kind=ChangeKind.GIVE, on=on, member=member, turn=turn)


def members(found):
    return set(found.members)


def test_without_a_rota_every_duty_officer_is_on_duty():
    found = on_duty(rota(), at=at("21:00"))
    assert (found.state, members(found)) == (DutyState.NO_ROTA, {CHEN, LIN, WU})
    assert gaps(rota(), at("00:00"), at("00:00", 9)) == []


def test_a_turn_over_midnight_lasts_to_the_next_morning():
    both = rota(DAYTIME, NIGHT)
    assert members(on_duty(both, at=at("23:59"))) == {LIN}
    assert members(on_duty(both, at=at("07:59"))) == {LIN}


def test_a_turn_begins_with_its_first_minute_and_ends_before_its_last():
    both = rota(DAYTIME, NIGHT)
    assert members(on_duty(both, at=at("08:00"))) == {CHEN}
    assert members(on_duty(both, at=at("20:00"))) == {LIN}
    assert on_duty(both, at=at("08:00")).until == at("20:00")


def test_in_a_gap_every_duty_officer_is_told_and_the_gap_is_named():
    day_only = rota(DAYTIME)
    found = on_duty(day_only, at=at("21:00"))
    assert (found.state, members(found)) == (DutyState.GAP, {CHEN, LIN, WU})
    (gap,) = gaps(day_only, at("12:00"), at("12:00", 4))
    assert (gap.begins_at, gap.ends_at) == (at("20:00"), at("08:00", 4))


def test_before_its_first_day_there_is_no_rota_and_no_gap():
    assert on_duty(rota(DAYTIME), at=at("23:00", 1)).state is DutyState.NO_ROTA
    (gap,) = gaps(rota(DAYTIME), at("00:00", 1), at("09:00", 2))
    assert (gap.begins_at, gap.ends_at) == (at("00:00", 2), at("08:00", 2))


def test_a_rota_that_has_run_out_is_a_gap():
    turn = Turn(
        id=1,
        member=CHEN,
        begins=time(0),
        ends=time(0),
        valid_from=MONDAY,
        valid_to=MONDAY,
    )
    assert on_duty(rota(turn), at=at("12:00", 2)).state is DutyState.ON_DUTY
    assert on_duty(rota(turn), at=at("12:00", 5)).state is DutyState.GAP


def test_a_turn_that_was_given_away_is_the_others_on_that_day_only():
    given_away = rota(DAYTIME, NIGHT, changes=[give(WU, date(2026, 3, 3))])
    assert members(on_duty(given_away, at=at("12:00", 3))) == {WU}
    assert members(on_duty(given_away, at=at("12:00", 4))) == {CHEN}
    shift = shift_of(given_away, DAYTIME.id, date(2026, 3, 3))
    assert shift is not None
    assert (shift.member, shift.planned) == (WU, CHEN)


def test_who_cannot_leaves_their_turn_empty_until_somebody_takes_it():
    day = date(2026, 3, 3)
    cannot = Change(id=1, kind=ChangeKind.CANNOT, on=day, member=CHEN)
    empty = rota(DAYTIME, NIGHT, changes=[cannot])
    assert on_duty(empty, at=at("12:00")).state is DutyState.GAP
    taken = rota(DAYTIME, NIGHT, changes=[cannot, give(WU, day, number=2)])
    assert members(on_duty(taken, at=at("12:00"))) == {WU}
    # Given back to who cannot: it stands empty, whoever wrote that last.
    back = rota(DAYTIME, NIGHT, changes=[cannot, give(CHEN, day, number=2)])
    assert on_duty(back, at=at("12:00")).state is DutyState.GAP


def test_an_extra_turn_stands_beside_the_others():
    extra = Change(
        id=1,
        kind=ChangeKind.EXTRA,
        on=date(2026, 3, 3),
        member=WU,
        begins=time(22),
        ends=time(2),
    )
    found = on_duty(rota(DAYTIME, NIGHT, changes=[extra]), at=at("01:00", 4))
    assert members(found) == {LIN, WU}
    assert found.until == at("02:00", 4)


def test_who_is_no_duty_officer_any_more_leaves_a_gap():
    gone = rota(DAYTIME, officers=(LIN,))
    found = on_duty(gone, at=at("12:00"))
    assert (found.state, found.members) == (DutyState.GAP, (LIN,))


def test_only_the_days_that_were_agreed_count():
    weekdays = Turn(
        id=1,
        member=CHEN,
        begins=time(0),
        ends=time(0),
        valid_from=MONDAY,
        days=frozenset(range(5)),
    )
    (gap,) = gaps(rota(weekdays), at("00:00", 2), at("00:00", 9))
    assert (gap.begins_at, gap.ends_at) == (at("00:00", 7), at("00:00", 9))


@pytest.mark.parametrize("night", [date(2026, 3, 28), date(2026, 10, 24)])
def test_where_an_hour_is_skipped_or_repeated_no_minute_is_lost(night):
    # Local time skips 02:00–03:00 on 29 March and repeats it on 25 October.
    first = Turn(
        id=1, member=CHEN, begins=time(14), ends=time(2, 30), valid_from=MONDAY
    )
    second = Turn(
        id=2, member=LIN, begins=time(2, 30), ends=time(14), valid_from=MONDAY
    )
    both = rota(first, second, zone=BERLIN)
    begin = datetime(night.year, night.month, night.day, tzinfo=BERLIN)
    assert gaps(both, begin.astimezone(UTC), begin + timedelta(days=3)) == []
    spans = shifts_between(both, begin, begin + timedelta(days=3))
    assert all(a.ends_at == b.begins_at for a, b in pairwise(spans))


hours = st.times().map(lambda row: row.replace(second=0, microsecond=0, tzinfo=None))
turns = st.lists(
    st.builds(
        Turn,
        id=st.integers(1, 9),
        member=st.sampled_from([CHEN, LIN, WU, 9]),
        begins=hours,
        ends=hours,
        valid_from=st.dates(date(2026, 2, 20), date(2026, 3, 20)),
        days=st.frozensets(st.integers(0, 6), min_size=1),
    ),
    max_size=5,
    unique_by=lambda row: row.id,
)
moments = st.integers(0, 46 * 24 * 60).map(
    lambda minutes: datetime(2026, 2, 15, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(turns, moments, st.sampled_from([SHANGHAI, BERLIN]))
def test_somebody_is_told_at_every_moment_and_gaps_say_when_that_is_all(
    rows, now, zone
):
    kept = rota(*rows, zone=zone)
    found = on_duty(kept, at=now)
    assert found.members
    named = gaps(kept, now, now + timedelta(minutes=1))
    is_gap = any(row.begins_at <= now < row.ends_at for row in named)
    assert is_gap is (found.state is DutyState.GAP)
    if found.state is not DutyState.ON_DUTY:
        assert found.members == kept.officers
