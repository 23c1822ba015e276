from __future__ import annotations

import json

import pytest
from django.urls import reverse
from tests.apps import building as b
from tests.apps.outbox.channels import Invented

from shouwang.apps.communities.models import Member
from shouwang.apps.outbox.models import Address, ChannelSetup, OutboxMessage
from shouwang.apps.outbox.sealing import secrets_of
from shouwang.apps.outbox.selectors import (
    email_of,
    members_unreached,
    push_key,
)
from shouwang.apps.outbox.services.addresses import (
    email_set,
    subscription_end,
    subscription_keep,
)
from shouwang.apps.outbox.services.channels import (
    OFFERED,
    ChannelDraft,
    channel_add,
    channel_change,
    channel_end,
)
from shouwang.apps.outbox.ways import book_of
from shouwang.apps.outbox.words import (
    cause_words,
    channel_explained,
    channel_words,
    fault_words,
    setting_words,
)
from shouwang.apps.residents import services as homes
from shouwang.common.errors import RefusedError
from shouwang.notify import channels
from shouwang.notify.channels import CHANNELS, channel_of
from shouwang.notify.message import Cause, SendingError
from shouwang.notify.settings import Fault, Reaches

pytestmark = pytest.mark.django_db
ROBOT = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def place():
    made = b.community()
    row = b.member(made, "chen", "coordinator")
    row.phone = "13900000001"
    row.save()
    return made


@pytest.fixture
def chen(place):
    return Member.objects.of(place).get()


def wecom(place, **more):
    draft = ChannelDraft(name="值班群", given={"robot": ROBOT, **more})
    return channel_add(community=place, kind="wecom", draft=draft, now=b.DAWN)


def test_every_channel_setting_fault_and_cause_has_words():
    named = {row.name for kind in OFFERED for row in channel_of(kind).settings}
    assert named <= set(setting_words())
    assert set(OFFERED) == set(channel_explained())
    assert set(CHANNELS) == set(channel_words())
    assert {row.value for row in Fault} == set(fault_words())
    assert {row.value for row in Cause} == set(cause_words())


def test_a_secret_is_unreadable_at_rest_and_never_shown_again(client, place, chen):
    row = wecom(place)
    assert ROBOT not in row.sealed
    assert ROBOT not in json.dumps(row.settings)
    assert secrets_of(row) == {"robot": ROBOT}
    client.force_login(chen.user)
    page = client.get(reverse("outbox:channel_change", args=[row.pk]))
    assert ROBOT not in page.content.decode()
    assert "autocomplete" in page.content.decode()


def test_an_empty_secret_keeps_the_one_that_is_there(place):
    row = wecom(place)
    channel_change(row=row, draft=ChannelDraft(name="新名字", given={"robot": ""}))
    row.refresh_from_db()
    assert (row.name, secrets_of(row)) == ("新名字", {"robot": ROBOT})


def test_what_is_wrong_is_said_all_at_once(place):
    wecom(place)
    with pytest.raises(RefusedError) as refused:
        channel_add(
            community=place,
            kind="wecom",
            draft=ChannelDraft(name="值班群", given={}),
            now=b.DAWN,
        )
    assert set(refused.value.fields) == {"name", "robot"}


def test_a_webhook_into_our_own_network_must_be_meant(place):
    given = {"url": "https://127.0.0.1/", "secret": "whsec_" + "x" * 32}
    draft = ChannelDraft(name="a", given=given)
    with pytest.raises(RefusedError) as refused:
        channel_add(community=place, kind="webhook", draft=draft, now=b.DAWN)
    assert set(refused.value.fields) == {"url"}
    meant = ChannelDraft(name="a", given={**given, "inside": "on"})
    assert channel_add(community=place, kind="webhook", draft=meant, now=b.DAWN).pk


def test_a_channel_that_ended_forgets_its_secrets(place):
    row = wecom(place)
    channel_end(row=row, now=b.DAWN)
    row.refresh_from_db()
    assert row.sealed == ""


def test_secrets_of_another_key_are_asked_for_again(client, place, chen, settings):
    row = wecom(place)
    settings.SECRET_KEY = "another-" + "y" * 40
    assert secrets_of(row) == {}
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" + "x" * 40]
    assert secrets_of(row) == {"robot": ROBOT}


def test_web_push_makes_its_own_key(place):
    draft = ChannelDraft(name="手机", given={"subject": "mailto:a@example.org"})
    row = channel_add(community=place, kind="webpush", draft=draft, now=b.DAWN)
    key = push_key(community=place)
    assert len(key) == 87
    channel_change(row=row, draft=draft)
    assert push_key(community=place) == key


def test_a_test_says_what_the_provider_said(client, place, chen, monkeypatch):
    robot = Invented(kind="wecom", reaches=Reaches.GROUP)
    row = wecom(place)
    monkeypatch.setitem(channels.CHANNELS, "wecom", robot)
    client.force_login(chen.user)
    url = reverse("outbox:channel_test", args=[row.pk])
    page = client.post(url, follow=True, headers={"accept-language": "en"})
    assert "the test was taken (0)" in page.content.decode()
    assert place.name in robot.took[0].text
    robot.fails = SendingError("x", cause=Cause.WRONG_KEY, code="93000", permanent=True)
    page = client.post(url, follow=True, headers={"accept-language": "en"})
    assert "not valid any more. Enter it again. (93000)" in page.content.decode()


def test_people_whom_nothing_reaches_are_named(client, place, chen):
    wei = b.member(place, "wei", "walker")
    assert members_unreached(community=place) == []
    draft = ChannelDraft(
        name="短信",
        given={
            "key_id": "LTAI5tExampleKeyId000000",
            "key_secret": "x" * 30,
            "sign": "守望社区",
            "template": "SMS_123456789",
            "parameters": "place,words,asked",
        },
    )
    channel_add(community=place, kind="sms_aliyun", draft=draft, now=b.DAWN)
    assert members_unreached(community=place) == [wei]
    client.force_login(chen.user)
    assert "wei" in client.get(reverse("outbox:channels")).content.decode()


def test_an_email_address_replaces_the_one_before(chen):
    email_set(person=chen, email="a@example.org", now=b.DAWN)
    email_set(person=chen, email="b@example.org", now=b.hour("06:00"))
    assert email_of(chen) == "b@example.org"
    email_set(person=chen, email="", now=b.hour("07:00"))
    assert email_of(chen) == ""
    assert Address.objects.of(chen.community_id).count() == 2
    with pytest.raises(RefusedError):
        email_set(person=chen, email="no address", now=b.hour("07:00"))


ENDPOINT = "https://push.example.org/abc"


def test_the_email_of_a_family_is_given_at_its_page(client, place, chen):
    contact = homes.contact_add(
        home=b.home(place), draft=homes.ContactDraft(name="李女", is_family=True)
    )
    client.force_login(chen.user)
    page = client.get(reverse("residents:contact_change", args=[contact.pk]))
    url = reverse("outbox:contact_email", args=[contact.pk])
    assert url in page.content.decode()
    assert client.post(url, {"email": "li@example.org"}).status_code == 302
    assert email_of(contact) == "li@example.org"
    assert client.post(url, {"email": "nonsense"}).status_code == 422


SUBSCRIPTION = {
    "endpoint": ENDPOINT,
    "keys": {"p256dh": "B" + "x" * 86, "auth": "y" * 22},
}


def test_a_phone_is_told_once_however_often_it_says_so(place, chen):
    for _ in range(2):
        subscription_keep(member=chen, subscription=SUBSCRIPTION, now=b.DAWN)
    assert Address.objects.of(place).count() == 1
    probe = OutboxMessage(community=place, to_member=chen)
    assert (
        "abc"
        in book_of([probe]).addresses[
            "member", chen.pk, Address.objects.of(place).get().by
        ]
    )
    subscription_end(member=chen, endpoint=ENDPOINT, now=b.DAWN)
    assert book_of([probe]).addresses == {}


@pytest.mark.parametrize(
    "subscription",
    [
        {},
        {**SUBSCRIPTION, "endpoint": "http://push.example.org/"},
        {**SUBSCRIPTION, "keys": {}},
        {**SUBSCRIPTION, "more": "x" * 5000},
    ],
)
def test_what_is_no_subscription_is_refused(chen, subscription):
    with pytest.raises(RefusedError):
        subscription_keep(member=chen, subscription=subscription, now=b.DAWN)


def test_a_phone_asks_for_the_key_and_subscribes(client, place, chen):
    client.force_login(chen.user)
    url = "/api/v1/push"
    assert client.get(url).json() == {"public_key": ""}
    answer = client.post(
        url, {"subscription": SUBSCRIPTION}, content_type="application/json"
    )
    assert answer.status_code == 200
    answer = client.delete(
        url, {"endpoint": SUBSCRIPTION["endpoint"]}, content_type="application/json"
    )
    assert answer.status_code == 200
    assert not Address.objects.of(place).filter(ended_at__isnull=True).exists()


def test_the_pages_of_channels_work_from_end_to_end(client, place, chen):
    client.force_login(chen.user)
    answer = client.post(
        reverse("outbox:channel_add", args=["wecom"]),
        {"name": "值班群", "robot": ROBOT, "is_on": "on"},
    )
    assert answer.status_code == 302
    row = ChannelSetup.objects.of(place).get()
    answer = client.post(
        reverse("outbox:channel_change", args=[row.pk]), {"name": "值班群", "robot": ""}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert not row.is_on
    assert client.get(reverse("outbox:channel_add", args=["pigeon"])).status_code == 404
