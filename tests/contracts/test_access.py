"""Every page, whoever asks: strangers log in, outsiders and others find nothing."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.models import Role
from shouwang.apps.watch import services

pytestmark = pytest.mark.django_db

ALL = frozenset(Role.values)
DESK = frozenset({"coordinator", "duty_officer"})
LOOKING = DESK | {"walker", "volunteer"}
# name: (method, who may)
PAGES = {
    "desk:board": ("get", LOOKING),
    "desk:home": ("get", DESK),
    "desk:sighting_add": ("post", DESK),
    "desk:contact_add": ("post", DESK),
    "desk:alert_act": ("post", DESK),
}
ELSEWHERE = {
    "desk:board_live",
    "desk:healthz",
    "login",
    "start",
    "logout",
    "set_language",
}


@pytest.fixture
def place():
    made = b.community()
    b.watched(made)
    services.checks_make(community=made, now=b.DAWN)
    services.checks_decide_due(now=b.hour("09:10"))
    return made


def address(name, place):
    alert = Alert.objects.of(place).get()
    kwargs = {
        "desk:board": {},
        "desk:alert_act": {"pk": alert.pk, "act": "acknowledge"},
    }
    return reverse(name, kwargs=kwargs.get(name, {"pk": alert.home_id}))


def test_every_address_stands_in_the_table():
    names = set()
    for row in get_resolver().url_patterns:
        nested = getattr(row, "url_patterns", [row])
        space = getattr(row, "namespace", None)
        names |= {f"{space}:{x.name}" if space else x.name for x in nested}
    assert names == set(PAGES) | ELSEWHERE


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_asked_to_log_in(client, place, name):
    answer = getattr(client, PAGES[name][0])(address(name, place))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", sorted(ALL))
def test_a_page_is_there_for_its_roles_only(client, place, name, role):
    client.force_login(b.member(place, "somebody", role).user)
    method, who = PAGES[name]
    data = {"seen": "curtain:open", "how": "phone", "result": "spoke"}
    answer = getattr(client, method)(address(name, place), data)
    assert (answer.status_code in {200, 302}) is (role in who)
    if role not in who:
        assert answer.status_code == 404


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"desk:board"}))
def test_another_communitys_coordinator_finds_nothing(client, place, name):
    other = b.community("槐树社区")
    client.force_login(b.member(other, "outsider", "coordinator").user)
    answer = getattr(client, PAGES[name][0])(address(name, place))
    assert answer.status_code == 404
    assert "3-2-401" not in answer.content.decode()


def test_the_board_asks_few_questions_whatever_the_number_of_homes(
    client, place, django_assert_max_num_queries
):
    client.force_login(b.member(place, "duty", "duty_officer").user)
    for number in range(1, 30):
        b.watched(place, f"3-1-{number}01")
    services.checks_make(community=place, now=b.DAWN)
    with django_assert_max_num_queries(25):
        answer = client.get(reverse("desk:board"), headers={"accept-language": "en"})
    assert answer.content.decode().count("window-frame") == 30


def test_the_poll_answers_with_a_number_that_grows(client, place):
    client.force_login(b.member(place, "duty", "duty_officer").user)
    url = reverse("desk:board_live") + "?poll=1"
    before = client.get(url).json()["revision"]
    services.checks_decide_due(now=b.hour("19:00"))
    assert client.get(url).json()["revision"] > before


def test_the_program_says_that_it_serves(client):
    assert client.get("/healthz").content == b"ok"
