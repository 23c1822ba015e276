"""Pages of visits: every form works without JavaScript; what is wrong stands beside it."""

from __future__ import annotations

import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from tests.apps import building as b

from shouwang.apps.care.models import Need
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw
from shouwang.apps.visits.models import (
    Chat,
    HomeList,
    MajorChange,
    PlannedVisit,
    RiskSuggestion,
    Visit,
    VisitRaise,
)
from shouwang.apps.visits.selectors.form import form_now, own_questions
from shouwang.apps.visits.services import (
    QuestionDraft,
    VisitIn,
    question_add,
    question_end,
    visit_record,
    visits_plan,
)
from shouwang.domain.visits import Answer

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")
DAY = "2026-03-02"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


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


@pytest.fixture
def desk(client, chen):
    client.force_login(chen.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def text_of(answer):
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def shown(client, home):
    """Return the hidden fields of the form as it was shown."""
    page = client.get(reverse("visits:visit_add", args=[home.pk])).content.decode()
    return dict(
        re.findall(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]+)"', page)
    )


def filled(home, **more):
    values = {"on": DAY, "at": "10:30", "outcome": "spoke", "q_how_is_she": "well"}
    return {**values, **more}


def send(client, home, given):
    return client.post(reverse("visits:visit_add", args=[home.pk]), given)


def test_a_visit_on_paper_is_typed_in_for_who_was_there(desk, home, lin, chen):
    given = filled(
        home,
        who=str(lin.pk),
        w_how_is_she="腿疼",
        need_1_kind="repair",
        need_1_urgency="difficult",
        need_1_words="灯坏了",
        risk="key",
        risk_words="站不稳",
        **shown(desk, home),
    )
    assert send(desk, home, given).status_code == 302
    assert send(desk, home, given).status_code == 302
    row = Visit.objects.of(home.community).get()
    assert (row.by, row.typed_by, row.visited_at) == (lin, chen, b.hour("10:30"))
    assert row.answers["how_is_she"] == {"value": "well", "words": "腿疼"}
    need = Need.objects.of(home.community).get()
    assert (need.words, need.source, need.urgency) == ("灯坏了", "visit", "difficult")
    assert RiskSuggestion.objects.of(home.community).get().risk == "key"
    page = text_of(desk.get(reverse("visits:visit", args=[row.pk])))
    assert "腿疼" in page
    assert "灯坏了" in page


def test_all_that_is_missing_is_told_and_what_was_typed_is_still_there(
    desk, place, home, chen
):
    draft = QuestionDraft(words="血压", kind="number", required=True)
    question_add(community=place, draft=draft, by=chen, now=NOON)
    given = filled(home, q_how_is_she="", note="还在", **shown(desk, home))
    given["q_own-1"] = "high"
    answer = send(desk, home, given)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "This has to be answered." in page
    assert "Write a number." in page
    assert "还在" in answer.content.decode()


def test_a_form_shown_before_it_changed_is_read_as_it_was_shown(
    desk, place, home, chen
):
    draft = QuestionDraft(words="空调", kind="yes_no", required=True)
    question_add(community=place, draft=draft, by=chen, now=NOON)
    given = filled(home, **shown(desk, home))
    question_end(community=place, code="own-1", by=chen, now=NOON)
    answer = send(desk, home, given)
    assert answer.status_code == 422
    given["q_own-1"] = "no"
    assert send(desk, home, given).status_code == 302
    form = Visit.objects.of(place).get().form
    assert form is not None
    assert form.version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "999999999999", "7"])
def test_a_version_that_never_was_does_no_harm(desk, home, version):
    given = filled(home, **{**shown(desk, home), "version": version})
    assert send(desk, home, given).status_code in {302, 422}


def test_a_walker_fills_in_only_what_they_carry_today(client, place, home, lin, chen):
    client.force_login(lin.user)
    address = reverse("visits:visit_add", args=[home.pk])
    assert client.get(address).status_code == 404
    visits_plan(
        member=lin, home_ids=[home.pk], on=b.TODAY, by=chen, now=b.hour("09:00")
    )
    assert home.address in client.get(reverse("visits:visits")).content.decode()
    page = client.get(address).content.decode()
    assert 'name="who"' not in page
    assert send(client, home, filled(home, **shown(client, home))).status_code == 302
    assert Visit.objects.of(place).get().held == ""


def test_no_form_opens_for_a_home_that_withdrew_its_consent(desk, home, chen):
    consent = Consent.objects.of(home.community).get()
    consent_withdraw(consent=consent, said_by="她", by=chen, now=NOON)
    answer = desk.get(reverse("visits:visit_add", args=[home.pk]), follow=True)
    assert "left in peace" in text_of(answer)


def test_homes_are_given_to_somebody_for_a_day_and_printed(desk, place, home, lin):
    other = b.watched(place, "3-2-302")
    given = {"homes": [home.pk, other.pk], "who": lin.pk, "on": DAY}
    answer = desk.post(reverse("visits:plan"), given, follow=True)
    page = text_of(answer)
    assert "Visits of lin on 2026-03-02" in page
    assert page.index("3-2-302") < page.index("3-2-401")
    rows = {row.home: row for row in PlannedVisit.objects.of(place)}
    order = {
        "on": DAY,
        f"place_{rows[home].pk}": "1",
        f"place_{rows[other].pk}": "2",
    }
    page = text_of(
        desk.post(reverse("visits:order", args=[lin.pk]), order, follow=True)
    )
    assert page.index("3-2-401") < page.index("3-2-302")
    order[f"out_{rows[home].pk}"] = "1"
    page = text_of(
        desk.post(reverse("visits:order", args=[lin.pk]), order, follow=True)
    )
    assert "3-2-401" not in page


def test_a_plan_without_anybody_is_told(desk, home, lin):
    for given in ({"who": lin.pk, "on": DAY}, {"homes": [home.pk], "on": DAY}, {}):
        assert desk.post(reverse("visits:plan"), given).status_code == 422
    assert desk.get(reverse("visits:round", args=[lin.pk]) + "?on=x").status_code == 200


def held_visit(place, home, lin):
    made = VisitIn(
        id=uuid.uuid4(),
        home_id=home.pk,
        outcome="spoke",
        visited_at=b.hour("10:00"),
        answers={"how_is_she": Answer(value="unwell")},
        risk="high",
    )
    return visit_record(community=place, visit=made, by=lin, now=NOON)[0]


def test_a_held_visit_is_judged_and_a_suggestion_decided(desk, place, home, lin):
    row = held_visit(place, home, lin)
    page = text_of(desk.get(reverse("visits:visits")))
    assert "This home was not theirs to visit." in page
    judge = reverse("visits:judge", args=[row.pk])
    assert desk.post(judge, {"counts": "1"}).status_code == 422
    assert desk.post(judge, {"counts": "1", "reason": "ok"}).status_code == 302
    assert desk.post(judge, {"reason": "again"}).status_code == 302
    one = RiskSuggestion.objects.of(place).get()
    decide = reverse("visits:suggestion", args=[one.pk])
    assert "Say why." in text_of(desk.post(decide, {}, follow=True))
    desk.post(decide, {"accept": "1"})
    home.refresh_from_db()
    assert home.risk == "high"
    assert "unwell" not in text_of(desk.get(reverse("visits:home", args=[home.pk])))


def test_questions_are_added_changed_and_ended_without_programming(desk, place):
    add = reverse("visits:question_add")
    assert desk.post(add, {"words": "空调", "kind": "choice"}).status_code == 422
    given = {"words": "空调好用吗", "kind": "choice", "choices": "好用\n坏了"}
    assert desk.post(add, given).status_code == 302
    change = reverse("visits:question_change", args=["own-1"])
    assert "坏了" in desk.get(change).content.decode()
    desk.post(change, {**given, "required": "on"})
    asked = own_questions(form_now(place))[0]
    assert (asked.choices, asked.required) == (("好用", "坏了"), True)
    desk.post(reverse("visits:question_end", args=["own-1"]))
    assert "空调好用吗" in text_of(desk.get(reverse("visits:questions")))
    assert desk.get(change).status_code == 404


def test_how_often_is_set_and_the_frail_are_not_last(desk):
    address = reverse("visits:frequency")
    wrong = {"high_days": 40, "key_days": 30, "general_days": 91, "change_hours": 24}
    assert "not visited less often" in text_of(desk.post(address, wrong))
    assert desk.post(address, {**wrong, "high_days": 7}).status_code == 302


def test_the_next_festival_is_suggested_and_visits_before_it_are_raised(
    desk, place, home
):
    page = text_of(desk.get(reverse("visits:raise")))
    assert "Dragon Boat Festival is on 2026-06-19, in 109 days." in page
    given = {"reason": "heat", "by_on": "2026-03-04", "risks": ["general"]}
    looked = desk.post(reverse("visits:raise"), {**given, "look": "1"})
    assert "1 home" in text_of(looked)
    assert not VisitRaise.objects.of(place).exists()
    desk.post(reverse("visits:raise"), {**given, "raise": "1"})
    assert "in the heat" in text_of(desk.get(reverse("visits:visits")))
    row = VisitRaise.objects.of(place).get()
    desk.post(reverse("visits:raise_undo", args=[row.pk]))
    assert "in the heat" not in text_of(desk.get(reverse("visits:visits")))
    past = {**given, "by_on": "2026-03-01", "raise": "1"}
    assert "Say by which day" in text_of(desk.post(reverse("visits:raise"), past))


def test_a_list_is_kept_changed_and_ended(desk, place, home):
    add = reverse("visits:list_add")
    assert desk.post(add, {"name": "吸氧"}).status_code == 422
    desk.post(add, {"name": "吸氧", "homes": [home.pk]})
    row = HomeList.objects.of(place).get()
    change = reverse("visits:list_change", args=[row.pk])
    desk.post(change, {"name": "在家吸氧", "homes": [home.pk]})
    assert "在家吸氧" in text_of(desk.get(reverse("visits:raise")))
    desk.post(reverse("visits:list_end", args=[row.pk]))
    assert "在家吸氧" not in text_of(desk.get(reverse("visits:lists")))


def test_a_change_is_noted_by_hand_and_taken_back(desk, place, home):
    desk.post(reverse("visits:change_add", args=[home.pk]), {"words": "老伴走了"})
    page = text_of(desk.get(reverse("visits:visits")))
    assert "老伴走了: visit by 03-03 12:00" in page
    row = MajorChange.objects.of(place).get()
    desk.post(reverse("visits:change_end", args=[row.pk]))
    assert "老伴走了" not in text_of(desk.get(reverse("visits:visits")))


def test_a_chat_takes_two_taps(desk, place, home):
    assert "nobody has written down yet" in text_of(desk.get(reverse("visits:company")))
    address = reverse("visits:chat_add", args=[home.pk])
    page = desk.get(address).content.decode()
    (key,) = re.findall(r'name="id" value="([^"]+)"', page)
    for _ in range(2):
        assert desk.post(address, {"id": key}).status_code == 302
    assert Chat.objects.of(place).get().home == home
    assert "somebody sat with her today" in text_of(desk.get(reverse("visits:company")))


def test_a_walker_chats_only_with_their_own(client, place, home, lin, chen):
    client.force_login(lin.user)
    assert client.get(reverse("visits:chat_add", args=[home.pk])).status_code == 404
    visits_plan(member=lin, home_ids=[home.pk], on=b.TODAY, by=chen, now=NOON)
    assert client.get(reverse("visits:chat_add", args=[home.pk])).status_code == 200
    assert home.address in client.get(reverse("visits:chat_choose")).content.decode()
