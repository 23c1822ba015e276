"""What a family is told: facts and now in; say, wait or nothing out, with the reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.alerts import BY_THE_RULES, NOTHING_WRONG, AlertKind, Outcome
from shouwang.domain.family import (
    AlertNow,
    Away,
    CheckNow,
    Day,
    DayWas,
    HomeNow,
    Now,
    Said,
    Says,
    Seen,
    Tells,
    Why,
    alert_word,
    day_was,
    day_word,
    next_look,
    shown_of,
    week_word,
)
from shouwang.domain.status import Status, Strength

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 2)
DAY = Day(on=TODAY, at=time(8, 30), zone=SHANGHAI)


def at(hours: int, minutes: int = 0, days: int = 0) -> datetime:
    local = datetime(2026, 3, 2, tzinfo=SHANGHAI) + timedelta(
        days=days, hours=hours, minutes=minutes
    )
    return local.astimezone(UTC)


def check(status=Status.WELL, *, since=None, strength=Strength.SEEN, opens=7):
    since = since or at(8, 5)
    is_well = status is Status.WELL
    return CheckNow(
        on=TODAY,
        status=status,
        strength=strength if is_well else None,
        opens_at=at(opens),
        waits_until=at(opens + 2),
        since=since,
        seen=Seen(at=since, signal="curtain", state="open") if is_well else None,
    )


def alert(kind=AlertKind.MISSED, *, opened=None, closed=None, outcome=None, **more):
    return AlertNow(
        key=7,
        kind=kind,
        opened_at=opened or at(9, 10),
        closed_at=closed,
        outcome=outcome,
        **more,
    )


def home(*checks, **more):
    return HomeNow(checks=checks, **more)


def day_says(row, now, **more):
    return day_word(row, DAY, is_said=False, now=now, **more).says


WELL = home(check())
MISSED = home(check(Status.MISSED, since=at(9, 10)), alerts=(alert(),))


# --- how she is now -------------------------------------------------------------------


def test_a_curtain_seen_open_is_well_since_it_was_seen():
    shown = shown_of(WELL)
    assert (shown.state, shown.since) == (Now.WELL, at(8, 5))


def test_one_presumed_check_makes_the_whole_presumed():
    presumed = check(strength=Strength.PRESUMED, since=at(7, 30))
    assert shown_of(home(check(), presumed)).state is Now.PRESUMED


@pytest.mark.parametrize("status", [Status.OPEN, Status.GRACE, Status.SCHEDULED])
def test_what_is_not_due_yet_is_waited_for(status):
    assert shown_of(home(check(status))).state is Now.WAITING


def test_an_open_alert_stands_above_everything_that_was_seen():
    assert shown_of(home(check(), alerts=(alert(),))).state is Now.UNSURE


def test_somebody_on_the_way_is_said_with_the_time_they_left():
    shown = shown_of(home(check(), alerts=(alert(going_since=at(9, 20)),)))
    assert (shown.state, shown.since) == (Now.ON_THE_WAY, at(9, 20))


def test_an_absence_is_said_and_never_hides_an_alert():
    away = Away(since=at(0), until=None)
    assert shown_of(home(check(Status.EXCUSED), away=away)).state is Now.AWAY
    assert shown_of(home(alerts=(alert(),), away=away)).state is Now.UNSURE


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - NOTHING_WRONG - BY_THE_RULES))
def test_whoever_was_found_otherwise_than_well_is_not_called_well(outcome):
    ended = alert(closed=at(10), outcome=outcome)
    row = home(check(since=at(10), strength=Strength.CONTACT), alerts=(ended,))
    assert shown_of(row).state is Now.ASK


def test_seen_well_again_after_it_she_is_well_unless_she_died():
    for outcome, state in ((Outcome.UNWELL, Now.WELL), (Outcome.DIED, Now.ASK)):
        ended = alert(closed=at(10), outcome=outcome)
        assert shown_of(home(check(since=at(19)), alerts=(ended,))).state is state


def test_an_alert_closed_without_a_contact_proves_nothing():
    ended = alert(closed=at(10), outcome=Outcome.RECORDED_WRONGLY)
    row = home(check(Status.MISSED, since=at(9, 10)), alerts=(ended,))
    assert shown_of(row).state is Now.ASK


# --- the daily word -------------------------------------------------------------------


def test_before_its_time_nothing_is_said():
    verdict = day_word(WELL, DAY, is_said=False, now=at(8, 29))
    assert (verdict.says, verdict.why) == (None, Why.TOO_EARLY)


def test_at_its_time_she_is_well():
    assert day_says(WELL, at(8, 30)) is Says.WELL


def test_it_is_said_once():
    verdict = day_word(WELL, DAY, is_said=True, now=at(8, 30))
    assert verdict.says is None
    assert verdict.is_over


def test_what_was_seen_yesterday_is_not_today():
    assert day_says(home(check(since=at(19, days=-1))), at(8, 30)) is None


def test_while_something_is_open_it_waits():
    assert day_says(home(check(Status.OPEN)), at(8, 40)) is None
    assert day_says(MISSED, at(9, 30)) is None


def test_when_it_has_ended_it_says_how_in_its_stead():
    ended = alert(closed=at(10), outcome=Outcome.OVERSLEPT)
    row = home(check(since=at(10), strength=Strength.CONTACT), alerts=(ended,))
    assert day_says(row, at(10, 1)) is Says.ENDED_WELL


def test_what_ails_her_is_not_said():
    ended = alert(closed=at(10), outcome=Outcome.IN_HOSPITAL)
    row = home(check(since=at(10), strength=Strength.CONTACT), alerts=(ended,))
    assert day_says(row, at(10, 1)) is Says.ENDED


def test_before_midnight_silence_is_no_option():
    verdict = day_word(MISSED, DAY, is_said=False, now=at(23))
    assert (verdict.says, verdict.why) == (Says.NOT_YET, Why.DAY_ENDS)


def test_a_day_without_a_window_is_said_to_be_one():
    row = home(check(since=at(19, days=-1)), is_due_today=False)
    assert day_says(row, at(8, 30)) is Says.NOT_DUE


def test_nobody_is_told_of_a_home_that_is_not_watched_any_more():
    assert day_says(home(is_watched=False), at(23, 30)) is None
    died = alert(opened=at(9, days=-1), closed=at(10, days=-1), outcome=Outcome.DIED)
    assert day_says(home(alerts=(died,)), at(23, 30)) is None


# --- about alerts ---------------------------------------------------------------------

CHOSEN = Said(since=at(0, days=-30))


def about(row, one, now, *, tells=Tells.WHEN_NOT, said=CHOSEN):
    return alert_word(row, one, said, tells=tells, now=now)


def test_that_an_alert_opened_is_not_told():
    assert about(MISSED, alert(), at(9, 11)).says is None


def test_that_it_has_stood_for_an_hour_is_told_once():
    verdict = about(MISSED, alert(), at(10, 10))
    assert (verdict.says, verdict.alert) == (Says.STANDING, 7)
    said = Said(since=CHOSEN.since, about={7: {Says.STANDING}})
    assert about(MISSED, alert(), at(11), said=said).says is None


def test_whom_the_ladder_has_asked_knows_it_already():
    asked = alert(tells_already=True)
    assert about(MISSED, asked, at(10, 10)).why is Why.TOLD_BY_THE_LADDER


def test_how_it_ended_is_told():
    ended = alert(closed=at(9, 30), outcome=Outcome.FORGOT)
    row = home(check(since=at(9, 30), strength=Strength.CONTACT), alerts=(ended,))
    assert about(row, ended, at(9, 31)).says is Says.ENDED_WELL
    unsure = home(check(Status.MISSED, since=at(9, 10)), alerts=(ended,))
    assert about(unsure, ended, at(9, 31)).says is Says.ENDED


def test_what_the_rules_ended_is_told_only_to_whom_was_told_before():
    ended = alert(closed=at(10, 30), outcome=Outcome.SEEN_IN_TIME)
    row = home(check(), alerts=(ended,))
    assert about(row, ended, at(10, 31)).says is None
    said = Said(since=CHOSEN.since, about={7: {Says.STANDING}})
    assert about(row, ended, at(10, 31), said=said).says is Says.ENDED_WELL


def test_an_alert_from_before_somebody_was_to_be_told_is_not_theirs():
    ended = alert(closed=at(10), outcome=Outcome.FORGOT)
    assert about(WELL, ended, at(10, 1), said=Said(since=at(9, 30))).says is None


def test_a_daily_word_that_is_still_to_come_says_it_itself():
    ended = alert(closed=at(10), outcome=Outcome.FORGOT)
    verdict = about(WELL, ended, at(10, 1), tells=Tells.DAILY)
    assert verdict.why is Why.THE_DAY_SAYS_IT
    said = Said(since=CHOSEN.since, day_said_at=at(8, 30))
    told = about(WELL, ended, at(10, 1), tells=Tells.DAILY, said=said)
    assert told.says is Says.ENDED_WELL


# --- the week -------------------------------------------------------------------------


def test_the_week_is_said_at_its_time_and_waits_for_an_alert():
    week = {"is_said": False}
    assert week_word(WELL, DAY, now=at(8, 30), **week).says is Says.WEEK
    assert week_word(MISSED, DAY, now=at(9, 30), **week).says is None
    assert week_word(MISSED, DAY, now=at(23), **week).says is Says.NOT_YET


@pytest.mark.parametrize(
    ("checks", "was"),
    [
        ([], DayWas.NOT_AGREED),
        ([(Status.EXCUSED, None)], DayWas.AWAY),
        ([(Status.WELL, Strength.SEEN), (Status.EXCUSED, None)], DayWas.WELL),
        ([(Status.WELL, Strength.PRESUMED)], DayWas.PRESUMED),
        ([(Status.WELL, Strength.SEEN), (Status.MISSED, None)], DayWas.NOT_SURE),
    ],
)
def test_the_weakest_check_of_a_day_counts(checks, was):
    assert day_was(checks) is was


def test_the_next_word_is_at_the_next_time_of_its_day():
    assert next_look(DAY, None, after=at(8, 30)) == at(8, 30, days=1)
    # 2 March 2026 is a Monday.
    assert next_look(DAY, 0, after=at(8, 30)) == at(8, 30, days=7)
    assert next_look(DAY, 6, after=at(8, 30)) == at(8, 30, days=6)


# --- what always holds ----------------------------------------------------------------

minutes = st.integers(min_value=0, max_value=23 * 60 + 59)
moments = minutes.map(lambda count: at(0, count))
checks = st.builds(
    CheckNow,
    on=st.just(TODAY),
    status=st.sampled_from(Status),
    strength=st.none() | st.sampled_from(Strength),
    opens_at=moments,
    waits_until=moments,
    since=moments,
    seen=st.none()
    | st.builds(Seen, at=moments, signal=st.just("x"), state=st.just("y")),
)
alerts = st.one_of(
    st.builds(
        AlertNow,
        key=st.integers(1, 5),
        kind=st.sampled_from(AlertKind),
        opened_at=moments,
        going_since=st.none() | moments,
    ),
    st.builds(
        AlertNow,
        key=st.integers(1, 5),
        kind=st.sampled_from(AlertKind),
        opened_at=moments,
        closed_at=moments,
        outcome=st.sampled_from(Outcome),
    ),
)
homes = st.builds(
    HomeNow,
    checks=st.lists(checks, max_size=4).map(tuple),
    alerts=st.lists(alerts, max_size=3).map(tuple),
    away=st.none() | st.builds(Away, since=moments, until=st.none()),
    is_due_today=st.booleans(),
)
REASSURING = {Says.WELL, Says.PRESUMED, Says.ENDED_WELL}
WORST_FIRST = [
    Status.HELP,
    Status.MISSED,
    Status.UNPROVEN,
    Status.UNCLEAR,
    Status.NOT_LOOKED,
    Status.GRACE,
    Status.OPEN,
    Status.WELL,
    Status.EXCUSED,
    Status.SCHEDULED,
]


def worst(row):
    """Return what the board shows of a home: the worst of its checks."""
    return min((one.status for one in row.checks), key=WORST_FIRST.index, default=None)


@given(row=homes, now=moments)
def test_it_never_says_well_when_the_board_does_not(row, now):
    says = {day_word(row, DAY, is_said=False, now=now).says}
    for one in row.alerts:
        says.add(alert_word(row, one, CHOSEN, tells=Tells.WHEN_NOT, now=now).says)
    if says & REASSURING:
        assert worst(row) is Status.WELL
        assert all(one.closed_at for one in row.alerts)
    if says & {Says.WELL, Says.ENDED_WELL}:
        assert not any(
            one.status is Status.WELL and one.strength is Strength.PRESUMED
            for one in row.checks
        )


@given(row=homes)
def test_after_the_last_hour_something_is_said_of_every_watched_home(row):
    assert day_word(row, DAY, is_said=False, now=at(23, 30)).says or any(
        one.outcome is Outcome.DIED for one in row.alerts
    )


@given(row=homes, now=moments)
def test_the_order_of_what_is_known_changes_nothing(row, now):
    turned = HomeNow(
        checks=row.checks[::-1],
        alerts=row.alerts,
        away=row.away,
        is_due_today=row.is_due_today,
    )
    assert day_word(row, DAY, is_said=False, now=now) == day_word(
        turned, DAY, is_said=False, now=now
    )
