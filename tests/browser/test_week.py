"""A community's week: a visit without a network, what it finds, and who comes together.

Monday Lin visits, and the phone keeps what was found until there is a network. The desk
offers it; a volunteer takes it by the link of the message, does it, and the desk asks
her. Wednesday there are dumplings, and on Friday the hours go to the official system.
"""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from tests.apps import building as b
from tests.apps.activities import planned as p
from tests.apps.dispatch.helping import volunteer
from tests.browser.phones import estate, phone_of, tap, wait_until_sent, waiting
from tests.browser.steps import logged_in, tick

from shouwang.apps.care.models import Need
from shouwang.apps.communities.models import Member
from shouwang.apps.residents.models import Home
from shouwang.apps.visits.models import PlannedVisit
from shouwang.apps.visits.selectors.company import company_list
from shouwang.apps.visits.services import visits_plan
from shouwang.notify.channels import RECORDING

DAY = timedelta(days=1)
WEDNESDAY = 2 * DAY
PHONE, DESK = (390, 844), (1440, 900)


@pytest.fixture
def place(site, settings):
    settings.PUBLIC_URL = site.url
    made = estate()
    for home, called in zip(_homes(made), ("王奶奶", "李爷爷"), strict=False):
        p.resident(home, called)
    volunteer(made, "孙护士", skills=["nurse"], knows=[_homes(made)[0]])
    site.clock_at(b.hour("07:30"))
    return made


def _homes(place):
    return list(Home.objects.of(place).order_by("pk"))


def _person(place, name):
    return Member.objects.of(place).get(display_name=name)


@pytest.fixture
def seen(axe, picture):
    """Look at a page as people see it: whole, for everybody, and kept as a picture."""

    def look(page, name):
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], page.url
        picture(page, f"week-{name}")

    return look


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_community_lives_through_its_week(site, page_at, place, seen, language):
    chen, home = _person(place, "chen"), _homes(place)[0]
    visits_plan(
        member=_person(place, "lin"),
        home_ids=[home.pk],
        on=b.TODAY,
        by=chen,
        now=b.DAWN,
    )

    def look(page, name):
        seen(page, f"{name}-{language}")

    visit_without_a_network(site, page_at, place, language, look)
    desk = logged_in(page_at(*DESK, language))
    offer(site, desk, look)
    help_her(site, page_at(*PHONE, language), look)
    ask_her(site, desk, look)
    dumplings(site, page_at, place, language, look)
    count_the_hours(site, desk, look)


def visit_without_a_network(site, page_at, place, language, look):
    """Monday: Lin fills the form in at the door; it goes out when there is a network."""
    page = phone_of(page_at, language=language)
    page.wait_for_selector("[data-key=visits]")
    page.context.set_offline(True)
    tap(page, "visits")
    tap(page, f"visit-{PlannedVisit.objects.of(place).get().pk}")
    page.wait_for_selector("[data-key=outcome-spoke]")
    page.clock.set_fixed_time(b.hour("08:10"))
    for key in ("outcome-spoke", "q-how_is_she-unwell", "q-medicines-out_of_date"):
        tap(page, key)
    for key in ("add-need", "need-0-medicine", "urgency-0-urgent"):
        tap(page, key)
    page.fill("[data-key=need-words-0]", "吃错了药，药箱里有二十年前的")
    look(page, "visit")
    tap(page, "finish")
    page.wait_for_selector(".visit-waiting")
    assert waiting(page) == 1
    assert not Need.objects.of(place).exists()
    site.clock_at(b.hour("08:40"))
    page.clock.set_fixed_time(b.hour("08:40"))
    page.context.set_offline(False)
    wait_until_sent(page)
    page.wait_for_selector(".visit-done")
    look(page, "visit-sent")


def offer(site, desk, look):
    """The desk finds the need on the board, and has somebody asked."""
    desk.goto("/needs/")
    look(desk, "board")
    desk.click(".need-title a")
    desk.click("a[href$=find\\/]")
    desk.wait_for_selector(".plan-waves")
    desk.check(".fit:has-text('孙护士') [name=who]")
    desk.click(".find .send button")
    desk.wait_for_selector(".run-running")
    look(desk, "offered")
    tick(site, b.hour("08:41"))


def help_her(site, phone, look):
    """The nurse opens the link, takes it, and is done three quarters of an hour later."""
    link = next(row.link for row in RECORDING.sent if row.to_name == "孙护士")
    phone.goto(link)
    assert "3-2-401" not in phone.content()
    look(phone, "asked")
    phone.click("button[value=yes]")
    phone.wait_for_selector(".where-place")
    look(phone, "taken")
    phone.click("button[value=begin]")
    phone.wait_for_selector(".done[open]")
    site.clock_at(b.hour("09:45"))
    phone.check("[name=minutes][value='60']", force=True)
    phone.fill("[name=for_next]", "药盒在厨房")
    phone.click(".done form button")
    phone.wait_for_selector(".noted")
    look(phone, "done")


def ask_her(site, desk, look):
    """In the afternoon the desk asks her, and only then it is over."""
    site.clock_at(b.hour("16:00"))
    desk.goto("/needs/")
    look(desk, "to-ask")
    desk.click(".need-title a")
    desk.check("[name=asked][value=in_person]")
    desk.click("form[action$=right] button >> nth=0")
    desk.wait_for_selector("form[action$=right]", state="detached")
    look(desk, "checked")


def dumplings(site, page_at, place, language, look):
    """Wednesday: two are invited, one comes; Ma ticks it and says how long he helped."""
    row = p.activity(place, on=b.TODAY + 2 * DAY, leader=_person(place, "ma"))
    came, stayed = _homes(place)[:2]
    p.invited(row, came, stayed)
    site.clock_at(row.begins_at + timedelta(minutes=20))
    phone = logged_in(page_at(*PHONE, language), "ma")
    phone.goto("/activities/")
    phone.click(".event-mine >> nth=0")
    phone.click("a[href$='/attendance/']")
    phone.click(".attend-one:has-text('李爷爷') button.came")
    phone.wait_for_selector(".attend-one:has-text('李爷爷') .tag-came")
    phone.click(".attend-one:has-text('王奶奶') button[value^=excused]")
    phone.wait_for_selector(".tag-excused")
    look(phone, "attendance")
    site.clock_at(row.ends_at + timedelta(minutes=10))
    phone.goto(f"/activities/{row.pk}/helpers/")
    fill_in_minutes(phone)
    look(phone, "activity")
    alone = company_list(community=place, now=row.ends_at + DAY)
    assert alone[-1].home == stayed


def fill_in_minutes(phone):
    mine = ".helper-rows li:has-text('ma')"
    phone.check(f"{mine} input[type=checkbox]")
    phone.fill(f"{mine} .helper-minutes input", "90")
    phone.click("main form .acts button")
    phone.wait_for_selector("a[href$='/attendance/']")


def count_the_hours(site, desk, look):
    """Friday: what both gave stands on the page, and in the file, line by line."""
    site.clock_at(b.hour("17:00") + 4 * DAY)
    desk.goto("/volunteers/hours/")
    look(desk, "hours")
    answer = desk.request.get(desk.get_attribute("a[href*='export.xlsx']", "href"))
    page = load_workbook(io.BytesIO(answer.body())).worksheets[0]
    cells = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    for name, hours in (("孙护士", 1), ("ma", 1.5)):
        line = next(row for row in cells if name in row)
        assert hours in [float(one) for one in line if isinstance(one, int | float)]
