"""A walker drops out, and somebody else is found."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.desk.selectors.board import board_today
from shouwang.apps.outbox.models import MessageState, OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.rounds.models import DropOut, Offer
from shouwang.apps.rounds.offering import offers_tell_due
from shouwang.apps.rounds.selectors import round_plan
from shouwang.apps.rounds.selectors.covering import cover_on, offers_open
from shouwang.apps.rounds.selectors.walking import sheets_of_walker
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.rounds.services.covering import (
    drop_out,
    drop_out_withdraw,
    offer_answer,
    offers_make_due,
    round_take,
)
from shouwang.apps.watch import services
from shouwang.common.errors import RefusedError
from shouwang.domain.covering import CoverState
from shouwang.domain.schedule import EVERY_DAY
from shouwang.notify.channels import RECORDING

pytestmark = pytest.mark.django_db
FIVE = b.DAWN
SIX = b.hour("06:00")


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def people(place):
    names = ("lin", "ma", "xu")
    return {name: b.member(place, name, "walker") for name in names}


@pytest.fixture
def home(place):
    made = b.watched(place)
    services.checks_make(community=place, now=FIVE)
    return made


@pytest.fixture
def walked(place, people, home):
    draft = RoundDraft(
        name="早一",
        at=time(7, 30),
        days=EVERY_DAY,
        walker_ids=[people["lin"].pk],
        stand_in_id=people["xu"].pk,
        home_ids=[home.pk],
    )
    return round_add(community=place, draft=draft)


def out(walked, who, now=FIVE):
    return drop_out(walked=walked, on=b.TODAY, member=who, by=who, now=now)


def asked(walked):
    rows = Offer.objects.of(walked.community_id).order_by("asked_at")
    return [row.member.display_name for row in rows]


def state(walked):
    return cover_on(walked, b.TODAY).cover.state


def test_the_stand_in_is_asked_at_once_and_then_the_next(walked, people):
    out(walked, people["lin"])
    assert offers_make_due(now=FIVE) == 1
    assert offers_make_due(now=FIVE + timedelta(minutes=9)) == 0
    assert asked(walked) == ["xu"]
    assert offers_make_due(now=FIVE + timedelta(minutes=10)) == 1
    assert asked(walked) == ["xu", "ma"]
    assert state(walked) is CoverState.ASKED


def test_who_says_yes_walks_and_carries_the_sheet(walked, people):
    out(walked, people["lin"])
    offers_make_due(now=FIVE)
    offer = Offer.objects.of(walked.community_id).get()
    assert offers_open(member=people["xu"], days=[b.TODAY]) == [offer]
    offer_answer(offer=offer, walks=True, by=people["xu"], now=SIX)
    assert state(walked) is CoverState.COVERED
    assert sheets_of_walker(member=people["lin"], now=SIX) == []
    [sheet] = sheets_of_walker(member=people["xu"], now=SIX)
    assert sheet.round == walked
    assert offers_make_due(now=SIX) == 0
    # Tomorrow Lin walks again.
    tomorrow = FIVE + timedelta(days=1)
    services.checks_make(community=walked.community, now=tomorrow)
    assert sheets_of_walker(member=people["xu"], now=tomorrow) == []


def test_alerts_look_for_who_walks_today(walked, people, home):
    out(walked, people["lin"])
    round_take(walked=walked, on=b.TODAY, member=people["ma"], by=people["ma"], now=SIX)
    plan = round_plan(walked.community, None)
    nine = b.hour("09:10")
    assert plan.walkers_past(home.pk, at=nine) == (people["ma"].pk,)
    later = nine + timedelta(days=1)
    assert plan.walkers_past(home.pk, at=later) == (people["lin"].pk,)


def test_a_no_is_followed_by_the_next_and_in_the_end_nobody_is_left(walked, people):
    out(walked, people["lin"])
    for name in ("xu", "ma"):
        offers_make_due(now=SIX)
        offer = Offer.objects.of(walked.community_id).get(member=people[name])
        offer_answer(offer=offer, walks=False, by=people[name], now=SIX)
    assert offers_make_due(now=SIX) == 0
    assert state(walked) is CoverState.UNCOVERED
    [row] = board_today(community=walked.community, now=SIX).uncovered
    assert (row.round, row.waiting_for) == (walked, [])


def test_the_board_says_who_was_asked_until_somebody_walks(walked, people, client):
    out(walked, people["lin"])
    offers_make_due(now=SIX)
    [row] = board_today(community=walked.community, now=SIX).uncovered
    assert [one.member for one in row.waiting_for] == [people["xu"]]
    drop_out_withdraw(walked=walked, on=b.TODAY, member=people["lin"], now=SIX)
    assert board_today(community=walked.community, now=SIX).uncovered == ()
    assert offers_open(member=people["xu"], days=[b.TODAY]) == []


def test_dropping_out_twice_is_once_and_only_of_what_one_walks(walked, people):
    assert out(walked, people["lin"]) == out(walked, people["lin"], now=SIX)
    with pytest.raises(RefusedError) as refusal:
        out(walked, people["ma"])
    assert refusal.value.code == "not_walking"
    assert DropOut.objects.of(walked.community_id).count() == 1


def test_the_least_recently_asked_is_asked_first(walked, people):
    tomorrow = b.TODAY + timedelta(days=1)
    out(walked, people["lin"])
    offers_make_due(now=FIVE)
    later = FIVE + timedelta(days=1)
    walked.stand_in = None
    walked.save()
    drop_out(
        walked=walked, on=tomorrow, member=people["lin"], by=people["lin"], now=later
    )
    offers_make_due(now=later)
    newest = Offer.objects.of(walked.community_id).get(on=tomorrow)
    assert newest.member == people["ma"]
    # The day before is past, and nobody is sought for it any more.
    offers_make_due(now=later + timedelta(hours=3))
    assert DropOut.objects.of(walked.community_id).filter(over_at=None).count() == 1


def test_who_is_asked_gets_one_message(walked, people):
    out(walked, people["lin"])
    offers_make_due(now=SIX)
    assert (offers_tell_due(now=SIX), offers_tell_due(now=SIX)) == (1, 0)
    row = OutboxMessage.objects.of(walked.community_id).get()
    outbox_send_due(now=SIX)
    [told] = RECORDING.sent
    assert (told.to_name, "早一" in told.text, "07:30" in told.text) == (
        "xu",
        True,
        True,
    )
    row.refresh_from_db()
    assert row.state == MessageState.SENT


def test_a_message_that_is_too_late_does_not_go_out(walked, people):
    out(walked, people["lin"])
    offers_make_due(now=SIX)
    offers_tell_due(now=SIX)
    drop_out_withdraw(walked=walked, on=b.TODAY, member=people["lin"], now=SIX)
    outbox_send_due(now=SIX)
    row = OutboxMessage.objects.of(walked.community_id).get()
    assert row.state == MessageState.OVER


@pytest.fixture
def chen(client, place):
    client.force_login(b.member(place, "chen", "coordinator").user)
    return client


def test_the_desk_notes_it_and_puts_somebody_in(chen, walked, people, monkeypatch):
    monkeypatch.setattr("shouwang.common.clock.now", lambda: SIX)
    url = reverse("rounds:round_cover", args=[walked.pk])
    chen.post(url, {"act": "out", "member": people["lin"].pk})
    assert state(walked) is CoverState.UNCOVERED
    page = chen.get(reverse("rounds:rounds"), headers={"accept-language": "en"})
    assert "Nobody walks this round today." in page.content.decode()
    chen.post(url, {"act": "take", "member": people["ma"].pk})
    assert cover_on(walked, b.TODAY).walkers == [people["ma"]]
    chen.post(url, {"act": "back", "member": people["lin"].pk})
    assert cover_on(walked, b.TODAY).walkers == [people["lin"], people["ma"]]


@pytest.mark.parametrize(
    "given", [{}, {"member": "x"}, {"act": "out", "member": "0"}, {"act": "nonsense"}]
)
def test_nonsense_from_the_desk_changes_nothing(chen, walked, people, given):
    given = {"member": people["ma"].pk, **given} if "act" in given else given
    url = reverse("rounds:round_cover", args=[walked.pk])
    assert chen.post(url, given).status_code in {302, 404}
    assert not Offer.objects.of(walked.community_id).exists()
    assert not DropOut.objects.of(walked.community_id).exists()
