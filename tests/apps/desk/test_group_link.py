"""The link that a group reads: who are you, and then as that person, said to be so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm

from shouwang.apps.alerts.by_group import SAID_AN_HOUR
from shouwang.apps.alerts.climbing import Batch
from shouwang.apps.alerts.links import (
    LINK_LIVES,
    LINK_PATH,
    group_link_for,
    link_for,
    said_link_for,
)
from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.people import person_of
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.residents.services import KnownRiskDraft, known_risks_set
from shouwang.apps.watch.models import Sighting

pytestmark = pytest.mark.django_db
NOW = TEN_PAST + timedelta(minutes=2)
UNTIL = TEN_PAST + LINK_LIVES
ENGLISH = {"accept-language": "en"}
# What the message did not say.
UNSAID = ("floor", "hard of hearing", "李女", "赵姐", "13900000001", "curtain")


@pytest.fixture(autouse=True)
def _two_minutes_later():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def a(_two_minutes_later):
    made = alarm()
    draft = KnownRiskDraft(kind="hard_of_hearing")
    known_risks_set(home=made.home, drafts=[draft], by=made.duty, now=NOW)
    ask(made, made.lin, made.daughter)
    return made


def ask(a, *people, key="step:2:0"):
    """Let a step of the ladder ask some people."""
    batch = Batch(community=a.place, now=TEN_PAST)
    batch.tell(a.alert, map(person_of, people), ask="go_up", key=key)
    batch.write()


def group(a, query=""):
    return f"/{LINK_PATH}{group_link_for(a.alert, TEN_PAST)}/{query}"


def said(a, who, query=""):
    return f"/{LINK_PATH}{said_link_for(a.alert, who, UNTIL)}/{query}"


def words_of(client, address):
    return client.get(address, headers=ENGLISH).content.decode()


def choose(client, a, who, **headers):
    address = group(a)
    return client.post(address, {"who": who.pk}, headers={**ENGLISH, **headers})


def act(client, address, **values):
    return client.post(address, values, headers=ENGLISH)


def close(a):
    closing = ClosingIn(outcome="overslept", override="asked next door")
    alert_close(alert=a.alert, closing=closing, by=a.duty, now=NOW)


# --- before anybody said who they are ---------------------------------------------------


def test_it_says_what_the_message_said_and_who_was_asked_and_no_more(client, a):
    words = words_of(client, group(a))
    assert "3-2-401 王奶奶: the agreed signal is missing. Please go up." in words
    assert re.findall(r'class="big">(\w+)<', words) == ["duty", "lin"]
    assert not any(part in words for part in UNSAID)


def test_looking_at_it_does_nothing_and_leaves_nothing_behind(client, a):
    before = a.did()
    answer = client.get(group(a, f"?who={a.lin.pk}&act=going"), headers=ENGLISH)
    assert a.did() == before
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


def test_who_has_left_is_not_offered_and_cannot_be_chosen(client, a):
    a.lin.left_at = NOW
    a.lin.save()
    assert "lin" not in re.findall(r'class="big">(\w+)<', words_of(client, group(a)))
    assert choose(client, a, a.lin).status_code == 422
    assert client.get(said(a, a.lin)).status_code == 404


@pytest.mark.parametrize("who", ["", "0", "x", "²", "-1", "9" * 30, "\x00"])
def test_a_choice_of_nobody_is_refused_in_words(client, a, who):
    before = a.did()
    answer = client.post(group(a), {"who": who}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Choose your name" in answer.content.decode()
    assert not answer.cookies
    assert a.did() == before


def test_somebody_who_was_not_asked_cannot_be_chosen(client, a):
    others = [
        b.member(a.place, "ma", "walker"),
        b.member(b.community("槐树社区"), "outsider", "walker"),
    ]
    for who in others:
        assert choose(client, a, who).status_code == 422
    assert "link_opened" not in a.did()


def test_a_form_sent_from_another_site_chooses_nobody(client, a):
    answer = choose(client, a, a.lin, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 422
    assert not answer.cookies
    assert "link_opened" not in a.did()


# --- as somebody ------------------------------------------------------------------------


def test_choosing_a_name_leads_to_a_page_that_does_what_a_personal_link_does(client, a):
    answer = choose(client, a, a.lin)
    assert answer.status_code == 302
    words = words_of(client, answer.url)
    assert "You said: I am <strong>lin</strong>." in words
    for part in ("floor 4", "hard of hearing", "tel:0351-0000000", 'value="spoke"'):
        assert part in words
    event = a.alert.events.get(did="link_opened")
    assert (event.by, event.via, event.at) == (a.lin, "group_link", NOW)


@pytest.mark.parametrize(
    ("values", "did"),
    [
        ({"act": "going", "minutes": "20"}, "committed"),
        ({"act": "cannot"}, "declined"),
        ({"act": "spoke"}, "acknowledged"),
    ],
)
def test_what_is_done_is_noted_as_said_by_the_groups_link(client, a, values, did):
    assert act(client, said(a, a.lin), **values).status_code == 302
    event = a.alert.events.get(did=did)
    assert (event.by, event.via) == (a.lin, "group_link")
    client.force_login(a.duty.user)
    story = words_of(client, f"/alerts/{a.alert.pk}/")
    assert "lin (said to be, by the group&#x27;s link)" in story


@pytest.mark.parametrize("result", ["spoke", "no_answer", "help"])
def test_a_contact_is_nobodys_own_record(client, a, result):
    assert act(client, said(a, a.lin), act=result).status_code == 302
    look = Sighting.objects.of(a.place).get(signal="contact")
    assert look.by is None
    assert look.by_words == "lin（自称，来自群链接）"


def test_the_desk_is_told_of_a_cry_even_if_it_is_said_in_its_own_name(client, a):
    before = a.alert.messages.filter(to_member=a.duty, ask="").count()
    act(client, said(a, a.duty), act="help")
    told = a.alert.messages.filter(to_member=a.duty)
    assert told.filter(queued_at=NOW).exists()
    assert told.filter(ask="").count() >= before


@pytest.mark.parametrize("values", [{"act": "close"}, {"act": "mute"}, {"act": "take"}])
def test_nothing_ends_or_rests_an_alert_by_it(client, a, values):
    before = a.did()
    assert act(client, said(a, a.lin), **values).status_code == 422
    assert act(client, group(a), **values, who="").status_code == 422
    assert a.did() == before


def test_two_who_go_by_one_link_see_each_other(client, a):
    act(client, said(a, a.lin), act="going", minutes="20")
    asked = act(client, said(a, a.duty), act="going", minutes="10")
    assert asked.status_code == 409
    words = asked.content.decode()
    assert "is going already, until 09:32. Go as well?" in words
    seen = re.findall(r'name="seen" value="(\w+)"', words)
    again = act(client, said(a, a.duty), act="going", minutes="10", seen=seen)
    assert again.status_code == 302
    assert words_of(client, said(a, a.lin)).count("on-the-way") == 2


def test_it_needs_no_cookie_and_no_token(a):
    client = Client(enforce_csrf_checks=True)
    answer = choose(client, a, a.lin)
    client.cookies.clear()
    address = answer.url
    assert act(client, address, act="going", minutes="10").status_code == 302


def test_who_was_chosen_cannot_be_altered(client, a):
    address = said(a, a.lin)
    altered = address[:-4] + ("A" if address[-4] != "A" else "B") + address[-3:]
    assert client.get(altered).status_code == 404
    act(client, address, act="cannot", who=a.duty.pk)
    assert a.alert.events.get(did="declined").by == a.lin


# --- remembered ---------------------------------------------------------------------------


def test_the_second_tap_does_not_ask_again(client, a):
    chosen = choose(client, a, a.lin)
    answer = client.get(group(a), headers=ENGLISH)
    assert (answer.status_code, answer.url) == (302, chosen.url)
    assert a.did().count("link_opened") == 1
    cookie = chosen.cookies[f"alert_{a.alert.pk}"]
    assert (cookie["path"], cookie["samesite"]) == (f"/{LINK_PATH}", "Lax")
    assert cookie["httponly"]
    assert cookie["max-age"] == (UNTIL - NOW).total_seconds()


def test_a_later_message_of_the_same_alert_remembers_as_well(client, a):
    choose(client, a, a.lin)
    later = f"/{LINK_PATH}{group_link_for(a.alert, NOW + timedelta(minutes=15))}/"
    answer = client.get(later, headers=ENGLISH)
    assert answer.status_code == 302
    assert "lin" in words_of(client, answer.url)


def test_not_me_asks_again_and_remembers_the_new_choice(client, a):
    chosen = choose(client, a, a.lin)
    again = re.findall(r'href="([^"]+again=1)"', words_of(client, chosen.url))[0]
    assert "Who are you?" in words_of(client, again)
    choose(client, a, a.duty)
    led = client.get(group(a), headers=ENGLISH)
    assert "I am <strong>duty</strong>" in words_of(client, led.url)


def test_a_language_once_chosen_stays(client, a):
    answer = client.post(group(a, "?language=en"), {"who": a.lin.pk})
    words = client.get(answer.url).content.decode()
    assert "Not me" in words
    assert "language=en&amp;again=1" in words


def cookies_worth_nothing(a):
    return {
        "nonsense": "x",
        "personal": link_for(a.alert, person_of(a.lin), TEN_PAST),
        "group": group_link_for(a.alert, TEN_PAST),
        "another alert": said_link_for(Alert(pk=999_999), a.lin, UNTIL),
        "over": said_link_for(a.alert, a.lin, NOW),
        "not asked": said_link_for(a.alert, b.member(a.place, "ma", "walker"), UNTIL),
    }


def test_a_cookie_of_anything_else_is_worth_nothing(client, a):
    for value in cookies_worth_nothing(a).values():
        client.cookies[f"alert_{a.alert.pk}"] = value
        assert "Who are you?" in words_of(client, group(a))


# --- its end ------------------------------------------------------------------------------


def test_when_its_time_is_over_it_leads_to_the_desk(client, a):
    addresses = [group(a), said(a, a.lin)]
    with time_machine.travel(UNTIL, tick=False):
        for address in addresses:
            for answer in (client.get(address), client.post(address, {"who": 1})):
                assert answer.status_code == 410
                assert "3-2-401" not in answer.content.decode()


def test_after_the_end_it_asks_nobody_and_does_not_say_how_it_ended(client, a):
    address = group(a)
    close(a)
    words = words_of(client, address)
    assert "It is over" in words
    assert "09:12" in words
    assert "overslept" not in words
    assert "<form" not in words
    answer = client.post(address, {"who": a.lin.pk}, headers=ENGLISH)
    assert answer.status_code == 409


def test_whoever_was_chosen_before_the_end_hears_how_it_ended(client, a):
    address = said(a, a.lin)
    close(a)
    assert "overslept" in words_of(client, address)


def test_more_than_any_alert_needs_is_refused_and_leads_to_the_desk(client, a):
    for _ in range(SAID_AN_HOUR):
        act(client, said(a, a.lin), act="no_answer")
    answer = act(client, said(a, a.lin), act="no_answer")
    assert answer.status_code == 422
    assert "Please phone the desk now" in answer.content.decode()
    assert choose(client, a, a.lin).status_code == 422
    # Whoever has a link of their own is heard all the same.
    assert act(client, a.address(a.lin), act="help").status_code == 302
    with time_machine.travel(NOW + timedelta(hours=1, minutes=1), tick=False):
        assert act(client, said(a, a.lin), act="no_answer").status_code == 302
