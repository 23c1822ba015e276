"""Pages of activities: what is wrong is told; who may not see a guest finds nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps import building as b
from tests.apps.activities import planned as p

from shouwang.apps.activities.models import Activity, Guest, Helper, Series
from shouwang.apps.activities.services import Minutes, guest_bring, helpers_set
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw
from shouwang.apps.watch.models import Sighting

pytestmark = pytest.mark.django_db
AT = b.hour("09:40")


@pytest.fixture(autouse=True)
def _on(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def homes(place):
    made = [b.watched(place, f"3-2-{number}01") for number in (4, 5, 6)]
    for home, called in zip(made, ("王奶奶", "李奶奶", "赵爷爷"), strict=True):
        p.resident(home, called)
    return made


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def li(place):
    return b.member(place, "li", "volunteer")


@pytest.fixture
def desk(client, chen):
    client.force_login(chen.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def row(place):
    return p.activity(place)


def words(answer):
    return answer.content.decode()


def to(name, row, *more):
    return reverse(f"activities:{name}", args=[row.pk, *more])


def plan(client, **more):
    given = {
        "what": "一起包饺子",
        "place": "活动室",
        "on": "2026-03-04",
        "begins": "09:30",
        "ends": "11:00",
        **more,
    }
    return client.post(reverse("activities:activity_add"), given)


# --- planned ------------------------------------------------------------------------


def test_one_form_plans_once_or_a_series(desk, place):
    assert plan(desk).status_code == 302
    again = plan(desk, rhythm="weekly", until_on="2026-03-31", days=["2", "4"])
    assert again.status_code == 302
    assert Series.objects.of(place).get().activities.count() == 8
    assert Activity.objects.of(place).filter(series=None).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": ""},
        {"on": "yesterday"},
        {"on": "9999-12-31"},
        {"ends": "09:00"},
        {"begins": "25:00"},
        {"places": "0"},
        {"places": "-3"},
        {"leader": "999999"},
        {"rhythm": "daily"},
        {"rhythm": "weekly"},
        {"rhythm": "weekly", "until_on": "2026-03-01"},
        {"rhythm": "weekly", "until_on": "2030-01-01"},
        {"rhythm": "monthly_weekday", "until_on": "2026-05-01", "nth": "5"},
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(desk, place, wrong):
    answer = plan(desk, **{"words": "有热茶", **wrong})
    assert answer.status_code == 422
    assert "有热茶" in words(answer)
    assert 'class="errorlist' in words(answer)
    assert not Activity.objects.of(place).exists()


@pytest.mark.parametrize("asked", ["", "2026-13-01", "9999-12-31", "王", "2026-03-31"])
def test_the_weeks_are_shown_whatever_is_asked_for(desk, row, asked):
    answer = desk.get(reverse("activities:activities"), {"from": asked})
    assert answer.status_code == 200


def test_what_is_cancelled_stays_to_be_seen_with_its_reason(desk, place):
    coming = p.activity(place, on=b.TODAY + timedelta(days=1))
    desk.post(to("activity_cancel", coming), {"why": "停电"})
    assert "停电" in words(desk.get(to("activity", coming)))
    assert "event-off" in words(desk.get(reverse("activities:activities")))


# --- invited ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"group": "all"}, 3),
        ({"group": "risk", "risk": "general"}, 3),
        ({"group": "risk", "risk": "high"}, 0),
        ({"group": "homes"}, 0),
        ({"group": "building"}, 0),
        ({"group": "risk"}, 0),
        ({"group": "nobody"}, 0),
        ({"group": "homes", "homes": ["999999"]}, 0),
        ({"group": "long_unseen"}, 0),
    ],
)
def test_a_group_is_invited_or_it_is_said_what_is_missing(
    desk, place, homes, row, given, count
):
    answer = desk.post(to("invite", row), given)
    assert answer.status_code == (302 if count else 422)
    assert row.guests.count() == count


def test_a_building_is_invited(desk, homes, row):
    other = b.watched(row.community, "7-1-101")
    building = other.building_id
    desk.post(to("invite", row), {"group": "building", "building": building})
    assert [one.home for one in row.guests.all()] == [other]


def test_who_is_left_out_is_told(desk, homes, row):
    consent = Consent.objects.of(row.community).get(home=homes[0])
    consent_withdraw(consent=consent, said_by="王奶奶", by=None, now=AT)
    page = desk.post(to("invite", row), {"group": "all"}, follow=True)
    assert "3-2-401" in words(page)
    assert "withdrawn" in words(page)


def test_a_paper_is_printed_for_whom_to_fetch_and_no_other(desk, homes, row, li):
    guests = p.invited(row, *homes)
    guest_bring(guests=guests[:1], member=li, now=AT)
    desk.post(to("guests_act", row, "no"), {"guest": [guests[2].pk]})
    page = words(desk.get(to("papers", row)))
    assert page.count('class="invitation"') == 2
    assert "li comes to your door" in page
    assert "赵爷爷" in page.split('class="invitations"')[0]
    assert "赵爷爷" not in page.split('class="invitations"')[1]


def test_over_its_places_it_is_told_who_waits_and_who_moves_up(desk, place, homes):
    row = p.activity(place, places=1)
    first, second, _third = p.invited(row, *homes)
    url = to("guests_act", row, "yes")
    page = desk.post(url, {"guest": [first.pk, second.pk]}, follow=True)
    assert "李奶奶 is number 1 on the waiting list" in words(page)
    page = desk.post(to("guests_act", row, "no"), {"guest": [first.pk]}, follow=True)
    assert "李奶奶 moves up" in words(page)


def test_nothing_ticked_is_told(desk, homes, row):
    p.invited(row, *homes)
    for act in ("yes", "bring", "remove"):
        answer = desk.post(to("guests_act", row, act))
        assert answer.status_code == 422
        assert "Tick somebody first" in words(answer)


def test_a_guest_of_another_activity_is_not_among_those_ticked(desk, place, homes, row):
    other = p.invited(p.activity(place, what="唱歌"), homes[0])[0]
    answer = desk.post(to("guests_act", row, "yes"), {"guest": [other.pk]})
    assert answer.status_code == 422
    other.refresh_from_db()
    assert other.reply == ""


# --- who may see --------------------------------------------------------------------


def test_who_brings_somebody_sees_and_answers_for_her_alone(client, homes, row, li):
    guests = p.invited(row, *homes)
    guest_bring(guests=guests[:1], member=li, now=AT)
    client.force_login(li.user)
    page = words(client.get(to("activity", row)))
    assert "王奶奶" in page
    assert "李奶奶" not in page
    assert client.get(to("attendance", row)).status_code == 404
    theirs = client.post(to("guests_act", row, "yes"), {"guest": [guests[0].pk]})
    other = client.post(to("guests_act", row, "yes"), {"guest": [guests[1].pk]})
    assert (theirs.status_code, other.status_code) == (302, 422)
    for act in ("bring", "remove"):
        url = to("guests_act", row, act)
        assert client.post(url, {"guest": [guests[0].pk]}).status_code == 404


def test_a_volunteer_who_does_nothing_there_sees_what_is_on_and_no_guest(
    client, homes, row, li
):
    p.invited(row, *homes)
    client.force_login(li.user)
    page = words(client.get(to("activity", row)))
    assert "一起包饺子" in page
    assert not any(home.address in page for home in homes)


def test_who_helps_writes_down_who_came_until_a_day_after(client, homes, row, li, chen):
    p.invited(row, homes[0])
    helpers_set(activity=row, helpers=[Minutes(member=li)], by=chen, now=AT)
    client.force_login(li.user)
    assert client.get(to("attendance", row)).status_code == 200
    with time_machine.travel(AT + timedelta(days=2), tick=False):
        assert client.get(to("attendance", row)).status_code == 404


# --- who came -----------------------------------------------------------------------


def mark(client, row, guest, word="came", **more):
    given = {"mark": f"{word}-{guest.pk}", **more}
    return client.post(to("attendance", row), given)


def test_one_tap_writes_her_down_and_proves_that_she_is_well(desk, homes, row):
    guest = p.invited(row, homes[0])[0]
    answer = mark(desk, row, guest, seen="on")
    assert answer.url.endswith(f"#guest-{guest.pk}")
    look = Sighting.objects.of(row.community).get()
    assert (look.seen_at, look.state) == (AT, "spoke")


def test_the_choice_not_to_count_is_kept_for_the_next_tap(desk, homes, row):
    guests = p.invited(row, *homes)
    answer = mark(desk, row, guests[0])
    page = words(desk.get(answer.url))
    assert not Sighting.objects.of(row.community).exists()
    assert 'name="seen" id="id_seen" checked' not in page
    assert 'name="seen"' in page


def test_typed_in_later_it_asks_when_she_was_seen(desk, homes, row, li):
    guest = p.invited(row, homes[0])[0]
    with time_machine.travel(b.hour("20:00"), tick=False):
        page = words(desk.get(to("attendance", row)))
        assert 'value="09:30"' in page
        answer = mark(desk, row, guest, seen="on")
        assert answer.status_code == 422
        assert "It was not on at that time" in words(answer)
        more = {"seen_at": "09:50", "seen_by": li.pk}
        assert mark(desk, row, guest, seen="on", **more).status_code == 302
    look = Sighting.objects.of(row.community).get()
    assert (look.seen_at, look.by) == (b.hour("09:50"), li)


@pytest.mark.parametrize(
    "word", ["", "came", "came-", "came-x", "gone-1", "came-999999"]
)
def test_a_mark_that_is_none_is_not_there(desk, homes, row, word):
    p.invited(row, homes[0])
    assert desk.post(to("attendance", row), {"mark": word}).status_code == 404


def test_who_came_by_is_found_by_the_address(desk, homes, row):
    answer = desk.post(to("walk_in", row), {"home": "３－２－４０１"})
    guest = Guest.objects.of(row.community).get()
    assert answer.url.endswith(f"#guest-{guest.pk}")
    wrong = desk.post(to("walk_in", row), {"home": "9-9-901"})
    assert wrong.status_code == 422
    assert "There is no such home here" in words(wrong)


# --- helped, photographed -----------------------------------------------------------


def test_minutes_alone_say_that_somebody_helped(desk, row, li):
    desk.post(to("helpers", row), {f"minutes_{li.pk}": "90"})
    assert Helper.objects.of(row.community).get().minutes == 90
    wrong = desk.post(to("helpers", row), {f"minutes_{li.pk}": "900"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("content", "agreed"), [(b"no photo", "都同意"), (b.picture(), ""), (b"", "都同意")]
)
def test_a_photo_that_cannot_be_kept_is_told(desk, row, content, agreed):
    file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    answer = desk.post(to("photo_add", row), {"photo": file, "agreed": agreed})
    assert answer.status_code == 422
    assert not row.photos.exists()


def test_a_photo_is_seen_at_the_desk_until_it_is_taken_down(client, desk, row, li):
    file = SimpleUploadedFile("a.jpg", b.picture(), "image/jpeg")
    desk.post(to("photo_add", row), {"photo": file, "agreed": "都同意"})
    photo = row.photos.get()
    url = reverse("activities:photo", args=[photo.photo_id])
    assert desk.get(url)["Content-Type"] == "image/jpeg"
    desk.post(reverse("activities:photo_end", args=[photo.photo_id]))
    assert desk.get(url).status_code == 404


def test_a_page_with_many_guests_asks_few_questions(
    desk, place, row, django_assert_max_num_queries
):
    made = [b.watched(place, f"8-1-{floor}01") for floor in range(1, 31)]
    for home in made:
        p.resident(home, f"{home.floor}号")
    p.invited(row, *made)
    with django_assert_max_num_queries(32):
        page = words(desk.get(to("activity", row)))
    assert page.count('name="guest"') == 30


# --- who leads -----------------------------------------------------------------------


def leaders(answer):
    choices = answer.context["form"].fields["leader"].choices
    return [(words, [name for _key, name in rows]) for words, rows in choices[1:]]


@pytest.fixture
def many(place, li):
    b.member(place, "zhou", "walker", "volunteer")
    for number, name in enumerate(("林小雨", "林小雪", "林小雨")):
        made = b.member(place, f"login{number}", "volunteer")
        made.display_name, made.phone = name, f"1390000000{number}"
        made.save()


def test_a_leader_is_chosen_of_who_walks_and_the_desk(desk, place, many):
    page = desk.get(reverse("activities:activity_add"))
    assert leaders(page) == [("Who walks", ["zhou"]), ("At the desk", ["chen"])]


@pytest.mark.parametrize(
    ("said", "leader"), [("林小雪", "林小雪"), ("LI", "li"), ("0002", "林小雨")]
)
def test_a_volunteer_who_leads_is_written_by_name_or_number(
    desk, place, many, said, leader
):
    assert plan(desk, leader_said=said).status_code == 302
    row = Activity.objects.of(place).get()
    assert str(row.leader) == leader
    page = desk.get(to("activity_change", row))
    assert ("Volunteers", [leader]) in leaders(page)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("nobody", "nobody of that name"),
        ("林小雨", "…0000, 林小雨 …0002"),
        ("02", "nobody"),
    ],
)
def test_words_that_mean_nobody_or_several_are_told(desk, place, many, said, told):
    page = plan(desk, leader_said=said)
    assert page.status_code == 422
    assert told in words(page)
    assert not Activity.objects.of(place).exists()


@pytest.mark.parametrize(
    ("at", "asks", "can_tick"),
    [("08:00", True, True), ("09:40", False, True), ("12:00", False, False)],
)
def test_a_page_asks_who_comes_only_until_it_begins(
    desk, row, homes, at, asks, can_tick
):
    p.invited(row, homes[0])
    with time_machine.travel(b.hour(at), tick=False):
        page = words(desk.get(to("activity", row)))
    assert ("Nobody has said yes yet." in page) is asks
    assert ('name="guest"' in page) is can_tick
