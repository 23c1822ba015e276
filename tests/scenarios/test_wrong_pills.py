"""A missed curtain, the wrong pills, a need, a nurse, and her word: one story."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.apps import building as b
from tests.domain.building import MORNING

from shouwang.apps.alerts.models import Alert
from shouwang.apps.alerts.services import ClosingIn, alert_close
from shouwang.apps.care.models import Need
from shouwang.apps.care.services import MoveIn, need_move
from shouwang.apps.desk.selectors.story import story_month
from shouwang.apps.residents import services as homes
from shouwang.apps.watch import services as watch
from shouwang.domain.needs import Act, Asked
from shouwang.domain.story import Entry, QuietDays, StoryDay, StoryKind

pytestmark = pytest.mark.django_db
END = b.DAWN + timedelta(days=20)


@pytest.fixture
def nurse():
    return b.member(b.community(), "护士小赵", "volunteer", "coordinator")


@pytest.fixture
def home(nurse):
    place = nurse.community
    made = b.watched(place, windows=(MORNING,))
    for day in range(20):
        begin = b.DAWN + timedelta(days=day)
        watch.checks_make(community=place, now=begin)
        at = b.hour("08:20") + timedelta(days=day)
        state = "closed" if day == 7 else "open"
        look = b.look(made, "08:20", state=state, seen_at=at)
        watch.sightings_record(community=place, items=[look], by=nurse, now=at)
        watch.checks_decide_due(now=b.hour("09:10") + timedelta(days=day))
        if day == 7:
            _wrong_pills(place, nurse, b.hour("09:30") + timedelta(days=day))
    return made


def _closed(place, nurse, now):
    alert = Alert.objects.of(place).get()
    closing = ClosingIn(outcome="needs_help", verified="spoke", override="吃错了药")
    alert_close(alert=alert, closing=closing, by=nurse, now=now)


def _wrong_pills(place, nurse, now):
    _closed(place, nurse, now)
    need = Need.objects.of(place).get()
    steps = (
        MoveIn(act=Act.TAKE),
        MoveIn(act=Act.BEGIN),
        MoveIn(act=Act.FINISH),
        MoveIn(act=Act.RIGHT, asked=Asked.IN_PERSON),
    )
    for number, step in enumerate(steps, start=1):
        need_move(need=need, move=step, by=nurse, now=now + timedelta(hours=number))


def told(home, *, kinds=(), month=None, now=END):
    return story_month(home=home, month=month, kinds=kinds, now=now)


def test_why_each_thing_happened_leads_back_to_the_curtain(home):
    month = told(home)
    rows = {
        row.key: row
        for day in month.days
        if isinstance(day, StoryDay)
        for row in day.entries
    }
    (checked,) = [
        row
        for row in rows.values()
        if row.kind is StoryKind.NEED and row.at == b.hour("13:30") + timedelta(days=7)
    ]
    walked = []
    row: Entry | None = checked
    while row is not None:
        walked.append(row.kind.value)
        causes = [rows[cause.key] for cause in row.because if cause.key in rows]
        row = causes[0] if causes else None
    assert walked == ["need", "need", "alert", "alert", "signal"]


def test_the_quiet_days_around_it_are_two_lines(home):
    quiet = [day.count for day in told(home).days if isinstance(day, QuietDays)]
    # The first day is the one on which it was agreed.
    assert quiet == [6, 12]


def test_one_kind_is_told_alone(home):
    days = told(home, kinds=[StoryKind.ALERT]).days
    kinds = {row.kind for day in days for row in day.entries}
    assert kinds == {StoryKind.ALERT}


def test_what_lies_ahead_is_not_told_yet(home):
    early = told(home, now=b.hour("09:20") + timedelta(days=7))
    kinds = {
        row.kind
        for day in early.days
        if isinstance(day, StoryDay)
        for row in day.entries
    }
    assert StoryKind.NEED not in kinds


def test_months_lead_back_to_where_it_began_and_no_further(home):
    later = told(home, now=END + timedelta(days=60))
    assert (later.first_on, later.later) == (date(2026, 5, 1), None)
    assert later.earlier == date(2026, 4, 1)
    first = told(home, month=date(2026, 3, 15), now=END + timedelta(days=60))
    assert (first.earlier, first.later) == (None, date(2026, 4, 1))


def test_absences_consents_and_risks_stand_in_the_story(home, nurse):
    homes.known_risks_set(
        home=home, drafts=[homes.KnownRiskDraft(kind="dog")], by=nurse, now=END
    )
    watch.absence_declare(
        home=home,
        draft=homes.AbsenceDraft(
            from_at=END + timedelta(hours=1),
            until_at=END + timedelta(days=2),
            reason="hospital",
            said_by="女儿",
        ),
        by=nurse,
        now=END,
    )
    days = told(home, now=END + timedelta(days=3)).days
    kinds = {
        row.kind for day in days if isinstance(day, StoryDay) for row in day.entries
    }
    assert {StoryKind.RISK, StoryKind.ABSENCE, StoryKind.CONSENT} <= kinds
    assert StoryKind.AGREEMENT in kinds


def test_five_years_ask_the_database_no_more_than_six_weeks(
    home, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        told(home)
    with django_assert_max_num_queries(30):
        told(home, now=END + timedelta(days=5 * 365))
