"""Whom a need is offered to: who fits and why, the order, the waves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.dispatch import (
    Against,
    Candidate,
    For,
    Job,
    Promise,
    Span,
    Verdict,
    clashing,
    in_order,
    promised_span,
    until_of,
    verdict,
    wish_of,
)
from shouwang.domain.needs import Urgency
from shouwang.domain.volunteers import FreeTime, Helper, Pause
from shouwang.domain.waves import (
    PACES,
    WAIT_LEAST,
    Remind,
    may_ring_at,
    next_wave_now,
    reminders,
    wave_times,
    waves,
)

ZONE = ZoneInfo("Asia/Shanghai")
# A Monday, ten in the morning in Shanghai.
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def job(kind="medicine", **more):
    values = {
        "need": 1,
        "home": 10,
        "building": 3,
        "entrance": "2",
        "urgency": Urgency.EVERYDAY,
        "wish": wish_of(kind),
        "until": NOW + DAY,
    }
    return Job(**{**values, **more})


def who(member=1, helper=None, **more):
    return Candidate(
        helper=Helper(member=member, name=f"人{member}", **(helper or {})), **more
    )


def judged(the_job, one):
    return verdict(the_job, one, now=NOW, zone=ZONE)


def why(the_job, one):
    return {row.why for row in judged(the_job, one).reasons}


def test_who_knows_her_comes_before_who_is_only_near():
    knows = judged(job(), who(1, {"knows": frozenset({10})}))
    near = judged(job(), who(2, {"buildings": frozenset({3})}))
    nobody = judged(job(), who(3))
    assert [row.member for row in in_order([nobody, near, knows])] == [1, 2, 3]


def test_who_walks_at_her_entrance_is_nearer_than_who_goes_to_her_building():
    entrance = who(1, entrances=frozenset({(3, "2")}), passes=frozenset({3}))
    assert For.SAME_ENTRANCE in why(job(), entrance)
    assert For.NEAR not in why(job(), entrance)
    assert For.NEAR in why(job(), who(2, passes=frozenset({3})))


def test_a_haircut_takes_a_barber_and_a_shopping_bag_takes_anybody():
    assert judged(job("haircut"), who()).against is Against.NO_SKILL
    barber = who(helper={"skills": frozenset({"barber"})})
    assert why(job("haircut"), barber) == {For.HAS_SKILL}
    assert judged(job("shopping"), who()).fits


def test_a_communitys_own_kind_names_its_skill_and_replaces_the_built_in():
    wish = wish_of("own-1", skill="own-skill")
    assert judged(job(wish=wish), who()).against is Against.NO_SKILL
    assert wish_of("haircut", skill="").needs == frozenset()


@pytest.mark.parametrize(
    ("helper", "more", "against"),
    [
        ({"may": False}, {}, Against.MAY_NOT),
        ({"buildings": frozenset({9})}, {}, Against.NOT_THERE),
        ({"a_week": 2}, {"week_count": 2}, Against.FULL_WEEK),
        ({}, {"said_no": True}, Against.SAID_NO),
        ({}, {"gave_back": True}, Against.GAVE_BACK),
        (
            {"pauses": (Pause(from_on=NOW.date(), until_on=None),)},
            {},
            Against.PAUSED,
        ),
    ],
)
def test_who_does_not_fit_is_told_why(helper, more, against):
    assert judged(job(), who(helper=helper, **more)).against is against


def test_an_hour_asks_who_is_free_then():
    tuesday_two = datetime(2026, 3, 3, 6, tzinfo=UTC)
    free = {"times": (FreeTime(weekday=1, from_time=time(14), to_time=time(17)),)}
    at_two = job(hour=tuesday_two, until=tuesday_two)
    assert judged(at_two, who(helper=free)).fits
    at_five = job(hour=tuesday_two + 3 * HOUR, until=tuesday_two + 3 * HOUR)
    assert judged(at_five, who(helper=free)).against is Against.NOT_THEN


def test_without_an_hour_one_free_time_before_the_end_will_do():
    tuesday = {"times": (FreeTime(weekday=1, from_time=time(14), to_time=time(17)),)}
    assert judged(job(until=NOW + 2 * DAY), who(helper=tuesday)).fits
    soon = job(until=NOW + 4 * HOUR)
    assert judged(soon, who(helper=tuesday)).against is Against.NOT_THEN


def test_a_free_time_that_has_passed_today_does_not_count():
    morning = {"times": (FreeTime(weekday=0, from_time=time(8), to_time=time(9)),)}
    today = job(until=NOW + 10 * HOUR)
    assert judged(today, who(helper=morning)).against is Against.NOT_THEN


def test_another_promise_of_the_same_time_is_named():
    at = NOW + 5 * HOUR
    other = Promise(need=7, span=Span(from_at=at, to_at=at + HOUR))
    found = judged(job(hour=at, until=at), who(promises=(other,)))
    assert (found.against, found.with_need) == (Against.PROMISED, 7)


def test_spans_that_only_touch_do_not_clash():
    first = promised_span(NOW, length=HOUR, zone=ZONE)
    assert first is not None
    touching = Span(from_at=first.to_at, to_at=first.to_at + HOUR)
    assert clashing(first, [Promise(need=2, span=touching)], need=1) is None


def test_what_is_wanted_any_hour_of_a_day_binds_nobody_to_a_time():
    end_of_day = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert promised_span(end_of_day, length=HOUR, zone=ZONE) is None
    assert promised_span(None, length=HOUR, zone=ZONE) is None


def test_who_was_asked_lately_comes_later_unless_it_is_urgent():
    lately = who(last_asked_at=NOW - DAY)
    assert For.ASKED_LATELY in why(job(), lately)
    assert For.ASKED_LATELY not in why(job(urgency=Urgency.URGENT), lately)


def test_a_missed_promise_weighs_less_than_one_task():
    missed = judged(job(), who(1, no_show_count=1))
    busy = judged(job(), who(2, week_count=1))
    assert missed.points > busy.points
    often = judged(job(), who(1, no_show_count=9))
    assert often.points == judged(job(), who(1, no_show_count=2)).points


def test_of_equals_who_was_not_asked_for_longest_comes_first():
    rows = [
        judged(job(), who(1, last_asked_at=NOW - 5 * DAY)),
        judged(job(), who(2, last_asked_at=NOW - 9 * DAY)),
        judged(job(), who(3)),
    ]
    assert [row.member for row in in_order(rows)] == [3, 2, 1]


SKILLS = st.frozensets(st.sampled_from(["barber", "nurse", "errands", "company"]))
PEOPLE = st.builds(
    lambda skills, week, no, asked, knows: who(
        helper={"skills": skills, "knows": frozenset({10} if knows else ())},
        week_count=week,
        said_no=no,
        last_asked_at=NOW - timedelta(hours=asked) if asked else None,
    ),
    SKILLS,
    st.integers(0, 5),
    st.booleans(),
    st.integers(0, 300),
    st.booleans(),
)
KINDS = st.sampled_from(["haircut", "medicine", "company", "repair", "other"])


@given(PEOPLE, KINDS, st.sampled_from(["barber", "nurse", "plumber", "company"]))
def test_one_more_skill_never_makes_anybody_fit_worse(one, kind, skill):
    able = replace(one, helper=replace(one.helper, skills=one.helper.skills | {skill}))
    before, after = judged(job(kind), one), judged(job(kind), able)
    assert after.fits or not before.fits
    if before.fits:
        assert after.points >= before.points


@given(PEOPLE, KINDS)
def test_one_more_task_never_makes_anybody_come_sooner(one, kind):
    busier = replace(one, week_count=one.week_count + 1)
    assert judged(job(kind), busier).points <= judged(job(kind), one).points


@given(st.lists(PEOPLE, max_size=12), st.randoms())
def test_the_order_of_what_was_read_does_not_matter(people, random):
    rows = [
        judged(job(), replace(one, helper=replace(one.helper, member=n)))
        for n, one in enumerate(people)
    ]
    shuffled = [*rows]
    random.shuffle(shuffled)
    assert in_order(rows) == in_order(shuffled)
    assert all(row.fits for row in in_order(rows))


@given(
    st.lists(st.integers(1, 500), unique=True, max_size=60),
    st.sampled_from(list(Urgency)),
    st.integers(0, 4),
)
def test_the_waves_ask_everybody_once_and_widen(order, urgency, chosen):
    plan = waves(order, urgency=urgency, first=order[:chosen], now=NOW)
    asked = [member for wave in plan for member in wave.members]
    assert asked == order
    assert all(wave.members for wave in plan)
    assert len(plan) <= len(PACES[urgency].sizes) + 2


def test_the_urgent_widens_within_minutes_and_the_everyday_within_days():
    urgent = waves(range(1, 30), urgency=Urgency.URGENT, now=NOW)
    everyday = waves(range(1, 30), urgency=Urgency.EVERYDAY, now=NOW)
    assert [len(wave.members) for wave in urgent] == [3, 8, 18]
    assert sum((wave.wait for wave in urgent), timedelta()) == timedelta(minutes=30)
    assert everyday[0].wait == 4 * HOUR


def test_what_is_wanted_soon_waits_less_but_never_under_five_minutes():
    soon, later = (
        waves(range(1, 30), urgency=Urgency.EVERYDAY, until=NOW + left, now=NOW)
        for left in (timedelta(minutes=1), 3 * HOUR)
    )
    assert {wave.wait for wave in soon} == {WAIT_LEAST}
    assert sum((wave.wait for wave in later), timedelta()) <= 3 * HOUR


def test_at_night_only_what_is_urgent_rings():
    eleven = datetime(2026, 3, 2, 15, tzinfo=UTC)
    morning = datetime(2026, 3, 3, 0, tzinfo=UTC)
    assert may_ring_at(eleven, Urgency.URGENT, ZONE) == eleven
    assert may_ring_at(eleven, Urgency.EVERYDAY, ZONE) == morning
    assert may_ring_at(eleven + 5 * HOUR, Urgency.EVERYDAY, ZONE) == morning
    assert may_ring_at(NOW, Urgency.EVERYDAY, ZONE) == NOW


def test_the_last_of_the_times_is_when_the_desk_is_told():
    plan = waves(range(1, 6), urgency=Urgency.URGENT, now=NOW)
    times = wave_times(plan, Urgency.URGENT, begins_at=NOW, zone=ZONE)
    assert times == [
        NOW,
        NOW + timedelta(minutes=5),
        NOW + timedelta(minutes=15),
    ]


def test_reminders_come_the_evening_before_and_an_hour_before():
    wanted = datetime(2026, 3, 4, 2, tzinfo=UTC)
    found = reminders(wanted, taken_at=NOW, zone=ZONE)
    assert found == [
        (datetime(2026, 3, 3, 11, tzinfo=UTC), Remind.EVENING_BEFORE),
        (wanted - HOUR, Remind.HOUR_BEFORE),
    ]
    assert reminders(wanted, taken_at=wanted, zone=ZONE) == []
    assert reminders(None, taken_at=NOW, zone=ZONE) == []


def test_what_is_wanted_on_a_day_is_reminded_of_on_the_evening_before_that_day():
    end_of_wednesday = datetime(2026, 3, 4, 16, tzinfo=UTC)
    [(at, says)] = reminders(end_of_wednesday, taken_at=NOW, zone=ZONE)
    assert (at, says) == (
        datetime(2026, 3, 3, 11, tzinfo=UTC),
        Remind.EVENING_BEFORE,
    )


def test_all_who_were_asked_have_answered_and_the_next_are_asked():
    assert next_wave_now(["no", "maybe"])
    assert not next_wave_now(["no", ""])
    assert not next_wave_now([])


def test_until_when_somebody_should_be_free():
    assert until_of(None, Urgency.URGENT, now=NOW) == NOW + 4 * HOUR
    assert until_of(NOW + HOUR, Urgency.URGENT, now=NOW) == NOW + HOUR
    assert until_of(NOW - HOUR, Urgency.URGENT, now=NOW) > NOW


def test_a_verdict_without_reasons_is_a_fit_of_no_points():
    assert Verdict(member=1).fits
    assert Verdict(member=1).points == 0
