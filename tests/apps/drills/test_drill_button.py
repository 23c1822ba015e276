"""The drill button: a case like one's own, written, played and told."""

from __future__ import annotations

from datetime import time

import pytest
import yaml
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.alerts.models import EscalationPolicy
from shouwang.apps.drills import running
from shouwang.apps.drills.player import play
from shouwang.apps.drills.reading import read_drill
from shouwang.apps.drills.running import drill_run
from shouwang.apps.drills.writing import PLAYABLE, drill_write
from shouwang.apps.duty import services as duty
from shouwang.apps.residents import services as homes
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.common import clock
from shouwang.common.errors import ShouwangError
from shouwang.domain.alerts import AlertKind
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    lin = b.member(place, "林秀英", "duty_officer", "coordinator")
    chen = b.member(place, "陈立军", "duty_officer")
    walker = b.member(place, "马建国", "walker")
    made = b.watched(place)
    for contact in (
        homes.ContactDraft(name="李玉珍", is_family=True, is_keyholder=True),
        homes.ContactDraft(name="周大姐", is_keyholder=True),
    ):
        homes.contact_add(home=made, draft=contact)
    draft = RoundDraft(
        name="早一",
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[walker.pk],
        home_ids=[made.pk],
    )
    round_add(community=place, draft=draft)
    turn = duty.TurnDraft(
        member_id=lin.pk,
        days=EVERY_DAY,
        begins=time(20),
        ends=time(8),
        valid_from=b.TODAY,
    )
    row = duty.turn_add(community=place, draft=turn)
    giving = duty.Giving(turn=row, on=b.TODAY, to=chen, held_by=lin.pk)
    duty.turn_give(giving=giving, by=lin, now=b.DAWN)
    steps = [
        {"tell": [f"member:{walker.pk}"], "ask": "look_again", "wait": 10},
        {"tell": ["duty_officer"], "ask": "phone", "wait": 5},
        {"tell": ["keyholder"], "ask": "keyholder", "wait": 5},
    ]
    EscalationPolicy.objects.of(place).create(
        community=place,
        name="夜里",
        kinds=["missed"],
        risks=["general"],
        hours_from=time(20),
        hours_to=time(6),
        steps=steps,
    )
    return made


def written(place, home, kind="missed", at="21:00"):
    return drill_write(community=place, home=home, kind=AlertKind(kind), at=b.hour(at))


def test_the_file_holds_invented_ids_and_nobodys_name(place, home):
    file = written(place, home)
    for name in ("林秀英", "陈立军", "马建国", "李玉珍", "周大姐", "3-2-401", "夜里"):
        assert name not in file.text
    assert set(file.names.values()) == {
        "林秀英",
        "陈立军",
        "马建国",
        "李玉珍",
        "周大姐",
    }


def test_the_file_has_the_policy_the_swap_and_who_has_a_key(place, home):
    drill = yaml.safe_load(written(place, home).text)
    (policy,) = drill["policies"]
    assert (policy["risks"], policy["hours"]) == (["general"], "20:00-06:00")
    chen = next(row["id"] for row in drill["people"] if row["id"] == "duty2")
    tonight = [row for row in drill["duty"] if row["hours"] == "20:00-08:00"]
    assert [row["person"] for row in tonight] == [chen]
    assert {"id": "family1", "role": "family", "of": "h1", "key": True} in drill[
        "people"
    ]
    assert {"id": "key1", "role": "keyholder", "of": "h1"} in drill["people"]


@pytest.mark.parametrize("at", ["21:00", "00:30"])
@pytest.mark.parametrize("kind", sorted(PLAYABLE))
def test_every_playable_alert_opens_when_it_was_asked_for(
    place, home, tmp_path, kind, at
):
    moment = b.hour(at)
    path = tmp_path / "drill.yaml"
    path.write_text(written(place, home, kind, at).text, encoding="utf-8")
    drill = read_drill(path)
    assert drill.start < moment < drill.until
    played = list(play(path, as_json=True, language="en"))
    opened = [row for row in map(yaml.safe_load, played) if row.get("did") == "opened"]
    assert opened
    assert opened[0]["type"] == kind
    assert opened[0]["at"] == f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def test_a_drill_in_a_process_of_its_own_tells_who_would_be_told(
    client, place, home, monkeypatch
):
    monkeypatch.setenv("SHOUWANG_SECRET_KEY", "ours")
    client.force_login(place_coordinator(place).user)
    sent = {"home": home.pk, "kind": "missed", "at": "21:00"}
    with clock.set_to(b.DAWN):
        answer = client.post(
            reverse("drills:play"), sent, headers={"accept-language": "en"}
        )
    told = {
        f"{clock.local(row.at, place.zone):%H:%M}": row.told
        for row in answer.context["moments"]
        if row.told
    }
    assert answer.status_code == 200
    assert told["21:00"] == ["马建国"]
    assert told["21:10"] == ["陈立军"]
    assert told["21:15"] == ["李玉珍", "周大姐"]
    assert EscalationPolicy.objects.of(place).count() == 1


def place_coordinator(place):
    return b.member(place, "boss", "coordinator")


def test_the_file_is_offered_and_can_be_read_again(client, place, home, tmp_path):
    client.force_login(place_coordinator(place).user)
    query = f"?home={home.pk}&kind=help&at=09:00"
    with clock.set_to(b.DAWN):
        answer = client.get(reverse("drills:file") + query)
    path = tmp_path / "kept.yaml"
    path.write_bytes(answer.content)
    assert read_drill(path).homes[0].id == "h1"
    assert 'filename="drill-help-0900.yaml"' in answer["Content-Disposition"]


def test_another_communitys_home_is_not_played(client, place, home):
    other = b.community("槐树社区")
    client.force_login(b.member(other, "outsider", "coordinator").user)
    sent = {"home": home.pk, "kind": "missed", "at": "21:00"}
    assert client.post(reverse("drills:play"), sent).status_code == 422


@pytest.mark.parametrize("kind", ["unusual", "watch_stalled", "x", ""])
def test_what_cannot_be_played_is_said_in_words(client, place, home, kind):
    client.force_login(place_coordinator(place).user)
    sent = {"home": home.pk, "kind": kind, "at": "21:00"}
    assert client.post(reverse("drills:play"), sent).status_code == 422


def code_of(call):
    with pytest.raises(ShouwangError) as error:
        call()
    return error.value.code


def test_no_more_drills_are_played_at_once_than_there_is_room_for():
    for _ in range(running.AT_ONCE):
        assert running._PLACES.acquire(blocking=False)
    try:
        assert code_of(lambda: drill_run("", language="en")) == "drills_running"
    finally:
        running._PLACES.release(running.AT_ONCE)


def test_a_drill_that_takes_too_long_is_stopped_and_makes_room():
    def too_long():
        drill_run("", language="en", patience_seconds=0.01)

    assert [code_of(too_long) for _ in range(running.AT_ONCE + 1)] == [
        "drill_too_long"
    ] * (running.AT_ONCE + 1)


def test_a_file_that_cannot_be_played_says_why():
    assert code_of(lambda: drill_run("{}", language="en")) == "drill_refused"
