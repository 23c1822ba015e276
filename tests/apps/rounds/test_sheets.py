"""The paper sheet of a round: what stands on it, and what typing it in records."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.rounds.selectors.sheets import sheet_of
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Check, Sighting
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")
ADDRESSES = ("12-1-501", "3-2-402", "3-2-401")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def lin(place):
    return b.member(place, "lin", "walker")


@pytest.fixture
def homes(place):
    made = [b.watched(place, address) for address in ADDRESSES]
    services.checks_make(community=place, now=b.DAWN)
    return made


def planned(place, homes, walkers, at):
    draft = RoundDraft(
        name=f"{at:%H}",
        at=at,
        days=EVERY_DAY,
        walker_ids=[row.pk for row in walkers],
        home_ids=[row.pk for row in homes],
    )
    return round_add(community=place, draft=draft)


@pytest.fixture
def walked(place, homes, lin):
    return planned(place, homes, [lin], time(7, 30))


@pytest.fixture
def duty(client, place):
    client.force_login(b.member(place, "duty", "duty_officer").user)
    client.raise_request_exception = False
    return client


def address(row, on=b.TODAY):
    return f"{reverse('rounds:sheet_entry', args=[row.pk])}?on={on}"


def filled(homes, lin, **more):
    """Return a sheet on which the first stop's one window is seen open at 7:40."""
    return {
        "key": str(uuid.UUID(int=1)),
        "walked_by": lin.pk,
        "at_0": "07:40",
        f"line_{homes[0].pk}_curtain": "open",
        **more,
    }


def of(model, place):
    return model.objects.of(place)


def test_a_sheet_stands_in_walking_order_with_the_windows_of_its_round(walked):
    made = sheet_of(walked=walked, on=b.TODAY)
    assert [line.home.address for line in made.lines] == [*ADDRESSES]
    assert [line.number for line in made.lines] == [1, 2, 3]
    assert [stop.name for stop in made.stops] == ["12 号楼", "3 号楼"]
    assert {line.check.label for line in made.lines} == {"morning"}


def test_who_is_away_is_marked(walked, homes):
    services.absence_declare(home=homes[1], draft=b.away(), by=None, now=b.DAWN)
    tomorrow = b.TODAY + timedelta(days=2)
    marked = [row.is_away for row in sheet_of(walked=walked, on=tomorrow).lines]
    assert marked == [False, True, False]


def test_typed_in_it_counts_by_the_time_on_the_paper(duty, walked, homes, lin, place):
    answer = duty.post(address(walked), filled(homes, lin))
    assert answer.status_code == 302
    row = of(Sighting, place).get()
    assert (row.seen_at, row.received_at) == (b.hour("07:40"), NOON)
    assert (row.by, row.typed_by.display_name) == (lin, "duty")
    check = of(Check, place).get(home=homes[0], label="morning", on=b.TODAY)
    assert check.status == "well"
    assert sheet_of(walked=walked, on=b.TODAY).looked_count == 1
    page = duty.get(reverse("desk:home", args=[homes[0].pk])).content.decode()
    assert "lin" in page
    assert "duty" in page


def test_saved_twice_it_is_recorded_once(duty, walked, homes, lin, place):
    for _ in range(2):
        assert duty.post(address(walked), filled(homes, lin)).status_code == 302
    assert of(Sighting, place).count() == 1


def test_a_saved_sheet_is_not_changed_behind_its_back(duty, walked, homes, lin, place):
    duty.post(address(walked), filled(homes, lin))
    other = {
        f"line_{homes[0].pk}_curtain": "closed",
        f"line_{homes[1].pk}_curtain": "open",
        "at_1": "07:50",
    }
    answer = duty.post(address(walked), filled(homes, lin, **other))
    assert answer.status_code == 422
    assert ADDRESSES[0] in answer.context["form"].non_field_errors()[0]
    assert [row.state for row in of(Sighting, place)] == ["open"]


def test_why_it_could_not_be_seen_is_kept(duty, walked, homes, lin, place):
    line = {f"line_{homes[0].pk}_curtain": "!glare"}
    duty.post(address(walked), filled(homes, lin, **line))
    row = of(Sighting, place).get()
    assert (row.state, row.could_not_see) == ("", "glare")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"at_0": ""}, "at_0"),
        ({"at_0": "quarter to"}, "at_0"),
        ({"at_0": "12:01"}, "at_0"),
        ({"walked_by": "0"}, "walked_by"),
        ({"key": "1"}, "key"),
        ({"line": "ajar"}, "line"),
        ({"line": ""}, "__all__"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    duty, walked, homes, lin, place, wrong, field
):
    name = f"line_{homes[0].pk}_curtain"
    given = {(name if key == "line" else key): row for key, row in wrong.items()}
    answer = duty.post(address(walked), filled(homes, lin, **given))
    assert answer.status_code == 422
    assert (name if field == "line" else field) in answer.context["form"].errors
    assert not of(Sighting, place).exists()


@pytest.mark.parametrize("name", ["sheet", "sheet_entry"])
def test_a_day_that_is_none_is_not_there(duty, walked, name):
    path = reverse(f"rounds:{name}", args=[walked.pk])
    assert duty.get(f"{path}?on=yesterday").status_code == 404
    assert duty.get(f"{path}?on=2031-01-01").status_code == 200


def test_an_evening_runs_past_midnight(duty, place, homes, lin):
    late = planned(place, homes, [lin], time(18, 30))
    with time_machine.travel(b.hour("12:00") + timedelta(days=1), tick=False):
        answer = duty.post(address(late), filled(homes, lin, at_0="00:20"))
    assert answer.status_code == 302
    seen = of(Sighting, place).get().seen_at.astimezone(place.zone)
    assert seen == datetime.combine(date(2026, 3, 3), time(0, 20), tzinfo=place.zone)
