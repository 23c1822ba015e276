"""Whom the ladder reaches: who is on duty when the step is told, and who is there."""

from __future__ import annotations

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert, EscalationPolicy
from shouwang.apps.alerts.services import ladders_advance_due
from shouwang.apps.communities.services import member_leave
from shouwang.apps.duty import services as duty
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.watch import services
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


def turn(who, begins, ends):
    draft = duty.TurnDraft(
        member_id=who.pk,
        days=EVERY_DAY,
        begins=begins,
        ends=ends,
        valid_from=b.TODAY,
    )
    duty.turn_add(community=who.community, draft=draft)


def alarmed(place, *addresses):
    """Nobody looks at these homes in the morning; return when that is known."""
    for address in addresses:
        b.watched(place, address)
    services.checks_make(community=place, now=b.DAWN)
    services.checks_decide_due(now=b.hour("09:10"))


def told(place):
    rows = OutboxMessage.objects.of(place).order_by("pk")
    return [str(row.to_member) for row in rows]


def test_the_duty_officer_is_who_is_on_duty_when_the_step_is_told(place):
    turn(b.member(place, "early", "duty_officer"), time(5), time(9, 20))
    turn(b.member(place, "late", "duty_officer"), time(9, 20), time(5))
    step = {"tell": ["duty_officer"], "ask": "phone", "wait": 15}
    EscalationPolicy.objects.of(place).create(
        community=place, name="two steps", kinds=["not_looked"], steps=[step, step]
    )
    alarmed(place, "3-2-401")
    assert told(place) == ["early"]
    ladders_advance_due(now=b.hour("09:25"))
    assert told(place) == ["early", "late"]


def test_in_a_gap_of_the_rota_every_duty_officer_is_told(place):
    turn(b.member(place, "night", "duty_officer"), time(20), time(8))
    b.member(place, "other", "duty_officer")
    alarmed(place, "3-2-401")
    assert told(place) == ["night", "other"]


def test_without_a_rota_every_duty_officer_is_told(place):
    b.member(place, "one", "duty_officer")
    b.member(place, "two", "duty_officer")
    alarmed(place, "3-2-401")
    assert told(place) == ["one", "two"]


def test_who_was_named_and_has_left_is_not_counted_as_told(place):
    chen = b.member(place, "chen", "coordinator")
    gone = b.member(place, "gone", "walker")
    member_leave(member=gone, now=b.DAWN)
    alarmed(place, "3-2-401")
    alert = Alert.objects.of(place).get()
    alert.steps = [
        {"tell": [f"member:{gone.pk}"], "ask": "phone", "wait": 5},
        {"tell": [f"member:{chen.pk}"], "ask": "phone", "wait": 5},
    ]
    alert.step, alert.state, alert.next_at = 0, "open", b.hour("09:20")
    alert.save()
    ladders_advance_due(now=b.hour("09:20"))
    assert told(place)[-1] == "chen"
    assert "gone" not in told(place)
    assert alert.events.filter(did="nobody_told", step=1, at=b.hour("09:20")).exists()


def queries_of_a_pass(place, now):
    with CaptureQueriesContext(connection) as caught:
        ladders_advance_due(now=now)
    return [row["sql"] for row in caught if '"duty_duty' in row["sql"]]


@pytest.mark.parametrize("count", [1, 12])
def test_the_rota_is_read_once_a_community_and_pass(place, count):
    turn(b.member(place, "duty", "duty_officer"), time(0), time(0))
    b.member(place, "chief", "coordinator")
    alarmed(place, *(f"3-2-{number}01" for number in range(1, count + 1)))
    assert Alert.objects.of(place).filter(home__isnull=False).count() == count
    assert len(queries_of_a_pass(place, b.hour("10:10"))) == 2
