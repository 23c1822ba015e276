"""What goes out to a family in the course of a day."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.apps import building as b
from tests.apps.family.relatives import relatives, tick, until

from shouwang.apps.family.models import Telling, Word
from shouwang.apps.family.services import TellingDraft, saying, telling_choose
from shouwang.apps.family.services.saying import families_tell_due
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import (
    AbsenceDraft,
    ContactDraft,
    consent_withdraw,
    contact_add,
    contact_change,
    contact_end,
)
from shouwang.apps.watch.services import absence_declare, sightings_record
from shouwang.common.errors import RefusedError
from shouwang.domain.family import Tells
from shouwang.notify.channels import RECORDING

pytestmark = pytest.mark.django_db


@pytest.fixture
def near():
    return relatives()


def texts():
    """Return the words the daughter got, in order."""
    return [row.text for row in RECORDING.sent if row.about == "family"]


def test_a_morning_that_is_well_is_one_message(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    until("08:06", "12:00", minutes=2)
    assert near.said() == ["well"]
    assert texts() == ["王奶奶今天平安，08:05 看见窗帘拉开。"]
    assert "3-2-401" not in texts()[0]


def test_before_its_time_nothing_goes_out(near):
    near.told(Tells.DAILY, time(10))
    near.closed_last_evening()
    near.see("open", "08:05")
    until("08:06", "09:59", minutes=5)
    assert near.said() == []
    tick(b.hour("10:00"))
    assert near.said() == ["well"]


def test_a_presumed_morning_is_said_to_be_presumed(near):
    near.told(Tells.DAILY)
    near.see("open", "08:05")
    tick(b.hour("08:30"))
    assert near.said() == ["presumed"]
    assert texts() == ["王奶奶今天应平安，08:05 看见窗帘拉开；中间没人看到变化。"]


def test_a_missed_morning_waits_and_then_says_how_it_ended(near):
    near.told(Tells.DAILY)
    near.see("closed", "08:50")
    until("08:30", "09:40", minutes=5)
    assert near.said() == []
    near.close("overslept", "09:41")
    until("09:41", "12:00", minutes=3)
    assert near.said() == ["ended_well"]
    assert texts() == [
        "王奶奶平安，社区已经去看过问过了，09:41 有人和老人说过话。",
    ]


def test_what_ails_her_is_never_in_a_message(near):
    near.told(Tells.DAILY)
    near.see("closed", "08:50")
    until("09:10", "09:20")
    near.close("in_hospital", "09:41")
    until("09:41", "10:00", minutes=3)
    assert texts() == ["王奶奶：社区已经处理，请致电0351-0000000了解。"]


def test_by_the_end_of_the_day_it_says_that_nobody_knows(near):
    near.told(Tells.DAILY)
    near.see("closed", "08:50")
    until("09:10", "23:10", minutes=30)
    assert near.said() == ["not_yet"]
    assert "0351-0000000" in texts()[0]


def test_whoever_wants_to_hear_only_of_trouble_hears_how_it_ended(near):
    near.told(Tells.WHEN_NOT)
    near.see("closed", "08:50")
    until("09:00", "09:30")
    assert near.said() == []
    near.close("overslept", "09:31")
    until("09:31", "09:40")
    assert near.said() == ["ended_well"]


def test_after_an_hour_it_is_said_that_nobody_knows_yet(near):
    near.daughter.is_family = False
    near.daughter.save()
    near.told(Tells.WHEN_NOT)
    near.see("closed", "08:50")
    until("09:10", "10:12", minutes=2)
    assert near.said() == ["standing"]
    near.close("overslept", "10:20")
    until("10:20", "10:30")
    assert near.said() == ["standing", "ended_well"]


def test_whom_the_ladder_asked_is_not_told_that_it_stands(near):
    near.told(Tells.WHEN_NOT)
    near.see("closed", "08:50")
    until("09:10", "10:30", minutes=5)
    assert near.daughter.messages.exclude(about="family").exists()
    assert near.said() == []


def test_after_the_daily_word_a_later_alert_is_told_when_it_ends(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    tick(b.hour("08:30"))
    near.see("open", "19:50")
    until("20:10", "20:20", minutes=5)
    near.close("forgot", "20:21")
    until("20:21", "20:25", minutes=2)
    assert near.said() == ["well", "ended_well"]


def test_a_week_is_one_sentence(near):
    near.told(Tells.WEEKLY)
    near.closed_last_evening()
    near.see("open", "08:05")
    until("08:06", "10:00", minutes=5)
    assert near.said() == ["week"]
    assert texts() == ["王奶奶最近七天：没约定7天。"]


def test_whoever_is_away_is_said_to_be_away(near):
    near.told(Tells.DAILY)
    draft = AbsenceDraft.of_days(
        b.TODAY,
        b.TODAY + timedelta(days=1),
        zone=near.place.zone,
        reason="family",
        said_by="女儿",
    )
    absence_declare(home=near.home, draft=draft, by=near.duty, now=b.DAWN)
    tick(b.hour("08:30"))
    assert texts() == ["王奶奶外出了，说好从 03-02 到 03-03。"]


def test_two_runners_say_it_once(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    now = b.hour("08:30")
    assert families_tell_due(now=now) == 1
    Telling.objects.of(near.place).update(next_at=now)
    assert families_tell_due(now=now) == 0
    assert OutboxMessage.objects.of(near.place).filter(about="family").count() == 1


def test_the_database_itself_takes_a_word_of_a_day_once(near):
    row = near.told(Tells.DAILY)
    word = {
        "community": near.place,
        "telling": row,
        "slot": "day",
        "on": b.TODAY,
        "says": "well",
        "said_at": b.DAWN,
    }
    Word.objects.of(near.place).create(**word)
    with pytest.raises(IntegrityError), transaction.atomic():
        Word.objects.of(near.place).create(**word)


def test_a_word_that_is_no_longer_true_when_it_leaves_is_taken_back(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    families_tell_due(now=b.hour("08:30"))
    assert near.said() == ["well"]
    cry = b.look(near.home, "08:40", signal="board", state="cry")
    sightings_record(community=near.place, items=[cry], by=None, now=b.hour("08:40"))
    outbox_send_due(now=b.hour("08:41"))
    assert near.said() == []
    assert texts() == []
    near.close("overslept", "08:50")
    until("08:50", "09:00")
    assert near.said() == ["ended_well"]


def test_a_word_that_leaves_after_midnight_is_not_of_today_any_more(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    families_tell_due(now=b.hour("08:30"))
    outbox_send_due(now=b.hour("08:30") + timedelta(days=1))
    assert texts() == []


def test_without_a_consent_nobody_is_told(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    consent = Consent.objects.of(near.place).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=None, now=b.hour("08:10"))
    until("08:20", "09:00", minutes=10)
    assert near.said() == []
    with pytest.raises(RefusedError) as refused:
        near.told(Tells.DAILY)
    assert refused.value.code == "no_consent"


def test_whoever_may_be_told_is_somebody_to_her(near):
    draft = ContactDraft(name="李女", relation="", phone="")
    contact_change(contact=near.daughter, draft=draft)
    with pytest.raises(RefusedError) as refused:
        near.told(Tells.WHEN_NOT)
    assert refused.value.code == "no_relation"
    never = TellingDraft(tells=Tells.NEVER, at=time(9))
    telling_choose(contact=near.daughter, draft=never, now=b.DAWN)


def test_whoever_has_left_is_told_nothing_more(near):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    contact_end(contact=near.daughter, now=b.hour("08:10"))
    tick(b.hour("08:30"))
    assert near.said() == []
    assert Telling.objects.of(near.place).get().next_at is None


def test_a_family_is_told_behind_everything_about_alerts(near):
    near.told(Tells.WHEN_NOT)
    near.see("closed", "08:50")
    until("09:00", "09:30")
    near.close("overslept", "09:31")
    families_tell_due(now=b.hour("09:33"))
    rows = OutboxMessage.objects.of(near.place)
    family = rows.get(about="family").priority
    assert all(row.priority < family for row in rows.exclude(about="family"))


def test_one_home_that_fails_silences_no_other(near, monkeypatch):
    near.told(Tells.DAILY)
    near.closed_last_evening()
    near.see("open", "08:05")
    other = contact_add(
        home=near.home, draft=ContactDraft(name="李儿", relation="儿子")
    )
    daily = TellingDraft(tells=Tells.DAILY, at=time(8, 30))
    telling_choose(contact=other, draft=daily, now=b.DAWN)
    tell = saying._tell

    def failing(row, reading):
        if row.contact_id == near.daughter.pk:
            message = "a home that is broken"
            raise RuntimeError(message)
        return tell(row, reading)

    monkeypatch.setattr(saying, "_tell", failing)
    now = b.hour("08:30")
    assert families_tell_due(now=now) == 1
    broken = Telling.objects.of(near.place).get(contact=near.daughter)
    assert broken.next_at == now + saying.LOOKED_EVERY
    monkeypatch.setattr(saying, "_tell", tell)
    assert families_tell_due(now=broken.next_at) == 1
