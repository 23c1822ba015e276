"""Signing up by a link: taken from anybody, settled by a coordinator, once."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from tests.apps.building import DAWN, TODAY, community, member
from tests.apps.volunteers.people import volunteer

from shouwang.apps.communities.models import Member
from shouwang.apps.communities.selectors import roles_of
from shouwang.apps.volunteers.models import SignUp, SignUpLink, Volunteer
from shouwang.apps.volunteers.selectors.signing import (
    link_by,
    sign_up_for,
    sign_ups_waiting,
)
from shouwang.apps.volunteers.services import (
    SignUpDraft,
    link_end,
    link_make,
    sign_up_approve,
    sign_up_decline,
    sign_up_join,
    sign_up_take,
    signing,
)
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.volunteers import FreeTime

pytestmark = pytest.mark.django_db
AFTERNOON = FreeTime(weekday=1, from_time=time(14), to_time=time(17))
EVENING = FreeTime(weekday=1, from_time=time(18), to_time=time(21))


@pytest.fixture
def boss() -> Member:
    return member(community(), "周主任", "coordinator")


@pytest.fixture
def link(boss: Member) -> SignUpLink:
    return link_make(name="暑期大学生", team=None, by=boss, now=DAWN)


def signed(
    link: SignUpLink, name: str = "林小雨", phone: str = "000-0000-0001", **more: object
) -> SignUp:
    draft = SignUpDraft(name=name, phone=phone, **more)  # type: ignore[arg-type]  # shorthand
    return sign_up_take(link=link, draft=draft, address="127.0.0.1", now=DAWN)


def test_who_signs_up_is_nobody_here_until_a_coordinator_takes_them_in(
    boss: Member, link: SignUpLink
) -> None:
    row = signed(link, skills=frozenset({"barber"}), times=(AFTERNOON,))
    assert Member.objects.of(boss.community).count() == 1
    taken = sign_up_approve(sign_up=row, by=boss, now=DAWN)
    assert roles_of(taken.member) == {"volunteer"}
    assert (taken.skills, taken.consent_on) == (["barber"], TODAY)
    assert "暑期大学生" in taken.consent_paper
    assert sign_ups_waiting(community=boss.community) == []


def test_what_somebody_agreed_to_is_kept_word_for_word(link: SignUpLink) -> None:
    assert link.community.name in signed(link).consent_text


def test_a_second_tap_is_no_second_sign_up(boss: Member, link: SignUpLink) -> None:
    signed(link)
    signed(link, skills=frozenset({"barber"}))
    [waiting] = sign_ups_waiting(community=boss.community)
    assert waiting.row.skills == ["barber"]


def test_who_is_here_already_and_who_waits_twice_stand_side_by_side(
    boss: Member, link: SignUpLink
) -> None:
    here = volunteer(boss, "林小雨", "+86 138-0000-0001")
    first = signed(link, "林小雨", "13800000001")
    second = signed(link, "小雨", "138 0000 0001")
    alone = signed(link, "赵大海", "138 0000 0002")
    found = {row.row.pk: row for row in sign_ups_waiting(community=boss.community)}
    assert found[first.pk].here == (here.member,)
    assert found[first.pk].twins == (second,)
    assert (found[alone.pk].here, found[alone.pk].twins) == ((), ())


def test_joining_adds_what_was_written_and_takes_nothing_away(
    boss: Member, link: SignUpLink
) -> None:
    here = volunteer(
        boss,
        skills=frozenset({"nurse"}),
        times=(AFTERNOON,),
        consent_paper="志愿 1",
        note="膝盖不好",
    )
    row = signed(link, skills=frozenset({"barber"}), times=(EVENING,))
    sign_up_join(sign_up=row, member=here.member, by=boss, now=DAWN)
    here.refresh_from_db()
    assert here.skills == ["barber", "nurse"]
    assert [one["from"] for one in here.times] == ["14:00", "18:00"]
    assert (here.consent_paper, here.note) == ("志愿 1", "膝盖不好")
    assert Volunteer.objects.of(boss.community).count() == 1


def test_who_was_free_at_any_time_stays_so_when_joined(
    boss: Member, link: SignUpLink
) -> None:
    here = volunteer(boss)
    row = signed(link, times=(EVENING,))
    sign_up_join(sign_up=row, member=here.member, by=boss, now=DAWN)
    here.refresh_from_db()
    assert here.times == []


def test_of_who_is_declined_nothing_stays(boss: Member, link: SignUpLink) -> None:
    row = signed(link, skills=frozenset({"barber"}), note="很闲")
    sign_up_decline(sign_up=row, by=boss, now=DAWN)
    row.refresh_from_db()
    assert (row.name, row.phone, row.note, row.skills) == ("", "", "", [])
    assert Member.objects.of(boss.community).count() == 1


def test_two_coordinators_settle_it_once(boss: Member, link: SignUpLink) -> None:
    row = signed(link)
    sign_up_approve(sign_up=row, by=boss, now=DAWN)
    with pytest.raises(ConflictError):
        sign_up_approve(sign_up=row, by=boss, now=DAWN)
    with pytest.raises(ConflictError):
        sign_up_decline(sign_up=row, by=boss, now=DAWN)
    assert Volunteer.objects.of(boss.community).count() == 1


def test_a_link_that_ended_or_was_guessed_leads_nowhere(
    boss: Member, link: SignUpLink
) -> None:
    assert link_by(link.code) == link
    assert len(link.code) >= 20
    row = signed(link)
    link_end(link=link, now=DAWN)
    for code in (link.code, "guessed"):
        with pytest.raises(NotFoundError):
            link_by(code)
    assert [one.row for one in sign_ups_waiting(community=boss.community)] == [row]


def test_a_machine_that_fills_the_list_is_stopped_and_an_hour_later_people_can(
    boss: Member, link: SignUpLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "FROM_ONE_ADDRESS", 2)
    signed(link, "甲")
    signed(link, "乙")
    with pytest.raises(RefusedError) as refused:
        signed(link, "丙")
    assert refused.value.code == "too_many"
    draft = SignUpDraft(name="丙", phone="1")
    later = DAWN + timedelta(hours=1)
    again = sign_up_take(link=link, draft=draft, address="127.0.0.1", now=later)
    assert again.name == "丙"


def test_a_coordinator_of_another_community_finds_nobody_waiting(
    link: SignUpLink,
) -> None:
    outsider = member(community("隔壁"), "别人", "coordinator")
    with pytest.raises(NotFoundError):
        sign_up_for(outsider, signed(link).pk)
