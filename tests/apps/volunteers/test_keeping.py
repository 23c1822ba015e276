"""What is written of a volunteer, who may see it, and what is missing on file."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from tests.apps.building import DAWN, TODAY, community, home, member
from tests.apps.volunteers.people import draft, volunteer

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import roles_of
from shouwang.apps.volunteers.drafts import OwnDraft, TrainingDraft
from shouwang.apps.volunteers.models import Volunteer
from shouwang.apps.volunteers.selectors import helpers_of
from shouwang.apps.volunteers.selectors.people import (
    Wanted,
    pause_for,
    volunteer_for,
    volunteers_list,
)
from shouwang.apps.volunteers.services import (
    TeamDraft,
    pause_add,
    pause_withdraw,
    skill_add,
    skill_end,
    team_add,
    training_add,
    training_withdraw,
    volunteer_keep,
    volunteer_leave,
    volunteer_own_change,
    volunteer_return,
)
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.domain.volunteers import FreeTime

pytestmark = pytest.mark.django_db
AFTERNOON = FreeTime(weekday=1, from_time=time(14), to_time=time(17))


@pytest.fixture
def boss() -> Member:
    return member(community(), "周主任", "coordinator")


def names(boss: Member, **wanted: object) -> list[str]:
    rows = volunteers_list(boss, Wanted(**wanted), today=TODAY)  # type: ignore[arg-type]  # shorthand
    return [row.member.display_name for row, _standing in rows]


def test_a_walker_becomes_a_volunteer_and_stays_a_walker(boss: Member) -> None:
    walker = member(boss.community, "林师傅", "walker")
    flat = home(boss.community)
    said = draft(
        skills=frozenset({"barber"}),
        times=(AFTERNOON,),
        building_ids=frozenset({flat.building_id}),
        home_ids=frozenset({flat.pk}),
    )
    volunteer_keep(member=walker, draft=said, now=DAWN)
    assert roles_of(Member.objects.of(boss.community).get(pk=walker.pk)) == {
        "walker",
        "volunteer",
    }
    [helper] = [
        row
        for row in helpers_of(community=boss.community, now=DAWN)
        if row.member == walker.pk
    ]
    assert (helper.times, helper.knows) == ((AFTERNOON,), frozenset({flat.pk}))


def test_another_communitys_buildings_and_homes_are_never_written(boss: Member) -> None:
    strange = home(community("隔壁"), "9-1-101")
    row = volunteer(
        boss,
        building_ids=frozenset({strange.building_id}),
        home_ids=frozenset({strange.pk}),
    )
    assert not row.buildings.exists()
    assert not row.known_homes.exists()


def test_what_was_changed_can_be_read_in_the_history(boss: Member) -> None:
    row = volunteer(boss, skills=frozenset({"barber"}))
    volunteer_keep(member=row.member, draft=draft(), now=DAWN)
    assert [past.skills for past in row.history.order_by("pk")] == [["barber"], []]


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"consent_on": None, "consent_paper": "志愿 1"}, "consent_on"),
        ({"consent_on": TODAY + timedelta(days=1)}, "consent_on"),
        (
            {"times": (FreeTime(weekday=1, from_time=time(9), to_time=time(9)),)},
            "times",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    boss: Member, known: dict[str, Any], field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        volunteer(boss, **known)
    assert [*refused.value.fields] == [field]
    assert not Volunteer.objects.of(boss.community).exists()


def test_who_says_of_themselves_what_they_can_do_agrees_first(boss: Member) -> None:
    lin = member(boss.community, "林师傅", "walker")
    with pytest.raises(RefusedError):
        volunteer_own_change(member=lin, draft=OwnDraft(), now=DAWN)
    said = OwnDraft(times=(AFTERNOON,), agrees=True)
    row = volunteer_own_change(member=lin, draft=said, now=DAWN)
    assert (row.consent_on, row.consent_paper != "") == (TODAY, True)


def test_ones_own_change_leaves_what_only_the_desk_knows(boss: Member) -> None:
    team = team_add(community=boss.community, draft=TeamDraft(name="理发队"))
    row = volunteer(boss, team=team, note="膝盖不好", consent_paper="志愿 1")
    volunteer_own_change(member=row.member, draft=OwnDraft(a_week=2), now=DAWN)
    row.refresh_from_db()
    assert (row.a_week, row.team, row.note, row.consent_paper) == (
        2, team, "膝盖不好", "志愿 1",
    )  # fmt: skip


def test_who_left_is_asked_no_more_and_can_come_back(boss: Member) -> None:
    row = volunteer(boss)
    volunteer_leave(volunteer=row, now=DAWN)
    assert (names(boss), names(boss, state="left")) == ([], ["林小雨"])
    volunteer_return(volunteer=row)
    assert names(boss) == ["林小雨"]


def test_a_pause_is_shown_until_it_is_taken_back(boss: Member) -> None:
    row = volunteer(boss)
    pause = pause_add(
        volunteer=row, from_on=TODAY, until_on=None, why="住院", by=boss, now=DAWN
    )
    assert names(boss, state="not_now") == ["林小雨"]
    pause_withdraw(pause=pause, now=DAWN)
    assert names(boss, state="now") == ["林小雨"]


@pytest.mark.parametrize(
    "until", [TODAY - timedelta(days=1), TODAY - timedelta(days=9)]
)
def test_a_pause_that_cannot_be_is_refused(boss: Member, until: date) -> None:
    row = volunteer(boss)
    with pytest.raises(RefusedError):
        pause_add(
            volunteer=row,
            from_on=TODAY - timedelta(days=5),
            until_on=until,
            why="",
            by=boss,
            now=DAWN,
        )


def test_who_lacks_consent_or_training_is_found(boss: Member) -> None:
    row = volunteer(boss)
    for what in ("confidentiality", "first_aid"):
        training_add(
            volunteer=row, draft=TrainingDraft(what=what, on=TODAY), by=boss, now=DAWN
        )
    assert names(boss, state="lacking") == []
    training_withdraw(training=row.trainings.get(what="first_aid"), now=DAWN)
    volunteer(boss, "赵大海", consent_on=None)
    assert names(boss, state="lacking") == ["林小雨", "赵大海"]
    assert names(boss, state="now") == ["林小雨"]


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"what": "other"}, "words"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until"),
    ],
)
def test_training_that_cannot_be_is_refused_at_its_field(
    boss: Member, known: dict[str, Any], field: str
) -> None:
    row = volunteer(boss)
    given = TrainingDraft(**{"what": "first_aid", "on": TODAY, **known})
    with pytest.raises(RefusedError) as refused:
        training_add(volunteer=row, draft=given, by=boss, now=DAWN)
    assert [*refused.value.fields] == [field]


@pytest.mark.parametrize("text", ["小雨", "0000-0001", "红十字", "修鞋", "00000001"])
def test_a_volunteer_is_found_by_name_phone_team_and_skill(
    boss: Member, text: str
) -> None:
    team = team_add(community=boss.community, draft=TeamDraft(name="红十字一队"))
    shoes = skill_add(community=boss.community, name="修鞋")
    volunteer(boss, team=team, skills=frozenset({shoes.skill}))
    volunteer(boss, "赵大海", "000-0000-0002")
    assert names(boss, text=text) == ["林小雨"]


def test_the_list_is_narrowed_by_team_and_skill(boss: Member) -> None:
    team = team_add(community=boss.community, draft=TeamDraft(name="红十字一队"))
    volunteer(boss, team=team)
    volunteer(boss, "赵大海", "000-0000-0002", skills=frozenset({"barber"}))
    assert names(boss, team=team.pk) == ["林小雨"]
    assert names(boss, skill="barber") == ["赵大海"]


def test_a_volunteer_sees_themselves_and_nobody_else_and_a_supervisor_nobody(
    boss: Member,
) -> None:
    row = volunteer(boss)
    lin = member(boss.community, "林师傅", "volunteer")
    own = volunteer_own_change(member=lin, draft=OwnDraft(agrees=True), now=DAWN)
    pause = pause_add(
        volunteer=row, from_on=TODAY, until_on=None, why="", by=boss, now=DAWN
    )
    assert names(lin) == ["林师傅"]
    assert volunteer_for(lin, own.pk) == own
    outsider = member(community("隔壁"), "别人", "coordinator")
    supervisor = member(boss.community, "街道", "supervisor")
    for stranger in (lin, outsider, supervisor):
        with pytest.raises(NotFoundError):
            volunteer_for(stranger, row.pk)
        with pytest.raises(NotFoundError):
            pause_for(stranger, pause.pk)


def test_a_name_is_given_once(boss: Member) -> None:
    team_add(community=boss.community, draft=TeamDraft(name="理发队"))
    skill_add(community=boss.community, name="修鞋")
    with pytest.raises(RefusedError):
        team_add(community=boss.community, draft=TeamDraft(name=" 理发队 "))
    with pytest.raises(RefusedError):
        skill_add(community=boss.community, name="修鞋")


def test_an_own_skill_that_ended_stays_with_who_has_it(boss: Member) -> None:
    shoes = skill_add(community=boss.community, name="修鞋")
    volunteer(boss, skills=frozenset({shoes.skill}))
    skill_end(row=shoes, now=DAWN)
    assert names(boss, text="修鞋") == ["林小雨"]
    again = skill_add(community=boss.community, name="修鞋")
    assert again.skill != shoes.skill
