"""The page of people: those who work here; volunteers have their own list."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.apps import building as b
from tests.apps.volunteers.people import volunteer

pytestmark = pytest.mark.django_db


def test_people_are_who_works_here_and_volunteers_are_counted(client):
    place = b.community()
    boss = b.member(place, "boss", "coordinator")
    b.member(place, "walker", "walker")
    b.member(place, "only a role", "volunteer")
    helper = volunteer(boss, name="林小雨")
    both = volunteer(boss, name="周姐", phone="000-0000-0002")
    both.member.roles.create(community=place, role="walker")
    client.force_login(boss.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(reverse("members"))
    shown = {str(row["row"]) for row in page.context["rows"]}
    # Who has no record among the volunteers is found nowhere else.
    assert shown == {"boss", "walker", "only a role", "周姐"}
    words = page.content.decode()
    assert str(helper) not in words
    assert "1 volunteer stands in a list of their own" in words
    assert reverse("volunteers:volunteers") in words
