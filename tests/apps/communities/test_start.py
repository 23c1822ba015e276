from __future__ import annotations

import pytest
from tests.apps import building as b

from shouwang.apps.communities.models import Community, User

pytestmark = pytest.mark.django_db

GIVEN = {
    "community": "梧桐里社区",
    "name": "林师傅",
    "username": "lin",
    "password": "curtain-at-seven",
}


def test_the_first_visit_leads_to_the_board(client):
    assert client.get("/login/").url == "/start/"
    assert client.get("/start/").status_code == 200
    answer = client.post("/start/", GIVEN, follow=True)
    assert "梧桐里社区" in answer.content.decode()
    assert answer.status_code == 200


@pytest.mark.parametrize("change", [{"password": "12345678"}, {"name": " "}])
def test_what_cannot_be_taken_is_said_and_nothing_is_made(client, change):
    assert client.post("/start/", {**GIVEN, **change}).status_code == 422
    assert not User.objects.exists()


def test_nobody_starts_a_second_time(client):
    b.member(b.community(), "duty", "duty_officer")
    assert client.post("/start/", GIVEN).url == "/login/"
    assert Community.objects.count() == 1
