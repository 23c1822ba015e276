"""The page behind the link in a message: enough to act, and nothing else."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm

from shouwang.apps.alerts.links import LINK_LIVES
from shouwang.apps.alerts.services import ClosingIn, alert_close, alert_commit
from shouwang.apps.residents.services import KnownRiskDraft, known_risks_set
from shouwang.apps.watch.models import Sighting

pytestmark = pytest.mark.django_db
NOW = TEN_PAST + timedelta(minutes=2)
ENGLISH = {"accept-language": "en"}
SECRETS = ("王奶奶", "3-2-401", "13900000001", "13900000002", "赵姐")


@pytest.fixture(autouse=True)
def _two_minutes_later():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def a(_two_minutes_later):
    return alarm()


def page_of(client, a, who, query=""):
    return client.get(a.address(who, query), headers=ENGLISH)


def send(client, a, who, **values):
    return client.post(a.address(who), values, headers=ENGLISH)


def close(a):
    closing = ClosingIn(outcome="overslept", override="asked next door")
    alert_close(alert=a.alert, closing=closing, by=a.duty, now=NOW)


def test_it_says_what_is_missing_who_looked_and_where_to_go(client, a):
    drafts = [KnownRiskDraft(kind="hard_of_hearing"), KnownRiskDraft(kind="no_lift")]
    known_risks_set(home=a.home, drafts=drafts, by=a.duty, now=NOW)
    words = page_of(client, a, a.daughter).content.decode()
    assert "王奶奶, curtain: “open” by 09:00 was agreed" in words
    assert "lin, 22 minutes ago: curtain: closed." in words
    for part in (
        "3-2-401",
        "floor 4",
        "hard of hearing",
        "no lift",
        "tel:0351-0000000",
    ):
        assert part in words


def test_it_says_it_in_chinese_as_neighbours_do(client, a):
    words = client.get(a.address(a.lin), headers={"accept-language": "zh"})
    assert "王奶奶的窗帘" in words.content.decode()


def test_nobody_elses_phone_number_stands_there(client, a):
    words = page_of(client, a, a.lin).content.decode()
    assert "13900000001" not in words
    assert "13900000002" not in words


def test_it_is_not_kept_not_found_and_tells_no_other_site(client, a):
    answer = page_of(client, a, a.lin)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


def test_it_works_without_any_cookie_or_token(a):
    client = Client(enforce_csrf_checks=True)
    assert send(client, a, a.lin, act="going", minutes="10").status_code == 302


def test_looking_at_it_does_nothing(client, a):
    before = a.did()
    page_of(client, a, a.lin, "?act=cannot&noted=cannot")
    assert a.did() == before


@pytest.mark.parametrize(
    ("values", "word", "did"),
    [
        ({"act": "going", "minutes": "20"}, "until 09:32", "committed"),
        ({"act": "cannot"}, "you cannot", "declined"),
        ({"act": "no_answer"}, "nobody answered", "joined"),
        ({"act": "spoke"}, "she is well", "acknowledged"),
        ({"act": "help", "note": "摔倒了"}, "the desk is told", "joined"),
    ],
)
def test_each_act_is_heard_and_one_may_act_again(client, a, values, word, did):
    answer = send(client, a, a.daughter, **values)
    assert answer.status_code == 302
    assert did in a.did()
    words = client.get(answer.url, headers=ENGLISH).content.decode()
    assert "Noted" in words
    assert word in words
    assert 'value="spoke"' in words


def test_a_language_once_chosen_stays(client, a):
    address = a.address(a.lin, "?language=en")
    answer = client.post(address, {"act": "cannot"})
    assert "Noted" in client.get(answer.url).content.decode()


def test_a_double_tap_is_one_act(client, a):
    once = "01957000-0000-7000-8000-000000000001"
    for _ in range(2):
        send(client, a, a.lin, act="no_answer", once=once)
        send(client, a, a.lin, act="going", minutes="20", seen=[])
    assert Sighting.objects.of(a.place).filter(signal="contact").count() == 1
    assert a.did().count("committed") == 1


def test_the_second_who_goes_is_asked_and_may_go_as_well(client, a):
    send(client, a, a.lin, act="going", minutes="20")
    asked = send(client, a, a.daughter, act="going", minutes="10")
    assert asked.status_code == 409
    words = asked.content.decode()
    assert "lin is going already, until 09:32. Go as well?" in words
    seen = re.findall(r'name="seen" value="(\w+)"', words)
    answer = send(client, a, a.daughter, act="going", minutes="10", seen=seen)
    assert answer.status_code == 302
    words = page_of(client, a, a.lin).content.decode()
    assert words.count("on-the-way") == 2


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"act": "close"},
        {"act": "mute"},
        {"act": "going"},
        {"act": "going", "minutes": "3000"},
        {"act": "going", "minutes": "-10"},
        {"act": "going", "minutes": "²"},
        {"act": "going", "minutes": "1e1"},
        {"act": "going", "minutes": "10000"},
    ],
)
def test_what_it_does_not_offer_is_refused_and_changes_nothing(client, a, values):
    before = a.did()
    assert send(client, a, a.lin, **values).status_code == 422
    assert a.did() == before


@pytest.mark.parametrize(
    "note", ["x" * 5000, "\x00", "<script>alert(1)</script>", "😀" * 400]
)
def test_whatever_she_needs_is_heard(client, a, note):
    answer = send(client, a, a.lin, act="help", note=note, once="no uuid")
    assert answer.status_code == 302
    assert a.alert.kind == "help"


def test_an_altered_link_says_what_to_do_and_nothing_about_the_home(client, a):
    address = a.address(a.lin)
    altered = address[:-3] + ("A" if address[-3] != "A" else "B") + address[-2:]
    for act in (client.get, client.post):
        answer = act(altered, headers=ENGLISH)
        words = answer.content.decode()
        assert answer.status_code == 404
        assert "tel:0351-0000000" in words
        assert not any(secret in words for secret in SECRETS)
        assert answer["Cache-Control"] == "no-store"


def test_an_altered_link_names_no_desk_where_there_are_several(client, a):
    b.community("槐树社区")
    words = client.get("/a/nonsense/", headers=ENGLISH).content.decode()
    assert "0351-0000000" not in words
    assert "Phone the number from which the message came" in words


def test_a_link_whose_time_is_over_leads_to_the_desk(client, a):
    address = a.address(a.lin)
    with time_machine.travel(TEN_PAST + LINK_LIVES, tick=False):
        for act in (client.get, client.post):
            answer = act(address, {"act": "cannot"}, headers=ENGLISH)
            words = answer.content.decode()
            assert answer.status_code == 410
            assert "tel:0351-0000000" in words
            assert not any(secret in words for secret in SECRETS)
    assert "declined" not in a.did()


def test_a_closed_alert_says_how_it_ended_and_asks_nothing(client, a):
    address = a.address(a.lin)
    close(a)
    answer = client.get(address, headers=ENGLISH)
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "It is over since 09:12: overslept." in words
    assert "<form" not in words


def test_an_act_on_a_page_that_is_older_than_the_end_is_told_so(client, a):
    close(a)
    answer = send(client, a, a.lin, act="going", minutes="10")
    assert answer.status_code == 409
    assert "It is over" in answer.content.decode()


def test_a_cry_for_help_after_the_end_still_opens_an_alert(client, a):
    address, closed = a.address(a.lin), a.alert
    close(a)
    client.post(address, {"act": "help"}, headers=ENGLISH)
    assert a.alert.pk != closed.pk
    assert a.alert.kind == "help"


@pytest.mark.django_db(transaction=True)
def test_two_who_tap_at_once_never_both_go_alone(a):
    addresses = [a.address(who) for who in (a.lin, a.daughter)]
    start = Barrier(2)

    def tap(address):
        start.wait()
        try:
            # The store may be busy with the other: then one is asked to try again.
            for _ in range(200):
                answer = Client().post(address, {"act": "going", "minutes": "20"})
                if answer.status_code != 503:
                    return answer.status_code
            return 503
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tap, addresses)) == [302, 409]
    assert a.alert.commitments.filter(ended_at=None).count() == 1


def test_whoever_goes_alone_is_not_asked(client, a):
    alert_commit(
        alert=a.alert, by=a.lin, until=NOW + timedelta(minutes=1), now=NOW, seen=[]
    )
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        answer = send(client, a, a.daughter, act="going", minutes="10")
    assert answer.status_code == 302
