"""The private page: two facts, a vouching, an absence, and nothing else of anybody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.apps import building as b
from tests.apps.family.relatives import relatives, tick

from shouwang.apps.alerts.models import Alert
from shouwang.apps.desk.selectors.board import board_today
from shouwang.apps.family.models import FamilyAct, FamilyLink
from shouwang.apps.family.services import link_end
from shouwang.apps.residents.models import Absence, Consent
from shouwang.apps.residents.services import consent_withdraw, contact_end
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.services import absence_declare, absence_withdraw
from shouwang.common import clock as held
from shouwang.domain.status import Status

pytestmark = pytest.mark.django_db
ONCE = uuid.UUID(int=7)


@pytest.fixture
def near():
    return relatives()


@dataclass(kw_only=True)
class Visit:
    """Opens the daughter's page, or posts to it, at a time of the day."""

    client: Client
    code: str

    def __call__(self, clock: str, *, language: str = "en", **said: str) -> Any:
        with held.set_to(b.hour(clock)):
            ask = self.client.post if said else self.client.get
            return ask(f"/f/{self.code}/", said, headers={"accept-language": language})


@pytest.fixture
def at(client, near):
    _link, code = near.link()
    return Visit(client=client, code=code)


def vouched(page, clock="08:20", *, once=ONCE, **more):
    said = {"on": "today", "at": "08:10", "how": "phone", "once": str(once), **more}
    return page(clock, act="vouch", **said)


def morning(near):
    return Check.objects.of(near.place).get(label="morning", on=b.TODAY)


# --- what one reads -------------------------------------------------------------------


def test_two_facts_and_nothing_else(near, at):
    near.closed_last_evening()
    near.see("open", "08:05")
    answer = at("08:10", language="zh-hans")
    page = answer.content.decode()
    assert "王奶奶今天平安" in page
    assert "08:05 看见窗帘拉开" in page
    for hidden in ("3-2-401", "李女", "王桂兰", "duty", "梧桐里"):
        assert hidden not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert not answer.cookies


def test_what_was_seen_yesterday_is_said_to_be_of_yesterday(near, at, client):
    near.see("open", "08:05")
    near.see("closed", "19:00")
    tick(b.hour("20:15"))
    with held.set_to(b.hour("05:30") + timedelta(days=1)):
        page = client.get(f"/f/{at.code}/", headers={"accept-language": "en"})
    assert "is well yesterday" in page.content.decode()
    assert "yesterday 19:00 seen" in page.content.decode()


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("07:30", "not looked at yet"),
        ("08:59", "there is time until 09:00"),
        ("09:05", "there is time until 09:10"),
        ("09:20", "not yet known whether she is well"),
    ],
)
def test_what_is_uncertain_is_said_to_be_so(near, at, clock, words):
    tick(b.hour(clock))
    assert words in at(clock).content.decode()


def test_presumed_is_said_as_presumed(near, at):
    near.see("open", "08:05")
    assert "probably well today" in at("08:10").content.decode()


def shut(near):
    near.see("closed", "08:50")


def opened(near):
    near.see("open", "08:05")


def changed(near):
    near.closed_last_evening()
    opened(near)


@pytest.mark.parametrize(
    "clock", ["06:30", "08:55", "09:20", "17:00", "18:30", "20:20"]
)
@pytest.mark.parametrize("seen", [shut, opened, changed, lambda near: None])
def test_the_page_says_well_only_while_the_board_does(near, at, clock, seen):
    seen(near)
    now = b.hour(clock)
    tick(now)
    [row] = board_today(community=near.place, now=now).homes
    page = at(clock).content.decode()
    is_well = row.shown == "well" and row.alert is None
    assert ("now now-well" in page) is is_well
    if row.alert is None:
        assert ("now now-presumed" in page) is (row.shown == "presumed")


def test_a_link_is_kept_as_a_hash_only(near, at):
    assert at.code not in FamilyLink.objects.of(near.place).get().code_hash


def test_a_renewed_link_kills_the_old_one(near, at):
    _row, code = near.link()
    assert at("08:00").status_code == 404
    at.code = code
    assert FamilyLink.objects.of(near.place).filter(ended_at__isnull=True).count() == 1


def ended(near):
    link_end(contact=near.daughter, by=near.duty, now=b.hour("08:00"))


def left(near):
    contact_end(contact=near.daughter, now=b.hour("08:00"))


def withdrawn(near):
    consent = Consent.objects.of(near.place).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=None, now=b.hour("08:00"))


@pytest.mark.parametrize("over", [ended, left, withdrawn])
def test_a_link_that_is_over_says_so_and_takes_nothing(near, at, over):
    over(near)
    answer = at("08:10")
    assert answer.status_code == 404
    assert "does not open any more" in answer.content.decode()
    assert "王" not in answer.content.decode()
    assert vouched(at).status_code == 404
    assert not Sighting.objects.of(near.place).exists()


@pytest.mark.parametrize("code", ["x", "a" * 32, "%00", "王", "a/b"])
def test_a_code_nobody_made_opens_nothing(client, near, code):
    assert client.get(f"/f/{code}/").status_code == 404


# --- vouching -------------------------------------------------------------------------


def test_a_vouching_enters_by_the_one_door_and_proves(near, at):
    assert vouched(at).status_code == 302
    look = Sighting.objects.of(near.place).get()
    assert (look.signal, look.state, look.how) == ("contact", "vouched", "phone")
    assert look.by_words == "李女（女儿、家属）"
    assert look.seen_at == b.hour("08:10")
    assert morning(near).status == Status.WELL
    assert "08:10 the family spoke with her" in at("08:21").content.decode()


def test_two_taps_are_one_vouching(near, at):
    vouched(at)
    vouched(at, "08:21")
    assert Sighting.objects.of(near.place).count() == 1
    assert FamilyAct.objects.of(near.place).count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"at": "08:30"}, "That time has not come yet"),
        ({"at": "25:00"}, "errorlist"),
        ({"on": "tomorrow"}, "errorlist"),
        ({"how": "telepathy"}, "errorlist"),
        ({"once": "x"}, "errorlist"),
        ({"at": ""}, "errorlist"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(near, at, more, words):
    once = more.pop("once", ONCE)
    answer = vouched(at, once=once, **more)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Sighting.objects.of(near.place).exists()


def test_a_link_takes_ten_acts_an_hour(near, at):
    for number in range(10):
        assert vouched(at, once=uuid.UUID(int=100 + number)).status_code == 302
    answer = vouched(at, once=uuid.UUID(int=200))
    assert answer.status_code == 422
    assert "phone the desk" in answer.content.decode()
    later = vouched(at, "09:21", once=uuid.UUID(int=201))
    assert later.status_code == 302


def test_a_vouching_after_the_alert_takes_it_in_hand(near, at):
    near.see("closed", "08:50")
    tick(b.hour("09:10"))
    vouched(at, "09:30", at="09:25")
    assert near.alert.state == "acknowledged"


def test_what_was_said_yesterday_takes_no_alert_of_today_in_hand(near, at):
    near.see("closed", "08:50")
    tick(b.hour("09:10"))
    vouched(at, "09:30", on="yesterday", at="20:00")
    assert near.alert.state == "open"
    assert morning(near).status == Status.MISSED


def test_spoken_with_in_time_and_told_late_retracts_the_alert(near, at):
    near.see("closed", "08:50")
    tick(b.hour("09:10"))
    vouched(at, "09:30")
    assert near.alert.outcome == "seen_in_time_arrived_late"


def test_a_vouching_taken_back_counts_no_more_and_stays_on_record(near, at):
    vouched(at)
    assert "take it back" in at("08:21").content.decode()
    assert at("08:22", act="take_back").status_code == 302
    assert morning(near).status == Status.OPEN
    assert Sighting.objects.of(near.place).count() == 2
    assert "take it back" not in at("08:23").content.decode()
    tick(b.hour("09:10"))
    # Nobody has looked: a vouching taken back is no look.
    assert morning(near).status == Status.NOT_LOOKED


def test_an_alert_that_rested_on_it_goes_on_at_once(near, at):
    near.see("closed", "08:50")
    tick(b.hour("09:10"))
    vouched(at, "09:30", at="09:25")
    assert near.alert.state == "acknowledged"
    at("09:32", act="take_back")
    assert near.alert.state == "open"
    assert near.alert.next_at == b.hour("09:32")


def test_an_alert_that_it_ended_opens_again(near, at):
    near.see("closed", "08:50")
    tick(b.hour("09:10"))
    vouched(at, "09:30")
    at("09:32", act="take_back")
    assert (near.alert.kind, near.alert.state) == ("missed", "open")


def test_after_ten_minutes_only_the_desk_takes_it_back(near, at):
    vouched(at)
    answer = at("08:31", act="take_back")
    assert answer.status_code == 422
    assert morning(near).status == Status.WELL


# --- an absence -----------------------------------------------------------------------


def away(at, clock="06:00", **more):
    said = {"first_on": "2026-03-02", "last_on": "", "reason": "family", **more}
    return at(clock, act="away", **said)


def test_an_absence_is_declared_by_the_family(near, at):
    assert away(at, last_on="2026-03-04").status_code == 302
    row = Absence.objects.of(near.place).get()
    assert row.said_by == "李女（女儿、家属）"
    assert morning(near).status == Status.EXCUSED
    assert "王奶奶 is away</h1>" in at("06:01").content.decode()


def test_the_desk_takes_an_announced_absence_back(near, at):
    away(at)
    row = Absence.objects.of(near.place).get()
    absence_withdraw(absence=row, by=near.duty, now=b.hour("06:10"))
    assert "王奶奶 is away</h1>" not in at("06:11").content.decode()


def test_two_absences_at_once_are_answered_with_words(near, at):
    away(at, last_on="2026-03-04")
    answer = away(at, "06:01", first_on="2026-03-04")
    assert answer.status_code == 409
    assert "from 03-02 to 03-04" in answer.content.decode()
    assert away(at, "06:02", first_on="2026-03-05").status_code == 302


@pytest.mark.parametrize(
    "more",
    [
        {"first_on": "2026-03-01"},
        {"first_on": "2028-03-01"},
        {"first_on": ""},
        {"last_on": "2026-03-01"},
        {"last_on": "2030-03-01"},
        {"reason": "moon"},
    ],
)
def test_an_absence_that_cannot_be_is_refused_beside_its_field(near, at, more):
    answer = away(at, **more)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not Absence.objects.of(near.place).exists()


def test_an_absence_never_ends_an_alert_that_stands(near, at):
    near.see("closed", "08:50")
    tick(b.hour("09:10"))
    away(at, "09:30")
    assert near.alert.state != "closed"
    assert morning(near).status == Status.MISSED


def test_whoever_is_back_is_looked_after_again_and_nothing_was_missed(near, at):
    away(at)
    tick(b.hour("09:20"))
    row = Absence.objects.of(near.place).get()
    assert at("10:00", act="back", absence=str(row.pk)).status_code == 302
    assert morning(near).status == Status.EXCUSED
    evening = Check.objects.of(near.place).get(label="evening", on=b.TODAY)
    assert evening.status == Status.SCHEDULED
    assert not Alert.objects.of(near.place).exists()


def test_only_what_one_announced_oneself_can_be_ended(near, at):
    row = absence_declare(home=near.home, draft=b.away(), by=near.duty, now=b.DAWN)
    answer = at("06:00", act="back", absence=str(row.pk))
    assert answer.status_code == 410
    assert at("06:00", act="back", absence="x").status_code == 422
    assert at("06:00", act="fly").status_code == 422
