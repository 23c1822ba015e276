"""What the phone asks for and sends: the day's visits, forms, chats, and its file."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import IntegrityError, transaction
from tests.apps import building as b
from tests.apps.api.machines import Machine

from shouwang.apps.rounds.services.phone_files import phone_file_record
from shouwang.apps.visits.models import Chat, PlannedVisit, Visit
from shouwang.apps.visits.services import QuestionDraft, question_add, visits_plan

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")
TEN = b.hour("10:00").isoformat()


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    return b.watched(place)


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator")


@pytest.fixture
def lin(place, home, chen):
    who = b.member(place, "lin", "walker")
    visits_plan(member=who, home_ids=[home.pk], on=b.TODAY, by=chen, now=NOON)
    return who


def visit(home, **more):
    values = {
        "id": str(uuid.uuid4()),
        "home": home.pk,
        "outcome": "spoke",
        "visited_at": TEN,
        "answers": [{"code": "how_is_she", "value": "well"}],
    }
    return {**values, **more}


def test_a_phone_gets_only_the_visits_that_its_walker_carries_today(
    place, home, lin, chen
):
    b.watched(place, "3-2-302")
    draft = QuestionDraft(words="空调好用吗", kind="yes_no", required=True)
    question_add(community=place, draft=draft, by=chen, now=NOON)
    status, body = Machine(lin).get("/phone/visits")
    assert status == 200
    assert [row["address"] for row in body["visits"]] == ["3-2-401"]
    assert [row["address"] for row in body["chat_homes"]] == ["3-2-401"]
    assert body["form"]["version"] == 1
    assert body["form"]["questions"][-1]["words"] == "空调好用吗"
    assert "3-2-302" not in str(body)


def test_a_visit_is_taken_once_and_marks_the_day_done(place, home, lin):
    machine, sent = Machine(lin), visit(home, clock_offset_ms=60_000)
    answers = [machine.post("/phone/visits", sent)[1]["outcome"] for _ in range(2)]
    assert answers == ["accepted", "already_had"]
    # The offset was measured anew: the visit is the same.
    again = machine.post("/phone/visits", {**sent, "clock_offset_ms": 61_000})
    assert again[1]["outcome"] == "already_had"
    assert Visit.objects.of(place).get().visited_at == b.hour("09:59")
    assert machine.get("/phone/visits")[1]["visits"][0]["done"] is True


def test_what_somebody_else_recorded_is_not_taken(home, lin, chen):
    status, body = Machine(chen).post("/phone/visits", visit(home, member=lin.pk))
    assert (status, body["error"]["code"]) == (409, "other_member")


def test_every_wrong_answer_is_named(place, home, lin):
    answers = [{"code": "home_safety", "value": "?"}]
    status, body = Machine(lin).post("/phone/visits", visit(home, answers=answers))
    assert status == 422
    assert set(body["error"]["fields"]) == {"how_is_she", "home_safety"}
    assert not Visit.objects.of(place).exists()


def test_a_home_is_planned_once_a_day_whoever_is_quicker(place, home, lin, chen):
    with (
        pytest.raises(IntegrityError, match=r"visit_planned_once_a_day|UNIQUE"),
        transaction.atomic(),
    ):
        PlannedVisit.objects.of(place).create(
            community=place, home=home, member=chen, on=b.TODAY, planned_at=NOON
        )


def file_of(**more):
    plain = {"shouwang_phone": 1, "offset_ms": 0, "looks": [], "photos": []}
    return json.dumps({**plain, "more": more}).encode()


def test_a_phones_file_brings_its_visits_and_chats_in_once(place, home, lin, chen):
    made = {**visit(home), "member": lin.pk}
    chat = {"id": str(uuid.uuid4()), "member": lin.pk, "home": home.pk, "at": TEN}
    content = file_of(visits=[made], chats=[chat])
    for new in (2, 0):
        done = phone_file_record(community=place, content=content, by=chen, now=NOON)
        assert (done.new_count, done.refused) == (new, ())
    assert Visit.objects.of(place).get().by == lin
    assert Chat.objects.of(place).get().at == b.hour("10:00")


def test_what_cannot_be_brought_in_is_told_and_takes_nothing_with_it(
    place, home, lin, chen
):
    made = {**visit(home), "member": lin.pk}
    content = file_of(
        visits=[made, {**visit(home), "member": lin.pk + 99}, {"damaged": True}],
        unheard_of=[1],
    )
    done = phone_file_record(community=place, content=content, by=chen, now=NOON)
    assert (done.new_count, len(done.refused)) == (1, 3)


def test_whatever_the_app_begins_with_is_named_in_its_page(client):
    """Found one by one, each module would wait for the one that names it."""
    page = client.get("/phone/").content.decode()
    app = finders.find("phone/app.js")
    assert app is not None
    folder = Path(app).parent
    found, todo = set(), ["app.js"]
    while todo:
        name = todo.pop()
        found.add(name)
        named = re.findall(r'from "\./(\w+\.js)"', (folder / name).read_text("utf-8"))
        todo += set(named) - found
    preloaded = re.findall(r'rel="modulepreload" href="[^"]*/phone/([\w.]+)"', page)
    assert set(preloaded) == found - {"app.js"}
    assert "visitsui.js" not in found
