"""The page behind an offer's link, and the desk's pages of finding somebody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.apps import building as b
from tests.apps.dispatch.helping import NINE, a_need, asked, page_of, the_run, volunteer

from shouwang.apps.care.models import Need
from shouwang.apps.care.services import MoveIn, need_move
from shouwang.apps.communities.services import member_leave
from shouwang.apps.dispatch.links import LINK_LIVES
from shouwang.apps.dispatch.models import KindSkill, Task
from shouwang.apps.dispatch.services import need_take, run_start
from shouwang.apps.privacy.models import Access
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw
from shouwang.apps.visits.models import PlannedVisit
from shouwang.apps.visits.services import visits_plan
from shouwang.domain.needs import Act

pytestmark = pytest.mark.django_db
HERS = ("王奶奶", "3-2-401", "13900000000", "耳背")


@pytest.fixture(autouse=True)
def _nine():
    with time_machine.travel(NINE, tick=False):
        yield


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    made = b.watched(place)
    made.shown_name, made.phone, made.at_the_door = "王奶奶", "13900000000", "耳背"
    made.save()
    return made


@pytest.fixture
def duty(place):
    return b.member(place, "duty", "duty_officer", "coordinator")


@pytest.fixture
def li(place):
    return volunteer(place, "li")


@pytest.fixture
def zhao(place):
    return volunteer(place, "zhao")


@pytest.fixture
def need(home, duty, li, zhao):
    made = a_need(home, duty, words="给王奶奶买降压药")
    run_start(need=made, by=duty, now=NINE)
    return made


@pytest.fixture
def anyone(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def desk(anyone, duty):
    anyone.force_login(duty.user)
    return anyone


def said(answer):
    return answer.content.decode()


def tap(client, url, act, **more):
    return client.post(url, {"act": act, **more}, follow=True)


def stage(need):
    return Need.objects.of(need.community_id).get(pk=need.pk).stage


def test_before_the_yes_nothing_of_her_is_told(anyone, need, li):
    page = anyone.get(page_of(need, li, NINE))
    assert page.status_code == 200
    assert "building 3" in said(page)
    assert not any(words in said(page) for words in HERS)


def test_looking_at_the_page_takes_nothing(anyone, need, li):
    for method in (anyone.get, anyone.head):
        assert method(page_of(need, li, NINE)).status_code == 200
    assert anyone.get(page_of(need, li, NINE) + "?act=yes").status_code == 200
    assert stage(need) == "offered"


def test_one_tap_takes_it_and_shows_where_to_go(anyone, need, li):
    page = tap(anyone, page_of(need, li, NINE), "yes")
    assert stage(need) == "taken"
    assert all(words in said(page) for words in (*HERS[:2], HERS[3]))


def opened(need):
    rows = Access.objects.of(need.community_id).filter(what="contact")
    return [(str(row.member), row.of, row.place, row.place_id) for row in rows]


def test_her_number_opens_by_a_tap_that_is_noted(anyone, need, home, li):
    url = page_of(need, li, NINE)
    page = tap(anyone, url, "yes")
    assert home.phone not in said(page)
    assert home.phone not in said(anyone.get(url + "?act=phone"))
    assert opened(need) == []
    page = anyone.post(url, {"act": "phone"})
    assert f"tel:{home.phone}" in said(page)
    assert page["Cache-Control"] == "no-store"
    assert opened(need) == [("li", "home", "need", str(need.pk))]
    assert home.phone not in said(anyone.get(url))


def test_nobody_opens_her_number_but_who_goes_there(anyone, need, home, li, zhao):
    for act in ("yes", "done"):
        page = anyone.post(page_of(need, zhao, NINE), {"act": "phone"})
        assert (page.status_code, home.phone in said(page)) == (409, False)
        tap(anyone, page_of(need, li, NINE), act)
    page = anyone.post(page_of(need, li, NINE), {"act": "phone"})
    assert (page.status_code, home.phone in said(page)) == (409, False)
    assert opened(need) == []


def test_a_maybe_becomes_a_yes_and_a_no_can_too(anyone, need, li, zhao):
    url = page_of(need, li, NINE)
    assert "maybe" in said(tap(anyone, url, "maybe"))
    assert stage(need) == "offered"
    other = page_of(need, zhao, NINE)
    assert "not this time" in said(tap(anyone, other, "no"))
    assert "3-2-401" in said(tap(anyone, other, "yes"))
    assert Task.objects.of(need.community_id).get().member == zhao


def test_who_comes_second_is_told_kindly_who_has_it(anyone, need, li, zhao):
    tap(anyone, page_of(need, li, NINE), "yes")
    late = anyone.post(page_of(need, zhao, NINE), {"act": "yes"})
    assert late.status_code == 409
    assert "li has taken it" in said(late)
    assert not any(words in said(late) for words in HERS)
    assert Task.objects.of(need.community_id).get().member == li


def test_a_second_tap_of_the_same_person_changes_nothing(anyone, need, li):
    url = page_of(need, li, NINE)
    tap(anyone, url, "yes")
    assert tap(anyone, url, "yes").status_code == 200
    assert Task.objects.of(need.community_id).count() == 1


def test_begun_done_and_a_word_for_the_next(anyone, need, home, duty, li):
    url = page_of(need, li, NINE)
    tap(anyone, url, "yes")
    tap(anyone, url, "begin")
    assert stage(need) == "doing"
    page = tap(anyone, url, "done", minutes="45", note="好", for_next="门铃坏了")
    assert stage(need) == "done"
    assert "You have done it" in said(page)
    assert not any(words in said(page) for words in HERS)
    other = a_need(home, duty, kind="meal")
    run_start(need=other, by=duty, now=NINE)
    assert "门铃坏了" not in said(anyone.get(page_of(other, li, NINE)))
    assert "门铃坏了" in said(tap(anyone, page_of(other, li, NINE), "yes"))


@pytest.mark.parametrize("minutes", ["0", "x", "-3", "99999999999", "１２"])
def test_a_length_that_cannot_be_is_told_and_nothing_is_lost(anyone, need, li, minutes):
    url = page_of(need, li, NINE)
    tap(anyone, url, "yes")
    page = anyone.post(url, {"act": "done", "minutes": minutes, "note": "都好了"})
    assert page.status_code == 422
    assert "都好了" in said(page)
    assert stage(need) == "taken"


def test_who_cannot_after_all_frees_it(anyone, need, li):
    url = page_of(need, li, NINE)
    tap(anyone, url, "yes")
    page = tap(anyone, url, "cannot", note="发烧")
    assert stage(need) == "offered"
    assert "others are asked" in said(page)
    assert asked(need) == ["zhao"]


def test_a_tampered_link_opens_nothing(anyone, need, li):
    url = page_of(need, li, NINE)
    code = url.split("/")[2]
    for wrong in (code[:-1], code[:-1] + ("A" if code[-1] != "A" else "B"), "x", "-"):
        for method in (anyone.get, anyone.post):
            page = method(f"/t/{wrong}/")
            assert page.status_code == 404
            assert not any(words in said(page) for words in HERS)


def test_a_link_of_an_alert_opens_no_need(anyone, need, li):
    from shouwang.common.codes import code_made

    code = code_made(
        "shouwang.alerts.links", (need.pk, li.pk), expires_at=NINE + LINK_LIVES
    )
    assert anyone.get(f"/t/{code}/").status_code == 404


def test_an_expired_link_says_so_and_takes_nothing(anyone, need, li):
    url = page_of(need, li, NINE - LINK_LIVES - timedelta(minutes=1))
    for answer in (anyone.get(url), anyone.post(url, {"act": "yes"})):
        assert answer.status_code == 410
        assert "time of this link is over" in said(answer)
    assert stage(need) == "offered"


def test_who_has_left_or_was_never_asked_takes_nothing(anyone, need, li, place, duty):
    never = b.member(place, "never", "volunteer")
    page = anyone.post(page_of(need, never, NINE), {"act": "yes"})
    assert page.status_code == 409
    assert stage(need) == "offered"
    member_leave(member=li, now=NINE)
    assert anyone.get(page_of(need, li, NINE)).status_code == 404


@pytest.mark.parametrize(
    ("act", "words"),
    [(Act.CANCEL, "not needed any more"), (Act.HAND_ON, "An office sees to it")],
)
def test_what_is_called_off_or_handed_on_has_its_page(
    anyone, need, li, duty, act, words
):
    move = MoveIn(
        act=act, note="不用了", office="12345", chase_at=NINE + timedelta(days=2)
    )
    need_move(need=need, move=move, by=duty, now=NINE)
    assert words in said(anyone.get(page_of(need, li, NINE)))


def test_a_home_that_withdrew_its_consent_is_left_in_peace(
    anyone, need, home, duty, li
):
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NINE)
    url = page_of(need, li, NINE)
    assert "left in peace" in said(anyone.get(url))
    assert anyone.post(url, {"act": "yes"}).status_code == 422
    assert stage(need) == "offered"


def test_another_promise_of_that_hour_is_named(anyone, home, duty, li, place):
    three = b.hour("15:00")
    first = a_need(b.home(place, "5-1-101"), duty, kind="meal", wanted_by=three)
    need_take(need=first, who=li, now=NINE)
    second = a_need(home, duty, wanted_by=three)
    offer = MoveIn(act=Act.OFFER, who=li)
    need_move(need=second, move=offer, by=duty, now=NINE)
    page = anyone.post(page_of(second, li, NINE), {"act": "yes"})
    assert page.status_code == 422
    assert "meal in building 5, 03-02 15:00" in said(page)


def test_an_unknown_answer_is_refused(anyone, need, li):
    assert anyone.post(page_of(need, li, NINE), {"act": "x"}).status_code == 422


def test_the_page_is_kept_nowhere_and_sends_no_address_on(anyone, need, li):
    headers = anyone.get(page_of(need, li, NINE)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


def test_the_preview_says_who_is_asked_when_and_why_and_asks_nobody(
    desk, home, duty, place
):
    volunteer(place, "friend", knows=[home])
    volunteer(place, "waits", consent_on=None)
    need = a_need(home, duty)
    page = said(desk.get(reverse("dispatch:find", args=[need.pk])))
    assert "knows her" in page
    assert "no consent on file" in page
    assert stage(need) == "new"


def test_one_tap_offers_it_and_the_needs_page_shows_who_was_asked(
    desk, home, duty, li, zhao
):
    need = a_need(home, duty)
    url = reverse("dispatch:find", args=[need.pk])
    page = said(desk.post(url, follow=True))
    assert stage(need) == "offered"
    assert "Wave 1" in page
    assert "no answer yet" in page
    assert re.search(r"If nobody says yes by|Next wave at", page)
    desk.post(reverse("dispatch:find_stop", args=[need.pk]))
    assert the_run(need).state == "stopped"


def test_whom_the_desk_ticks_is_asked_first(desk, home, duty, li, zhao):
    need = a_need(home, duty)
    desk.post(reverse("dispatch:find", args=[need.pk]), {"who": [zhao.pk]})
    assert asked(need) == ["zhao"]
    desk.post(reverse("dispatch:find_next", args=[need.pk]))
    assert asked(need) == ["zhao", "li"]


def test_who_does_not_fit_cannot_be_ticked(desk, home, duty, li):
    need = a_need(home, duty)
    url = reverse("dispatch:find", args=[need.pk])
    assert desk.post(url, {"who": ["999999", "x"]}).status_code == 422
    assert stage(need) == "new"


def test_a_no_show_asks_for_a_few_words(desk, need, li):
    need_take(need=need, who=li, now=NINE)
    url = reverse("dispatch:not_come", args=[need.pk])
    assert "Nobody gets a black mark" in said(desk.get(url))
    assert desk.post(url, {"note": ""}).status_code == 422
    desk.post(url, {"note": "公交没来"})
    assert Task.objects.of(need.community_id).get().ending == "no_show"


def test_a_coordinator_says_which_skill_a_kind_takes(desk, place):
    url = reverse("dispatch:kind_skills")
    form = desk.get(url).context["form"]
    given = {name: field.initial for name, field in form.fields.items()}
    assert desk.post(url, {**given, "company": "dialect"}).status_code == 302
    kept = KindSkill.objects.of(place).get()
    assert (kept.kind, kept.skill) == ("company", "dialect")
    assert desk.post(url, {**given, "company": "nonsense"}).status_code == 422


def test_the_day_proposes_and_shows_what_a_change_costs(desk, home, duty, li, place):
    friend = volunteer(place, "friend", knows=[home])
    need = a_need(home, duty)
    barber = a_need(b.home(place, "5-1-101"), duty, kind="haircut")
    url = reverse("dispatch:day")
    page = said(desk.get(url))
    assert "she knows them" in page
    assert "nobody who can go has the skill" in page
    changed = said(desk.get(url, {f"who-{need.pk}": li.pk}))
    assert "15 minutes more than the proposal" in changed
    desk.post(
        reverse("dispatch:day_offer"),
        {f"who-{need.pk}": friend.pk, f"who-{barber.pk}": li.pk, "who-x": "1"},
    )
    assert asked(need) == ["friend"]
    assert stage(need) == "offered"
    assert stage(barber) == "new"


def test_the_day_of_another_community_is_not_offered(desk, place, li):
    other = b.community("槐树社区")
    theirs = a_need(b.home(other), b.member(other, "wei", "duty_officer"))
    desk.post(reverse("dispatch:day_offer"), {f"who-{theirs.pk}": li.pk})
    assert stage(theirs) == "new"


def test_an_hour_that_is_promised_is_not_planned_twice(desk, home, duty, li, place):
    three = b.hour("15:00")
    first = a_need(home, duty, wanted_by=three)
    need_take(need=first, who=li, now=NINE)
    second = a_need(b.home(place, "5-1-101"), duty, wanted_by=three)
    page = said(desk.get(reverse("dispatch:day")))
    assert "nobody is free at that time" in page
    assert stage(second) == "new"


# --- the visits of the day ---------------------------------------------------------


@pytest.fixture
def due_home(home):
    """Return a home at high risk, to which nobody has gone for ten days."""
    home.risk = "high"
    home.save()
    Consent.objects.of(home.community_id).update(recorded_at=NINE - timedelta(days=10))
    return home


def planned_on(home, on=b.TODAY):
    rows = PlannedVisit.objects.of(home.community_id).filter(home=home, on=on)
    return [str(row.member) for row in rows.filter(withdrawn_at__isnull=True)]


def test_a_due_visit_without_a_visitor_is_in_the_day_with_its_reasons(
    desk, due_home, place, li
):
    volunteer(place, "friend", knows=[due_home])
    url = reverse("dispatch:day")
    (row,) = desk.get(url).context["rows"]
    assert (row["title"], row["urgency"]) == ("Visit", "overdue")
    page = said(desk.get(url))
    assert "never visited yet" in page
    assert "she knows them" in page
    changed = said(desk.get(url, {f"visit-{due_home.pk}": li.pk}))
    assert "15 minutes more than the proposal" in changed
    left = said(desk.get(url, {f"visit-{due_home.pk}": "0"}))
    assert "1 more stays undone" in left


@pytest.mark.parametrize("day", ["", "tomorrow"])
def test_a_visit_of_the_day_is_assigned_and_then_no_longer_proposed(
    desk, due_home, duty, li, day
):
    need = a_need(due_home, duty)
    given = {f"visit-{due_home.pk}": li.pk, f"who-{need.pk}": li.pk, "day": day}
    answer = desk.post(reverse("dispatch:day_offer"), given, follow=True)
    assert "1 visit is planned" in said(answer)
    assert planned_on(due_home, b.TODAY + timedelta(days=bool(day))) == ["li"]
    assert stage(need) == "offered"
    rows = desk.get(reverse("dispatch:day")).context["rows"]
    assert [row["title"] for row in rows] == ["medicine"]


def test_a_visit_somebody_else_has_by_now_stays_theirs(
    desk, due_home, duty, li, zhao, place
):
    visits_plan(member=zhao, home_ids=[due_home.pk], on=b.TODAY, by=duty, now=NINE)
    given = {f"visit-{due_home.pk}": li.pk, "visit-x": "1", "visit-999999": li.pk}
    answer = desk.post(reverse("dispatch:day_offer"), given, follow=True)
    assert "zhao goes there already" in said(answer)
    assert planned_on(due_home) == ["zhao"]


def test_a_home_that_wants_peace_is_not_proposed_for_a_visit(desk, due_home, duty, li):
    consent = Consent.objects.of(due_home.community_id).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NINE)
    assert desk.get(reverse("dispatch:day")).context["rows"] == []
    answer = desk.post(
        reverse("dispatch:day_offer"), {f"visit-{due_home.pk}": li.pk}, follow=True
    )
    assert "left in peace" in said(answer)
    assert planned_on(due_home) == []


def test_who_has_a_full_day_of_visits_is_given_no_more(desk, due_home, duty, li, place):
    others = [b.watched(place, f"5-1-{number}01").pk for number in range(1, 5)]
    visits_plan(member=li, home_ids=others, on=b.TODAY, by=duty, now=NINE)
    rows = desk.get(reverse("dispatch:day")).context["rows"]
    assert [row["hand"] for row in rows if row["home"] == due_home] == [None]
