"""Visits in a browser: the day's homes offline on a phone, and the desk's lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.apps import building as b
from tests.browser.phones import (
    estate,
    phone_of,
    reopened,
    tap,
    wait_until_sent,
    waiting,
)
from tests.browser.steps import logged_in

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home, RiskLevel
from shouwang.apps.visits.models import Chat, RiskSuggestion, Visit
from shouwang.apps.visits.services import (
    QuestionDraft,
    change_note,
    question_add,
    question_end,
    visits_plan,
)
from shouwang.apps.watch.models import Sighting

DAY = timedelta(days=1)
SMALL = (
    "[...document.querySelectorAll('button, a, summary, .typed')].filter((one) => "
    "{ const { width, height } = one.getBoundingClientRect(); "
    "return width < 60 || height < 60; }).map((one) => one.outerHTML)"
)


@pytest.fixture
def place(site):
    made = estate()
    site.clock_at(b.hour("07:35"))
    return made


def person(place, name):
    return Member.objects.of(place).get(display_name=name)


def home_at(place, address):
    return Home.objects.of(place).get(address=address)


@pytest.fixture
def planned(place):
    """Give Lin two homes to visit today, and the form a question of its own."""
    chen, lin = person(place, "chen"), person(place, "lin")
    homes = [home_at(place, "3-2-401"), home_at(place, "3-1-601")]
    homes[0].at_the_door = "耳背，敲门要重一点"
    homes[0].save()
    change_note(home=homes[0], words="刚出院", by=chen, now=b.DAWN)
    keys = [row.pk for row in homes]
    visits_plan(member=lin, home_ids=keys, on=b.TODAY, by=chen, now=b.DAWN)
    draft = QuestionDraft(words="空调好用吗", kind="yes_no", required=True)
    question_add(community=place, draft=draft, by=chen, now=b.DAWN)
    return homes


def card_of(place, home):
    return f"visit-{home.planned_visits.get().pk}"


def begin_the_first(place, page, home):
    tap(page, "visits")
    page.wait_for_selector(".visit-card")
    tap(page, card_of(place, home))
    page.wait_for_selector("[data-key=outcome-spoke]")


def finish(page):
    """Say that it is done; it is kept, and counted as waiting, once the list is back."""
    tap(page, "finish")
    page.wait_for_selector(".visit-card")


def fill_in(page):
    """Say all there is to say, one question first left out."""
    tap(page, "outcome-spoke")
    tap(page, "q-how_is_she-so_so")
    page.fill("[data-key=w-how_is_she]", "腿疼，睡不好")
    tap(page, "q-home_safety-safe")
    tap(page, "q-medicines-out_of_date")
    tap(page, "add-need")
    tap(page, "need-0-medicine")
    tap(page, "urgency-0-difficult")
    page.fill("[data-key=need-words-0]", "二十年前的药，要理一理")
    tap(page, "finish")
    page.wait_for_selector("[data-problem=own-1]")
    tap(page, "q-own-1-no")


def look_at_the_day(page, axe, picture):
    page.wait_for_selector("[data-key=visits]")
    picture(page, "phone-visits-start-390-zh-Hans")
    tap(page, "visits")
    page.wait_for_selector("text=耳背")
    axe(page)
    picture(page, "phone-visits-390-zh-Hans")


def go_on_after_the_tab_was_closed(place, page, home):
    """Find the half-filled form as it was left, suggest a risk, and be done."""
    tap(page, "visits")
    page.wait_for_selector(".visit-begun")
    tap(page, card_of(place, home))
    page.wait_for_selector("[data-key=w-how_is_she]")
    assert page.input_value("[data-key=w-how_is_she]") == "腿疼，睡不好"
    page.click("summary")
    tap(page, "risk-key")
    tap(page, "finish")
    page.wait_for_selector(".visit-waiting")
    assert waiting(page) == 1
    assert not Visit.objects.of(place).exists()


def arrived(place):
    """Make sure of all that follows from the visit, at the time of the tap at the door."""
    visit = Visit.objects.of(place).get()
    assert (visit.visited_at, visit.held) == (b.hour("08:10"), "")
    assert visit.answers["own-1"]["value"] == "no"
    need = Need.objects.of(place).get()
    assert (need.words, need.source) == ("二十年前的药，要理一理", "visit")
    assert RiskSuggestion.objects.of(place).get().risk == RiskLevel.KEY
    seen = Sighting.objects.of(place).get(pk=visit.pk)
    assert (seen.state, seen.seen_at) == ("spoke", b.hour("08:10"))


def test_a_visit_is_filled_in_without_a_network_and_its_need_arrives(
    site, place, planned, page_at, axe, picture
):
    page = phone_of(page_at)
    page.wait_for_selector("[data-key=visits]")
    page.context.set_offline(True)
    page.reload()
    look_at_the_day(page, axe, picture)
    tap(page, card_of(place, planned[0]))
    page.clock.set_fixed_time(b.hour("08:10"))
    fill_in(page)
    assert page.evaluate(SMALL) == []
    axe(page)
    picture(page, "phone-visit-form-390-zh-Hans")

    page = reopened(page, "08:20")
    go_on_after_the_tab_was_closed(place, page, planned[0])

    site.clock_at(b.hour("08:40"))
    page.clock.set_fixed_time(b.hour("08:40"))
    page.context.set_offline(False)
    wait_until_sent(page)
    page.wait_for_selector(".visit-done")
    arrived(place)


def test_a_form_that_changed_meanwhile_is_sent_as_it_was_filled_in(
    site, place, planned, page_at
):
    page = phone_of(page_at)
    begin_the_first(place, page, planned[0])
    page.context.set_offline(True)
    tap(page, "outcome-spoke")
    tap(page, "q-how_is_she-well")
    tap(page, "q-own-1-yes")
    chen = person(place, "chen")
    question_end(community=place, code="own-1", by=chen, now=b.hour("07:36"))
    finish(page)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    visit = Visit.objects.of(place).get(form__version=1)
    assert visit.answers["own-1"]["value"] == "yes"


def test_nobody_opened_takes_two_taps(place, planned, page_at):
    page = phone_of(page_at)
    begin_the_first(place, page, planned[0])
    tap(page, "outcome-nobody_opened")
    finish(page)
    wait_until_sent(page)
    assert Visit.objects.of(place).get().outcome == "nobody_opened"


def test_an_answer_that_is_lost_is_sent_again_and_kept_once(place, planned, page_at):
    page = phone_of(page_at)
    lost: list[int] = []

    def lose_the_answer(route):
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(1)
        route.fetch()
        route.abort()

    page.route("**/api/v1/phone/visits", lose_the_answer)
    begin_the_first(place, page, planned[0])
    tap(page, "outcome-not_now")
    tap(page, "finish")
    page.wait_for_selector(".note:has-text('没有信号')")
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    assert Visit.objects.of(place).count() == 1


def test_a_chat_is_two_taps_on_the_phone(place, planned, page_at, picture):
    page = phone_of(page_at, language="en")
    page.wait_for_selector("[data-key=chat]")
    page.context.set_offline(True)
    tap(page, "chat")
    page.wait_for_selector(".chips")
    picture(page, "phone-chat-390-en")
    tap(page, f"chat-{planned[1].pk}")
    tap(page, "sat")
    page.wait_for_selector('[data-key=waiting][data-count="1"]')
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    assert Chat.objects.of(place).get().home == planned[1]


FORM = {
    "version": 1,
    "questions": [
        {"code": "a", "kind": "choice", "required": True, "choices": []},
        {"code": "n", "kind": "number", "required": False, "choices": []},
    ],
}
CORE = """async (form) => {
  const v = await import("/static/phone/visits.js");
  const visit = { id: 7, home: 3 };
  let filled = v.formOf({ id: "x", member: 1, visit, form });
  const nothing = v.problemsOf(filled);
  const needs = [{ key: "k", kind: "", words: "灯坏了" }, { key: "l", kind: "", words: " " }];
  filled = { ...filled, outcome: "spoke", needs, made_at: 0, clock: { offset: 1500.4 } };
  const missing = v.problemsOf(v.withText(filled, "n", "value", "high"));
  filled = v.withText(v.withAnswer(filled, "a", "well"), "n", "value", "36,5 ");
  const twice = v.withAnswer(filled, "a", "well").answers.a.value;
  const given = { member: 1, visits: [{ id: 7 }, { id: 8, done: true }, { id: 9 }] };
  const other = { ...filled, planned: 9, member: 2 };
  const left = { ...filled, planned: 5, visit: { id: 5 } };
  return {
    nothing, missing, twice, fine: v.problemsOf(filled), sent: v.asVisit(filled),
    shown: v.visitsShown(given, [filled], [other, left]).map(({ visit, stage }) => [visit.id, stage]),
    none: v.visitsShown(null, [], []),
    closed: v.asVisit({ ...filled, outcome: "nobody_opened" }).answers,
    done: v.visited(given, filled).visits[0].done,
  };
}"""


def test_the_core_of_visits_decides_without_a_page(site, page_at):
    page = page_at(expected=("401",))
    page.goto("/login/")
    told = page.evaluate(CORE, FORM)
    assert told["nothing"] == {"outcome": "say_outcome"}
    assert told["missing"] == {"a": "has_to_be_answered", "n": "not_a_number"}
    assert (told["twice"], told["fine"], told["none"]) == ("", {}, [])
    assert told["sent"]["answers"] == [
        {"code": "a", "value": "well", "words": ""},
        {"code": "n", "value": "36.5", "words": ""},
    ]
    assert told["sent"]["clock_offset_ms"] == 1500
    # Words without a kind are not lost.
    needs = [(need["kind"], need["words"]) for need in told["sent"]["needs"]]
    assert needs == [("other", "灯坏了")]
    assert told["shown"] == [[7, "waiting"], [8, "done"], [9, "todo"], [5, "begun"]]
    assert (told["closed"], told["done"]) == ([], True)


# --- the desk ----------------------------------------------------------------------


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


def give_two_visits_to_ma(page, homes):
    for row in homes:
        page.check(f"[name=homes][value='{row.pk}']")
    page.select_option("[name=who]", label="ma")
    page.click(".plan button")
    page.wait_for_selector(".order li >> nth=1")


def type_in_a_visit(page, looked):
    """Leave the question out that has to be answered, and then answer it."""
    page.click(".order a >> nth=0")
    page.check("[name=outcome][value=spoke]")
    page.check("[name=q_how_is_she][value=unwell]")
    looked("visit-add")
    page.click(".fill > .acts button")
    page.wait_for_selector(".field-wrong")
    page.check("[name='q_own-1'][value=yes]")
    page.click(".fill > .acts button")
    page.wait_for_selector(".told")


@pytest.mark.parametrize(
    ("width", "height", "language"), [(1440, 900, "zh-Hans"), (390, 844, "en")]
)
def test_the_desk_sees_who_is_due_and_gives_visits(
    site, place, planned, page_at, axe, picture, width, height, language
):
    site.clock_at(b.DAWN + 95 * DAY)
    page = logged_in(page_at(width, height, language, expected=("422",)))

    def looked(name):
        axe(page)
        fits(page)
        picture(page, f"{name}-{width}-{language}")

    page.goto("/visits/")
    looked("visits")
    give_two_visits_to_ma(page, planned)
    looked("visits-round")
    type_in_a_visit(page, looked)
    page.click(".story a[href^='/visits/0']")
    looked("visit")
    page.goto(f"/visits/home/{planned[0].pk}/")
    looked("visits-of-home")


@pytest.mark.parametrize(
    ("width", "height", "language"), [(1440, 900, "en"), (390, 844, "zh-Hans")]
)
def test_a_coordinator_asks_an_own_question_and_raises_a_group(
    place, page_at, axe, picture, width, height, language
):
    page = logged_in(page_at(width, height, language))
    page.goto("/visits/questions/add/")
    page.fill("[name=words]", "空调好用吗")
    page.check("[name=kind][value=choice]")
    page.fill("[name=choices]", "好用\n坏了\n没有")
    axe(page)
    picture(page, f"visit-question-{width}-{language}")
    page.click("main form .acts button")
    page.wait_for_selector(".own-question")
    axe(page)
    fits(page)
    picture(page, f"visit-questions-{width}-{language}")
    page.goto("/visits/raise/?reason=heat")
    page.click("[name=look]")
    page.wait_for_selector(".whom")
    axe(page)
    fits(page)
    picture(page, f"visits-raise-{width}-{language}")
    page.click("[name=raise]")
    page.wait_for_selector(".visit-due")
    page.goto("/company/")
    axe(page)
    fits(page)
    picture(page, f"company-{width}-{language}")
