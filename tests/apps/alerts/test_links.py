"""A link is for one alert, one person and some hours, or it is worth nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b

from shouwang.apps.alerts.links import (
    LINK_LIVES,
    alert_link,
    group_link,
    group_link_for,
    group_linked_by,
    link_for,
    link_read,
    linked_by,
    said_link_for,
)
from shouwang.apps.alerts.models import Alert, Via
from shouwang.apps.alerts.people import Person, person_of
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.services import ContactDraft, contact_add, contact_end
from shouwang.apps.watch import services
from shouwang.common.errors import NotFoundError

pytestmark = pytest.mark.django_db
NOW = b.hour("09:10")


@pytest.fixture
def alert():
    place = b.community()
    b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    services.checks_decide_due(now=NOW)
    return Alert.objects.of(place).get()


@pytest.fixture
def daughter(alert):
    draft = ContactDraft(name="李女", relation="女儿", is_family=True)
    return contact_add(home=alert.home, draft=draft)


@pytest.mark.parametrize("person", [Person(member_id=7), Person(contact_id=7)])
def test_a_code_says_which_alert_who_and_until_when(person):
    code = link_for(Alert(pk=300), person, NOW)
    said = link_read(code)
    assert (said.alert_id, said.person) == (300, person)
    assert NOW + LINK_LIVES - timedelta(minutes=1) < said.expires_at <= NOW + LINK_LIVES


@pytest.mark.parametrize("number", [1, 127, 128, 2**31, 2**40])
def test_numbers_of_every_size_come_back_and_the_code_fits_a_message(number):
    code = link_for(Alert(pk=number), Person(contact_id=number), NOW)
    assert link_read(code).alert_id == number
    assert len(code) <= 40


CODES = {
    "own": lambda alert: link_for(alert, Person(member_id=7), NOW),
    "group": lambda alert: group_link_for(alert, NOW),
    "said": lambda alert: said_link_for(alert, Member(pk=7), NOW + LINK_LIVES),
}


@pytest.mark.parametrize("kind", CODES)
def test_a_code_with_any_character_changed_is_worth_nothing(kind):
    code = CODES[kind](Alert(pk=300))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place, old in enumerate(code):
        for new in letters:
            if new != old:
                with pytest.raises(NotFoundError):
                    link_read(code[:place] + new + code[place + 1 :])


@pytest.mark.parametrize(
    "code", ["", "x", "é", "A" * 8, "A" * 400, "a=b", "a b", "!!!"]
)
def test_nonsense_is_worth_nothing(code):
    with pytest.raises(NotFoundError):
        link_read(code)


def test_a_code_cannot_be_padded_or_cut():
    code = link_for(Alert(pk=300), Person(member_id=7), NOW)
    for other in (code + "=", code + "A", code[:-1], code + "\n", " " + code, code * 2):
        with pytest.raises(NotFoundError):
            link_read(other)


def test_another_secret_key_does_not_open_it(settings):
    code = link_for(Alert(pk=300), Person(member_id=7), NOW)
    settings.SECRET_KEY = "another"
    with pytest.raises(NotFoundError):
        link_read(code)


def test_a_link_reaches_its_alert_until_its_time_is_over(alert, daughter):
    code = link_for(alert, person_of(daughter), NOW)
    found = linked_by(code, now=NOW + timedelta(hours=11))
    assert (found.alert, found.actor, found.is_over) == (alert, daughter, False)
    assert linked_by(code, now=NOW + LINK_LIVES).is_over


def test_the_key_of_a_neighbour_does_not_open_another_home(alert, daughter):
    other = b.home(alert.community, "3-2-402")
    stranger = contact_add(home=other, draft=ContactDraft(name="赵"))
    with pytest.raises(NotFoundError):
        linked_by(link_for(alert, person_of(stranger), NOW), now=NOW)


def test_somebody_of_another_community_or_who_left_reaches_nothing(alert, daughter):
    outsider = b.member(b.community("槐树社区"), "outsider", "walker")
    contact_end(contact=daughter, now=NOW)
    for gone in (outsider, daughter):
        with pytest.raises(NotFoundError):
            linked_by(link_for(alert, person_of(gone), NOW), now=NOW)


def test_without_a_public_address_there_is_no_link(alert, daughter, settings):
    person = person_of(daughter)
    assert alert_link(alert, person, NOW) == ""
    settings.PUBLIC_URL = "https://shouwang.example.org"
    address = alert_link(alert, person, NOW)
    assert address.startswith("https://shouwang.example.org/a/")
    assert link_read(address.split("/")[-2]).alert_id == alert.pk


def test_a_groups_code_names_nobody_and_acts_as_nobody(alert):
    code = group_link_for(alert, NOW)
    assert link_read(code).person is None
    found = group_linked_by(code, now=NOW)
    assert (found.alert, found.is_over) == (alert, False)
    assert group_linked_by(code, now=NOW + LINK_LIVES).is_over
    with pytest.raises(NotFoundError):
        linked_by(code, now=NOW)


def test_a_code_of_one_person_is_none_of_a_group(alert, daughter):
    for code in (link_for(alert, person_of(daughter), NOW), "nonsense"):
        with pytest.raises(NotFoundError):
            group_linked_by(code, now=NOW)


def test_who_said_who_they_are_is_told_apart_and_lives_no_longer_than_the_groups_link(
    alert,
):
    lin = b.member(alert.community, "lin", "walker")
    group = group_linked_by(group_link_for(alert, NOW), now=NOW)
    code = said_link_for(alert, lin, group.expires_at)
    said = linked_by(code, now=NOW)
    own = linked_by(link_for(alert, person_of(lin), NOW), now=NOW)
    assert (said.actor, said.via, own.via) == (lin, Via.GROUP_LINK, Via.OWN)
    assert said.by_group == group_link_for(alert, NOW)
    assert linked_by(code, now=group.expires_at).is_over
    assert code != link_for(alert, person_of(lin), NOW)


def test_without_a_public_address_a_group_gets_no_link(alert, settings):
    assert group_link(alert, NOW) == ""
    settings.PUBLIC_URL = "https://shouwang.example.org"
    assert group_link(alert, NOW).startswith("https://shouwang.example.org/a/")
