"""Members and contact persons act alike, see one another, and are heard once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from tests.apps import building as b
from tests.apps.alerts.alarms import TEN_PAST, alarm

from shouwang.apps.alerts.models import AlertEvent, Commitment, Via
from shouwang.apps.alerts.reaching import Tried, alert_contact, reach_take_back
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_commit,
    alert_decline,
    alert_emergency,
    ladders_advance_due,
)
from shouwang.apps.alerts.telling import alerts_describe
from shouwang.apps.alerts.words import actor_words
from shouwang.apps.watch.models import Check, Sighting
from shouwang.apps.watch.services import (
    ContactIn,
    SightingIn,
    contact_record,
    sightings_record,
)
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.common.ids import uuid7

pytestmark = pytest.mark.django_db
NOW = TEN_PAST + timedelta(minutes=2)
SOON = NOW + timedelta(minutes=20)


@pytest.fixture
def a():
    return alarm()


def told(a):
    return [
        str(row.to_member or row.to_contact) for row in a.alert.messages.order_by("pk")
    ]


def say(a, by, result, **more):
    return alert_contact(
        alert=a.alert, tried=Tried(result=result, **more), by=by, now=NOW
    )


def test_a_contact_person_goes_and_is_named_with_what_she_is(a):
    alert_commit(alert=a.alert, by=a.daughter, until=SOON, now=NOW, seen=())
    row = a.alert.commitments.get()
    assert (row.contact, row.member, a.alert.state) == (a.daughter, None, "committed")
    assert a.alert.events.get(did="committed").by_contact == a.daughter
    assert "女儿" in actor_words(row.actor)


def test_her_commitment_lapses_like_anybodys_and_the_ladder_moves_on(a):
    alert_commit(alert=a.alert, by=a.daughter, until=SOON, now=NOW)
    ladders_advance_due(now=SOON)
    assert a.alert.events.get(did="lapsed").by_contact == a.daughter
    assert a.alert.state != "committed"
    assert not a.alert.commitments.filter(ended_at=None).exists()


def test_the_second_to_go_is_asked_and_then_both_are_seen(a):
    alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW, seen=[])
    with (
        translation.override("en"),
        pytest.raises(ConflictError, match="lin is going already, until 09:32") as told,
    ):
        alert_commit(alert=a.alert, by=a.daughter, until=SOON, now=NOW, seen=[])
    assert told.value.code == "others_going"
    assert a.alert.commitments.count() == 1
    seen = [f"m{a.lin.pk}"]
    alert_commit(alert=a.alert, by=a.daughter, until=SOON, now=NOW, seen=seen)
    assert a.alert.commitments.filter(ended_at=None).count() == 2


def test_who_goes_already_may_move_their_own_time_without_being_asked(a):
    alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW, seen=[])
    later = SOON + timedelta(minutes=10)
    alert_commit(alert=a.alert, by=a.lin, until=later, now=NOW, seen=[])
    assert a.alert.commitments.get(ended_at=None).until == later


def test_a_second_tap_on_going_is_the_same_word(a):
    for seconds in (0, 3):
        moment = timedelta(seconds=seconds)
        alert_commit(
            alert=a.alert, by=a.lin, until=SOON + moment, now=NOW + moment, seen=[]
        )
    assert a.did().count("committed") == 1


def test_a_second_tap_on_cannot_takes_nobodys_time(a):
    for _ in range(3):
        alert_decline(alert=a.alert, by=a.lin, now=NOW)
    assert a.did().count("declined") == 1
    after = a.alert.step
    ladders_advance_due(now=a.alert.next_at)
    assert a.alert.step == after + 1


def test_who_was_asked_anew_may_decline_anew(a):
    alert_decline(alert=a.alert, by=a.duty, now=NOW)
    moment = NOW
    while a.alert.step < len(a.alert.steps):
        moment = a.alert.next_at
        ladders_advance_due(now=moment)
    # The last step asks the coordinator, who is the same person.
    alert_decline(alert=a.alert, by=a.duty, now=moment + timedelta(minutes=1))
    assert a.did().count("declined") == 2


def test_the_family_vouches_by_name_and_the_ladder_rests_with_her(a):
    assert say(a, a.daughter, "spoke", note="刚通过电话")
    row = Sighting.objects.of(a.place).get(signal="contact")
    assert (row.state, row.source, row.by) == ("vouched", "contact", None)
    assert row.by_words == actor_words(a.daughter)
    assert (a.alert.state, a.alert.next_at) == ("acknowledged", None)
    assert a.alert.events.get(did="acknowledged").by_contact == a.daughter
    assert Check.objects.of(a.place).get(label="morning", on=b.TODAY).status == "well"


def test_a_keyholder_who_is_no_family_spoke_with_her(a):
    say(a, a.neighbour, "spoke")
    assert Sighting.objects.of(a.place).get(signal="contact").state == "spoke"


def test_after_a_contact_the_desk_closes_it(a):
    say(a, a.daughter, "spoke")
    closing = ClosingIn(outcome="overslept")
    alert_close(alert=a.alert, closing=closing, by=a.duty, now=NOW)
    assert a.alert.outcome == "overslept"


def test_no_answer_is_recorded_and_proves_nothing(a):
    before = (a.alert.state, a.alert.step, a.alert.next_at)
    say(a, a.lin, "no_answer", how="phone")
    assert (a.alert.state, a.alert.step, a.alert.next_at) == before
    assert Sighting.objects.of(a.place).get(signal="contact").how == "phone"
    assert Check.objects.of(a.place).get(label="morning", on=b.TODAY).status == "missed"


def test_the_same_tap_delivered_again_is_recorded_once(a):
    once = uuid7(now=NOW)
    assert say(a, a.lin, "no_answer", id=once)
    assert not say(a, a.lin, "no_answer", id=once)
    assert Sighting.objects.of(a.place).filter(signal="contact").count() == 1


def test_needs_help_makes_it_urgent_and_tells_the_desk(a):
    say(a, a.daughter, "asks_help", note="摔倒了")
    assert (a.alert.kind, a.alert.state) == ("help", "open")
    assert "duty" in told(a)
    assert Sighting.objects.of(a.place).get(signal="contact").note == "摔倒了"


def test_needs_help_from_whoever_is_on_the_way_tells_the_desk_as_well(a):
    alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW)
    say(a, a.lin, "asks_help")
    assert a.alert.commitments.filter(ended_at=None).count() == 1
    assert "duty" in told(a)
    assert a.alert.next_at == SOON


def test_needs_help_after_she_was_spoken_with_wakes_the_ladder(a):
    say(a, a.lin, "spoke")
    say(a, a.lin, "asks_help")
    assert a.alert.kind == "help"
    assert a.alert.next_at is not None


def test_a_second_cry_for_help_tells_the_desk_again(a):
    say(a, a.daughter, "asks_help")
    alert_acknowledge(alert=a.alert, by=a.lin, now=NOW)
    before = told(a).count("duty")
    later = NOW + timedelta(minutes=5)
    tried = Tried(result="asks_help")
    alert_contact(alert=a.alert, tried=tried, by=a.daughter, now=later)
    assert told(a).count("duty") > before
    assert a.alert.next_at is not None


def test_a_cry_for_help_on_a_closed_alert_is_not_lost(a):
    closed = a.alert
    say(a, a.lin, "spoke")
    alert_close(alert=closed, closing=ClosingIn(outcome="forgot"), by=a.duty, now=NOW)
    later = NOW + timedelta(minutes=1)
    tried = Tried(result="asks_help")
    alert_contact(alert=closed, tried=tried, by=a.daughter, now=later)
    assert a.alert.pk != closed.pk
    assert (a.alert.kind, a.alert.state) == ("help", "open")


def test_calling_the_emergency_services_does_not_stop_the_ladder(a):
    before = (a.alert.state, a.alert.next_at)
    alert_emergency(alert=a.alert, by=a.duty, now=NOW)
    assert (a.alert.state, a.alert.next_at) == before
    assert a.alert.events.get(did="emergency").by == a.duty


@pytest.mark.parametrize("act", ["commit", "cannot", "take", "emergency"])
def test_nobody_acts_on_a_closed_alert(a, act):
    say(a, a.lin, "spoke")
    alert_close(alert=a.alert, closing=ClosingIn(outcome="forgot"), by=a.duty, now=NOW)
    acts = {
        "commit": lambda: alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW),
        "cannot": lambda: alert_decline(alert=a.alert, by=a.lin, now=NOW),
        "take": lambda: alert_acknowledge(alert=a.alert, by=a.lin, now=NOW),
        "emergency": lambda: alert_emergency(alert=a.alert, by=a.lin, now=NOW),
    }
    with pytest.raises(ConflictError):
        acts[act]()


def test_an_alert_closes_neither_without_an_outcome_nor_without_a_contact(a):
    for closing, code in (
        (ClosingIn(outcome=""), "unknown_outcome"),
        (ClosingIn(outcome="overslept"), "needs_contact"),
        (ClosingIn(outcome="overslept", verified="looked"), "needs_contact"),
    ):
        with pytest.raises(RefusedError) as refused:
            alert_close(alert=a.alert, closing=closing, by=a.duty, now=NOW)
        assert refused.value.code == code
    assert a.alert.closed_at is None


@pytest.mark.parametrize("both", [True, False])
def test_a_commitment_belongs_to_exactly_one(a, both):
    who = {"member": a.lin, "contact": a.daughter} if both else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.of(a.place).create(
            community=a.place, alert=a.alert, made_at=NOW, until=SOON, **who
        )


def test_an_event_is_by_one_person_at_most(a):
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertEvent.objects.of(a.place).create(
            community=a.place,
            alert=a.alert,
            did="committed",
            kind="missed",
            at=NOW,
            recorded_at=NOW,
            by=a.lin,
            by_contact=a.daughter,
        )


def spoke(a, seen_at, **more):
    said = ContactIn(how="phone", result="spoke", seen_at=seen_at, **more)
    contact_record(home=a.home, contact=said, by=None, now=NOW)


def test_whoever_spoke_with_her_the_day_before_has_not_reached_her_since(a):
    spoke(a, NOW - timedelta(hours=14))
    assert a.alert.state == "open"


def test_a_contact_that_was_taken_back_closes_nothing(a):
    key = uuid7(now=NOW)
    spoke(a, NOW, id=key)
    assert a.alert.state == "acknowledged"
    wrong = Sighting.objects.of(a.place).get(pk=key)
    item = SightingIn(
        id=uuid7(now=NOW),
        home_id=a.home.pk,
        signal="contact",
        could_not_see="other",
        seen_at=NOW,
        replaces=key,
    )
    sightings_record(community=a.place, items=[item], by=None, now=NOW)
    reach_take_back(look=wrong, now=NOW)
    assert (a.alert.state, a.alert.next_at) == ("open", NOW)
    with pytest.raises(RefusedError):
        alert_close(
            alert=a.alert,
            closing=ClosingIn(outcome="overslept", verified="looked"),
            by=a.duty,
            now=NOW,
        )


def told_of_going(a, now=NOW):
    rows = a.alert.messages.filter(part__startswith="going:").order_by("pk")
    with translation.override("en"):
        said = alerts_describe(list(rows), now=now)
    texts = {key: content.text for key, content in said.items() if content}
    return [
        (str(row.to_member or row.to_contact), texts.get(row.pk, "")) for row in rows
    ]


def test_whoever_is_on_the_way_hears_that_somebody_else_goes_too(a):
    alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW)
    assert told_of_going(a) == []
    alert_commit(alert=a.alert, by=a.daughter, until=SOON, now=NOW)
    words = "3-2-401 王奶奶: 李女 (女儿, family) is going too, until 09:32."
    assert told_of_going(a) == [("lin", words)]
    # To need longer is no news for the others.
    longer = SOON + timedelta(minutes=10)
    alert_commit(alert=a.alert, by=a.daughter, until=longer, now=NOW)
    assert len(told_of_going(a)) == 1


def test_that_somebody_else_goes_is_not_told_once_they_do_not(a):
    alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW)
    alert_commit(alert=a.alert, by=a.daughter, until=SOON, now=NOW)
    alert_decline(alert=a.alert, by=a.daughter, now=NOW)
    assert told_of_going(a) == [("lin", "")]


def test_whoever_goes_by_the_groups_link_is_told_of_as_such(a):
    alert_commit(alert=a.alert, by=a.lin, until=SOON, now=NOW)
    via = Via.GROUP_LINK
    alert_commit(alert=a.alert, by=a.duty, until=SOON, now=NOW, via=via)
    [(_who, words)] = told_of_going(a)
    assert "duty (said to be, by the group's link) is going too" in words
