from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.apps.outbox.channels import estate, missed

from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.vitals.lines import lines_write_due
from shouwang.apps.vitals.models import LatenessLine
from shouwang.notify.channels import RECORDING

pytestmark = pytest.mark.django_db
NEXT_MORNING = b.hour("07:00") + timedelta(days=1)


def lines(place):
    return OutboxMessage.objects.of(place).filter(about="lateness")


def test_a_day_on_which_something_was_late_is_one_line_to_the_coordinator():
    place = estate("3-2-401")
    # Decided half an hour after the deadline: the program was away.
    missed(place, "09:40")
    assert lines_write_due(now=NEXT_MORNING) == 1
    RECORDING.clear()
    outbox_send_due(now=NEXT_MORNING)
    told = [row for row in RECORDING.sent if row.about == "lateness"]
    assert len(told) == 2
    assert "03-02" in told[0].text


def test_a_day_on_which_nothing_was_late_is_silent():
    place = b.community()
    place.checks_until_on = b.TODAY
    place.save()
    assert lines_write_due(now=NEXT_MORNING) == 0
    assert not lines(place).exists()
    assert LatenessLine.objects.of(place).get().counts == {}


def test_a_day_is_looked_back_at_once_and_not_before_the_morning():
    place = estate("3-2-401")
    missed(place, "09:40")
    assert lines_write_due(now=NEXT_MORNING - timedelta(minutes=1)) == 0
    assert lines_write_due(now=NEXT_MORNING) == 1
    assert lines_write_due(now=NEXT_MORNING + timedelta(hours=1)) == 0
    assert lines(place).count() == 2
