"""What happens when the signal is missing: nine real cases, told to their end.

Each begins at her window and ends when somebody has asked her; what everybody was told
on the way is the whole of what they were told.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.domain.building import EVENING, MORNING
from tests.scenarios.neighbourhood import helper, keyholder, story

from shouwang.apps.care.models import Chase, HandOver
from shouwang.apps.care.services import need_change, need_kind_add
from shouwang.apps.care.services.opening import NeedDraft
from shouwang.apps.dispatch.services import kind_skills_set
from shouwang.apps.residents.services import AbsenceDraft
from shouwang.apps.visits.models import Visit
from shouwang.apps.visits.selectors.company import company_list
from shouwang.apps.visits.selectors.due import call_of_home
from shouwang.apps.visits.services import (
    NeedSaid,
    VisitIn,
    visit_record,
    visits_plan,
)
from shouwang.apps.watch import services as watch
from shouwang.domain.needs import Act, Asked
from shouwang.domain.visits import Answer, CallState, Cause, ChangeKind

pytestmark = pytest.mark.django_db
SMILES = replace(MORNING, well=frozenset({"smile"}))
LAMP = replace(EVENING, well=frozenset({"on"}))


@pytest.fixture(autouse=True)
def _links_lead_somewhere(settings):
    settings.PUBLIC_URL = "https://watch.example"


def visited(told, clock, *, day=0, needs=(), **answers):
    """Lin visits by plan, and fills in the form at the door."""
    now = told.at(clock, day)
    visits_plan(
        member=told.lin,
        home_ids=[told.home.pk],
        on=b.TODAY + timedelta(days=day),
        by=told.desk,
        now=now,
    )
    visit = VisitIn(
        id=uuid.uuid4(),
        home_id=told.home.pk,
        outcome="spoke",
        visited_at=now,
        answers={code: Answer(value=value) for code, value in answers.items()},
        needs=needs,
    )
    row, _ = visit_record(community=told.place, visit=visit, by=told.lin, now=now)
    assert row.held == ""
    return row


def why_visit(told):
    """Return why somebody should visit her next."""
    call = call_of_home(home=told.home, now=told.now)
    assert call.change is not None
    return call.cause, call.change.kind


def test_she_overslept_after_a_bad_night():
    told = story()
    told.look("08:50", "closed")
    told.go("09:13", 20)
    told.knock("09:21", "spoke")
    told.close("09:30", "overslept")
    assert told.told() == [("09:10", "lin", "missed")]
    assert told.alert.outcome == "overslept"
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_she_is_hard_of_hearing_and_a_neighbour_has_the_key():
    told = story()
    keyholder(told, "赵姐")
    told.look("08:50", "closed")
    told.go("09:12", 10)
    told.knock("09:20", "no_answer")
    told.at("09:40")
    told.tap("09:41", "赵姐", act="going", minutes="10")
    told.tap("09:48", "赵姐", act="spoke")
    told.close("09:55", "did_not_hear")
    assert told.told() == [
        ("09:10", "lin", "missed"),
        # He said that he goes, until 9:22, and nothing came of it.
        ("09:22", "desk", "missed"),
        ("09:27", "lin", "missed"),
        ("09:27", "desk", "missed"),
        ("09:37", "赵姐", "missed"),
    ]
    assert told.alert.outcome == "did_not_hear"
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_six_wrong_pills_and_drugs_twenty_years_out_of_date():
    told = story()
    nurse = need_kind_add(community=told.place, name="护士上门")
    kind_skills_set(community=told.place, skills={nurse.kind: "nurse"})
    helper(told, "孙护士", "nurse")
    helper(told, "小雨", "errands")
    told.look("08:50", "closed")
    told.go("09:12", 20)
    told.knock("09:20", "spoke")
    told.close("09:30", "unwell")
    assert why_visit(told) == (Cause.CHANGE, ChangeKind.ALERT)
    pills = NeedSaid(
        key=uuid.uuid4(),
        kind=nurse.kind,
        urgency="urgent",
        words="早上吃错了六粒药，请护士来看；药箱里有二十年前的药",
    )
    visited(told, "10:00", needs=[pills], how_is_she="unwell", medicines="out_of_date")
    assert call_of_home(home=told.home, now=told.now).state(now=told.now) == (
        CallState.LATER
    )

    need = told.need_now()
    assert told.offer(need) == ["孙护士"]
    told.tap("10:03", "孙护士", act="yes")
    told.tap("10:25", "孙护士", act="begin")
    told.tap("11:10", "孙护士", act="done", minutes="45", for_next="药盒在厨房")
    told.ask_her(need, "16:00", how=Asked.IN_PERSON)

    assert told.told() == [
        ("09:10", "lin", "missed"),
        ("10:00", "孙护士", "dispatch"),
    ]
    assert told.alert.outcome == "unwell"
    found = Visit.objects.of(told.place).get()
    assert found.answers["medicines"]["value"] == "out_of_date"
    assert told.how_asked() == {nurse.kind: "in_person"}
    assert told.hours() == [("孙护士", 45)]
    assert told.is_calm()


def test_she_felt_dizzy_and_turned_the_board():
    told = story(signal="board", windows=(SMILES,))
    helper(told, "小雨", "errands")
    told.look("08:00", "smile")
    told.look("10:00", "cry")
    told.go("10:02", 20)
    told.knock("10:18", "spoke")
    told.close(
        "10:20", "needs_help", verified="asks_help", override="头晕，降压药忘了吃"
    )
    need = told.need_now()
    assert (need.source, need.urgency, need.alert) == ("alert", "urgent", told.alert)
    pills = NeedDraft(
        kind="medicine",
        urgency="urgent",
        source=need.source,
        words="头晕，降压药忘了吃，只剩一天的",
    )
    need_change(need=need, draft=pills, by=told.desk, now=told.now)
    # Lin knows her from the round, and is asked first.
    assert told.offer(need) == ["lin", "小雨"]
    told.tap("10:22", "lin", act="no")
    told.tap("10:24", "小雨", act="yes")
    told.tap("11:15", "小雨", act="done", minutes="40")
    told.ask_her(need, "15:00", how=Asked.PHONE)

    assert told.told() == [
        ("10:00", "desk", "help"),
        ("10:20", "lin", "dispatch"),
        ("10:20", "小雨", "dispatch"),
    ]
    assert told.alert.outcome == "needs_help"
    assert told.how_asked() == {"medicine": "phone"}
    assert told.hours() == [("小雨", 40)]
    told.look("15:10", "smile")
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_her_electricity_was_cut_off_for_an_unpaid_bill():
    told = story(signal="light", windows=(LAMP,))
    told.look("19:30", "off")
    told.go("20:12", 20)
    told.knock("20:20", "spoke")
    told.close(
        "20:30", "needs_help", verified="asks_help", override="停电了，看不清，没去交费"
    )
    need = told.need_now()
    bill = NeedDraft(
        kind="paperwork", urgency="urgent", source="alert", words=need.words
    )
    need_change(need=need, draft=bill, by=told.desk, now=told.now)
    told.move(
        need,
        "20:40",
        Act.HAND_ON,
        office="供电营业厅",
        number="工单 20260302-7",
        chase_at=b.hour("09:00") + timedelta(days=1),
    )
    told.move(
        need,
        "09:00",
        Act.CHASE,
        day=1,
        note="已派人，中午前送电",
        chase_at=b.hour("13:00") + timedelta(days=1),
    )
    told.move(need, "13:00", Act.FINISH, day=1)
    told.look("18:30", "on", day=1)
    told.ask_her(need, "19:00", day=1, how=Asked.IN_PERSON)

    assert told.told() == [("20:10", "lin", "missed")]
    office = HandOver.objects.of(told.place).get()
    assert office.consent is not None
    assert (office.consent.home, office.danger) == (told.home, "")
    assert Chase.objects.of(told.place).get().said == "已派人，中午前送电"
    assert told.how_asked() == {"paperwork": "in_person"}
    told.at("20:30", day=1)
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_toothache_and_nothing_hung_at_all():
    told = story(signal="board", windows=(SMILES,))
    helper(told, "老马", "driver")
    told.look("08:40", "nothing_hung")
    told.go("09:11", 15)
    told.knock("09:20", "spoke")
    told.close("09:25", "needs_help", override="牙疼，一夜没睡")
    need = told.need_now()
    ride = NeedDraft(
        kind="hospital", urgency="difficult", source="alert", words="陪去看牙"
    )
    need_change(need=need, draft=ride, by=told.desk, now=told.now)
    assert told.offer(need) == ["lin", "老马"]
    told.tap("09:40", "老马", act="yes")
    told.tap("12:30", "老马", act="done", minutes="150")
    told.ask_her(need, "17:00", how=Asked.PHONE)

    assert told.told() == [
        ("09:10", "lin", "missed"),
        ("09:25", "lin", "dispatch"),
        ("09:25", "老马", "dispatch"),
    ]
    assert told.how_asked() == {"hospital": "phone"}
    assert told.hours() == [("老马", 150)]
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_the_curtain_shut_on_purpose_for_she_missed_the_volunteers():
    told = story(windows=(MORNING,))
    other = b.home(told.place, "3-2-302")
    helper(told, "小雨", "company")
    told.look("08:50", "closed")
    told.go("09:12", 20)
    told.knock("09:20", "spoke")
    told.close("09:35", "wanted_company")
    need = told.need("09:40", "company", "想有人说说话", urgency="everyday")
    assert told.offer(need) == ["lin", "小雨"]
    told.tap("10:00", "小雨", act="yes")
    told.look("08:10", "open", day=1)
    told.tap("16:00", "小雨", act="done", day=1, minutes="60")
    told.look("08:10", "open", day=2)
    told.ask_her(need, "09:30", day=2, how=Asked.PHONE)

    assert told.told() == [
        ("09:10", "lin", "missed"),
        ("09:40", "lin", "dispatch"),
        ("09:40", "小雨", "dispatch"),
    ]
    assert told.alert.outcome == "wanted_company"
    assert told.how_asked() == {"company": "phone"}
    assert told.hours() == [("小雨", 60)]
    assert told.is_calm()
    first, last = company_list(community=told.place, now=told.now)
    assert (first.home, last.home) == (other, told.home)
    assert last.met_at == b.hour("16:00") + timedelta(days=1)


def test_the_lamp_was_broken_for_days_and_mended_in_half_an_hour():
    told = story(signal="light", windows=(LAMP,))
    helper(told, "电工老周", "electrician")
    helper(told, "小雨", "errands")
    for day in (0, 1):
        told.look("19:30", "off", day=day)
        told.go("20:12", 20, day=day)
        told.knock("20:20", "spoke", day=day)
        told.close("20:30", "signal_broken", day=day)
    need = told.need("20:35", "repair", "客厅的灯坏了两天", day=1)
    assert told.offer(need) == ["电工老周"]
    told.tap("20:40", "电工老周", act="yes", day=1)
    told.tap("10:30", "电工老周", act="done", day=2, minutes="30")
    told.look("19:10", "on", day=2)
    told.ask_her(need, "19:20", day=2, how=Asked.IN_PERSON)

    assert told.told() == [
        ("20:10", "lin", "missed"),
        ("20:10", "lin", "missed"),
        ("20:35", "电工老周", "dispatch"),
    ]
    assert told.alert.outcome == "signal_broken"
    assert (told.how_asked(), told.hours()) == (
        {"repair": "in_person"},
        [("电工老周", 30)],
    )
    told.at("21:00", day=2)
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_she_was_in_hospital_and_nobody_had_told_the_walkers():
    told = story()
    told.look("08:50", "closed")
    told.go("09:12", 15)
    told.knock("09:20", "no_answer")
    said = "女儿来电：昨晚送进了医院"
    told.close("09:26", "in_hospital", verified="other", override=said)
    away = AbsenceDraft(
        from_at=told.now, until_at=None, reason="hospital", said_by="女儿"
    )
    absence = watch.absence_declare(
        home=told.home, draft=away, by=told.desk, now=told.now
    )
    told.at("12:00", day=2)
    assert told.last_check() == "excused"
    assert call_of_home(home=told.home, now=told.now).is_away
    assert told.told() == [("09:10", "lin", "missed")]

    told.knock("15:00", "spoke", day=2)
    watch.absence_end(absence=absence, by=told.desk, now=told.now)
    call = call_of_home(home=told.home, now=told.now)
    assert why_visit(told)[0] is Cause.CHANGE
    assert told.now < call.by <= told.now + timedelta(hours=24)
    told.look("18:30", "closed", day=2)
    told.look("08:00", "open", day=3)
    visited(told, "10:00", day=3, how_is_she="so_so")
    call = call_of_home(home=told.home, now=told.now)
    assert call.state(now=told.now) is CallState.LATER
    assert told.told() == []
    assert (told.last_check(), told.is_calm()) == ("well", True)


def test_two_days_behind_a_shut_curtain_with_the_lamp_on_is_half_an_hour_now():
    """2007: an older man lay two days; neighbours saw it and did nothing."""
    told = story(windows=(EVENING,))
    keyholder(told, "赵姐")
    told.look("11:00", "closed")
    told.look("11:01", "on", signal="light")
    told.at("11:31")
    told.tap("11:32", "赵姐", act="going", minutes="10")
    told.tap("11:38", "赵姐", act="help")
    told.at("11:39")
    told.close("11:45", "emergency_called", verified="other", override="已送上 120")
    assert told.told()[:4] == [
        ("11:01", "desk", "pattern"),
        ("11:16", "lin", "pattern"),
        ("11:16", "desk", "pattern"),
        ("11:31", "赵姐", "pattern"),
    ]
    assert told.alert.outcome == "emergency_called"
    assert why_visit(told) == (Cause.CHANGE, ChangeKind.ALERT)
    assert told.is_calm()
