"""Numbers open by a click that is noted; everyone who looked is listed."""

from __future__ import annotations

import json
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.urls import reverse
from tests.apps import building as b
from tests.apps.api.machines import machine

from shouwang.apps.alerts.models import Alert
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.communities.scoping import AppendOnlyError
from shouwang.apps.privacy.models import Access, Place, What
from shouwang.apps.privacy.selectors import ROWS_A_PAGE, accesses_of_home
from shouwang.apps.privacy.services import Looked, access_note
from shouwang.apps.residents import services as homes
from shouwang.apps.residents.models import ContactPerson, Resident
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services as watch
from shouwang.common import clock
from shouwang.domain.needs import Act
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
HER, DAUGHTER, HALL = "13900000002", "13900000003", "13900000004"
DOOR = "慢慢来，她耳背"


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    made.phone, made.at_the_door, made.shown_name = HALL, DOOR, "王奶奶"
    made.save()
    homes.resident_add(home=made, draft=homes.ResidentDraft(name="王桂兰", phone=HER))
    draft = homes.ContactDraft(name="李玉珍", relation="女儿", phone=DAUGHTER)
    homes.contact_add(home=made, draft=draft)
    watch.checks_make(community=place, now=b.DAWN)
    watch.checks_decide_due(now=b.hour("09:10"))
    return made


@pytest.fixture
def duty(place):
    return b.member(place, "duty", "duty_officer")


def show(client, home, **given):
    return client.post(reverse("desk:phone_show", args=[home.pk]), given)


def noted(home):
    return list(Access.objects.of(home.community_id).order_by("at", "pk"))


def person_of(home, model):
    return model.objects.of(home.community_id).get(home=home)


# --- numbers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["desk:home", "residents:home", "residents:homes", "desk:alert"]
)
def test_no_page_of_the_desk_shows_a_number_before_it_is_asked_for(
    client, place, home, page
):
    client.force_login(b.member(place, "boss", "coordinator").user)
    args = {"residents:homes": [], "desk:alert": [Alert.objects.of(place).get().pk]}
    words = client.get(reverse(page, args=args.get(page, [home.pk]))).content.decode()
    assert "3-2-401" in words
    for number in (HER, DAUGHTER, HALL):
        assert number not in words


def test_a_number_opens_by_one_click_without_javascript_and_is_noted(
    client, home, duty
):
    client.force_login(duty.user)
    her = person_of(home, Resident)
    answer = show(client, home, kind="resident", key=her.pk, place="home")
    assert f"tel:{HER}" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    (row,) = noted(home)
    assert (row.what, row.of, row.member) == ("contact", f"resident:{her.pk}", duty)
    assert (row.place, row.home) == ("home", home)


def test_in_an_alert_it_is_one_tap_away_and_noted_with_the_alert(client, home, duty):
    client.force_login(duty.user)
    alert = Alert.objects.of(home.community_id).get()
    daughter = person_of(home, ContactPerson)
    answer = client.post(
        reverse("desk:phone_show", args=[home.pk]),
        {"kind": "contact", "key": daughter.pk, "place": "alert", "place_id": alert.pk},
        headers={"HX-Request": "true"},
    )
    words = answer.content.decode()
    assert f"tel:{DAUGHTER}" in words
    assert "<html" not in words
    row = noted(home)[-1]
    assert (row.place, row.place_id) == ("alert", str(alert.pk))


def test_every_opening_is_a_row_of_its_own(client, home, duty):
    client.force_login(duty.user)
    for _ in range(3):
        show(client, home, kind="home", key=home.pk, place="home")
    assert [row.what for row in noted(home)] == ["contact"] * 3


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "home", "key": "x", "place": "home"},
        {"kind": "home", "key": "1", "place": "elsewhere"},
        {"kind": "home", "key": "1", "place": "alert"},
        {"kind": "home", "key": "1", "place": "alert", "place_id": "9" * 30},
        {"kind": "nobody", "key": "1", "place": "home"},
        {"kind": "resident", "key": "9" * 18, "place": "home"},
    ],
)
def test_a_number_that_is_not_there_is_not_found_and_not_noted(
    client, home, duty, given
):
    client.force_login(duty.user)
    assert show(client, home, **given).status_code == 404
    assert noted(home) == []


def test_the_number_of_one_home_does_not_open_from_another(client, place, home, duty):
    client.force_login(duty.user)
    other = b.home(place, "9-9-901")
    her = person_of(home, Resident)
    answer = show(client, other, kind="resident", key=her.pk, place="home")
    assert answer.status_code == 404


def test_a_program_opens_numbers_by_a_call_that_is_noted_with_its_key(place, home):
    desk = machine(place, "duty_officer")
    _status, body = desk.get(f"/homes/{home.pk}")
    assert not {HER, DAUGHTER, HALL} & set(str(body).replace("'", " ").split())
    _status, body = desk.post(f"/homes/{home.pk}/phones", {})
    assert [row["phone"] for row in body["items"]] == [HALL, HER, DAUGHTER]
    rows = [row for row in noted(home) if row.what == What.CONTACT]
    assert [row.place for row in rows] == ["api"] * 3
    assert all(row.token is not None for row in rows)


# --- who looked ------------------------------------------------------------------


def test_reading_a_page_twice_in_an_hour_is_one_line(
    client, home, duty, django_assert_num_queries
):
    looked = Looked(what=What.PAGE, home_ids=[home.pk], place=Place.HOME)
    access_note(by=duty, looked=looked, now=b.hour("10:00"))
    with django_assert_num_queries(1):
        access_note(by=duty, looked=looked, now=b.hour("10:40"))
    access_note(by=duty, looked=looked, now=b.hour("11:00"))
    assert [row.at for row in noted(home)] == [b.hour("10:00"), b.hour("11:00")]


def test_a_part_that_renews_itself_is_no_reading(client, home, duty):
    client.force_login(duty.user)
    url = reverse("desk:alert", args=[Alert.objects.of(home.community_id).get().pk])
    client.get(f"{url}?part=1")
    assert noted(home) == []
    client.get(url)
    assert [row.place for row in noted(home)] == ["alert"]


def test_a_photo_is_noted_for_every_home_on_it(
    client, place, home, duty, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    other = b.home(place, "3-2-402")
    photo = watch.PhotoIn(content=b.picture(), home_ids=[home.pk, other.pk])
    row, _is_new = watch.photo_store(community=place, photo=photo, by=duty, now=b.DAWN)
    client.force_login(duty.user)
    client.get(reverse("desk:photo", args=[row.pk]))
    assert {one.home_id for one in noted(home)} == {home.pk, other.pk}


def test_the_coordinator_sees_who_looked_and_who_took_the_roster(
    client, place, home, duty
):
    boss = b.member(place, "主任", "coordinator")
    client.force_login(duty.user)
    show(client, home, kind="home", key=home.pk, place="home")
    client.force_login(boss.user)
    client.get(reverse("residents:roster_export", args=["csv"]))
    url = reverse("desk:accesses", args=[home.pk])
    words = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert "duty" in words
    assert "opened a phone number" in words
    assert "took a file with everything" in words
    assert HALL not in words


def test_who_looked_comes_in_pages(place, home, duty):
    for day in range(ROWS_A_PAGE + 1):
        looked = Looked(what=What.PAGE, home_ids=[home.pk], place=Place.HOME)
        access_note(by=duty, looked=looked, now=b.DAWN + timedelta(days=day))
    first = accesses_of_home(community=place, home_id=home.pk)
    second = accesses_of_home(community=place, home_id=home.pk, number=2)
    assert (len(first.rows), first.has_more) == (ROWS_A_PAGE, True)
    assert [row.at for row in second.rows] == [b.DAWN]


def test_what_is_noted_stays_as_it_is(home, duty):
    looked = Looked(what=What.PAGE, home_ids=[home.pk], place=Place.HOME)
    access_note(by=duty, looked=looked, now=b.DAWN)
    with pytest.raises(AppendOnlyError):
        Access.objects.of(home.community_id).update(member=None)
    with pytest.raises(AppendOnlyError):
        Access.objects.of(home.community_id).delete()


def test_contact_data_is_never_noted_without_whose_it_is(home, duty):
    row = Access(community=home.community, home=home, member=duty, at=b.DAWN, key="k")
    row.what, row.place = What.CONTACT, Place.HOME
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_look_is_not_refused_when_it_cannot_be_noted(
    client, home, duty, monkeypatch, caplog
):
    def refuse(*_args, **_kwargs):
        message = "database is locked"
        raise OperationalError(message)

    client.force_login(duty.user)
    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", refuse)
    answer = show(client, home, kind="home", key=home.pk, place="home")
    assert f"tel:{HALL}" in answer.content.decode()
    assert "Could not note" in caplog.text
    assert HALL not in caplog.text


# --- what each role sees of a home -------------------------------------------------


def need_of(home, member, *, taken):
    need = need_open(
        home=home,
        draft=NeedDraft(kind="haircut", urgency="everyday"),
        by=None,
        now=b.DAWN,
    )
    need_move(need=need, move=MoveIn(act=Act.OFFER, who=member), by=member, now=b.DAWN)
    if taken:
        need_move(need=need, move=MoveIn(act=Act.TAKE), by=member, now=b.DAWN)
    return need


SEES = {
    # who: (address and name, the door, a number at home, her daughter's number)
    "duty_officer": (True, True, True, True),
    "volunteer who took it": (True, True, True, False),
    "volunteer who was asked": (False, False, False, False),
    "volunteer": (None, None, None, None),
    "supervisor": (None, None, None, None),
}


@pytest.mark.parametrize("who", SEES)
def test_what_somebody_sees_of_a_home_from_a_need(client, place, home, who):
    role = who if who in {"duty_officer", "supervisor"} else "volunteer"
    member = b.member(place, "somebody", role)
    carrier = (
        member if who.startswith("volunteer who") else b.member(place, "x", "volunteer")
    )
    need = need_of(home, carrier, taken=who != "volunteer who was asked")
    client.force_login(member.user)
    page = client.get(reverse("care:need", args=[need.pk]))
    named, door, number, daughters = SEES[who]
    if named is None:
        assert page.status_code == 404
    else:
        words = page.content.decode()
        assert ("3-2-401" in words and "王奶奶" in words) is named
        assert (DOOR in words) is door
        assert HALL not in words
        board = client.get(reverse("care:needs")).content.decode()
        assert ("3-2-401" in board) is named
    asked = {"place": "need", "place_id": need.pk}
    answer = show(client, home, kind="home", key=home.pk, **asked)
    assert (answer.status_code == 200) is bool(number)
    key = person_of(home, ContactPerson).pk
    answer = show(client, home, kind="contact", key=key, **asked)
    assert (answer.status_code == 200) is bool(daughters)


SHOWN = {
    # state: whether its fields may be read; kind, time and building always may
    "asked": False,
    "taken": True,
    "begun": True,
    "done": False,
    "given back": None,
}
FIELDS = {
    "address": "3-2-401",
    "name": "王奶奶",
    "door": DOOR,
    "door of the need": "狗在院里",
    "words": "李姐的钥匙在王桂兰那里",
    "who said it": "李玉珍",
    "a word of somebody": "女儿周末来",
}


def moved(need, member, *acts):
    for act in acts:
        move = MoveIn(act=act, who=member if act is Act.OFFER else None, note="好")
        need_move(need=need, move=move, by=member, now=b.DAWN)


MOVED = {
    "asked": [],
    "taken": [Act.TAKE],
    "begun": [Act.TAKE, Act.BEGIN],
    "done": [Act.TAKE, Act.FINISH],
    "given back": [Act.TAKE, Act.GIVE_BACK],
}


@pytest.mark.parametrize("state", SHOWN)
def test_a_volunteer_sees_of_a_need_only_what_it_needs(client, place, home, state):
    helpers = machine(place, "volunteer")
    assert helpers.member is not None
    draft = NeedDraft(
        kind="haircut",
        urgency="everyday",
        words=FIELDS["words"],
        said_by=FIELDS["who said it"],
        at_the_door=FIELDS["door of the need"],
        wanted_by=clock.now() + timedelta(days=1),
    )
    need = need_open(home=home, draft=draft, by=None, now=b.DAWN)
    boss = b.member(place, "boss", "coordinator")
    offer = MoveIn(act=Act.OFFER, who=helpers.member, note=FIELDS["a word of somebody"])
    need_move(need=need, move=offer, by=boss, now=b.DAWN)
    moved(need, helpers.member, *MOVED[state])
    client.force_login(helpers.member.user)
    page = client.get(reverse("care:need", args=[need.pk]))
    status, read = helpers.get(f"/needs/{need.pk}")
    if SHOWN[state] is None:
        assert (page.status_code, status) == (404, 404)
        return
    board = client.get(reverse("care:needs")).content.decode()
    api = json.dumps(read, ensure_ascii=False)
    listed = json.dumps(helpers.get("/needs")[1], ensure_ascii=False)
    for name, words in FIELDS.items():
        assert (words in page.content.decode()) is SHOWN[state], name
        if not SHOWN[state]:
            assert words not in board + api + listed, name
    assert (read["home"] == home.pk) is SHOWN[state]
    assert (read["building"], read["kind"]) == ("3", "haircut")
    assert read["wanted_by"]
    assert HALL not in page.content.decode()
    asked = {"place": "need", "place_id": need.pk}
    answer = show(client, home, kind="home", key=home.pk, **asked)
    assert (answer.status_code == 200) is SHOWN[state]
    assert (helpers.get(f"/homes/{home.pk}")[0] == 200) is SHOWN[state]


def test_what_was_taken_is_hidden_again_once_it_is_over(client, place, home, duty):
    helper = b.member(place, "helper", "volunteer")
    need = need_of(home, helper, taken=True)
    need_move(need=need, move=MoveIn(act=Act.CANCEL, note="好了"), by=duty, now=b.DAWN)
    client.force_login(helper.user)
    assert client.get(reverse("care:need", args=[need.pk])).status_code == 404
    helpers = machine(place, "volunteer")
    assert helpers.get(f"/homes/{home.pk}")[0] == 404


def test_an_outsider_opens_nothing_and_is_told_nothing(client, place, home):
    other = b.member(b.community("槐树社区"), "outsider", "coordinator")
    client.force_login(other.user)
    assert show(client, home, kind="home", key=home.pk, place="home").status_code == 404
    assert client.get(reverse("desk:accesses", args=[home.pk])).status_code == 404
    assert noted(home) == []


def test_a_walker_sees_a_home_on_the_day_of_the_round_only(place, home):
    walker = machine(place, "walker")
    assert walker.member is not None
    tomorrow = (clock.local_day(clock.now(), place.zone).weekday() + 2) % 7
    draft = RoundDraft(
        name="后天",
        at=time(7),
        days=frozenset({tomorrow}),
        walker_ids=[walker.member.pk],
        home_ids=[home.pk],
    )
    walked = round_add(community=place, draft=draft)
    assert walker.get(f"/homes/{home.pk}")[0] == 404
    walked.days = 0b1111111
    walked.save()
    assert walker.get(f"/homes/{home.pk}")[0] == 200
    assert frozenset(EVERY_DAY) == frozenset(range(7))
