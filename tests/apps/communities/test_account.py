"""One's own account leads only where one may go."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.apps import building as b

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["coordinator", "walker", "volunteer", "supervisor"])
def test_every_page_that_the_account_leads_to_opens(client, role):
    client.force_login(b.member(b.community(), "chen", role).user)
    text = client.get(reverse("account")).content.decode()
    links = re.findall(r'href="(/account/[^"]+)"', text)
    shown = {link: client.get(link).status_code for link in links}
    assert set(shown.values()) <= {200}, shown


def test_whoever_looks_finds_e_mail_and_calendar_there(client):
    client.force_login(b.member(b.community(), "lin", "walker").user)
    text = client.get(reverse("account")).content.decode()
    assert reverse("outbox:own_email") in text
    assert reverse("calendars:calendars") in text
