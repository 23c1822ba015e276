"""Visits through the services: written down once, with what follows, and nothing lost."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from tests.apps import building as b

from shouwang.apps.alerts.services import ClosingIn, alert_close, alert_open_by_hand
from shouwang.apps.care.models import Need
from shouwang.apps.care.services import (
    NeedDraft,
    need_kind_add,
    need_kind_end,
    need_open,
)
from shouwang.apps.communities.scoping import AppendOnlyError
from shouwang.apps.privacy.models import Why
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import (
    AbsenceDraft,
    HomeDraft,
    ResidentDraft,
    consent_withdraw,
    home_archive,
    home_change,
    resident_add,
)
from shouwang.apps.visits.models import PlannedVisit, RiskSuggestion, Visit
from shouwang.apps.visits.selectors import (
    frequency_of,
    suggestions_open,
    visits_held,
    visits_of_home,
)
from shouwang.apps.visits.selectors.company import company_list, last_met
from shouwang.apps.visits.selectors.due import call_of_home, due_list
from shouwang.apps.visits.selectors.figures import visits_kept
from shouwang.apps.visits.selectors.form import (
    form_now,
    own_questions,
    questions_ended,
    questions_of,
)
from shouwang.apps.visits.selectors.groups import Group, homes_of_group
from shouwang.apps.visits.selectors.planning import carried, rounds_on
from shouwang.apps.visits.services import (
    ChatIn,
    FrequencyDraft,
    NeedSaid,
    QuestionDraft,
    RaiseDraft,
    VisitIn,
    change_note,
    change_withdraw,
    chat_record,
    company,
    frequency_set,
    home_list_end,
    home_list_keep,
    plan_order,
    plan_withdraw,
    question_add,
    question_change,
    question_end,
    question_move,
    raise_undo,
    recording,
    suggestion_decide,
    visit_judge,
    visit_record,
    visits_plan,
    visits_raise,
)
from shouwang.apps.watch import services as watch
from shouwang.apps.watch.models import Check, Sighting
from shouwang.common.errors import ConflictError, NotFoundError, RefusedError
from shouwang.domain.visits import Answer, CallState, Cause, ChangeKind, Kept

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code, kind=RefusedError):
    with pytest.raises(kind) as error:
        yield
    assert error.value.code == code


NINE, NOON = b.hour("09:00"), b.hour("12:00")
DAY = timedelta(days=1)


@pytest.fixture
def place():
    return b.community()


@pytest.fixture
def home(place):
    return b.watched(place)


@pytest.fixture
def chen(place):
    return b.member(place, "chen", "coordinator")


@pytest.fixture
def lin(place):
    return b.member(place, "lin", "walker")


def visit(home, *, at="10:00", **more):
    values = {
        "id": uuid.uuid4(),
        "home_id": home.pk,
        "outcome": "spoke",
        "visited_at": b.hour(at),
        "answers": {"how_is_she": Answer(value="well")},
    }
    return VisitIn(**{**values, **more})


def visited(home, by, *, now=NOON, typed_by=None, **more):
    made = visit(home, **more)
    return visit_record(
        community=home.community, visit=made, by=by, typed_by=typed_by, now=now
    )[0]


def planned(home, lin, chen, on=b.TODAY):
    visits_plan(member=lin, home_ids=[home.pk], on=on, by=chen, now=NINE)


def call(home, now=NOON):
    return call_of_home(home=home, now=now)


# --- what follows from a visit ------------------------------------------------------


def test_a_visit_is_a_contact_in_person_and_proves_that_she_is_well(home, chen):
    watch.checks_make(community=home.community, now=b.DAWN)
    made = visited(home, chen, at="08:30")
    seen = Sighting.objects.of(home.community).get(pk=made.pk)
    assert (seen.signal, seen.state, seen.how) == ("contact", "spoke", "in_person")
    watch.checks_decide_due(now=NOON)
    morning = Check.objects.of(home.community).order_by("opens_at").first()
    assert morning is not None
    assert morning.status == "well"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("nobody_opened", "no_answer"), ("not_now", "bell_answered")],
)
def test_a_try_is_kept_but_is_no_visit(home, chen, outcome, state):
    visited(home, chen, outcome=outcome, answers={})
    assert [row.outcome for row in visits_of_home(home=home)] == [outcome]
    assert call(home).cause is Cause.NEVER
    assert Sighting.objects.of(home.community).get().state == state


def test_the_same_visit_twice_is_one_visit_and_one_need(home, chen):
    need = NeedSaid(
        key=uuid.uuid4(), kind="repair", urgency="difficult", words="灯坏了"
    )
    made = visit(home, needs=[need])
    for now in (NOON, NOON + DAY):
        visit_record(community=home.community, visit=made, by=chen, now=now)
    row = Visit.objects.of(home.community).get()
    found = Need.objects.of(home.community).get()
    assert (found.source, found.words, found.opened_by) == ("visit", "灯坏了", chen)
    assert [link.need for link in row.needs.all()] == [found]


def test_two_sendings_at_once_are_one_visit_and_one_chat(home, chen, monkeypatch):
    """Both have looked, and neither has found the other's."""
    for module in (recording, company):
        monkeypatch.setattr(module, "_had", lambda *_rows: None)
    need = NeedSaid(key=uuid.uuid4(), kind="repair", urgency="difficult")
    made, sat = visit(home, needs=[need]), chat(home)
    for is_new in (True, False):
        given = {"community": home.community, "by": chen, "now": NOON}
        assert visit_record(visit=made, **given)[1] is is_new
        assert chat_record(chat=sat, **given)[1] is is_new
    assert Need.objects.of(home.community).count() == 1
    assert Sighting.objects.of(home.community).count() == 2


def test_an_id_used_for_another_visit_is_refused(home, chen):
    made = visited(home, chen)
    with refused("id_used", ConflictError):
        visited(home, chen, id=made.pk, note="something else")
    elsewhere = b.home(b.community("槐树社区"))
    with refused("id_used", ConflictError):
        visited(
            elsewhere, b.member(elsewhere.community, "x", "coordinator"), id=made.pk
        )


def test_a_need_of_a_kind_that_has_ended_keeps_its_name(home, chen):
    kind = need_kind_add(community=home.community, name="擦窗户")
    need_kind_end(row=kind, now=NINE)
    said = NeedSaid(key=uuid.uuid4(), kind=kind.kind, urgency="everyday", words="北窗")
    visited(home, chen, needs=[said])
    need = Need.objects.of(home.community).get()
    assert (need.kind, need.words) == ("other", "擦窗户 北窗")


def test_all_that_is_wrong_with_a_form_is_told_at_once(home, chen):
    answers = {"home_safety": Answer(value="?"), "medicines": Answer(value="!")}
    with pytest.raises(RefusedError) as error:
        visited(home, chen, answers=answers)
    assert set(error.value.fields) == {"how_is_she", "home_safety", "medicines"}
    with refused("unknown_form"):
        visited(home, chen, form=7)
    with refused("visited_in_the_future"):
        visited(home, chen, at="12:10")
    with pytest.raises(NotFoundError):
        visited(home, chen, home_id=home.pk + 99)
    assert not Visit.objects.of(home.community).exists()


def test_a_visit_is_never_rewritten(home, chen):
    visited(home, chen)
    with pytest.raises(AppendOnlyError):
        Visit.objects.of(home.community).update(note="x")


def test_a_clock_that_runs_ahead_is_put_right(home, chen):
    made = visited(home, chen, at="13:00", clock_offset=timedelta(hours=2))
    assert (made.visited_at, made.claimed_at) == (b.hour("11:00"), b.hour("13:00"))


# --- whose it is, and consent --------------------------------------------------------


def test_a_visit_that_was_never_theirs_waits_for_a_person(home, lin, chen):
    need = NeedSaid(key=uuid.uuid4(), kind="meal", urgency="everyday")
    made = visited(home, lin, needs=[need])
    assert made.held == "not_planned"
    assert visits_held(community=home.community) == [made]
    assert visits_of_home(home=home) == []
    assert not Need.objects.of(home.community).exists()
    visit_judge(visit=made, counts=True, reason="她顺路去的", by=chen, now=NOON)
    assert visits_of_home(home=home) == [made]
    assert Need.objects.of(home.community).get().kind == "meal"
    assert visits_held(community=home.community) == []
    with refused("judged_already", ConflictError):
        visit_judge(visit=made, counts=False, reason="x", by=chen, now=NOON)


def test_a_visit_that_was_taken_back_while_the_phone_carried_it_counts(home, lin, chen):
    planned(home, lin, chen)
    row = PlannedVisit.objects.of(home.community).get()
    plan_withdraw(planned=row, by=chen, now=NINE)
    assert visited(home, lin).held == ""


def test_after_consent_is_withdrawn_no_form_opens_and_what_comes_late_is_kept(
    home, lin, chen
):
    planned(home, lin, chen)
    assert [row.home for row in carried(member=lin, now=NINE).rows] == [home]
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="她自己", by=chen, now=NINE)
    assert carried(member=lin, now=NINE).rows == ()
    made = visited(home, lin)
    assert made.held == "consent_withdrawn"
    visit_judge(visit=made, counts=False, reason="不该留", by=chen, now=NOON)
    assert visits_of_home(home=home) == []
    assert not Sighting.objects.of(home.community).exists()
    with refused("consent_withdrawn"):
        planned(home, lin, chen)


def test_a_visit_of_a_home_no_longer_kept_is_held(home, chen):
    home_archive(home=home, why=Why.MOVED, by=chen, now=NINE)
    assert visited(home, chen).held == "home_archived"


def test_what_is_judged_needs_a_reason(home, lin, chen):
    with refused("say_why"):
        visit_judge(
            visit=visited(home, lin), counts=True, reason=" ", by=chen, now=NOON
        )
    with refused("not_held"):
        visit_judge(
            visit=visited(home, chen), counts=True, reason="x", by=chen, now=NOON
        )


# --- risk is a person's word ---------------------------------------------------------


def test_a_suggested_risk_changes_nothing_until_a_coordinator_says_so(home, chen):
    visited(home, chen, risk="high", risk_words="站不稳")
    home.refresh_from_db()
    assert home.risk == "general"
    row = suggestions_open(community=home.community)[0]
    suggestion_decide(suggestion=row, accepted=True, by=chen, now=NOON)
    home.refresh_from_db()
    assert home.risk == "high"
    # She was just visited: the change that the visit found asks for no other visit.
    assert call(home, NOON + timedelta(hours=1)).cause is Cause.ROUTINE
    with refused("decided_already", ConflictError):
        suggestion_decide(suggestion=row, accepted=False, reason="x", by=chen, now=NOON)


def test_a_suggestion_is_declined_with_a_reason(home, chen):
    visited(home, chen, risk="key")
    row = suggestions_open(community=home.community)[0]
    with refused("say_why"):
        suggestion_decide(suggestion=row, accepted=False, by=chen, now=NOON)
    suggestion_decide(suggestion=row, accepted=False, reason="刚好", by=chen, now=NOON)
    home.refresh_from_db()
    assert home.risk == "general"
    assert suggestions_open(community=home.community) == []


def test_the_risk_she_has_is_no_suggestion(home, chen):
    visited(home, chen, risk="general")
    assert not RiskSuggestion.objects.of(home.community).exists()


# --- what makes a visit due ----------------------------------------------------------


def hospital(home, until):
    draft = AbsenceDraft(
        from_at=b.DAWN - 3 * DAY, until_at=until, reason="hospital", said_by="女儿"
    )
    return watch.absence_declare(home=home, draft=draft, by=None, now=b.DAWN - 3 * DAY)


def test_who_is_back_from_the_hospital_is_visited_within_a_day(home, chen):
    hospital(home, until=NINE)
    assert call(home, NINE - timedelta(hours=1)).state(now=NINE) is CallState.AWAY
    found = call(home)
    assert (found.cause, found.change.kind, found.by) == (
        Cause.CHANGE,
        ChangeKind.LEFT_HOSPITAL,
        NINE + DAY,
    )
    visited(home, chen)
    assert call(home).cause is Cause.ROUTINE


def test_who_was_found_at_home_before_the_time_is_back_too(home):
    absence = hospital(home, until=NOON + DAY)
    watch.absence_withdraw(absence=absence, by=None, now=NINE)
    assert call(home).change.kind is ChangeKind.LEFT_HOSPITAL


def test_an_alert_that_found_her_unwell_asks_for_a_visit(home, chen):
    alert = alert_open_by_hand(home=home, note="", by=chen, now=NINE)
    closing = ClosingIn(outcome="unwell", verified="spoke")
    alert_close(alert=alert, closing=closing, by=chen, now=NINE)
    assert call(home).change.kind is ChangeKind.ALERT


def test_a_need_to_go_to_the_hospital_asks_for_a_visit(home, chen):
    draft = NeedDraft(kind="hospital", urgency="difficult")
    need_open(home=home, draft=draft, by=chen, now=NINE)
    assert call(home).change.kind is ChangeKind.HOSPITAL_NEED


def test_a_risk_that_was_raised_asks_for_a_visit_and_a_lowered_one_does_not(home, chen):
    def change(risk, at):
        home._history_date = at
        home_change(home=home, draft=HomeDraft(address=home.address, risk=risk))

    change("high", NINE)
    change("key", b.hour("09:30"))
    found = call(home, NOON)
    assert (found.change.kind, found.by) == (ChangeKind.RISK_RAISED, NINE + DAY)
    visited(home, chen)
    change("general", b.hour("11:00"))
    assert call(home, NOON).cause is Cause.ROUTINE


def test_what_changed_is_said_by_hand_and_taken_back(home, chen):
    row = change_note(home=home, words="老伴走了", by=chen, now=NINE)
    assert call(home).words == "老伴走了"
    change_withdraw(row=row, by=chen, now=NOON)
    assert call(home).cause is Cause.NEVER
    with refused("say_what_changed"):
        change_note(home=home, words=" ", by=chen, now=NINE)


def test_a_community_sets_how_often(home, chen):
    draft = FrequencyDraft(high_days=3, key_days=14, general_days=60, change_hours=48)
    frequency_set(community=home.community, draft=draft)
    assert frequency_of(home.community).general == 60 * DAY
    wrong = FrequencyDraft(high_days=9, key_days=8, general_days=60, change_hours=24)
    with refused("rarer_for_the_frailer"):
        frequency_set(community=home.community, draft=wrong)


def test_the_list_says_who_was_there_last_and_who_goes_next(place, home, lin, chen):
    other = b.watched(place, "3-2-302")
    visited(home, chen)
    planned(other, lin, chen, on=b.TODAY + 85 * DAY)
    rows = due_list(community=place, now=b.DAWN + 85 * DAY)
    assert [(row.home, row.last_by) for row in rows] == [(other, None), (home, chen)]
    assert [row.planned and row.planned.member for row in rows] == [lin, None]


def test_the_lists_ask_few_questions_whatever_the_number_of_homes(
    place, chen, django_assert_max_num_queries
):
    for number in range(1, 20):
        visited(b.watched(place, f"3-1-{number}01"), chen)
    with django_assert_max_num_queries(16):
        rows = due_list(community=place, now=b.DAWN + 95 * DAY)
    assert len(rows) == 19
    with django_assert_max_num_queries(8):
        assert len(company_list(community=place, now=NOON)) == 19


# --- a day's visits as a round ---------------------------------------------------------


def test_a_day_is_a_round_in_order_and_a_home_goes_over_to_another(place, lin, chen):
    homes = [b.watched(place, f"3-2-{number}01") for number in (4, 2, 3)]
    keys = [row.pk for row in homes]
    visits_plan(member=lin, home_ids=keys, on=b.TODAY, by=chen, now=NINE)
    visits_plan(member=lin, home_ids=keys, on=b.TODAY, by=chen, now=NINE)
    rows = carried(member=lin, now=NINE).rows
    assert [row.home.address for row in rows] == ["3-2-201", "3-2-301", "3-2-401"]
    plan_order(rows=rows[::-1])
    assert carried(member=lin, now=NINE).rows[0].home == homes[0]

    ma = b.member(place, "ma", "volunteer")
    visits_plan(member=ma, home_ids=keys[:1], on=b.TODAY, by=chen, now=NINE)
    told = {row.member: len(row.rows) for row in rounds_on(community=place, on=b.TODAY)}
    assert told == {lin: 2, ma: 1}
    visited(homes[0], ma)
    assert [row.done_count for row in rounds_on(community=place, on=b.TODAY)] == [0, 1]


def test_what_cannot_be_planned_is_told(place, home, lin, chen):
    def plan(code, **more):
        values = {"member": lin, "home_ids": [home.pk], "on": b.TODAY}
        with refused(code):
            visits_plan(**{**values, **more}, by=chen, now=NINE)

    plan("nobody_chosen", home_ids=[])
    plan("day_is_past", on=b.TODAY - DAY)
    plan("unknown_homes", home_ids=[b.home(b.community("槐树社区")).pk])
    plan("not_a_visitor", member=b.member(place, "street", "supervisor"))


# --- raised for a group ---------------------------------------------------------------


def group_of(place, **more):
    rows = homes_of_group(Group(**more), community=place, today=b.TODAY)
    return [row.address for row in rows]


def test_a_group_is_chosen_by_risk_building_age_and_who_lives_alone(place, chen):
    alone, two, young = (b.watched(place, f"{n}-1-101") for n in (1, 2, 3))
    resident_add(home=alone, draft=ResidentDraft(name="王桂兰", birth_year=1938))
    resident_add(home=two, draft=ResidentDraft(name="李大山", birth_year=1940))
    resident_add(home=two, draft=ResidentDraft(name="赵玉英"))
    resident_add(home=young, draft=ResidentDraft(name="孙小梅", birth_year=1960))
    home_change(home=young, draft=HomeDraft(address=young.address, risk="high"))
    assert group_of(place) == ["1-1-101", "2-1-101", "3-1-101"]
    assert group_of(place, risks=frozenset({"high"})) == ["3-1-101"]
    assert group_of(place, buildings=frozenset({"2"})) == ["2-1-101"]
    assert group_of(place, alone=True) == ["1-1-101", "3-1-101"]
    assert group_of(place, age_from=80) == ["1-1-101", "2-1-101"]
    kept = home_list_keep(community=place, name="独居", homes=[alone], row=None)
    assert group_of(place, home_list=kept) == ["1-1-101"]
    with refused("list_name_taken"):
        home_list_keep(community=place, name="独居", homes=[two], row=None)
    home_list_end(row=kept, now=NOON)
    home_list_keep(community=place, name="独居", homes=[two], row=None)


def test_visits_are_raised_by_one_click_and_undone(place, home, chen):
    draft = RaiseDraft(reason="heat", words="", group="all", by=NOON + 2 * DAY)
    row = visits_raise(community=place, homes=[home], draft=draft, by=chen, now=NINE)
    assert (call(home).cause, call(home).by) == (Cause.RAISED, NOON + 2 * DAY)
    raise_undo(row=row, by=chen, now=NOON)
    assert call(home).cause is Cause.NEVER
    with refused("nobody_chosen"):
        visits_raise(community=place, homes=[], draft=draft, by=chen, now=NINE)
    late = RaiseDraft(reason="heat", words="", group="all", by=NINE)
    with refused("raised_in_the_past"):
        visits_raise(community=place, homes=[home], draft=late, by=chen, now=NINE)


# --- own questions, in versions -----------------------------------------------------


def asks(place, chen, words, kind="yes_no", **more):
    draft = QuestionDraft(words=words, kind=kind, **more)
    return question_add(community=place, draft=draft, by=chen, now=NINE)


def test_a_form_that_changed_is_kept_in_the_version_it_was_filled_in_on(
    place, home, chen
):
    old = asks(place, chen, "空调好用吗", required=True)
    asks(place, chen, "血压", kind="number", required=True)
    question_end(community=place, code="own-1", by=chen, now=NINE)
    answers = {"how_is_she": Answer(value="well"), "own-1": Answer(value="no")}
    made = visited(home, chen, form=old.version, answers=answers)
    assert made.form == old
    assert [row.code for row in questions_of(made.form)][-1] == "own-1"
    assert made.answers["own-1"]["value"] == "no"
    with pytest.raises(RefusedError) as error:
        visited(home, chen, form=3, answers=answers)
    assert set(error.value.fields) == {"own-2"}


def test_questions_are_changed_moved_and_ended_but_never_deleted(place, chen):
    asks(place, chen, "一")
    asks(place, chen, "二", kind="choice", choices=["甲", "乙", "乙", " "])
    question_move(community=place, code="own-2", by=chen, now=NINE)
    draft = QuestionDraft(words="一一", kind="text")
    question_change(community=place, code="own-1", draft=draft, by=chen, now=NINE)
    now = own_questions(form_now(place))
    assert [(row.code, row.words, row.choices) for row in now] == [
        ("own-2", "二", ("甲", "乙")),
        ("own-1", "一一", ()),
    ]
    question_end(community=place, code="own-2", by=chen, now=NINE)
    assert [row.words for row in questions_ended(place)] == ["二"]
    # A code is never given twice: an old answer keeps its question.
    asks(place, chen, "三")
    assert own_questions(form_now(place))[-1].code == "own-3"


@pytest.mark.parametrize(
    ("code", "draft"),
    [
        ("question_without_words", {"words": " ", "kind": "text"}),
        ("unknown_kind", {"words": "x", "kind": "colour"}),
        ("choices_too_few", {"words": "x", "kind": "choice", "choices": ["a"]}),
        ("choices_too_many", {"words": "x", "kind": "choice", "choices": "abcdefghi"}),
        ("question_twice", {"words": "一", "kind": "text"}),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(place, chen, code, draft):
    asks(place, chen, "一")
    with refused(code):
        asks(place, chen, **draft)
    with pytest.raises(NotFoundError):
        question_end(community=place, code="own-9", by=chen, now=NINE)


# --- company -----------------------------------------------------------------------


def chat(home, at="10:00", **more):
    values = {"id": uuid.uuid4(), "home_id": home.pk, "at": b.hour(at)}
    return ChatIn(**{**values, **more})


def test_a_chat_is_company_and_a_sign_of_life_and_twice_is_once(place, home, lin):
    made = chat(home, words="说了说孙子")
    for _ in range(2):
        chat_record(community=place, chat=made, by=lin, now=NOON)
    seen = Sighting.objects.of(place).get()
    assert (seen.pk, seen.state, seen.how) == (made.id, "spoke", "in_person")
    assert last_met(place) == {home.pk: b.hour("10:00")}
    with refused("id_used", ConflictError):
        chat_record(community=place, chat=made, by=b.member(place, "ma"), now=NOON)
    with refused("seen_in_the_future"):
        chat_record(community=place, chat=chat(home, "13:00"), by=lin, now=NOON)


def test_those_come_first_with_whom_nobody_has_sat_for_longest(place, home, chen, lin):
    never, spoken = b.watched(place, "3-2-302"), b.watched(place, "3-2-303")
    visited(home, chen, at="11:00")
    contact = watch.ContactIn(how="in_person", result="spoke", seen_at=NINE)
    watch.contact_record(home=spoken, contact=contact, by=lin, now=NINE)
    phoned = watch.ContactIn(how="phone", result="spoke", seen_at=NINE)
    watch.contact_record(home=never, contact=phoned, by=lin, now=NINE)
    rows = company_list(community=place, now=NOON)
    assert [row.home for row in rows] == [never, spoken, home]


def danced(*, community):
    """Say what another app would: they were all at a dance."""
    return dict.fromkeys((row.home.pk for row in company_list_of(community)), NOON)


def company_list_of(community):
    return due_list(community=community, now=b.DAWN + 200 * DAY)


def test_other_apps_say_that_she_was_among_people(place, home, settings):
    settings.COMPANY_SOURCES = [f"{__name__}.danced"]
    assert last_met(place) == {home.pk: NOON}


# --- figures -----------------------------------------------------------------------


def test_a_month_tells_by_risk_what_was_due_and_done(place, home, chen):
    home_change(home=home, draft=HomeDraft(address=home.address, risk="high"))
    b.watched(place, "3-2-302")
    march = date(2026, 3, 15)
    assert visits_kept(community=place, month=march) == {
        "high": Kept(due=1, done=0),
        "key": Kept(),
        "general": Kept(),
    }
    visited(home, chen)
    assert visits_kept(community=place, month=march)["high"] == Kept(due=1, done=1)
