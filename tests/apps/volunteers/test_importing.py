"""A sheet of volunteers: nothing is written before its preview, and twice is once."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.apps.building import DAWN, TODAY, community, home, member
from tests.apps.volunteers.people import cells, sheet, volunteer

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import roles_of
from shouwang.apps.volunteers.models import Team, Volunteer
from shouwang.apps.volunteers.services import (
    TeamDraft,
    import_apply,
    import_preview,
    import_template,
    team_add,
)
from shouwang.apps.volunteers.services.importing import Applied
from shouwang.apps.volunteers.sheets.comparing import SheetPreview
from shouwang.apps.volunteers.sheets.known import known_of
from shouwang.apps.volunteers.sheets.writing import volunteers_xlsx
from shouwang.common.errors import ConflictError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Member:
    return member(community(), "周主任", "coordinator")


def looked(boss: Member, content: bytes) -> SheetPreview:
    return import_preview(
        community=boss.community, content=content, filename="v.xlsx", now=DAWN
    )


def applied(boss: Member, content: bytes, expected: str = "") -> Applied:
    return import_apply(
        community=boss.community,
        content=content,
        filename="v.xlsx",
        expected=expected or looked(boss, content).digest,
        by=boss,
        now=DAWN,
    )


def refusals(found: SheetPreview) -> list[tuple[str, str]]:
    return [
        (note.reference, note.column)
        for row in found.rows
        for note in row.notes
        if note.is_refusal
    ]


def test_a_preview_writes_nothing(boss: Member) -> None:
    found = looked(boss, sheet(["林小雨", "000-0000-0001", "红十字"]))
    assert (found.counts["new"], found.new_teams) == (1, ("红十字",))
    assert not Volunteer.objects.of(boss.community).exists()
    assert not Team.objects.of(boss.community).exists()


def test_new_people_come_in_with_everything_the_sheet_says(boss: Member) -> None:
    flat = home(boss.community)
    headings = (
        "姓名 手机号* 队伍 特长 空闲时间 季节 每周几次 楼栋 认识的住户 同意日期 同意书编号 "
        "保密培训日期 急救培训日期 急救有效期至 备注"
    )
    line: list[object] = [
        "林小雨", 13800000001.0, "大学生", "理发、陪伴", "周二下午", "7.1-8.31", 2, 3,
        "3-2-401", date(2026, 2, 1), "志愿 1", "2026-02-02", "2026-02-03",
        "2028-02-03", "=好",
    ]  # fmt: skip
    line[-1] = "好"
    applied(boss, sheet(line, headings=headings))
    row = Volunteer.objects.of(boss.community).select_related("member", "team").get()
    assert (row.member.display_name, row.member.phone) == ("林小雨", "13800000001")
    assert roles_of(row.member) == {"volunteer"}
    assert (str(row.team), row.skills, row.a_week) == (
        "大学生",
        ["barber", "company"],
        2,
    )
    assert row.times == [{"weekday": 1, "from": "12:00", "to": "18:00"}]
    assert (row.season_from, row.season_until) == ("07-01", "08-31")
    assert [one.building_id for one in row.buildings.all()] == [flat.building_id]
    assert [one.home_id for one in row.known_homes.all()] == [flat.pk]
    assert (row.consent_on, row.consent_paper) == (date(2026, 2, 1), "志愿 1")
    assert [(one.what, one.valid_until) for one in row.trainings.order_by("pk")] == [
        ("confidentiality", None),
        ("first_aid", date(2028, 2, 3)),
    ]
    assert row.history.count() == 1
    assert row.member.history.count() == 1


def test_bringing_the_same_sheet_in_again_changes_nothing(boss: Member) -> None:
    content = sheet(["林小雨", "000-0000-0001", "红十字", "理发", "周二下午"])
    assert applied(boss, content) == Applied(new_count=1, changed_count=0)
    assert looked(boss, content).counts["unchanged"] == 1
    assert applied(boss, content) == Applied(new_count=0, changed_count=0)


def test_what_the_sheet_leaves_empty_stays_as_it_is(boss: Member) -> None:
    row = volunteer(
        boss, phone="138-0000-0001", skills=frozenset({"nurse"}), note="膝盖不好"
    )
    content = sheet(["林小雨", "+86 138 0000 0001", "红十字", "", ""])
    [found] = looked(boss, content).rows
    assert [(one.column, one.old, one.new) for one in found.changes] == [
        ("team", "", "红十字")
    ]
    assert applied(boss, content).changed_count == 1
    row.refresh_from_db()
    assert (row.skills, row.note, str(row.team)) == (["nurse"], "膝盖不好", "红十字")


def test_a_walker_with_this_phone_becomes_a_volunteer_and_no_second_person(
    boss: Member,
) -> None:
    walker = member(boss.community, "林师傅", "walker")
    walker.phone = "138 0000 0001"
    walker.save()
    assert applied(boss, sheet(["林师傅", "13800000001"])).changed_count == 1
    assert Volunteer.objects.of(boss.community).get().member_id == walker.pk


def test_bad_cells_are_named_and_nothing_is_written(boss: Member) -> None:
    content = sheet(
        ["林小雨", "000-0000-0001", "", "飞行", "有空就来"],
        ["赵大海", "", "", "", ""],
        ["", "12", "", "", "周二 17:00-14:00"],
        ["钱阿姨", "000-0000-0001", "", "", ""],
    )
    found = looked(boss, content)
    assert refusals(found) == [
        ("D2", "skills"), ("E2", "times"), ("B3", "phone"),
        ("E4", "times"), ("A4", "name"), ("B4", "phone"),
    ]  # fmt: skip
    with pytest.raises(RefusedError):
        applied(boss, content, found.digest)
    assert not Volunteer.objects.of(boss.community).exists()


def test_a_phone_that_stands_twice_in_the_sheet_is_refused_with_its_row(
    boss: Member,
) -> None:
    found = looked(
        boss, sheet(["林小雨", "138-0000-0001"], ["小雨", "+86 138 0000 0001"])
    )
    assert refusals(found) == [("B3", "phone")]
    assert "2" in found.rows[1].notes[0].words


def test_a_phone_that_is_somebody_elses_here_is_refused(boss: Member) -> None:
    volunteer(boss)
    found = looked(boss, sheet(["赵大海", "000-0000-0001"]))
    assert refusals(found) == [("A2", "name")]


def test_a_phone_two_people_share_here_is_left_to_a_person(boss: Member) -> None:
    volunteer(boss)
    volunteer(boss, "赵大海", "000-0000-0001")
    assert refusals(looked(boss, sheet(["林小雨", "000-0000-0001"]))) == [
        ("B2", "phone")
    ]


def test_what_changed_since_the_preview_is_told(boss: Member) -> None:
    content = sheet(["林小雨", "000-0000-0001", "", "理发"])
    seen = looked(boss, content).digest
    volunteer(boss, skills=frozenset({"nurse"}))
    with pytest.raises(ConflictError):
        applied(boss, content, seen)


def test_a_formula_is_refused_and_a_strange_file_told(boss: Member) -> None:
    assert refusals(looked(boss, sheet(["=1+1", "000-0000-0001"])))[0] == ("A2", "name")
    with pytest.raises(RefusedError) as refused:
        looked(boss, sheet(["3", "2"], headings="楼栋 房号"))
    assert refused.value.code == "roster_no_header"


def test_the_template_can_be_brought_in_and_its_cells_are_text(boss: Member) -> None:
    assert looked(boss, import_template()).rows == ()


def test_who_is_here_comes_out_as_a_sheet_that_changes_nothing(boss: Member) -> None:
    flat = home(boss.community)
    team = team_add(community=boss.community, draft=TeamDraft(name="红十字"))
    volunteer(
        boss,
        team=team,
        skills=frozenset({"barber", "company"}),
        home_ids=frozenset({flat.pk}),
        building_ids=frozenset({flat.building_id}),
        consent_paper="志愿 1",
    )
    content = volunteers_xlsx(known_of(boss.community, today=TODAY))
    assert cells(content)[1][:2] == ["林小雨", "000-0000-0001"]
    assert looked(boss, content).counts == {
        "new": 0, "changed": 0, "unchanged": 1, "refused": 0,
    }  # fmt: skip


def test_420_people_come_in_with_as_many_statements_as_ten(
    boss: Member, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [
        [f"志愿者{place}", f"138{place:08}", f"第{place % 3}队", "理发", "周末"]
        for place in range(420)
    ]
    content = sheet(*lines)
    seen = looked(boss, content).digest
    # A query a row would be more than 420.
    with django_assert_max_num_queries(80):
        assert applied(boss, content, seen).new_count == 420
