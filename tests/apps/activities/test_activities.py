"""Activities: planned, repeated, invited to, attended; what is over is told to nobody."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from PIL import Image
from tests.apps import building as b
from tests.apps.activities import planned as p

from shouwang.apps.activities import telling
from shouwang.apps.activities.models import Activity, ActivityWord, Guest
from shouwang.apps.activities.selectors import (
    activities_of_home,
    activities_with,
    guests_listed,
    homes_long_unseen,
    last_out_of_homes,
    photos_of,
    seats_of,
)
from shouwang.apps.activities.services import (
    Minutes,
    Seen,
    SeriesDraft,
    activity_cancel,
    activity_change,
    guest_bring,
    guest_mark,
    guest_remove,
    guest_reply,
    guests_invite,
    helpers_set,
    photo_add,
    photo_end,
    series_add,
    series_change,
    series_end,
    walk_in_add,
)
from shouwang.apps.outbox.models import MessageState, OutboxMessage
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.privacy.models import Why
from shouwang.apps.privacy.services import leavings_forget_due
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw, home_archive
from shouwang.apps.visits.selectors.company import company_list
from shouwang.apps.volunteers.models import HoursRow
from shouwang.apps.watch import services as watch
from shouwang.apps.watch.models import Check, Sighting
from shouwang.common.errors import ConflictError, RefusedError
from shouwang.domain.activities import Attended, Reply, Rhythm, WhyNot
from shouwang.notify.channels import RECORDING

pytestmark = pytest.mark.django_db
YES, NO = Reply.YES, Reply.NO
CAME, ABSENT, EXCUSED = Attended.CAME, Attended.ABSENT, Attended.EXCUSED
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _photos_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    p.resident(made)
    return made


@pytest.fixture
def homes(place, home):
    others = [b.watched(place, f"3-2-{number}01") for number in (5, 6)]
    p.resident(others[0], "李奶奶")
    p.resident(others[1], "赵爷爷")
    return [home, *others]


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def li(place):
    return b.member(place, "li", "volunteer")


def days(series):
    return [row.planned_on for row in series.activities.order_by("begins_at")]


@contextmanager
def refused(code):
    """Expect a refusal with its stable code."""
    with pytest.raises((RefusedError, ConflictError)) as told:
        yield
    assert told.value.code == code


def sent():
    return [message.text for message in RECORDING.sent]


# --- planned ------------------------------------------------------------------------


def test_an_activity_keeps_the_communitys_own_hours(place):
    row = p.activity(place)
    assert (row.begins_at, row.ends_at) == (b.hour("09:30"), b.hour("11:00"))


def test_everything_that_is_wrong_is_told_at_once(place):
    stranger = b.member(b.community("槐树社区"), "stranger", "volunteer")
    with pytest.raises(RefusedError) as told:
        p.activity(place, what=" ", place="", places=0, leader=stranger)
    assert set(told.value.fields) == {"what", "place", "places", "leader"}
    assert not Activity.objects.of(place).exists()


def test_an_activity_that_ends_before_it_begins_is_refused(place):
    with pytest.raises(RefusedError) as told:
        p.activity(place, ends=time(9))
    assert told.value.code == "ends_before_it_begins"


def test_a_series_is_written_out_to_its_last_day(place):
    found = days(p.series(place))
    assert found == [b.TODAY + number * WEEK for number in range(6)]


def test_a_series_that_would_never_end_is_refused(place):
    with pytest.raises(RefusedError) as told:
        p.series(place, until=date(2027, 6, 1))
    assert told.value.code == "series_too_long"
    assert not Activity.objects.of(place).exists()


def test_one_of_a_series_is_moved_by_itself_and_stays_so(place, chen):
    series = p.series(place)
    second = series.activities.order_by("begins_at")[1]
    moved = replace(p.DUMPLINGS, on=date(2026, 3, 10), place="三号楼一层")
    activity_change(activity=second, draft=moved, by=chen, now=b.hour("08:00"))
    later = SeriesDraft(
        told=replace(p.DUMPLINGS, begins=time(10)),
        rhythm=Rhythm.WEEKLY,
        until_on=series.until_on,
    )
    series_change(series=series, draft=later, by=chen, now=b.hour("12:00"))
    first, second, third = series.activities.order_by("planned_on")[:3]
    # The first was held already, the second goes its own way, the third follows.
    assert first.begins_at == b.hour("09:30")
    assert second.begins_at == b.hour("09:30") + timedelta(days=8)
    assert second.place == "三号楼一层"
    assert third.begins_at == b.hour("10:00") + 2 * WEEK


def test_a_series_made_longer_plans_more_and_shorter_cancels_the_rest(place, chen):
    series = p.series(place)
    longer = SeriesDraft(
        told=p.DUMPLINGS, rhythm=Rhythm.WEEKLY, until_on=date(2026, 4, 20)
    )
    series_change(series=series, draft=longer, by=chen, now=b.hour("12:00"))
    assert series.activities.count() == 8
    shorter = replace(longer, until_on=date(2026, 3, 16))
    series_change(series=series, draft=shorter, by=chen, now=b.hour("12:00"))
    off = series.activities.filter(cancelled_at__isnull=False)
    assert (series.activities.count(), off.count()) == (8, 5)


def test_a_series_that_is_ended_cancels_what_is_to_come_and_keeps_what_was(place, chen):
    series = p.series(place)
    now = b.hour("12:00") + WEEK
    series_end(series=series, why="活动室装修", by=chen, now=now)
    standing = series.activities.filter(cancelled_at__isnull=True)
    assert [row.planned_on for row in standing.order_by("planned_on")] == [
        b.TODAY,
        b.TODAY + WEEK,
    ]
    with pytest.raises(ConflictError):
        series_change(
            series=series,
            draft=SeriesDraft(
                told=p.DUMPLINGS, rhythm=Rhythm.WEEKLY, until_on=series.until_on
            ),
            by=chen,
            now=now,
        )


def test_a_series_keeps_its_hour_when_the_clocks_change(place):
    place.time_zone = "Europe/Berlin"
    place.save()
    begin = replace(p.DUMPLINGS, on=date(2026, 3, 22))
    draft = SeriesDraft(told=begin, rhythm=Rhythm.WEEKLY, until_on=date(2026, 4, 5))
    series = series_add(community=place, draft=draft, by=None, now=b.DAWN)
    found = [row.begins_at for row in series.activities.order_by("begins_at")]
    assert [row.astimezone(place.zone).time() for row in found] == [time(9, 30)] * 3
    assert found[1] - found[0] == WEEK - timedelta(hours=1)


# --- invited ------------------------------------------------------------------------


def test_everybody_of_a_home_is_invited_once(place, home, chen):
    p.resident(home, "王爷爷")
    row = p.activity(place)
    first = guests_invite(activity=row, homes=[home], by=chen, now=b.DAWN)
    again = guests_invite(activity=row, homes=[home], by=chen, now=b.DAWN)
    assert (first.count, again.count, row.guests.count()) == (2, 0, 2)


def test_a_home_without_a_name_is_invited_as_a_home(place):
    made = b.watched(place, "3-1-101")
    guest = p.invited(p.activity(place), made)[0]
    assert str(guest) == "3-1-101"


def test_who_is_away_or_withdrew_consent_is_left_out_with_the_reason(place, homes):
    tomorrow = p.activity(place, on=b.TODAY + timedelta(days=1), ends=time(13))
    watch.absence_declare(home=homes[0], draft=b.away(), by=None, now=b.DAWN)
    consent = Consent.objects.of(place).get(home=homes[1])
    consent_withdraw(consent=consent, said_by="李奶奶", by=None, now=b.DAWN)
    found = guests_invite(activity=tomorrow, homes=homes, by=None, now=b.DAWN)
    assert dict(found.left_out) == {
        homes[0]: WhyNot.AWAY,
        homes[1]: WhyNot.CONSENT_WITHDRAWN,
    }
    assert [row.home for row in tomorrow.guests.all()] == [homes[2]]


def test_inviting_to_all_that_is_to_come_leaves_out_only_the_days_away(place, home):
    series = p.series(place)
    back = b.away("20:00")
    watch.absence_declare(
        home=home,
        draft=replace(back, until_at=back.from_at + WEEK),
        by=None,
        now=b.DAWN,
    )
    first = series.activities.order_by("begins_at")[0]
    p.invited(first, home, with_coming=True)
    asked = Guest.objects.of(place).values_list("activity__planned_on", flat=True)
    assert set(asked) == {b.TODAY + number * WEEK for number in (0, 2, 3, 4, 5)}


def test_nobody_is_invited_to_what_is_cancelled_or_over(place, home, chen):
    row = p.activity(place)
    with refused("activity_over"):
        guests_invite(activity=row, homes=[home], by=chen, now=b.hour("12:00"))
    activity_cancel(activity=row, why="停电", by=chen, now=b.hour("06:00"))
    with refused("activity_cancelled"):
        guests_invite(activity=row, homes=[home], by=chen, now=b.hour("07:00"))


# --- places -------------------------------------------------------------------------


def test_over_its_places_she_waits_and_moves_up_when_somebody_says_no(place, homes):
    row = p.activity(place, places=1)
    first, second, third = p.invited(row, *homes)
    assert guest_reply(guest=first, reply=YES, now=b.hour("06:00")).waits is None
    assert guest_reply(guest=second, reply=YES, now=b.hour("06:01")).waits == 1
    assert guest_reply(guest=third, reply=YES, now=b.hour("06:02")).waits == 2
    found = guest_reply(guest=first, reply=NO, now=b.hour("07:00"))
    assert found.moved_up == (second,)
    assert seats_of(row).waiting == (third.pk,)


def test_who_is_taken_off_the_list_leaves_a_place(place, homes):
    row = p.activity(place, places=1)
    first, second, _third = p.invited(row, *homes)
    for guest in (first, second):
        guest_reply(guest=guest, reply=YES, now=b.hour("06:00"))
    assert guest_remove(guest=first, now=b.hour("07:00")) == (second,)


def test_who_came_is_not_taken_off_the_list(place, home, chen):
    guest = p.invited(p.activity(place), home)[0]
    guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour("09:40"))
    with pytest.raises(ConflictError):
        guest_remove(guest=guest, now=b.hour("12:00"))


def test_saying_yes_twice_keeps_the_first_place(place, homes):
    row = p.activity(place, places=1)
    first, second, _third = p.invited(row, *homes)
    for minute, guest in enumerate((first, second, first)):
        guest_reply(guest=guest, reply=YES, now=b.hour(f"06:0{minute}"))
    assert seats_of(row).coming == (first.pk,)


# --- brought ------------------------------------------------------------------------


def test_who_needs_an_arm_and_has_nobody_is_shown(place, homes, chen, li):
    p.unsteady(homes[0])
    row = p.activity(place)
    guests = p.invited(row, *homes)
    lacking = [
        one.row for one in guests_listed(chen, row, now=b.DAWN) if one.lacks_an_arm
    ]
    assert lacking == [guests[0]]
    guest_bring(guests=guests[:2], member=li, now=b.DAWN)
    found = guests_listed(chen, row, now=b.DAWN)
    assert not any(one.lacks_an_arm for one in found)
    assert [one.row.brought_by for one in found] == [li, li, None]


def test_somebody_brings_her_whenever_it_comes_back_unless_another_does(
    place, home, chen, li
):
    series = p.series(place)
    first, second, *_more = series.activities.order_by("begins_at")
    guest = p.invited(first, home, with_coming=True)[0]
    guest_bring(guests=second.guests.all(), member=chen, now=b.DAWN)
    guest_bring(guests=[guest], member=li, now=b.DAWN, with_coming=True)
    brings = Guest.objects.of(place).order_by("activity__begins_at")
    assert [row.brought_by for row in brings] == [li, chen, li, li, li, li]


def test_only_who_walks_or_helps_here_brings_somebody(place, home):
    guest = p.invited(p.activity(place), home)[0]
    other = b.member(b.community("槐树社区"), "other", "volunteer")
    street = b.member(place, "street", "supervisor")
    for member in (other, street):
        with pytest.raises(RefusedError):
            guest_bring(guests=[guest], member=member, now=b.DAWN)


def test_who_brings_somebody_sees_her_alone_and_not_after(place, homes, li):
    row = p.activity(place)
    guests = p.invited(row, *homes)
    assert guests_listed(li, row, now=b.DAWN) == []
    guest_bring(guests=guests[1:2], member=li, now=b.DAWN)
    assert [one.row for one in guests_listed(li, row, now=b.DAWN)] == [guests[1]]
    assert guests_listed(li, row, now=b.hour("12:00") + timedelta(days=1)) == []


def test_who_helps_sees_everybody(place, homes, li, chen):
    row = p.activity(place)
    p.invited(row, *homes)
    helpers_set(activity=row, helpers=[Minutes(member=li)], by=chen, now=b.DAWN)
    assert len(guests_listed(li, row, now=b.DAWN)) == 3


# --- who came -----------------------------------------------------------------------


def morning(home):
    return Check.objects.of(home.community).get(home=home, label="morning", on=b.TODAY)


def test_who_was_seen_there_was_well_at_that_time(place, home, chen):
    watch.checks_make(community=place, now=b.DAWN)
    row = p.activity(place, begins=time(8), ends=time(10))
    guest = p.invited(row, home)[0]
    seen = Seen(by=chen, at=b.hour("08:05"))
    guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour("08:10"), seen=seen)
    look = Sighting.objects.of(place).get()
    assert (look.state, look.how, look.source) == ("spoke", "in_person", "contact")
    assert (look.seen_at, look.by, look.home) == (b.hour("08:05"), chen, home)
    assert morning(home).status == "well"


def test_who_came_is_no_proof_where_it_was_not_to_count(place, home, chen):
    guest = p.invited(p.activity(place), home)[0]
    guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour("09:40"))
    assert not Sighting.objects.of(place).exists()


def test_tapping_twice_is_one_proof(place, home, chen):
    guest = p.invited(p.activity(place), home)[0]
    for minute in ("09:40", "09:41"):
        seen = Seen(by=chen, at=b.hour(minute))
        guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour(minute), seen=seen)
    guest.refresh_from_db()
    assert Sighting.objects.of(place).count() == 1
    assert guest.seen_at == b.hour("09:40")


def test_what_is_put_right_takes_the_proof_back_and_keeps_the_trace(place, home, chen):
    watch.checks_make(community=place, now=b.DAWN)
    row = p.activity(place, begins=time(8), ends=time(10))
    guest = p.invited(row, home)[0]
    seen = Seen(by=chen, at=b.hour("08:05"))
    guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour("08:05"), seen=seen)
    guest_mark(guest=guest, attended=ABSENT, by=chen, now=b.hour("08:20"))
    assert Sighting.objects.of(place).count() == 2
    assert morning(home).status == "open"
    guest.refresh_from_db()
    assert (guest.sighting, guest.seen_at) == (None, None)
    assert [row.attended for row in guest.history.order_by("history_id")] == [
        "came",
        "absent",
    ]


def test_typed_in_from_paper_names_who_saw_and_who_typed(place, home, chen, li):
    guest = p.invited(p.activity(place), home)[0]
    seen = Seen(by=li, at=b.hour("09:35"))
    guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour("20:00"), seen=seen)
    look = Sighting.objects.of(place).get()
    assert (look.by, look.typed_by) == (li, chen)
    assert (look.seen_at, look.received_at) == (b.hour("09:35"), b.hour("20:00"))


def test_nobody_was_seen_there_at_another_time(place, home, chen):
    guest = p.invited(p.activity(place), home)[0]
    for at, now, code in (
        ("20:00", "20:00", "seen_at_another_time"),
        ("10:00", "09:40", "seen_in_the_future"),
    ):
        with refused(code):
            guest_mark(
                guest=guest,
                attended=CAME,
                by=chen,
                now=b.hour(now),
                seen=Seen(by=chen, at=b.hour(at)),
            )
    guest.refresh_from_db()
    assert guest.attended == ""


def test_an_excuse_may_come_before_and_who_came_may_not(place, home, chen):
    guest = p.invited(p.activity(place), home)[0]
    guest_mark(guest=guest, attended=EXCUSED, by=chen, now=b.hour("06:00"))
    with refused("not_yet"):
        guest_mark(guest=guest, attended=CAME, by=chen, now=b.hour("06:00"))


def test_who_came_by_stands_on_the_list_over_its_places_too(place, homes, chen):
    row = p.activity(place, places=1)
    guest_reply(guest=p.invited(row, homes[0])[0], reply=YES, now=b.DAWN)
    found = walk_in_add(activity=row, home=homes[1], by=chen, now=b.hour("09:40"))
    again = walk_in_add(activity=row, home=homes[1], by=chen, now=b.hour("09:41"))
    assert [row.invited_at for row in found] == [None]
    assert again == found


def test_a_home_that_withdrew_consent_is_not_written_down(place, home, chen):
    consent = Consent.objects.of(place).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=None, now=b.DAWN)
    row = p.activity(place)
    with refused("consent_withdrawn"):
        walk_in_add(activity=row, home=home, by=chen, now=b.hour("09:40"))


# --- helped -------------------------------------------------------------------------


def hours_of(member):
    rows = HoursRow.objects.of(member.community).filter(replaced_by__isnull=True)
    return [(row.minutes, row.on) for row in rows.filter(member=member)]


def test_the_hours_of_who_helped_are_written_once_and_put_right_when_they_change(
    place, chen, li
):
    row = p.activity(place)
    noon = b.hour("12:00")
    helpers_set(activity=row, helpers=[Minutes(member=li)], by=chen, now=b.DAWN)
    assert hours_of(li) == []
    found = []
    for minutes in (90, 90, 120, 60):
        helpers = [Minutes(member=li, minutes=minutes)]
        helpers_set(activity=row, helpers=helpers, by=chen, now=noon)
        found += hours_of(li)
    assert [minutes for minutes, _on in found] == [90, 90, 120, 60]
    helpers_set(activity=row, helpers=[], by=chen, now=noon)
    assert hours_of(li) == [(0, b.TODAY)]
    helpers = [Minutes(member=li, minutes=30)]
    helpers_set(activity=row, helpers=helpers, by=chen, now=noon)
    assert hours_of(li) == [(30, b.TODAY)]


def test_nobody_helped_longer_than_it_lasted(place, chen, li):
    row = p.activity(place)
    with refused("too_many_minutes"):
        helpers_set(
            activity=row,
            helpers=[Minutes(member=li, minutes=600)],
            by=chen,
            now=b.hour("12:00"),
        )
    assert hours_of(li) == []


# --- photos -------------------------------------------------------------------------


def test_a_photo_is_kept_without_where_and_when_and_only_agreed_to(place, chen):
    row = p.activity(place)
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 0.0)}
    Image.new("RGB", (60, 40), "white").save(out, "JPEG", exif=exif)
    with refused("say_who_agreed"):
        photo_add(activity=row, content=out.getvalue(), agreed=" ", by=chen, now=b.DAWN)
    kept = photo_add(
        activity=row, content=out.getvalue(), agreed="都同意", by=chen, now=b.DAWN
    )
    with kept.photo.file.open("rb") as opened:
        assert not Image.open(opened).getexif()
    photo_end(photo=kept, now=b.DAWN)
    assert photos_of(row) == []


# --- told ---------------------------------------------------------------------------


@pytest.fixture
def tomorrow(place, homes, chen, li):
    """Plan dumplings for tomorrow: li brings two, chen leads."""
    row = p.activity(place, on=b.TODAY + timedelta(days=1), leader=chen)
    guests = p.invited(row, *homes)
    guest_bring(guests=guests[:2], member=li, now=b.DAWN)
    return row


def test_cancelling_tells_whoever_leads_and_brings_without_a_name(
    tomorrow, homes, chen
):
    activity_cancel(activity=tomorrow, why="停电", by=chen, now=b.hour("12:00"))
    outbox_send_due(now=b.hour("12:00"))
    told = sent()
    assert len(told) == 2
    assert all("停电" in text for text in told)
    assert sum("2 " in text.split("停电")[1] for text in told) == 1
    names = ["王奶奶", "李奶奶", *(home.address for home in homes)]
    assert not any(name in text for name in names for text in told)


def test_cancelling_twice_tells_once_and_needs_a_reason(tomorrow, chen):
    with refused("say_why"):
        activity_cancel(activity=tomorrow, why=" ", by=chen, now=b.hour("12:00"))
    for _time in range(2):
        activity_cancel(activity=tomorrow, why="停电", by=chen, now=b.hour("12:00"))
    assert ActivityWord.objects.of(tomorrow.community).count() == 2


def test_what_was_held_cannot_be_cancelled(tomorrow, chen):
    with refused("activity_over"):
        activity_cancel(activity=tomorrow, why="停电", by=chen, now=b.hour("40:00"))


def test_on_the_evening_before_whoever_brings_is_reminded_once(tomorrow):
    assert telling.eves_tell_due(now=b.hour("17:59")) == 0
    assert telling.eves_tell_due(now=b.hour("18:00")) == 2
    assert telling.eves_tell_due(now=b.hour("18:01")) == 0
    outbox_send_due(now=b.hour("18:01"))
    assert len(sent()) == 2


def test_who_is_asked_late_is_reminded_at_once(tomorrow, homes, place):
    telling.eves_tell_due(now=b.hour("18:00"))
    wu = b.member(place, "wu", "walker")
    guest = tomorrow.guests.get(home=homes[2])
    guest_bring(guests=[guest], member=wu, now=b.hour("20:00"))
    assert telling.eves_tell_due(now=b.hour("20:01")) == 0
    assert ActivityWord.objects.of(place).filter(member=wu).count() == 1


def test_what_was_cancelled_is_said_again_on_the_evening_before(tomorrow, chen):
    activity_cancel(activity=tomorrow, why="停电", by=chen, now=b.hour("06:00"))
    outbox_send_due(now=b.hour("06:00"))
    RECORDING.clear()
    telling.eves_tell_due(now=b.hour("18:00"))
    outbox_send_due(now=b.hour("18:00"))
    assert len(sent()) == 2
    assert all("停电" in text for text in sent())


def test_a_move_is_told_and_an_older_reminder_is_not_sent_any_more(
    tomorrow, chen, place
):
    telling.eves_tell_due(now=b.hour("18:00"))
    moved = replace(p.DUMPLINGS, on=b.TODAY + timedelta(days=3), leader=chen)
    activity_change(activity=tomorrow, draft=moved, by=chen, now=b.hour("18:01"))
    outbox_send_due(now=b.hour("18:02"))
    assert len(sent()) == 2
    assert all("03-05" in text for text in sent())
    over = OutboxMessage.objects.of(place).filter(state=MessageState.OVER)
    assert over.count() == 2


def test_other_words_alone_are_told_to_nobody(tomorrow, chen, place):
    same = replace(
        p.DUMPLINGS, on=b.TODAY + timedelta(days=1), leader=chen, words="有热茶"
    )
    activity_change(activity=tomorrow, draft=same, by=chen, now=b.hour("12:00"))
    assert not ActivityWord.objects.of(place).exists()


def test_who_is_away_meanwhile_is_not_counted_among_whom_one_brings(tomorrow, homes):
    watch.absence_declare(
        home=homes[0],
        draft=replace(b.away(), from_at=b.hour("20:00")),
        by=None,
        now=b.hour("12:00"),
    )
    telling.eves_tell_due(now=b.hour("18:00"))
    outbox_send_due(now=b.hour("18:00"))
    assert any("1 " in text.split("社区活动室")[1] for text in sent())


# --- who has not come for long ------------------------------------------------------


def test_who_never_comes_stands_before_who_came_long_ago(place, homes, chen):
    series = p.series(place, until=date(2026, 5, 31))
    rows = list(series.activities.order_by("begins_at"))
    p.invited(rows[0], *homes, with_coming=True)
    for place_in_row, row in enumerate(rows):
        for home in homes[1:]:
            came = home == homes[2] or place_in_row == 0
            guest_mark(
                guest=row.guests.get(home=home),
                attended=CAME if came else ABSENT,
                by=chen,
                now=row.ends_at,
            )
    now = rows[-1].ends_at + timedelta(hours=1)
    found = homes_long_unseen(community=place, now=now)
    assert [one.home for one in found] == homes[:2]
    assert [one.last_at for one in found] == [None, rows[0].begins_at]
    assert [one.invited_count for one in found] == [len(rows), len(rows) - 1]


def test_before_anything_was_held_nobody_is_missing(place, home):
    p.series(place)
    assert homes_long_unseen(community=place, now=b.DAWN) == []


def test_the_story_of_a_home_leaves_out_what_was_cancelled(place, home, chen):
    held, off = p.activity(place), p.activity(place, what="唱歌")
    for row in (held, off):
        p.invited(row, home)
    activity_cancel(activity=off, why="停电", by=chen, now=b.DAWN)
    guest_mark(guest=held.guests.get(), attended=CAME, by=chen, now=b.hour("09:40"))
    assert [row.activity for row in activities_of_home(home=home)] == [held]
    last = last_out_of_homes(community=place, home_ids=[home.pk])
    assert last == {home.pk: held.begins_at}


def test_who_came_to_the_dumplings_has_not_been_alone_the_longest(place, homes, chen):
    came, stayed = homes[:2]
    row = p.activity(place)
    for home, attended in ((came, CAME), (stayed, ABSENT)):
        guest = p.invited(row, home)[-1]
        guest_mark(guest=guest, attended=attended, by=chen, now=b.hour("09:40"))
    told = company_list(community=place, now=b.hour("12:00"))
    met = {line.home: line.met_at for line in told}
    assert (met[came], met[stayed]) == (row.begins_at, None)
    assert told[-1].home == came


def test_what_somebody_leads_helps_or_brings_to_is_theirs(place, home, li, chen):
    leads, helps, brings = (p.activity(place, what=str(one)) for one in range(3))
    p.activity(place, what="nothing of hers")
    activity_change(
        activity=leads,
        draft=replace(p.DUMPLINGS, leader=li),
        by=chen,
        now=b.DAWN,
    )
    helpers_set(activity=helps, helpers=[Minutes(member=li)], by=chen, now=b.DAWN)
    guest_bring(guests=p.invited(brings, home), member=li, now=b.DAWN)
    found = activities_with(member=li, since=b.DAWN, until=b.hour("24:00"))
    assert set(found) == {leads, helps, brings}


# --- who has left ---------------------------------------------------------------------


def test_who_has_left_is_named_in_no_activity_and_on_no_photo(place, chen):
    home = b.watched(place, "3-9-901")
    p.resident(home, "王桂兰")
    row = p.activity(place, what="王桂兰八十大寿", words="3-9-901 下楼慢")
    hers, others = (
        photo_add(
            activity=row,
            content=b.picture(colour=colour),
            agreed=words,
            by=chen,
            now=b.DAWN,
        )
        for colour, words in (("red", "王桂兰说可以"), ("blue", "大家都说可以"))
    )
    home_archive(home=home, why=Why.MOVED, by=chen, now=b.DAWN)
    leavings_forget_due(now=b.DAWN + timedelta(days=181))
    row.refresh_from_db()
    assert (row.what, row.words) == ("…八十大寿", "… 下楼慢")
    assert not row.history.filter(what__contains="王桂兰").exists()
    assert [kept.pk for kept in photos_of(row)] == [others.pk]
    hers.refresh_from_db()
    assert hers.agreed == "…"
