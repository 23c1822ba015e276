"""She is ill and has no medicine left: from the need to her word, by messages only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from tests.apps import building as b
from tests.apps.dispatch.helping import a_need, notices, texts, the_run, volunteer

from shouwang.apps.care.services import MoveIn, need_move
from shouwang.apps.dispatch.services import run_start, runs_move_due
from shouwang.apps.volunteers.models import HoursRow
from shouwang.domain.needs import Act, Asked

pytestmark = pytest.mark.django_db
LATE = b.hour("22:30")


def link(place, member, now):
    [offer] = texts(place, member, now)
    return offer.link.removeprefix("https://127.0.0.1")


def test_medicine_is_fetched_when_the_second_wave_says_yes(client, settings):
    settings.PUBLIC_URL = "https://127.0.0.1"
    place = b.community()
    duty = b.member(place, "duty", "duty_officer")
    home = b.watched(place)
    first = [volunteer(place, f"known{n}", knows=[home]) for n in range(3)]
    nurse = volunteer(place, "nurse", skills=["nurse"])
    need = a_need(home, duty, now=LATE, urgency="urgent")

    run_start(need=need, by=duty, now=LATE)
    assert texts(place, nurse, LATE) == []
    later = LATE + timedelta(minutes=5)
    assert runs_move_due(now=later) == 1
    with time_machine.travel(later, tick=False):
        page = link(place, nurse, later)
        client.post(page, {"act": "yes"})
        assert texts(place, first[0], later) == []
        client.post(page, {"act": "begin"})
    done = later + timedelta(minutes=40)
    with time_machine.travel(done, tick=False):
        client.post(page, {"act": "done", "minutes": "40", "note": "吃下了，退烧了"})
    right = MoveIn(act=Act.RIGHT, asked=Asked.IN_PERSON)
    closed = need_move(need=need, move=right, by=duty, now=done)

    assert closed.stage == "checked"
    assert HoursRow.objects.of(place).get().minutes == 40
    assert the_run(need).state == "taken"
    assert notices(need) == []
