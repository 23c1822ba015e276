"""Late for her own habit: asked before the deadline, which stays as it was."""

from __future__ import annotations

import pytest
from tests.apps import building as b
from tests.apps.habits.mornings import day, learn, pass_by, weeks

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.unusual import unusual_ask_due
from shouwang.apps.habits.models import Habit
from shouwang.apps.habits.services import SettingsDraft, settings_change
from shouwang.apps.residents.services import AbsenceDraft
from shouwang.apps.watch import services
from shouwang.domain.unusual import Mode

N = 21


def prepared(mode=Mode.GENTLE, most=12):
    place = b.community()
    b.member(place, "duty", "duty_officer", "coordinator")
    home = b.watched(place)
    weeks(place, home, N)
    draft = SettingsDraft(mode=mode, most_a_year=most, latitude=None, longitude=None)
    settings_change(community=place, draft=draft, by=None)
    learn(N)
    return place, home


@pytest.fixture
def place_and_home(db):
    return prepared()


def ask(number, clock):
    services.checks_decide_due(now=day(number, clock))
    return unusual_ask_due(now=day(number, clock))


def alerts(place):
    return list(Alert.objects.of(place).order_by("pk"))


def test_a_curtain_still_shut_is_asked_about_before_the_deadline(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"08:20": "closed"})
    ask(N, "08:50")
    (alert,) = alerts(place)
    assert alert.kind == "unusual"
    assert alert.opened_at < day(N, "09:00")
    assert [step["ask"] for step in alert.steps] == ["look_again", "phone"]


def test_asking_early_takes_nothing_from_the_deadline(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"08:20": "closed"})
    ask(N, "08:50")
    services.checks_decide_due(now=day(N, "09:11"))
    (alert,) = alerts(place)
    assert alert.kind == "missed"
    assert "ring_bell" in {step["ask"] for step in alert.steps}


def test_a_home_nobody_looked_at_is_a_matter_of_its_round(place_and_home):
    place, _home = place_and_home
    ask(N, "08:50")
    assert alerts(place) == []


def test_a_look_that_comes_after_her_own_time_asks_too(place_and_home):
    place, home = place_and_home
    ask(N, "08:30")
    assert alerts(place) == []
    pass_by(place, home, N, {"08:40": "closed"})
    ask(N, "08:50")
    assert [row.kind for row in alerts(place)] == ["unusual"]


def test_an_open_curtain_asks_nothing(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"07:15": "closed", "08:20": "open"})
    ask(N, "08:50")
    assert alerts(place) == []


def test_could_not_see_asks_nothing(place_and_home):
    place, home = place_and_home
    dark = b.look(
        home, "08:20", state="", could_not_see="dark", seen_at=day(N, "08:20")
    )
    services.sightings_record(
        community=place, items=[dark], by=None, now=day(N, "08:20")
    )
    ask(N, "08:50")
    assert alerts(place) == []


def test_seen_open_after_all_ends_it_by_itself(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"08:20": "closed"})
    ask(N, "08:45")
    pass_by(place, home, N, {"08:55": "open"})
    (alert,) = alerts(place)
    assert alert.state == "closed"
    assert alert.outcome == "seen_after_all"


def test_a_look_from_before_that_arrives_late_takes_it_back(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"07:30": "closed"})
    ask(N, "08:45")
    late = b.look(home, "08:10", state="open", seen_at=day(N, "08:10"))
    services.sightings_record(
        community=place, items=[late], by=None, now=day(N, "08:50")
    )
    (alert,) = alerts(place)
    assert alert.outcome == "seen_in_time_arrived_late"


def test_it_is_asked_once_a_day(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"08:20": "closed"})
    ask(N, "08:45")
    assert ask(N, "08:50") == 0
    assert (
        Habit.objects.of(place).filter(ask_at__isnull=False, anchor="morning").count()
        == 0
    )


def test_fully_climbs_the_ladder_of_a_missed_deadline(db):
    place, home = prepared(Mode.FULL)
    pass_by(place, home, N, {"08:20": "closed"})
    ask(N, "08:50")
    (alert,) = alerts(place)
    assert alert.kind == "unusual"
    assert "ring_bell" in {step["ask"] for step in alert.steps}


def test_a_home_is_asked_about_only_so_often_a_year(db):
    place, home = prepared(most=1)
    for number in (N, N + 1):
        services.checks_make(community=place, now=day(number, "02:00"))
        Habit.objects.of(place).filter(anchor="morning").update(
            ask_at=day(number, "08:30")
        )
        pass_by(place, home, number, {"08:20": "closed"})
        ask(number, "08:45")
        pass_by(place, home, number, {"08:55": "open"})
    asked = [row for row in alerts(place) if row.kind == "unusual"]
    assert len(asked) == 1


def test_a_home_that_is_away_is_left_in_peace(place_and_home):
    place, home = place_and_home
    pass_by(place, home, N, {"08:20": "closed"})
    draft = AbsenceDraft(
        from_at=day(N, "06:00"),
        until_at=day(N, "23:00"),
        reason="family",
        said_by="女儿",
    )
    services.absence_declare(home=home, draft=draft, by=None, now=day(N, "08:30"))
    ask(N, "08:50")
    assert alerts(place) == []
