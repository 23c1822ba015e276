"""The invented community at any hour: decided, invented, like real mornings."""

from __future__ import annotations

import pytest
from tests.apps.building import hour

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Community
from shouwang.apps.demo.people import GIVEN, SURNAMES
from shouwang.apps.demo.services import demo_fill
from shouwang.apps.residents.models import Resident
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.rebuild import rebuild_compare

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["03:00", "07:05", "12:00", "19:00", "23:30"])
def now(request, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    now = hour(request.param)
    demo_fill(now=now, homes=16)
    return now


def test_at_any_hour_the_demo_is_decided_as_its_facts_say(now):
    place = Community.objects.get()
    assert rebuild_compare(community=place, now=now).differences == ()
    undecided = Check.objects.of(place).filter(
        alert_at__lte=now, status__in=("scheduled", "open", "grace")
    )
    assert not undecided.exists()
    assert Alert.objects.of(place).filter(kind="help").exclude(state="closed").exists()


def test_once_a_window_is_over_every_kind_of_trouble_is_there(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    demo_fill(now=hour("12:00"), homes=30)
    alerts = Alert.objects.of(Community.objects.get())
    standing = set(alerts.exclude(state="closed").values_list("kind", flat=True))
    assert {"help", "missed", "unclear", "not_looked"} <= standing
    outcomes = set(alerts.filter(state="closed").values_list("outcome", flat=True))
    assert {"overslept", "did_not_hear", "signal_broken"} <= outcomes


def test_everybody_in_the_demo_is_invented(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    demo_fill(now=hour("12:00"), homes=30)
    for resident in Resident.objects.of(Community.objects.get()):
        assert resident.name[0] in SURNAMES
        assert set(resident.name[1:]) <= set(GIVEN)
