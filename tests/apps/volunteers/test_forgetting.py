"""Volunteers who left are forgotten after a time; their hours stay to the number."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.utils.module_loading import import_string
from tests.apps import building as b
from tests.apps.volunteers.people import volunteer

from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.models import Member, User
from shouwang.apps.communities.services import member_leave
from shouwang.apps.outbox.models import Address
from shouwang.apps.privacy.services import retention_set
from shouwang.apps.volunteers.models import HoursRow, KnownHome, Pausing
from shouwang.apps.volunteers.selectors.hours import hours_by_person, hours_standing
from shouwang.apps.volunteers.services import (
    volunteer_leave,
    volunteer_return,
    volunteers_forget_due,
)
from shouwang.domain.needs import Act

pytestmark = pytest.mark.django_db
WORDS = ("林小雨", "13900000009", "女儿要生了", "陪王奶奶", "xiaoyu", "纸三号", "怕狗")
LEFT = b.hour("12:00")
OVER = LEFT + timedelta(days=182)


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def boss(place):
    return b.member(place, "boss", "coordinator")


@pytest.fixture
def lin(place, boss):
    """Return a volunteer with a login, hours, words and a need given back."""
    row = volunteer(boss, phone="13900000009", note="怕狗", consent_paper="纸三号")
    row.member.user = User.objects.create_user(
        "xiaoyu", password="secret", display_name="林小雨"
    )
    row.member.save()
    home = b.home(place)
    more = {"community": place, "volunteer": row}
    KnownHome.objects.of(place).create(**more, home=home, noted_at=b.DAWN)
    Pausing.objects.of(place).create(
        **more, from_on=b.TODAY, why="女儿要生了", noted_at=b.DAWN
    )
    Address.objects.of(place).create(
        community=place, member=row.member, by="email", value="xiaoyu", made_at=b.DAWN
    )
    for minutes, source in ((90, "coordinator"), (45, "task")):
        HoursRow.objects.of(place).create(
            community=place,
            member=row.member,
            on=b.TODAY,
            minutes=minutes,
            what="陪王奶奶" if source == "coordinator" else "买药",
            source=source,
            recorded_at=b.DAWN,
        )
    need = need_open(
        home=home, draft=NeedDraft(kind="meal", urgency="everyday"), by=boss, now=b.DAWN
    )
    for act, note in ((Act.TAKE, ""), (Act.GIVE_BACK, "女儿要生了")):
        move = MoveIn(act=act, who=row.member if act is Act.TAKE else None, note=note)
        need_move(need=need, move=move, by=row.member, now=b.DAWN)
    return row


def everything():
    models = [
        row
        for row in apps.get_models()
        if row.__module__.startswith("shouwang") or row is User
    ]
    rows = [one for model in models for one in model._base_manager.all()]
    return json.dumps(
        json.loads(serializers.serialize("json", rows)), ensure_ascii=False
    )


def figures(place):
    return [
        (row.member.pk, row.count, row.hours)
        for row in hours_by_person(hours_standing(place))
    ]


def test_after_the_time_nothing_says_who_they_were_and_hours_stay(place, lin):
    before, told = figures(place), everything()
    assert all(words in told for words in WORDS)
    volunteer_leave(volunteer=lin, now=LEFT)
    assert volunteers_forget_due(now=LEFT + timedelta(days=179)) == 0
    assert volunteers_forget_due(now=OVER) == 1
    told = everything()
    assert [words for words in WORDS if words in told] == []
    assert figures(place) == before
    kept = HoursRow.objects.of(place).order_by("pk").values_list("minutes", "what")
    assert list(kept) == [(90, "…"), (45, "买药")]
    assert volunteers_forget_due(now=OVER) == 0


def test_each_community_keeps_names_as_long_as_it_says(place, lin):
    retention_set(community=place, days=30)
    member_leave(member=lin.member, now=LEFT)
    assert volunteers_forget_due(now=LEFT + timedelta(days=29)) == 0
    assert volunteers_forget_due(now=LEFT + timedelta(days=32)) == 1


def test_who_came_back_is_not_forgotten(place, lin):
    volunteer_leave(volunteer=lin, now=LEFT)
    volunteer_return(volunteer=lin)
    assert volunteers_forget_due(now=OVER) == 0
    assert Member.objects.of(place).get(pk=lin.member_id).display_name == "林小雨"


def test_who_still_walks_keeps_the_name_and_the_login(place, boss, lin):
    lin.member.roles.create(community=place, role="walker")
    volunteer_leave(volunteer=lin, now=LEFT)
    assert volunteers_forget_due(now=OVER) == 1
    member = Member.objects.of(place).get(pk=lin.member_id)
    assert (member.display_name, member.left_at) == ("林小雨", None)
    assert User.objects.get(username="xiaoyu").is_active
    lin.refresh_from_db()
    assert (lin.note, lin.consent_paper) == ("", "")


def test_a_login_that_is_somebody_elsewhere_stays(place, lin):
    other = b.community("槐树社区")
    Member.objects.of(other).create(
        community=other, user=lin.member.user, display_name="小林", joined_at=b.DAWN
    )
    volunteer_leave(volunteer=lin, now=LEFT)
    assert volunteers_forget_due(now=OVER) == 1
    assert User.objects.get(username="xiaoyu").is_active
    assert Member.objects.of(place).get(pk=lin.member_id).user is None


def test_everything_that_forgets_a_helper_is_there(settings):
    for path in settings.HELPER_FORGETTERS:
        assert callable(import_string(path))
