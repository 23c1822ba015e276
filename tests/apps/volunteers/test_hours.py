"""Hours: written once, corrected by another row, and summed as they are exported."""

from __future__ import annotations

import io
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.apps.building import DAWN, TODAY, community, member
from tests.apps.volunteers.people import cells, volunteer

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.scoping import AppendOnlyError
from shouwang.apps.volunteers.models import HoursRow, Volunteer
from shouwang.apps.volunteers.selectors.hours import (
    hours_by_person,
    hours_for,
    hours_of_month,
    hours_of_person,
    hours_sum,
    month_after,
    month_before,
)
from shouwang.apps.volunteers.services import (
    HoursDraft,
    hours_correct,
    hours_record,
    hours_say,
)
from shouwang.apps.volunteers.sheets.writing import hours_xlsx
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def boss() -> Member:
    return member(community(), "周主任", "coordinator")


@pytest.fixture
def lin(boss: Member) -> Volunteer:
    return volunteer(boss)


def hours(minutes: int, what: str = "陪护", **more: object) -> HoursDraft:
    return HoursDraft(**{"on": TODAY, "minutes": minutes, "what": what, **more})  # type: ignore[arg-type]  # shorthand


def month(boss: Member) -> list[HoursRow]:
    return hours_of_month(community=boss.community, month=MARCH)


def test_a_task_is_counted_once_however_often_it_is_told(
    boss: Member, lin: Volunteer
) -> None:
    told: dict[str, Any] = {
        "member": lin.member,
        "on": TODAY,
        "what": "理发",
        "by": boss,
        "now": DAWN,
    }
    first = hours_record(minutes=40, source_key="task-1", **told)
    again = hours_record(minutes=50, source_key="task-1", **told)
    assert (first.pk, first.minutes, first.source) == (again.pk, 40, "task")
    assert hours_record(minutes=50, source_key="task-2", **told).pk != first.pk


def test_a_correction_counts_instead_of_what_it_replaces_and_loses_nothing(
    boss: Member, lin: Volunteer
) -> None:
    wrong = hours_say(member=lin.member, draft=hours(600), by=boss, now=DAWN)
    hours_correct(row=wrong, draft=hours(60), by=boss, now=DAWN)
    assert [row.minutes for row in month(boss)] == [60]
    assert HoursRow.objects.of(boss.community).count() == 2


def test_hours_taken_back_count_no_more(boss: Member, lin: Volunteer) -> None:
    wrong = hours_say(member=lin.member, draft=hours(600), by=boss, now=DAWN)
    hours_correct(row=wrong, draft=None, by=boss, now=DAWN)
    assert month(boss) == []


def test_a_row_is_corrected_once_and_the_second_is_told(
    boss: Member, lin: Volunteer
) -> None:
    wrong = hours_say(member=lin.member, draft=hours(600), by=boss, now=DAWN)
    hours_correct(row=wrong, draft=hours(60), by=boss, now=DAWN)
    with pytest.raises(ConflictError):
        hours_correct(row=wrong, draft=hours(30), by=boss, now=DAWN)
    assert [row.minutes for row in month(boss)] == [60]


def test_nothing_written_down_can_be_rewritten(boss: Member, lin: Volunteer) -> None:
    hours_say(member=lin.member, draft=hours(60), by=boss, now=DAWN)
    with pytest.raises(AppendOnlyError):
        HoursRow.objects.of(boss.community).update(minutes=1)


def test_the_same_said_twice_is_told(boss: Member, lin: Volunteer) -> None:
    hours_say(member=lin.member, draft=hours(60), by=boss, now=DAWN)
    with pytest.raises(ConflictError):
        hours_say(member=lin.member, draft=hours(60), by=boss, now=DAWN)
    hours_say(member=lin.member, draft=hours(60, from_time=time(15)), by=boss, now=DAWN)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (hours(0), "minutes"),
        (hours(1441), "minutes"),
        (hours(60, what=" "), "what"),
        (hours(60, on=TODAY + timedelta(days=1)), "on"),
        (hours(60, on=TODAY - timedelta(days=400)), "on"),
    ],
)
def test_hours_nobody_can_have_given_are_refused_at_their_field(
    boss: Member, lin: Volunteer, draft: HoursDraft, field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        hours_say(member=lin.member, draft=draft, by=boss, now=DAWN)
    assert [*refused.value.fields] == [field]
    assert month(boss) == []


def test_a_file_and_the_page_agree_to_the_last_digit(
    boss: Member, lin: Volunteer
) -> None:
    other = volunteer(boss, "赵大海", "000-0000-0002")
    for place in range(7):
        said = hours(20, f"第{place}次")
        hours_say(
            member=(lin if place % 2 else other).member, draft=said, by=boss, now=DAWN
        )
    rows = month(boss)
    shown = sum((row.hours for row in hours_by_person(rows)), Decimal(0))
    written = cells(hours_xlsx(rows, month=MARCH))
    lines = [Decimal(str(line[-1])) for line in written[1:-1]]
    assert shown == hours_sum(rows) == sum(lines) == Decimal("2.31")
    assert Decimal(str(written[-1][-1])) == Decimal("2.31")


def test_what_looks_like_a_formula_stays_text_in_the_file(
    boss: Member, lin: Volunteer
) -> None:
    lin.member.display_name = '=HYPERLINK("http://127.0.0.1")'
    lin.member.save()
    hours_say(
        member=lin.member,
        draft=hours(60, "=1+1\x01", from_time=time(9)),
        by=boss,
        now=DAWN,
    )
    page = load_workbook(io.BytesIO(hours_xlsx(month(boss), month=MARCH))).worksheets[0]
    line = page[2]
    assert all(cell.data_type != "f" for cell in line)
    assert line[6].data_type == "n"
    assert line[5].value == "=1+1"
    assert [line[1].value, line[3].value, line[4].value] == [
        "000-0000-0001", "2026-03-02", "09:00",
    ]  # fmt: skip


def test_a_month_holds_its_first_day_and_not_the_next_ones(
    boss: Member, lin: Volunteer
) -> None:
    for on in (date(2026, 2, 28), MARCH, TODAY):
        hours_say(member=lin.member, draft=hours(60, on=on), by=boss, now=DAWN)
    assert [row.on for row in month(boss)] == [MARCH, TODAY]
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)


def test_others_see_and_correct_only_what_they_wrote_down_themselves(
    boss: Member, lin: Volunteer
) -> None:
    zhao = member(boss.community, "赵大海", "volunteer")
    own = hours_say(member=zhao, draft=hours(60), by=zhao, now=DAWN)
    by_desk = hours_say(member=zhao, draft=hours(90), by=boss, now=DAWN)
    others = hours_say(member=lin.member, draft=hours(30), by=boss, now=DAWN)
    assert {row.pk for row in hours_of_person(zhao, of=zhao)} == {own.pk, by_desk.pk}
    assert hours_of_person(zhao, of=lin.member) == []
    assert hours_for(zhao, own.pk) == own
    for row in (by_desk, others):
        with pytest.raises(NotFoundError):
            hours_for(zhao, row.pk)
