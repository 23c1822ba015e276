"""The menu above every page: grouped where there is much, one row where there is little."""

from __future__ import annotations

import pytest
from django.urls import resolve, reverse
from django.utils import translation
from tests.apps import building as b

from shouwang.apps.desk.menu import PAGES_WITHOUT_GROUPS, menu_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


def menu(rf, member, path="/"):
    request = rf.get(path)
    request.resolver_match = resolve(path)
    with translation.override("en"):
        return menu_for(member, request)


def here(shown):
    return [entry.name for entry in shown.entries if entry.active]


def test_a_coordinator_finds_every_page_in_one_of_four_groups(rf, place):
    shown = menu(rf, b.member(place, "chen", "coordinator"))
    assert shown.grouped
    assert [group.label for group in shown.groups] == [
        "Watch",
        "Care",
        "People",
        "Settings",
    ]
    assert [group.label for group in shown.groups if group.active] == ["Watch"]
    assert shown.entries == shown.groups[0].entries
    assert here(shown) == ["desk:board"]


@pytest.mark.parametrize("role", ["walker", "volunteer"])
def test_whoever_has_few_pages_sees_them_in_one_row(rf, place, role):
    shown = menu(rf, b.member(place, "lin", role))
    assert not shown.grouped
    assert len(shown.entries) <= PAGES_WITHOUT_GROUPS
    assert "desk:board" in [entry.name for entry in shown.entries]


def test_a_supervisor_is_led_to_the_figures_alone(rf, place):
    shown = menu(rf, b.member(place, "mayor", "supervisor"), "/figures/")
    assert [entry.name for entry in shown.entries] == ["desk:figures"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/alerts/5/", "desk:board"),
        ("/standpoints/", "rounds:rounds"),
        ("/needs/7/find/", "care:needs"),
        ("/needs/kinds/add/", "care:kinds"),
        ("/tasks/", "dispatch:day"),
        ("/company/", "visits:company"),
        ("/visits/questions/", "visits:questions"),
        ("/visits/often/", "visits:visits"),
        ("/residents/3/", "residents:homes"),
        ("/members/3/email/", "members"),
    ],
)
def test_a_page_below_another_marks_the_one_it_belongs_to(rf, place, path, name):
    assert here(menu(rf, b.member(place, "chen", "coordinator"), path)) == [name]


def test_a_volunteers_own_part_is_not_the_list_of_volunteers(rf, place):
    both = b.member(place, "chen", "coordinator", "volunteer")
    assert here(menu(rf, both, "/volunteers/own/change/")) == ["volunteers:own"]
    assert here(menu(rf, both, "/volunteers/")) == ["volunteers:volunteers"]


def test_ones_own_page_belongs_to_no_group(rf, place):
    shown = menu(rf, b.member(place, "chen", "coordinator"), "/account/")
    assert shown.grouped
    assert shown.entries == ()


@pytest.mark.parametrize(
    "role", ["coordinator", "duty_officer", "walker", "supervisor"]
)
def test_every_page_of_the_menu_opens_for_whom_it_is_shown(client, rf, place, role):
    member = b.member(place, "chen", role)
    client.force_login(member.user)
    for group in menu(rf, member).groups:
        for entry in group.entries:
            shown = client.get(entry.url)
            assert shown.status_code == 200, entry.name
            if b'class="menu"' in shown.content:  # the phone's page has its own
                assert b'aria-current="page"' in shown.content, entry.name


def test_no_page_is_in_the_menu_twice(rf, place):
    shown = menu(rf, b.member(place, "chen", "coordinator", "volunteer"))
    urls = [entry.url for group in shown.groups for entry in group.entries]
    assert len(urls) == len(set(urls))
    assert reverse("practices:practices") in urls
