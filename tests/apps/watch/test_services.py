from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from tests.apps import building as b
from tests.domain.building import EVENING, MORNING

from shouwang.apps.alerts.models import Alert
from shouwang.apps.communities.scoping import AppendOnlyError, UnscopedQueryError
from shouwang.apps.outbox.models import OutboxMessage
from shouwang.apps.residents.models import Agreement, Consent
from shouwang.apps.residents.services import (
    AgreementDraft,
    agreement_change,
    agreement_start,
    consent_withdraw,
)
from shouwang.apps.watch import services
from shouwang.apps.watch.models import (
    Check,
    Heartbeat,
    Sighting,
    StatusChange,
    Trouble,
)
from shouwang.apps.watch.rebuild import rebuild_compare
from shouwang.apps.watch.runner import Runner
from shouwang.apps.watch.services import deciding
from shouwang.common.errors import RefusedError
from shouwang.domain.status import status_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    services.checks_make(community=place, now=b.DAWN)
    return made


def record(place, *items, clock="08:00"):
    return services.sightings_record(
        community=place, items=items, by=None, now=b.hour(clock)
    )


def morning(place):
    return Check.objects.of(place).get(label="morning", on=b.TODAY)


def test_a_sighting_is_recorded_once_however_often_it_comes(place, home):
    item = b.look(home, "07:30")
    assert record(place, item, item)[1].outcome == "already_had"
    assert record(place, item)[0].outcome == "already_had"
    assert Sighting.objects.of(place).count() == 1
    assert morning(place).status == "well"


def test_the_same_id_with_other_content_is_refused(place, home):
    item = b.look(home, "07:30")
    record(place, item)
    assert record(place, replace(item, state="closed"))[0].code == "id_used"


def test_one_bad_item_does_not_spoil_the_others(place, home):
    answers = record(place, b.look(home, "07:30"), b.look(home, "07:31", state="ajar"))
    assert [row.code for row in answers] == ["", "unknown_state"]
    assert Sighting.objects.of(place).count() == 1


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("unknown_home", {"home_id": 0}),
        ("unknown_signal", {"signal": "smoke"}),
        ("state_or_could_not_see", {"could_not_see": "dark"}),
        ("unknown_reason", {"state": "", "could_not_see": "fog"}),
        ("unknown_photo", {"photo_id": uuid.uuid4()}),
        ("unknown_replaced", {"replaces": uuid.uuid4()}),
        ("seen_in_the_future", {"seen_at": b.hour("08:03")}),
        ("confidence_out_of_range", {"confidence": 1.5}),
        ("note_too_long", {"note": "长" * 501}),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_reason(place, home, code, change):
    answer = record(place, b.look(home, "07:30", **change))[0]
    assert (answer.outcome, answer.code) == ("refused", code)
    assert answer.message


def test_another_communitys_home_is_unknown(home):
    other = b.community("槐树社区")
    assert record(other, b.look(home, "07:30"))[0].code == "unknown_home"


def test_a_measured_clock_offset_corrects_the_time_and_is_flagged(place, home):
    record(place, b.look(home, "08:30", clock_offset=timedelta(minutes=45)))
    row = Sighting.objects.of(place).get()
    assert (row.seen_at, row.claimed_at) == (b.hour("07:45"), b.hour("08:30"))
    assert row.clock_flagged


def test_what_is_recorded_cannot_be_rewritten(place, home):
    record(place, b.look(home, "07:30"))
    with pytest.raises(AppendOnlyError):
        Sighting.objects.of(place).update(state="closed")
    with pytest.raises(AppendOnlyError):
        Sighting.objects.of(place).delete()


def test_a_query_that_forgets_its_community_fails():
    with pytest.raises(UnscopedQueryError):
        Check.objects.filter(status="open")


def test_checks_are_made_once(place, home):
    count = Check.objects.of(place).count()
    assert services.checks_make(community=place, now=b.DAWN) == 0
    assert Check.objects.of(place).count() == count


def test_changes_are_dated_by_their_deadline_not_by_when_they_were_noticed(place, home):
    services.checks_decide_due(now=b.hour("11:00"))
    rows = StatusChange.objects.of(place).order_by("pk")
    assert [(row.to_status, row.changed_at) for row in rows] == [
        ("open", b.hour("07:00")),
        ("grace", b.hour("09:00")),
        ("not_looked", b.hour("09:10")),
    ]
    alert = Alert.objects.of(place).get()
    assert (alert.opened_at, alert.noticed_at) == (b.hour("09:10"), b.hour("11:00"))


def test_a_running_check_keeps_the_version_it_began_with(place, home):
    services.checks_decide_due(now=b.hour("08:00"))
    agreement = Agreement.objects.of(place).get()
    later = replace(MORNING, due=MORNING.due.replace(hour=10))
    draft = AgreementDraft(
        signal="curtain", expectations=(later, EVENING), valid_from=b.TODAY
    )
    agreement_change(agreement=agreement, draft=draft, by=None, now=b.hour("08:00"))
    services.checks_make(community=place, now=b.hour("08:00"))
    assert morning(place).due_at == b.hour("09:00")
    tomorrow = Check.objects.of(place).get(
        label="morning", on=b.TODAY + timedelta(days=1)
    )
    assert tomorrow.due_at == b.hour("10:00") + timedelta(days=1)


def test_withdrawing_consent_stops_the_watch_at_once(place, home):
    services.checks_decide_due(now=b.hour("08:00"))
    consent = Consent.objects.of(place).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=None, now=b.hour("08:10"))
    services.checks_make_ahead(now=b.hour("08:10"))
    services.checks_decide_due(now=b.hour("12:00"))
    assert not Alert.objects.of(place).exists()
    assert morning(place).stopped_at == b.hour("08:10")


def test_nothing_is_watched_without_a_standing_consent(place, home):
    consent = Consent.objects.of(place).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=None, now=b.DAWN)
    consent.refresh_from_db()
    draft = AgreementDraft(
        signal="curtain", expectations=(MORNING,), valid_from=b.TODAY
    )
    with pytest.raises(RefusedError):
        agreement_start(home=home, consent=consent, draft=draft, by=None, now=b.DAWN)


def test_a_bad_home_is_pushed_back_and_the_others_are_decided(place, home, monkeypatch):
    b.watched(place, "3-2-402")
    services.checks_make(community=place, now=b.DAWN)

    def spoiled(check, facts, *, now):
        if facts.answered_at:
            raise RuntimeError("spoiled")
        return status_of(check, facts, now=now)

    services.help_answer(home=home, by=None, now=b.DAWN)
    monkeypatch.setattr(deciding, "status_of", spoiled)
    services.checks_decide_due(now=b.hour("07:00"))
    assert Trouble.objects.get(community=place).home == home
    found = dict(
        Check.objects.of(place)
        .filter(label="morning", on=b.TODAY)
        .values_list("home__address", "status")
    )
    assert found == {"3-2-401": "scheduled", "3-2-402": "open"}


def test_the_runner_beats_its_heart_only_when_all_went_well(place, home):
    runner = Runner()
    assert runner.tick(now=b.hour("08:00"))
    assert Heartbeat.objects.get().beat_at == b.hour("08:00")

    def failing(*, now):
        raise RuntimeError

    runner.passes = [*runner.passes, failing]
    assert not runner.tick(now=b.hour("08:01"))
    assert Heartbeat.objects.get().beat_at == b.hour("08:00")


def test_two_runners_never_act_twice(place, home):
    for _ in range(2):
        services.checks_decide_due(now=b.hour("09:10"))
    assert Alert.objects.of(place).count() == 1
    assert StatusChange.objects.of(place).filter(to_status="not_looked").count() == 1


def test_recomputing_gives_what_is_stored_and_says_where_not(place, home):
    record(place, b.look(home, "07:30"))
    services.checks_decide_due(now=b.hour("12:00"))
    compared = rebuild_compare(community=place, now=b.hour("12:00"))
    assert (compared.count > 0, compared.differences) == (True, ())
    Check.objects.of(place).filter(label="morning").update(status="missed")
    compared = rebuild_compare(community=place, now=b.hour("12:00"))
    assert compared.differences[0].recomputed == "well presumed"


def test_a_cry_answered_after_days_leaves_the_days_between_as_they_were(place, home):
    cry = b.look(home, "10:00", signal="board", state="cry")
    for hours in range(0, 84, 4):
        now = b.hour("10:00") + timedelta(hours=hours)
        services.checks_make(community=place, now=now)
        services.checks_decide_due(now=now)
        if hours == 0:
            record(place, cry, clock="10:00")
    later = b.hour("10:00") + timedelta(days=3, hours=8)
    contact = services.ContactIn(how="phone", result="spoke", seen_at=later)
    services.contact_record(home=home, contact=contact, by=None, now=later)
    helped = Check.objects.of(place).filter(status="help", on=b.TODAY)
    assert helped.exists()
    assert rebuild_compare(community=place, now=later).differences == ()


def test_a_message_is_a_row_before_it_is_sent(place, home):
    b.member(place, "duty", "duty_officer")
    services.checks_decide_due(now=b.hour("09:10"))
    assert OutboxMessage.objects.of(place).get().state == "queued"


def test_a_photo_is_encoded_again_without_its_metadata(place, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "3-2-401"
    Image.new("RGB", (2400, 600)).save(picture, "JPEG", exif=exif)
    given = services.PhotoIn(content=picture.getvalue())
    photo, _ = services.photo_store(community=place, photo=given, by=None, now=b.DAWN)
    with photo.file.open() as file, Image.open(file) as kept:
        assert (kept.size, dict(kept.getexif())) == ((1600, 400), {})


def test_a_photo_that_is_not_one_is_refused(place):
    with pytest.raises(RefusedError, match="JPEG"):
        services.photo_store(
            community=place,
            photo=services.PhotoIn(content=b"<svg/>"),
            by=None,
            now=b.DAWN,
        )
