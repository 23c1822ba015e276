"""Calendars: what stands in them, that no resident does, and links that are guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar
from tests.apps import building as b
from tests.apps.activities import planned as p

from shouwang.apps.activities.services import (
    activity_cancel,
    activity_change,
    guest_bring,
)
from shouwang.apps.calendars.guessing import MISSES_MOST, WITHIN
from shouwang.apps.calendars.models import CalendarLink
from shouwang.apps.calendars.services import link_end, link_make
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.services import member_leave
from shouwang.apps.duty.services import Giving, TurnDraft, turn_add, turn_give
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.covering import drop_out
from shouwang.apps.rounds.services.standpoints import StandpointDraft, standpoint_add
from shouwang.apps.visits.services.planning import plan_withdraw, visits_plan
from shouwang.domain.needs import Act
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")
TOMORROW = b.TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    made.shown_name = "王奶奶"
    made.save()
    p.resident(made)
    return made


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def li(place):
    return b.member(place, "li", "walker", "volunteer")


def linked(member, *, of_all=False):
    who = None if of_all else member
    community = member.community
    return link_make(community=community, member=who, by=member, now=NOON)


def fetched(client, code, **headers):
    return client.get(reverse("calendars:feed", args=[code]), headers=headers)


def events(client, code):
    """Return the events of a calendar, by the first word of their UID."""
    answer = fetched(client, code)
    assert answer.status_code == 200
    parsed = Calendar.from_ical(answer.content)
    return list(parsed.walk("VEVENT"))


def of_kind(rows, kind):
    return [row for row in rows if str(row["UID"]).startswith(f"{kind}-")]


def walk(place, home, *walkers):
    gate = standpoint_add(
        community=place, draft=StandpointDraft(name="南门", home_ids=[home.pk])
    )
    draft = RoundDraft(
        name="早一",
        at=time(7, 40),
        days=EVERY_DAY,
        walker_ids=[row.pk for row in walkers],
        home_ids=[],
        standpoint_ids=[gate.pk],
    )
    return round_add(community=place, draft=draft)


# --- the text itself ----------------------------------------------------------------


def test_a_calendar_keeps_the_rules_of_its_format(client, place, home, chen):
    p.series(
        place,
        what="一起包饺子、唱歌、下棋、写字、剪纸、喝茶、聊天、做操,自带围裙;不收钱",
    )
    answer = fetched(client, linked(chen, of_all=True))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert b"VTIMEZONE" not in answer.content
    for line in lines:
        line.decode()
    parsed = Calendar.from_ical(answer.content)
    assert parsed["VERSION"] == "2.0"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    rows = of_kind(parsed.walk("VEVENT"), "activity")
    assert len(rows) == 6
    assert len({str(row["UID"]) for row in rows}) == 6
    for row in rows:
        assert row["DTSTAMP"].dt == NOON
        assert row["DTSTART"].dt.utcoffset() == timedelta(0)
        assert row["DTEND"].dt > row["DTSTART"].dt
        assert str(row["SUMMARY"]).endswith("自带围裙;不收钱")


def test_times_are_utc_and_know_no_summer_time_of_long_ago(client, place, chen):
    p.activity(place, on=TOMORROW)
    content = fetched(client, linked(chen, of_all=True)).content
    assert b"DTSTART:20260303T013000Z" in content


# --- what stands in it --------------------------------------------------------------


def test_somebody_finds_what_is_theirs_and_the_community_everything(
    client, place, home, chen, li
):
    walk(place, home, li)
    mine, _other = p.activity(place, on=TOMORROW), p.activity(place, what="唱歌")
    guest_bring(guests=p.invited(mine, home), member=li, now=b.DAWN)
    own, of_all = events(client, linked(li)), events(client, linked(chen, of_all=True))
    assert [str(row["SUMMARY"]) for row in of_kind(own, "activity")] == [
        "一起包饺子（你带 1 位邻居）"
    ]
    assert len(of_kind(of_all, "activity")) == 2
    assert of_kind(own, "round")
    assert events(client, linked(chen)) == []


def test_no_resident_and_no_address_stands_in_a_calendar(client, place, home, chen, li):
    walk(place, home, li)
    row = p.activity(place, on=TOMORROW, what="王奶奶的生日", place="3-2-401")
    guest_bring(guests=p.invited(row, home), member=li, now=b.DAWN)
    need = need_open(
        home=home,
        draft=NeedDraft(
            kind="haircut",
            urgency="everyday",
            words="给王奶奶理发",
            wanted_by=NOON + timedelta(days=2),
        ),
        by=chen,
        now=b.DAWN,
    )
    need_move(need=need, move=MoveIn(act=Act.TAKE), by=li, now=b.DAWN)
    for code in (linked(li), linked(chen, of_all=True)):
        content = fetched(client, code).content.replace(b"\r\n ", b"").decode()
        for said in ("王奶奶", "3-2-401", "本名"):
            assert said not in content
        assert content.count("BEGIN:VEVENT") > 2


def test_a_round_says_how_many_standpoints_it_has(client, place, home, li):
    walk(place, home, li)
    rows = of_kind(events(client, linked(li)), "round")
    first = next(row for row in rows if row["DTSTART"].dt == b.hour("07:40"))
    assert "早一" in str(first["SUMMARY"])
    assert "1" in str(first["SUMMARY"])
    assert first["STATUS"] == "CONFIRMED"
    assert str(first["URL"]).endswith(reverse("rounds:phone"))


def test_a_round_that_somebody_cannot_walk_is_off_for_them_alone(
    client, place, home, chen, li
):
    row = walk(place, home, li)
    drop_out(walked=row, on=TOMORROW, member=li, by=li, now=NOON)
    later = b.hour("07:40") + timedelta(days=1)

    def on_that_day(code):
        rows = of_kind(events(client, code), "round")
        return next(row for row in rows if row["DTSTART"].dt == later)

    mine = on_that_day(linked(li))
    assert (mine["STATUS"], mine["LAST-MODIFIED"].dt) == ("CANCELLED", NOON)
    of_all = on_that_day(linked(chen, of_all=True))
    assert of_all["STATUS"] == "CONFIRMED"


def test_a_turn_of_duty_that_was_given_away_is_off(client, place, chen):
    other = b.member(place, "wu", "duty_officer")
    turn = turn_add(
        community=place,
        draft=TurnDraft(
            member_id=chen.pk,
            days=EVERY_DAY,
            begins=time(8),
            ends=time(20),
            valid_from=b.TODAY,
        ),
    )
    giving = Giving(turn=turn, on=TOMORROW, to=other, held_by=chen.pk)
    turn_give(giving=giving, by=chen, now=NOON)
    at = b.hour("08:00") + timedelta(days=1)
    status = {
        who: next(
            row["STATUS"]
            for row in of_kind(events(client, linked(who)), "duty")
            if row["DTSTART"].dt == at
        )
        for who in (chen, other)
    }
    assert status == {chen: "CANCELLED", other: "CONFIRMED"}


def test_a_need_that_is_wanted_by_an_hour_stands_before_it(client, place, home, li):
    wanted = NOON + timedelta(days=1)
    draft = NeedDraft(kind="haircut", urgency="everyday", wanted_by=wanted)
    need = need_open(home=home, draft=draft, by=li, now=b.DAWN)
    need_move(need=need, move=MoveIn(act=Act.TAKE), by=li, now=NOON)
    code = linked(li)
    row = of_kind(events(client, code), "need")[0]
    assert row["DTEND"].dt == wanted
    need_move(need=need, move=MoveIn(act=Act.CANCEL, note="搬走了"), by=li, now=NOON)
    assert of_kind(events(client, code), "need")[0]["STATUS"] == "CANCELLED"


def test_the_visits_of_a_day_are_one_entry_that_names_nobody(
    client, place, home, chen, li
):
    other = b.watched(place, "3-2-501")
    planned = visits_plan(
        member=li, home_ids=[home.pk, other.pk], on=TOMORROW, by=chen, now=NOON
    )
    code = linked(li)
    row = of_kind(events(client, code), "visit")[0]
    assert "2" in str(row["SUMMARY"])
    assert row["DTSTART"].dt == b.hour("09:00") + timedelta(days=1)
    for one in planned:
        plan_withdraw(planned=one, by=chen, now=NOON)
    assert of_kind(events(client, code), "visit")[0]["STATUS"] == "CANCELLED"


def test_what_changes_keeps_its_name_and_counts_up(client, place, chen):
    row = p.activity(place, on=TOMORROW)
    code = linked(chen, of_all=True)
    first = events(client, code)[0]
    moved = replace(p.DUMPLINGS, on=TOMORROW, begins=time(10))
    activity_change(activity=row, draft=moved, by=chen, now=NOON + timedelta(hours=1))
    second = events(client, code)[0]
    at = NOON + timedelta(hours=2)
    activity_cancel(activity=row, why="停电", by=chen, now=at)
    third = events(client, code)[0]
    assert first["UID"] == second["UID"] == third["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"] < 2**31
    assert [row["STATUS"] for row in (first, second, third)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert third["LAST-MODIFIED"].dt == at


# --- asked again --------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(client, place, chen):
    row = p.activity(place, on=TOMORROW)
    code = linked(chen, of_all=True)
    first = fetched(client, code)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        by_tag = fetched(client, code, **{"if-none-match": first["ETag"]})
        by_time = fetched(client, code, **{"if-modified-since": first["Last-Modified"]})
    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert by_tag.content == b""
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        activity_cancel(
            activity=row, why="停电", by=chen, now=NOON + timedelta(minutes=10)
        )
        again = fetched(client, code, **{"if-none-match": first["ETag"]})
        by_time = fetched(client, code, **{"if-modified-since": first["Last-Modified"]})
    assert (again.status_code, by_time.status_code) == (200, 200)
    assert again["Last-Modified"] != first["Last-Modified"]


def test_a_calendar_is_only_read(client, place, chen):
    url = reverse("calendars:feed", args=[linked(chen)])
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200


# --- links --------------------------------------------------------------------------


def test_a_link_that_is_guessed_gets_what_every_wrong_address_gets(client, place, chen):
    linked(chen)
    for code in ("x", "x" * 43, "../../etc/passwd".replace("/", "_"), "王"):
        answer = fetched(client, code)
        assert answer.status_code == 404
        assert "calendar" not in answer["Content-Type"]


def test_who_guesses_on_is_not_even_looked_at_for_a_while(client, place, chen):
    code = linked(chen)
    for number in range(MISSES_MOST):
        assert fetched(client, f"guess-{number}").status_code == 404
    assert fetched(client, code).status_code == 404
    with time_machine.travel(NOON + WITHIN, tick=False):
        assert fetched(client, code).status_code == 200


def test_only_the_hash_of_a_link_is_kept(place, chen):
    code = linked(chen)
    row = CalendarLink.objects.of(place).get()
    assert code not in str(vars(row))
    assert len(code) >= 43


def test_a_new_link_ends_the_old_one_and_an_ended_one_reads_nothing(
    client, place, chen
):
    old, new = linked(chen), linked(chen)
    assert fetched(client, old).status_code == 404
    assert fetched(client, new).status_code == 200
    link_end(community=place, member=chen, now=NOON)
    assert fetched(client, new).status_code == 404


def test_who_left_or_looks_no_more_reads_nothing(client, place, chen, li):
    street = b.member(place, "street", "supervisor")
    codes = [linked(li), linked(street)]
    member_leave(member=li, now=NOON)
    assert [fetched(client, code).status_code for code in codes] == [404, 404]


def test_a_link_is_shown_once_and_the_communitys_to_coordinators_only(
    client, place, chen, li
):
    client.force_login(li.user)
    page = reverse("calendars:calendars")
    made = client.post(reverse("calendars:make", args=["mine"]))
    assert made["Cache-Control"] == "no-store"
    assert "/cal/" in made.content.decode()
    assert "/cal/" not in client.get(page).content.decode()
    for act in ("make", "end"):
        url = reverse(f"calendars:{act}", args=["community"])
        assert client.post(url).status_code == 404
    client.force_login(chen.user)
    assert client.post(reverse("calendars:make", args=["community"])).status_code == 200
    assert CalendarLink.objects.of(place).filter(ended_at=None).count() == 2
    client.post(reverse("calendars:end", args=["community"]))
    assert CalendarLink.objects.of(place).filter(ended_at=None).count() == 1


def test_a_calendar_asks_few_questions_however_much_stands_in_it(
    client, place, home, chen, django_assert_max_num_queries
):
    walk(place, home, chen)
    p.series(place, until=date(2026, 12, 31))
    code = linked(chen, of_all=True)
    with django_assert_max_num_queries(25):
        assert len(events(client, code)) > 60
