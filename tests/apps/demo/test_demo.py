from __future__ import annotations

import pytest
from tests.apps.building import hour

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Community, Member
from shouwang.apps.demo.services import demo_fill
from shouwang.apps.residents.models import Home
from shouwang.apps.visits.models import Chat
from shouwang.apps.visits.selectors.due import due_list
from shouwang.apps.visits.selectors.planning import carried
from shouwang.apps.volunteers.models import SignUp, Volunteer
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.rebuild import rebuild_compare
from shouwang.common.errors import ConflictError
from shouwang.domain.needs import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    demo_fill(now=hour("08:20"), homes=20)
    return Community.objects.get()


def test_what_the_demo_stores_is_what_its_facts_say(place):
    compared = rebuild_compare(community=place, now=hour("08:20"))
    assert compared.differences == ()
    assert compared.count > 20 * 42


def test_the_demo_has_homes_in_every_mood(place):
    assert Home.objects.of(place).count() == 20
    statuses = set(Check.objects.of(place).values_list("status", flat=True))
    assert {"well", "open", "excused", "scheduled", "not_looked"} <= statuses


def test_the_demo_has_needs_in_every_stage_but_cancelled(place):
    needs = Need.objects.of(place)
    stages = set(needs.values_list("stage", flat=True))
    assert stages == set(Stage) - {Stage.CANCELLED}
    assert needs.get(alert__outcome="needs_help").source == "alert"
    assert not needs.filter(since__gt=hour("08:20")).exists()


def test_the_demo_has_volunteers_in_three_teams_and_somebody_who_waits(place):
    rows = Volunteer.objects.of(place)
    assert rows.count() == 43
    assert set(rows.values_list("team__kind", flat=True)) == {
        "residents",
        "red_cross",
        "students",
    }
    assert rows.filter(consent_on__isnull=True).exists()
    assert SignUp.objects.of(place).filter(state="new").count() == 2


def test_the_demo_has_visits_that_are_due_and_a_round_to_make(place):
    states = {row.state for row in due_list(community=place, now=hour("08:20"))}
    assert "due" in states
    walker = Member.objects.of(place).get(user__username="walker1")
    assert len(carried(member=walker, now=hour("08:20")).rows) == 4
    assert Chat.objects.of(place).count() == 3


def test_a_second_demo_is_refused(place):
    with pytest.raises(ConflictError):
        demo_fill(now=hour("08:20"), homes=20)
