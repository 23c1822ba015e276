"""A community is never left without somebody who can log in and coordinate it."""

from __future__ import annotations

import pytest
from tests.apps import building as b

from shouwang.apps.communities.models import Member, MemberRole, Role
from shouwang.apps.communities.services import member_leave
from shouwang.common.errors import RefusedError

pytestmark = pytest.mark.django_db


def test_the_last_coordinator_with_a_login_cannot_leave_to_one_without():
    place = b.community()
    chen = b.member(place, "chen", "coordinator")
    wu = Member.objects.of(place).create(
        community=place, display_name="吴师傅", joined_at=b.DAWN
    )
    MemberRole.objects.of(place).create(
        community=place, member=wu, role=Role.COORDINATOR
    )
    with pytest.raises(RefusedError) as refused:
        member_leave(member=chen, now=b.DAWN)
    assert refused.value.code == "last_coordinator"
    chen.refresh_from_db()
    assert chen.left_at is None


def test_a_coordinator_leaves_where_another_can_log_in():
    place = b.community()
    chen = b.member(place, "chen", "coordinator")
    b.member(place, "wu", "coordinator")
    member_leave(member=chen, now=b.DAWN)
    chen.refresh_from_db()
    assert chen.left_at == b.DAWN
