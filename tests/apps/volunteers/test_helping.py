"""Who can be asked to help, as the choice of whom to ask sees them."""

from __future__ import annotations

from datetime import date, time

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.apps.building import DAWN, TODAY, community, home, member

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.volunteers.models import (
    KnownHome,
    Pausing,
    ServedBuilding,
    Team,
    Volunteer,
)
from shouwang.apps.volunteers.selectors import helpers_of
from shouwang.domain.volunteers import FreeTime, Helper, MonthDay, Pause

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    return community()


def volunteer(person: Member, **known: object) -> Volunteer:
    values = {"consent_on": TODAY, "joined_on": TODAY, **known}
    return Volunteer.objects.of(person.community_id).create(
        community_id=person.community_id, member=person, **values
    )


def the_one(here: Community) -> Helper:
    [found] = helpers_of(community=here, now=DAWN)
    return found


def test_who_walks_helps_without_any_record_everywhere_and_at_any_time(
    here: Community,
) -> None:
    walker = member(here, "林师傅", "walker")
    member(here, "街道", "supervisor")
    assert the_one(here) == Helper(member=walker.pk, name="林师傅")


def test_everything_a_volunteer_said_is_told(here: Community) -> None:
    flat = home(here)
    team = Team.objects.of(here).create(
        community=here, name="大学生", kind="students",
        season_from="07-01", season_until="08-31",
    )  # fmt: skip
    row = volunteer(
        member(here, "小雨", "volunteer"),
        team=team,
        skills=["barber", "own-1"],
        times=[{"weekday": 1, "from": "14:00", "to": "17:00"}],
        a_week=2,
    )
    ServedBuilding.objects.of(here).create(
        community=here, volunteer=row, building=flat.building
    )
    KnownHome.objects.of(here).create(
        community=here, volunteer=row, home=flat, noted_at=DAWN
    )
    for taken_back in (None, DAWN):
        Pausing.objects.of(here).create(
            community=here,
            volunteer=row,
            from_on=date(2026, 4, 1),
            noted_at=DAWN,
            withdrawn_at=taken_back,
        )
    assert the_one(here) == Helper(
        member=row.member_id,
        name="小雨",
        skills=frozenset({"barber", "own-1"}),
        buildings=frozenset({flat.building_id}),
        times=(FreeTime(weekday=1, from_time=time(14), to_time=time(17)),),
        season=(MonthDay(month=7, day=1), MonthDay(month=8, day=31)),
        a_week=2,
        knows=frozenset({flat.pk}),
        pauses=(Pause(from_on=date(2026, 4, 1)),),
        may=True,
    )


def test_an_own_season_goes_before_the_teams(here: Community) -> None:
    team = Team.objects.of(here).create(
        community=here, name="大学生", kind="students",
        season_from="07-01", season_until="08-31",
    )  # fmt: skip
    volunteer(
        member(here, "小雨", "volunteer"),
        team=team,
        season_from="01-10",
        season_until="02-20",
    )
    assert the_one(here).season == (
        MonthDay(month=1, day=10),
        MonthDay(month=2, day=20),
    )


@pytest.mark.parametrize("known", [{"consent_on": None}, {"left_on": TODAY}])
def test_who_did_not_agree_or_has_left_may_not_be_asked(
    here: Community, known: dict[str, object]
) -> None:
    volunteer(member(here, "小雨", "volunteer"), **known)
    assert not the_one(here).may


def test_who_left_the_community_is_not_there_nor_anybody_of_another(
    here: Community,
) -> None:
    gone = member(here, "小雨", "volunteer")
    gone.left_at = DAWN
    gone.save()
    volunteer(member(community("隔壁"), "别人", "volunteer"))
    assert helpers_of(community=here, now=DAWN) == []


def test_many_people_cost_no_more_queries_than_few(
    here: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(12):
        volunteer(member(here, f"志愿者{place}", "volunteer"))
    with django_assert_num_queries(6):
        assert len(helpers_of(community=here, now=DAWN)) == 12
