"""The page of an alert tells all that is known, and takes all that is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm
from tests.domain.building import MORNING

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_close,
    alert_commit,
    alert_open_by_hand,
    ladders_advance_due,
)
from shouwang.apps.desk.selectors.alert import habit_of, ladder_of, past_of
from shouwang.apps.watch import services

pytestmark = pytest.mark.django_db
NOW = TEN_PAST + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _two_minutes_later():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def a(client, _two_minutes_later):
    made = alarm()
    client.force_login(made.duty.user)
    return made


def page_of(client, a, query=""):
    url = reverse("desk:alert", args=[a.alert.pk]) + query
    return client.get(url, headers={"accept-language": "en"}).content.decode()


def send(client, a, act, **values):
    url = reverse("desk:alert_act", args=[a.alert.pk, act])
    return client.post(url, values, headers={"accept-language": "en"})


def test_it_says_what_is_missing_and_that_nobody_goes_yet(client, a):
    words = page_of(client, a)
    assert "“open” by 09:00 was agreed" in words
    assert "Nobody is on the way." in words
    # One tap away; opening it is noted (tests/apps/privacy).
    assert "tel:" not in words
    assert "Show the number" in words


def test_the_ladder_shows_who_was_told_who_is_next_and_where_nobody_is(a):
    first, second, third, *later = ladder_of(a.alert, now=NOW)
    # Nobody walks a round here, so the first step reaches nobody.
    assert (first.place, second.place, third.place) == ("nobody", "now", "ahead")
    assert [row.to_member for row in second.messages] == [a.duty]
    assert list(third.people) == [a.duty]
    assert [a.neighbour] in [list(row.people) for row in later]


def test_the_ladder_of_a_more_urgent_kind_begins_anew(client, a):
    ladders_advance_due(now=a.alert.next_at)
    assert [row.place for row in ladder_of(a.alert, now=NOW)][:3] == [
        "nobody",
        "done",
        "now",
    ]
    send(client, a, "help", note="fell")
    first, *rest = ladder_of(a.alert, now=NOW)
    assert first.place == "now"
    assert {row.place for row in rest} == {"ahead"}
    words = page_of(client, a)
    assert "duty, just now: contact: asks for help." in words
    assert "The last two weeks · morning" in words
    # What the older ladder asked is not told in the words of the new one.
    assert "told: duty. Please ring the bell." not in words


def test_a_part_of_it_renews_itself_without_the_forms(client, a):
    words = page_of(client, a, "?part=1")
    assert "<form" not in words
    assert "Nobody is on the way." in words


def test_who_goes_stands_on_top_and_is_known_to_the_form(client, a):
    until = NOW + timedelta(minutes=20)
    alert_commit(alert=a.alert, by=a.daughter, until=until, now=NOW)
    words = page_of(client, a)
    assert words.index("李女 (女儿, family)") < words.index("was agreed")
    assert f'name="seen" value="c{a.daughter.pk}" form="commit"' in words


def test_at_the_desk_too_the_second_who_goes_is_asked(client, a):
    until = NOW + timedelta(minutes=20)
    alert_commit(alert=a.alert, by=a.daughter, until=until, now=NOW)
    asked = send(client, a, "commit", minutes="20")
    assert asked.status_code == 409
    assert "Go as well?" in asked.content.decode()
    seen = f"c{a.daughter.pk}"
    assert send(client, a, "commit", minutes="20", seen=seen).status_code == 302
    assert a.alert.commitments.count() == 2


@pytest.mark.parametrize(
    ("act", "values", "did"),
    [
        ("no_answer", {}, "joined"),
        ("spoke", {"how": "phone"}, "acknowledged"),
        ("help", {"note": "fell"}, "joined"),
        ("emergency", {}, "emergency"),
        ("cannot", {}, "declined"),
    ],
)
def test_every_act_is_written_into_the_story(client, a, act, values, did):
    assert send(client, a, act, **values).status_code == 302
    assert did in a.did()


@pytest.mark.parametrize(
    ("act", "values", "status"),
    [
        ("spoke", {"how": "telepathy"}, 422),
        ("help", {"note": "x" * 501}, 422),
        ("commit", {"minutes": "0"}, 422),
        ("close", {}, 422),
        ("dance", {}, 404),
    ],
)
def test_what_makes_no_sense_changes_nothing(client, a, act, values, status):
    before = a.did()
    assert send(client, a, act, **values).status_code == status
    assert a.did() == before


def test_nobody_is_reached_about_a_watch_that_stopped(client, a):
    row = Alert.objects.of(a.place).create(
        community=a.place,
        on=b.TODAY,
        kind="watch_stalled",
        opened_at=NOW,
        noticed_at=NOW,
        steps=[],
    )
    url = reverse("desk:alert_act", args=[row.pk, "no_answer"])
    assert client.post(url).status_code == 422
    assert client.get(reverse("desk:alert", args=[row.pk])).status_code == 200


def test_a_worry_is_told_in_the_words_it_was_written(client, a):
    alert_close(
        alert=a.alert, closing=ClosingIn(outcome="forgot", verified="spoke"),
        by=a.duty, now=NOW,
    )  # fmt: skip
    alert_open_by_hand(home=a.home, note="灯亮了一夜", by=a.duty, now=NOW)
    assert "somebody is worried. 灯亮了一夜" in page_of(client, a)


def test_her_habit_is_told_once_there_are_enough_mornings(a):
    young = habit_of(a.alert)
    assert young is not None
    assert young.usual is None
    home = b.watched(a.place, "3-2-402", windows=(MORNING,))
    for day in range(7):
        later = timedelta(days=day)
        services.checks_make(community=a.place, now=b.DAWN + later)
        seen_at = b.hour("07:40") + later
        look = b.look(home, "07:40", seen_at=seen_at)
        services.sightings_record(
            community=a.place, items=[look], by=a.lin, now=seen_at
        )
    services.checks_make(community=a.place, now=b.DAWN + timedelta(days=7))
    services.checks_decide_due(now=TEN_PAST + timedelta(days=7))
    habit = habit_of(home.alerts.get())
    assert habit is not None
    assert len(habit.days) == 14
    assert f"{habit.usual:%H:%M}" == "07:40"


def test_what_became_of_earlier_alerts_is_counted(a):
    for minutes, outcome in ((1, "overslept"), (2, "unwell")):
        closing = ClosingIn(outcome=outcome, verified="spoke")
        alert_close(alert=a.alert, closing=closing, by=a.duty, now=NOW)
        later = NOW + timedelta(minutes=minutes)
        alert_open_by_hand(home=a.home, note="?", by=a.duty, now=later)
    past = past_of(a.alert, a.home)
    assert (past.count, past.nothing_wrong_count) == (2, 1)
    assert [row.outcome for row in past.rows] == ["unwell", "overslept"]
