"""Needs through the services: written down once, moved once, never lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from tests.apps import building as b

from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_close,
    alert_open_by_hand,
)
from shouwang.apps.care.following import alert_closed
from shouwang.apps.care.models import Chase, HandOver, Need, NeedMove, NeedOffer
from shouwang.apps.care.selectors import need_for, needs_open, needs_visible
from shouwang.apps.care.services import (
    MoveIn,
    NeedDraft,
    need_change,
    need_kind_add,
    need_kind_end,
    need_move,
    need_open,
)
from shouwang.apps.communities.scoping import AppendOnlyError
from shouwang.apps.communities.services import member_leave
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw
from shouwang.apps.watch import services as watch
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.needs import Act, Asked

pytestmark = pytest.mark.django_db
NINE = b.hour("09:00")


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    return b.watched(place)


@pytest.fixture
def duty(place):
    return b.member(place, "duty", "duty_officer")


@pytest.fixture
def li(place):
    return b.member(place, "li", "volunteer")


def draft(**more):
    return NeedDraft(**{"kind": "medicine", "urgency": "difficult", **more})


@pytest.fixture
def need(home, duty):
    return need_open(home=home, draft=draft(), by=duty, now=NINE)


def move(need, act, by, clock="10:00", **more):
    return need_move(
        need=need, move=MoveIn(act=Act(act), **more), by=by, now=b.hour(clock)
    )


def story(need):
    rows = NeedMove.objects.of(need.community_id).filter(need=need)
    return [
        (row.act, row.from_stage, row.to_stage) for row in rows.order_by("at", "pk")
    ]


def code(kind, call, *args, **kwargs):
    with pytest.raises(kind) as told:
        call(*args, **kwargs)
    return told.value.code


def done(need, by):
    move(need, "take", by)
    move(need, "finish", by, "11:00")
    need.refresh_from_db()
    return need


# --- written down ------------------------------------------------------------------


def test_a_need_is_kept_with_who_said_so_and_how(home, duty):
    given = draft(
        words=" 六种药  混在一起 ", said_by="女儿", source="family", at_the_door="狗"
    )
    row = need_open(home=home, draft=given, by=duty, now=NINE)
    row.refresh_from_db()
    assert (row.words, row.said_by, row.source) == ("六种药 混在一起", "女儿", "family")
    assert (row.stage, row.since, row.opened_by) == ("new", NINE, duty)
    assert story(row) == [("open", "", "new")]


def test_a_second_tap_is_no_second_need(home, duty, li):
    key = uuid.uuid4()
    first = need_open(home=home, draft=draft(), by=duty, now=NINE, key=key)
    again = need_open(home=home, draft=draft(), by=duty, now=NINE, key=key)
    assert first == again
    assert story(first) == [("open", "", "new")]
    told = code(
        ConflictError, need_open, home=home, draft=draft(), by=li, now=NINE, key=key
    )
    assert told == "key_used"


def test_everything_wrong_is_told_at_once(home, duty):
    wrong = NeedDraft(kind="?", urgency="?", source="?", wanted_by=NINE)
    with pytest.raises(RefusedError) as told:
        need_open(home=home, draft=wrong, by=duty, now=NINE)
    assert set(told.value.fields) == {"kind", "urgency", "source", "wanted_by"}
    assert not Need.objects.of(home.community).exists()


def test_a_home_that_withdrew_is_left_in_peace_but_not_in_danger(home, duty):
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NINE)
    told = code(RefusedError, need_open, home=home, draft=draft(), by=duty, now=NINE)
    assert told == "consent_withdrawn"
    urgent = need_open(home=home, draft=draft(urgency="urgent"), by=duty, now=NINE)
    assert urgent.stage == "new"


def test_what_was_written_can_be_put_right_and_the_story_says_how(need, duty):
    given = draft(urgency="urgent", words="降压药")
    need_change(need=need, draft=given, by=duty, now=b.hour("09:30"))
    need.refresh_from_db()
    assert (need.urgency, need.words) == ("urgent", "降压药")
    told = NeedMove.objects.of(need.community).get(act="change").note
    assert "降压药" in told
    need_change(need=need, draft=given, by=duty, now=b.hour("09:31"))
    assert [row[0] for row in story(need)] == ["open", "change"]


def test_a_closed_need_is_not_rewritten(need, duty):
    move(need, "cancel", duty, note="女儿送来了")
    told = code(RefusedError, need_change, need=need, draft=draft(), by=duty, now=NINE)
    assert told == "need_closed"


# --- moved on ------------------------------------------------------------------------


def test_two_people_cannot_both_take_it_and_the_second_is_told_who_has_it(
    need, duty, li
):
    # Both pages were open before either took it.
    hers = Need.objects.of(need.community).get(pk=need.pk)
    move(need, "take", duty)
    with pytest.raises(ConflictError) as told:
        move(hers, "take", li)
    assert told.value.code == "already_taken"
    assert "duty" in str(told.value)
    need.refresh_from_db()
    assert need.taken_by == duty


def test_taking_it_twice_is_taking_it_once(need, li, duty):
    move(need, "offer", duty, who=li)
    move(need, "take", li)
    move(need, "take", li, "10:01")
    assert [row[0] for row in story(need)] == ["open", "offer", "take"]


def test_who_takes_it_ends_the_asking_of_the_others(need, duty, li, place):
    sun = b.member(place, "sun", "volunteer")
    move(need, "offer", duty, who=li)
    move(need, "offer", duty, who=sun)
    assert set(needs_visible(sun)) == {need}
    move(need, "take", li)
    assert not needs_visible(sun).exists()
    replies = NeedOffer.objects.of(place).order_by("pk").values_list("reply", "over_at")
    assert list(replies) == [("yes", b.hour("10:00")), ("", b.hour("10:00"))]


def test_when_all_have_said_no_it_is_new_again_as_old_as_it_was(need, duty, li):
    move(need, "offer", duty, who=li)
    move(need, "decline", li, "10:30")
    need.refresh_from_db()
    assert (need.stage, need.since) == ("new", NINE)
    assert not needs_visible(li).exists()


def test_somebody_who_left_or_only_supervises_cannot_be_asked(need, duty, li, place):
    street = b.member(place, "street", "supervisor")
    assert code(RefusedError, move, need, "offer", duty, who=street) == "not_a_helper"
    member_leave(member=li, now=NINE)
    li.refresh_from_db()
    assert code(RefusedError, move, need, "take", duty, who=li) == "not_a_helper"


def test_nothing_closes_until_somebody_asked_her(need, duty, li):
    done(need, li)
    assert (need.stage, need.closed_at) == ("done", None)
    assert code(RefusedError, move, need, "right", duty, "12:00") == "say_how_asked"
    move(need, "right", duty, "12:00", asked=Asked.IN_PERSON)
    need.refresh_from_db()
    assert (need.stage, need.closed_at) == ("checked", b.hour("12:00"))


def test_the_database_knows_no_check_without_asking(need, duty):
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedMove.objects.of(need.community).create(
            community=need.community,
            need=need,
            act="right",
            from_stage="done",
            to_stage="checked",
            at=NINE,
            by=duty,
        )


def test_what_was_not_right_is_nobodys_again_and_says_what(need, duty, li):
    done(need, li)
    move(need, "wrong", duty, "12:00", asked=Asked.PHONE, note="拿错了药")
    need.refresh_from_db()
    assert (need.stage, need.taken_by, need.wrong_count) == ("new", None, 1)
    assert need.since == b.hour("12:00")
    assert not needs_visible(li).exists()


def test_a_story_is_never_rewritten(need):
    rows = NeedMove.objects.of(need.community)
    with pytest.raises(AppendOnlyError):
        rows.update(note="anders")
    with pytest.raises(AppendOnlyError):
        rows.delete()


def test_an_office_is_chased_until_it_has_done_it(need, duty):
    at = b.hour("09:00") + timedelta(days=3)
    move(need, "hand_on", duty, office="物业", number="W-1", chase_at=at)
    row = HandOver.objects.of(need.community).get()
    assert row.consent == Consent.objects.of(need.community).get()
    again = at + timedelta(days=2)
    move(need, "chase", duty, "11:00", note="下周来", chase_at=again)
    row.refresh_from_db()
    assert row.chase_at == again
    assert Chase.objects.of(need.community).get().said == "下周来"
    move(need, "finish", duty, "12:00")
    row.refresh_from_db()
    assert row.ended_at == b.hour("12:00")
    move(need, "wrong", duty, "13:00", asked=Asked.PHONE, note="还漏")
    move(need, "hand_on", duty, "13:10", office="热线", chase_at=at)
    assert HandOver.objects.of(need.community).filter(ended_at=None).count() == 1


def test_without_her_consent_nothing_goes_outside_unless_in_danger(place, duty):
    home = b.home(place, "3-2-402")
    need = need_open(home=home, draft=draft(), by=duty, now=NINE)
    chase = {"office": "热线", "chase_at": NINE + timedelta(days=1)}
    assert code(RefusedError, move, need, "hand_on", duty, **chase) == "no_consent"
    need_change(need=need, draft=draft(urgency="urgent"), by=duty, now=NINE)
    told = code(RefusedError, move, need, "hand_on", duty, **chase)
    assert told == "danger_needs_reason"
    move(need, "hand_on", duty, note="闻到煤气", **chase)
    row = HandOver.objects.of(place).get()
    assert (row.consent, row.danger) == (None, "闻到煤气")


def test_an_own_kind_that_ended_stays_with_its_needs(home, duty, place):
    kind = need_kind_add(community=place, name="擦窗户")
    need = need_open(home=home, draft=draft(kind=kind.kind), by=duty, now=NINE)
    need_kind_end(row=kind, now=NINE)
    told = code(
        RefusedError,
        need_open,
        home=home,
        draft=draft(kind=kind.kind),
        by=duty,
        now=NINE,
    )
    assert told == "unknown_kind"
    changed = draft(kind=kind.kind, words="南窗")
    assert need_change(need=need, draft=changed, by=duty, now=NINE).words == "南窗"
    assert code(RefusedError, need_kind_add, community=place, name=" ") == (
        "kind_without_name"
    )


# --- from an alert -------------------------------------------------------------------


@pytest.fixture
def alert(home, duty):
    return alert_open_by_hand(home=home, note="没动静", by=duty, now=NINE)


def close(alert, by, outcome="needs_help", **more):
    given = {"verified": "spoke", **more}
    closing = ClosingIn(outcome=outcome, **given)
    alert_close(alert=alert, closing=closing, by=by, now=b.hour("09:20"))


def test_an_alert_that_ends_in_needing_help_opens_a_need_with_its_link(alert, duty):
    close(alert, duty, override="吃错了药")
    need = Need.objects.of(alert.community).get()
    assert (need.alert, need.home, need.opened_by) == (alert, alert.home, duty)
    assert (need.urgency, need.source, need.words) == ("urgent", "alert", "吃错了药")
    assert need.opened_at == b.hour("09:20")


def test_an_alert_opens_its_need_once(alert, duty):
    close(alert, duty)
    alert_closed(alert=alert, by=duty, now=b.hour("09:30"))
    assert Need.objects.of(alert.community).count() == 1


@pytest.mark.parametrize("outcome", ["overslept", "emergency_called", "other"])
def test_another_outcome_opens_no_need(alert, duty, outcome):
    close(alert, duty, outcome=outcome)
    assert not Need.objects.of(alert.community).exists()


def test_a_need_that_cannot_be_written_leaves_the_alert_open(alert, duty, monkeypatch):
    def broken(**_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("shouwang.apps.care.following.need_open", broken)
    with pytest.raises(RuntimeError):
        close(alert, duty)
    alert.refresh_from_db()
    assert alert.state != "closed"


def test_help_found_at_a_home_that_withdrew_is_written_down_all_the_same(
    alert, duty, home
):
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NINE)
    close(alert, duty)
    assert Need.objects.of(home.community).get().alert == alert


def test_the_wrong_pills_from_the_curtain_to_her_word(home, duty, li):
    """Missed curtain, visit, needs help, need, done, not right, done, checked."""
    watch.checks_make(community=home.community, now=b.DAWN)
    shut = b.look(home, "08:50", state="closed")
    watch.sightings_record(
        community=home.community, items=[shut], by=None, now=b.hour("08:50")
    )
    watch.checks_decide_due(now=b.hour("09:10"))
    alert = home.alerts.get()
    assert alert.kind == "missed"
    close(alert, duty, override="")
    need = Need.objects.of(home.community).get()
    assert need.urgency == "urgent"
    given = draft(urgency="urgent", source="alert", words="六种药混在一起吃")
    need_change(need=need, draft=given, by=duty, now=b.hour("09:25"))

    move(need, "offer", duty, "09:30", who=li)
    move(need, "take", li, "09:40")
    move(need, "begin", li, "10:00")
    move(need, "finish", li, "10:30")
    move(need, "wrong", duty, "14:00", asked=Asked.PHONE, note="晚上的药没分出来")
    move(need, "take", duty, "14:10")
    move(need, "finish", duty, "15:00")
    move(need, "right", duty, "18:00", asked=Asked.IN_PERSON, note="都分好了")

    need.refresh_from_db()
    assert (need.stage, need.alert, need.wrong_count) == ("checked", alert, 1)
    told = story(need)
    assert [row[0] for row in told] == [
        "open",
        "change",
        "offer",
        "take",
        "begin",
        "finish",
        "wrong",
        "take",
        "finish",
        "right",
    ]
    # Each begins where the one before has led: nothing is missing in between.
    assert all(one[2] == two[1] for one, two in pairwise(told))


# --- who sees what -------------------------------------------------------------------


def test_the_desk_sees_all_others_theirs_and_supervisors_none(need, duty, li, place):
    street = b.member(place, "street", "supervisor")
    outsider = b.member(b.community("槐树社区"), "far", "coordinator")
    assert needs_open(duty, now=NINE) == [need]
    for nobody in (li, street, outsider):
        assert needs_open(nobody, now=NINE) == []
        with pytest.raises(NotFoundError):
            need_for(nobody, need.pk)
    move(need, "offer", duty, who=li)
    assert need_for(li, need.pk) == need


def test_a_volunteer_sees_it_until_it_is_closed(need, duty, li):
    done(need, li)
    assert set(needs_visible(li)) == {need}
    move(need, "right", duty, "12:00", asked=Asked.PHONE)
    assert not needs_visible(li).exists()
    assert set(needs_visible(duty)) == {need}


def test_the_board_is_read_in_few_questions(
    home, duty, li, django_assert_max_num_queries
):
    for number in range(12):
        row = need_open(home=home, draft=draft(words=str(number)), by=duty, now=NINE)
        move(row, "offer", duty, who=li)
    with django_assert_max_num_queries(5):
        rows = needs_open(duty, now=NINE)
        assert {one.member.display_name for row in rows for one in row.offers.all()}
        assert len(rows) == 12


@pytest.mark.parametrize("stage", ["?", "taken", "checked"])
def test_the_database_keeps_no_stage_that_contradicts_the_row(need, stage):
    """An unknown stage, one in hand without hands, one closed without a time."""
    need.stage = stage
    with pytest.raises(IntegrityError), transaction.atomic():
        need.save()
