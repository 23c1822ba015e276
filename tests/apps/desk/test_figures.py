"""The figures: what is counted, who sees what, and the files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps import building as b

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import (
    ClosingIn,
    alert_acknowledge,
    alert_close,
    alert_commit,
)
from shouwang.apps.communities.models import Member, MemberRole
from shouwang.apps.desk.selectors.cases import cases_between
from shouwang.apps.desk.selectors.service import Span, service_for
from shouwang.apps.outbox.sending import outbox_send_due
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.apps.watch import services
from shouwang.apps.watch.models import Sighting
from shouwang.apps.watch.services import ContactIn, contact_record
from shouwang.domain.alerts import Outcome
from shouwang.domain.schedule import EVERY_DAY
from shouwang.domain.service_figures import Measure

pytestmark = pytest.mark.django_db
DUE = b.hour("09:10")
NOW = b.hour("12:00")
TODAY = Span(first=b.TODAY, last=b.TODAY)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr("shouwang.common.clock.now", lambda: NOW)


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator", "duty_officer")


@pytest.fixture
def lin(place):
    return b.member(place, "lin", "walker")


def missed(place, address="3-2-401"):
    """Make a home whose curtain was seen closed in the morning; its alert is open."""
    home = b.watched(place, address)
    services.checks_make(community=place, now=b.DAWN)
    look = b.look(home, "08:00", state="closed")
    services.sightings_record(community=place, items=[look], by=None, now=DUE)
    services.checks_decide_due(now=DUE)
    return Alert.objects.of(place).get(home=home)


def case_of(place):
    found = cases_between(
        community_ids=[place.pk], first=b.TODAY, last=b.TODAY, now=NOW
    )
    return found.alerts[0]


def contact(alert, by, clock, **more):
    values = {"how": "phone", "result": "no_answer", "seen_at": b.hour(clock), **more}
    contact_record(
        home=alert.home, contact=ContactIn(**values), by=by, now=b.hour(clock)
    )


def close(alert, by, clock, outcome="overslept", how="in_person"):
    closing = ClosingIn(outcome=outcome, verified="spoke", how=how)
    alert_close(alert=alert, closing=closing, by=by, now=b.hour(clock))


def test_an_alert_is_followed_from_its_deadline_to_its_end(place, chen, lin):
    alert = missed(place)
    assert case_of(place).told_at is None
    outbox_send_due(now=DUE + timedelta(seconds=2))
    alert_acknowledge(alert=alert, by=chen, now=b.hour("09:12"))
    contact(alert, chen, "09:15")
    alert_commit(alert=alert, by=lin, until=b.hour("09:40"), now=b.hour("09:16"))
    contact(alert, lin, "09:25", how="in_person")
    close(alert, lin, "09:30")
    case = case_of(place)
    assert case.opened_at == DUE
    assert case.told_at == DUE + timedelta(seconds=2)
    assert case.taken_at == b.hour("09:12")
    assert case.door_at == b.hour("09:25")
    assert case.reached_at == b.hour("09:30")
    assert case.closed_at == b.hour("09:30")
    assert case.by_person
    assert case.outcome is Outcome.OVERSLEPT


def test_a_first_call_without_an_answer_takes_the_alert(place, chen):
    contact(missed(place), chen, "09:20")
    case = case_of(place)
    assert case.taken_at == b.hour("09:20")
    assert case.door_at is None
    assert case.reached_at is None


def test_closing_after_speaking_at_the_door_is_being_there(place, chen):
    close(missed(place), chen, "09:33")
    assert case_of(place).door_at == b.hour("09:33")


def test_a_contact_before_or_after_the_alert_is_not_its_own(place, chen):
    alert = missed(place)
    contact(alert, chen, "08:30", how="in_person")
    close(alert, chen, "09:33", how="phone")
    contact(alert, chen, "10:30", how="in_person")
    assert case_of(place).door_at is None


def test_a_contact_that_was_corrected_does_not_count(place, chen):
    alert = missed(place)
    contact(alert, chen, "09:20", how="in_person")
    wrong = Sighting.objects.of(place).get(how="in_person")
    right = b.look(
        alert.home,
        "09:20",
        signal="contact",
        state="no_answer",
        how="phone",
        source="contact",
        replaces=wrong.pk,
    )
    services.sightings_record(
        community=place, items=[right], by=chen, now=b.hour("09:40")
    )
    case = case_of(place)
    assert case.door_at is None
    assert case.taken_at == b.hour("09:20")


def test_false_alarms_are_told_a_home_a_year(place, chen):
    close(missed(place), chen, "09:33")
    whole = service_for(chen, span=TODAY, now=NOW).whole
    assert whole.days == 1
    assert whole.summary.false_count == 1
    assert whole.false_a_home_a_year == 365.25


def test_a_kind_can_be_chosen_alone(place, chen):
    missed(place)
    one = Span(first=b.TODAY, last=b.TODAY, kind="help")
    assert service_for(chen, span=TODAY, now=NOW).whole.summary.alert_count == 1
    assert service_for(chen, span=one, now=NOW).whole.summary.alert_count == 0


def test_a_coordinator_sees_who_carries_how_much(place, chen, lin):
    alert = missed(place)
    contact(alert, lin, "09:25", how="in_person")
    close(alert, chen, "09:30", how="phone")
    draft = RoundDraft(
        name="早一",
        at=b.hour("07:30").time().replace(hour=7),
        days=EVERY_DAY,
        walker_ids=[lin.pk],
        home_ids=[alert.home_id],
    )
    round_add(community=place, draft=draft)
    look = b.look(alert.home, "07:40")
    services.sightings_record(community=place, items=[look], by=lin, now=NOW)
    carried = service_for(chen, span=TODAY, now=NOW).carried
    assert {row.name: row.load.taken_count for row in carried} == {"chen": 1, "lin": 1}
    by_name = {row.name: row.load for row in carried}
    assert (by_name["lin"].door_count, by_name["lin"].walk_count) == (1, 1)
    assert (by_name["chen"].door_count, by_name["chen"].walk_count) == (0, 0)


@pytest.mark.parametrize("role", ["duty_officer", "supervisor"])
def test_nobody_but_a_coordinator_sees_a_name(client, place, chen, role):
    alert = missed(place)
    alert.home.shown_name = "王奶奶"
    alert.home.save()
    close(alert, chen, "09:30")
    somebody = b.member(place, "somebody", role)
    assert service_for(somebody, span=TODAY, now=NOW).carried == ()
    client.force_login(somebody.user)
    assert client.get("/figures/people.csv").status_code == 404
    page = client.get("/figures/").content.decode()
    book = client.get("/figures/all.xlsx").content
    words = [
        str(cell.value)
        for sheet in load_workbook(io.BytesIO(book))
        for row in sheet
        for cell in row
    ]
    for name in ("chen", "王奶奶", "3-2-401"):
        assert name not in page
        assert name not in words


def supervisor_of(*places):
    """Make one login that supervises several communities."""
    first = b.member(places[0], "street", "supervisor")
    for row in places[1:]:
        more = Member.objects.of(row).create(
            community=row, user=first.user, display_name="street", joined_at=b.DAWN
        )
        MemberRole.objects.of(row).create(community=row, member=more, role="supervisor")
    return first


def test_a_supervisor_sees_a_line_for_each_of_their_communities(place, chen):
    other, foreign = b.community("槐树社区"), b.community("柳树社区")
    missed(place)
    missed(other)
    missed(foreign)
    found = service_for(supervisor_of(place, other), span=TODAY, now=NOW)
    lines = {row.name: line.summary.alert_count for row, line in found.communities}
    assert lines == {"梧桐里社区": 1, "槐树社区": 1}
    assert found.whole.summary.alert_count == 1
    assert service_for(chen, span=TODAY, now=NOW).communities == ()


def test_a_walker_elsewhere_adds_no_line(place):
    other = b.community("槐树社区")
    chen = b.member(place, "both", "coordinator")
    walker = Member.objects.of(other).create(
        community=other, user=chen.user, display_name="x", joined_at=b.DAWN
    )
    MemberRole.objects.of(other).create(community=other, member=walker, role="walker")
    assert service_for(chen, span=TODAY, now=NOW).communities == ()


def test_weeks_follow_the_local_date_and_empty_ones_stand_there(place, chen):
    missed(place)
    span = Span(first=b.TODAY - timedelta(days=8), last=b.TODAY)
    weeks = service_for(chen, span=span, now=NOW).weeks
    assert [line.summary.alert_count for _monday, line in weeks] == [0, 0, 1]
    assert [line.days for _monday, line in weeks] == [0, 0, 1]


def test_somebody_who_waits_unheard_stands_as_late(place, chen):
    missed(place)
    summary = service_for(chen, span=TODAY, now=NOW).whole.summary
    assert all(row.late_count == 1 for row in summary.kept)
    assert summary.times[Measure.TAKEN].median is None


def test_the_page_asks_few_questions_whatever_the_number_of_alerts(
    client, place, chen, django_assert_max_num_queries
):
    for number in range(1, 12):
        close(missed(place, f"3-2-{number}01"), chen, "09:33")
    client.force_login(chen.user)
    with django_assert_max_num_queries(20):
        answer = client.get(reverse("desk:figures"), headers={"accept-language": "en"})
    assert "11 alerts." in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("weeks=5", "Choose 4, 13 or 52 weeks."),
        ("weeks=x", "Choose 4, 13 or 52 weeks."),
        ("first=2026-02-01", "Give both days, or neither."),
        ("last=2026-02-01", "Give both days, or neither."),
        ("first=2026-03-02&last=2026-03-01", "The last day lies before the first."),
        ("first=2026-04-02&last=2026-04-03", "This day is still to come."),
        ("first=2020-01-01&last=2026-03-01", "At most two years at once, please."),
        ("first=0000-99-99&last=2026-03-01", "Enter a valid date."),
        ("kind=%3Cb%3E", "Select a valid choice."),
    ],
)
@pytest.mark.parametrize("address", ["/figures/", "/figures/all.xlsx"])
def test_a_span_that_cannot_be_is_answered(client, chen, query, words, address):
    client.force_login(chen.user)
    answer = client.get(f"{address}?{query}", headers={"accept-language": "en"})
    assert answer.status_code == 422
    if address == "/figures/" or "Choose" not in words:
        assert words in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_what_is_wrong_is_told_all_at_once(client, chen):
    client.force_login(chen.user)
    page = client.get("/figures/?first=x&last=y&kind=z").content.decode()
    assert page.count('class="errorlist"') == 3


def test_days_to_come_are_left_out(client, place, chen):
    missed(place)
    client.force_login(chen.user)
    page = client.get("/figures/?first=2026-03-01&last=2026-12-31").content.decode()
    assert "2026-03-01 – 2026-03-02" in page


def test_a_table_comes_as_csv_that_computes_nothing(client, place, chen):
    Member.objects.of(place).filter(pk=chen.pk).update(display_name="=1+1")
    close(missed(place), chen, "09:33")
    client.force_login(chen.user)
    answer = client.get("/figures/people.csv")
    assert 'filename="shouwang-people-' in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["'=1+1", "1", "1", "0", "0"]


def test_all_tables_come_as_excel_with_numbers_as_numbers(client, place, chen):
    Member.objects.of(place).filter(pk=chen.pk).update(display_name="=1+1")
    close(missed(place), chen, "09:33")
    client.force_login(chen.user)
    answer = client.get("/figures/all.xlsx", headers={"accept-language": "en"})
    book = load_workbook(io.BytesIO(answer.content))
    cell = book["Who carries how much"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    times = list(book["From the deadline on"].values)
    assert times[0][3] == "half within (min)"
    assert times[3][1:] == (1, 1, 23, 23)


def test_a_table_that_is_not_there_is_not_found(client, chen):
    client.force_login(chen.user)
    assert client.get("/figures/nothing.csv").status_code == 404
