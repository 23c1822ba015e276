"""Every night each home's own time is learned anew from what was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from tests.apps import building as b
from tests.apps.habits.mornings import day, learn, pass_by, weeks

from shouwang.apps.habits.curves import Curve, ask_minute, curve_on, stored
from shouwang.apps.habits.gathering import (
    known_of,
    start_minute,
)
from shouwang.apps.habits.models import Habit, HabitSettings
from shouwang.apps.habits.notes import drifts_describe
from shouwang.apps.habits.services import SettingsDraft, settings_change
from shouwang.apps.habits.showing import habit_cards
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.watch import services
from shouwang.domain.unusual import Mode
from shouwang.routines.intervals import Known

WEEKS = 21


@pytest.fixture
def place(db):
    return b.community()


@pytest.fixture
def home(place):
    return b.watched(place)


def curve_at(curves: dict[str, Any]) -> Curve:
    found = curve_on(curves, b.TODAY)
    assert found is not None
    return found


def switch_on(place, mode=Mode.GENTLE, most=12, **where):
    at = {"latitude": None, "longitude": None, **where}
    draft = SettingsDraft(mode=mode, most_a_year=most, **at)
    return settings_change(community=place, draft=draft, by=None)


def morning(place):
    return Habit.objects.of(place).get(anchor="morning")


def test_her_morning_is_learned_from_looks(place, home):
    weeks(place, home, WEEKS)
    assert learn(WEEKS) == 2
    habit = morning(place)
    assert habit.day_count == WEEKS
    curve = curve_at(habit.curves)
    assert curve.at(7 * 60) > 0.8
    assert curve.at(8 * 60 + 10) < 0.1
    assert habit.days[0][1:] == [435, 465]


def test_the_evening_is_learned_too(place, home):
    weeks(place, home, 8)
    learn(8)
    evening = Habit.objects.of(place).get(anchor="clock")
    # Open at 7:45, closed at 20:30, and nobody looked between: a wide interval.
    assert evening.days[0][1:] == [465, 1230]
    assert evening.day_count == 8


def test_learning_is_done_once_a_night(place, home):
    weeks(place, home, 2)
    assert learn(2, "01:30") == 0
    assert learn(2, "03:00") == 2
    assert learn(2, "09:00") == 0
    assert learn(3, "03:00") == 2


def test_homes_are_gathered_a_few_at_a_time(place, home, monkeypatch):
    monkeypatch.setattr("shouwang.apps.habits.services.HOMES_AT_ONCE", 1)
    b.watched(place, "3-2-402")
    services.checks_make(community=place, now=day(0, "06:00"))
    assert learn(1) == 3
    assert Habit.objects.of(place).count() == 4


def test_what_arrives_late_is_learned_the_next_night(place, home):
    weeks(place, home, 3)
    pass_by(place, home, 1, {"07:25": "closed"})
    learn(3)
    assert [row[1:] for row in morning(place).days] == [
        [435, 465],
        [445, 465],
        [435, 465],
    ]


def test_could_not_see_is_not_closed(place, home):
    services.checks_make(community=place, now=day(0, "06:00"))
    dark = b.look(home, "07:15", state="", could_not_see="dark")
    services.sightings_record(
        community=place, items=[dark], by=None, now=day(0, "07:20")
    )
    learn(1)
    assert morning(place).days == []


def test_a_curtain_that_was_never_closed_tells_no_time(place, home):
    services.checks_make(community=place, now=day(0, "06:00"))
    pass_by(place, home, 0, {"07:15": "closed", "07:45": "open"})
    pass_by(place, home, 0, {"21:30": "open"})
    services.checks_make(community=place, now=day(1, "06:00"))
    pass_by(place, home, 1, {"07:15": "open"})
    learn(2)
    assert [row[1:] for row in morning(place).days] == [[435, 465]]


def test_days_away_are_none_of_her_mornings(place, home):
    weeks(place, home, 2)
    services.absence_declare(home=home, draft=b.away(), by=None, now=day(1, "09:00"))
    services.checks_make(community=place, now=day(2, "06:00"))
    services.checks_decide_due(now=day(2, "12:00"))
    pass_by(place, home, 2, {"08:50": "closed"})
    learn(3)
    assert morning(place).day_count == 2


def test_a_corrected_look_no_longer_counts(place, home):
    services.checks_make(community=place, now=day(0, "06:00"))
    wrong = b.look(home, "07:15", state="open")
    services.sightings_record(
        community=place, items=[wrong], by=None, now=day(0, "07:20")
    )
    right = b.look(home, "07:15", state="closed", replaces=wrong.id)
    services.sightings_record(
        community=place, items=[right], by=None, now=day(0, "07:25")
    )
    learn(1)
    assert [row[1:] for row in morning(place).days] == [[435, 1440]]


def test_before_a_week_what_was_agreed_is_said(place, home):
    weeks(place, home, 3)
    learn(3)
    cards = habit_cards(home, now=day(3, "08:00"))
    assert "07:00" in cards[0]["lines"][0]
    assert "3" in cards[0]["lines"][0]
    assert cards[0]["picture"] == ""


def test_the_card_tells_how_rare_today_is(place, home):
    weeks(place, home, WEEKS)
    learn(WEEKS)
    calm = habit_cards(home, now=day(WEEKS, "07:10"))[0]
    assert len(calm["lines"]) == 2
    pass_by(place, home, WEEKS, {"08:20": "closed"})
    late = habit_cards(home, now=day(WEEKS, "08:25"))[0]
    assert "8:20" in late["lines"][1]
    assert "<svg" in late["picture"]
    # From 7:45 to 20:30 nobody looks: of the evening little is known, and it says so.
    morning_card, evening_card = habit_cards(home, now=day(WEEKS, "08:25"))
    assert evening_card["lines"][-1] != morning_card["lines"][-1]
    pass_by(place, home, WEEKS, {"08:40": "open"})
    assert len(habit_cards(home, now=day(WEEKS, "08:45"))[0]["lines"]) == 2


def test_nobody_is_asked_about_while_it_is_switched_off(place, home):
    weeks(place, home, WEEKS)
    learn(WEEKS)
    assert morning(place).ask_at is None


def test_she_is_asked_about_before_her_deadline_and_after_her_own_time(place, home):
    weeks(place, home, WEEKS)
    switch_on(place)
    learn(WEEKS)
    ask_at = morning(place).ask_at
    assert day(WEEKS, "07:45") < ask_at < day(WEEKS, "09:00")


def test_switching_it_on_sets_the_times_of_the_same_day(place, home):
    weeks(place, home, WEEKS)
    learn(WEEKS)
    switch_on(place)
    assert learn(WEEKS, "03:30") == 2
    assert morning(place).ask_at is not None
    switch_on(place, Mode.OFF)
    assert morning(place).ask_at is None


def test_between_two_looks_far_apart_nothing_is_guessed_and_nobody_asked(place, home):
    weeks(place, home, WEEKS)
    switch_on(place, most=52)
    learn(WEEKS)
    evening = Habit.objects.of(place).get(anchor="clock")
    assert known_of(evening) is Known.ROUGHLY
    assert known_of(morning(place)) is Known.WHEN
    assert evening.ask_at is None
    with translation.override("en"):
        cards = habit_cards(home, now=day(WEEKS, "19:00"))
    rough = next(
        card for card in cards if "晚" in card["title"] or "even" in card["title"]
    )
    assert "Some time between 7:45 and 20:30" in rough["lines"][0]
    assert "Usually" not in " ".join(rough["lines"])
    assert "polygon" not in rough["picture"]
    assert sum("polygon" in str(card["picture"]) for card in cards) == 1


def test_who_is_up_before_anybody_looks_is_known_by_when_only(place, home):
    for number in range(WEEKS):
        services.checks_make(community=place, now=day(number, "06:00"))
        pass_by(place, home, number, {"08:15": "open", "20:30": "closed"})
    switch_on(place, most=52)
    learn(WEEKS)
    early = morning(place)
    assert known_of(early) is Known.BY_WHEN
    # Not open at half past eight says something all the same.
    assert day(WEEKS, "08:15") <= early.ask_at < day(WEEKS, "09:00")
    with translation.override("en"):
        card = habit_cards(home, now=day(WEEKS, "07:00"))[0]
    assert card["lines"][0].startswith("Usually by 8:")
    assert "polygon" not in card["picture"]


def test_less_than_a_week_asks_about_nobody(place, home):
    weeks(place, home, 6)
    switch_on(place, most=52)
    learn(6)
    assert morning(place).ask_at is None


def test_evenings_are_counted_from_sunset_where_the_place_is_known(place, home):
    switch_on(place, latitude=37.87, longitude=112.55)
    weeks(place, home, 2)
    learn(2)
    assert Habit.objects.of(place).filter(anchor="sunset").exists()
    kept = HabitSettings.objects.of(place).select_related("community").get()
    down = start_minute(b.TODAY, anchor="sunset", kept=kept)
    assert 18 * 60 < down < 19 * 60


def test_a_curve_is_read_between_its_minutes():
    curve = curve_at({"workday": stored(400, [1, 1, 0.5, 0.25, 0.0])})
    assert curve.at(0) == 1
    assert curve.at(412.5) == pytest.approx(0.375)
    assert curve.at(2000) == 0
    assert ask_minute(curve, most_a_year=52, earliest=300) == 420
    assert ask_minute(curve, most_a_year=52, earliest=431) == 435
    assert curve_on({}, b.TODAY) is None


def test_a_home_without_any_rhythm_is_never_late():
    curve = curve_at({"workday": stored(400, [1, 0.9, 0.8])})
    assert ask_minute(curve, most_a_year=6, earliest=300) is None


def test_getting_up_ever_later_is_noted_and_told_once(place, home):
    b.member(place, "chen", "coordinator")
    first = 60
    for number in range(first + 45):
        services.checks_make(community=place, now=day(number, "06:00"))
        late = max(number - first, 0) * 2
        opened = b.hour("07:45") + timedelta(minutes=late)
        closed = b.hour("07:15") + timedelta(minutes=late)
        items = [
            b.look(home, "07:00", state=state, seen_at=at + timedelta(days=number))
            for at, state in ((closed, "closed"), (opened, "open"))
        ]
        services.sightings_record(
            community=place, items=items, by=None, now=items[-1].seen_at
        )
    learn(first + 45)
    habit = morning(place)
    assert habit.drift == "later"
    assert habit.drift_since_on > b.TODAY + timedelta(days=45)
    notes = OutboxMessage.objects.of(place).filter(about="drift")
    (message,) = notes
    told = drifts_describe([message], now=day(first + 45, "08:00"))
    words = told[message.pk]
    assert words is not None
    assert "3-2-401" in words.text
    learn(first + 46)
    assert notes.count() == 1
