"""Pages of needs: what is wrong is told beside it; who may not see finds nothing."""

from __future__ import annotations

import io
import uuid
from datetime import time

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps import building as b
from tests.apps.api.machines import machine

from shouwang.apps.care.models import HandOver, Need, NeedKindRow
from shouwang.apps.care.services import MoveIn, NeedDraft, need_move, need_open
from shouwang.apps.residents.models import Consent
from shouwang.apps.residents.services import consent_withdraw
from shouwang.apps.rounds.services import RoundDraft, round_add
from shouwang.domain.needs import Act
from shouwang.domain.schedule import EVERY_DAY

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")


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
def duty(place):
    return b.member(place, "duty", "duty_officer", "coordinator")


@pytest.fixture
def desk(client, duty):
    client.force_login(duty.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def li(place, home):
    who = b.member(place, "li", "volunteer")
    draft = RoundDraft(
        name="早一",
        at=time(7),
        days=EVERY_DAY,
        walker_ids=[who.pk],
        home_ids=[home.pk],
    )
    round_add(community=place, draft=draft)
    return who


@pytest.fixture
def need(home, duty):
    draft = NeedDraft(kind="repair", urgency="difficult", words="灯坏了")
    return need_open(home=home, draft=draft, by=duty, now=b.hour("11:00"))


def raised(client, home, **more):
    given = {"key": str(uuid.uuid4()), "kind": "meal", "urgency": "urgent", **more}
    return client.post(reverse("care:need_add", args=[home.pk]), given)


def act(client, need, name, **given):
    return client.post(reverse("care:need_act", args=[need.pk, name]), given)


def words(answer):
    return answer.content.decode()


# --- written down -------------------------------------------------------------------


def test_a_day_it_is_wanted_by_lasts_until_its_end(desk, home, place):
    raised(desk, home, wanted_on="2026-03-02")
    assert Need.objects.of(place).get().wanted_by == b.hour("24:00")


def test_an_hour_it_is_wanted_by_is_the_communitys_own(desk, home, place):
    raised(desk, home, wanted_on="2026-03-03", wanted_at="08:30", source="phone")
    row = Need.objects.of(place).get()
    assert (row.wanted_by, row.source) == (b.hour("32:30"), "phone")


@pytest.mark.parametrize(
    "wrong",
    [
        {"urgency": "very"},
        {"urgency": ""},
        {"key": "1"},
        {"words": "x" * 501},
        {"wanted_on": "9999-12-31"},
        {"wanted_on": "2026-03-01"},
        {"wanted_on": "yesterday"},
        {"wanted_at": "08:00"},
        {"source": "a bird"},
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(desk, home, place, wrong):
    answer = raised(desk, home, said_by="王家女儿", **wrong)
    assert answer.status_code == 422
    assert "王家女儿" in words(answer)
    assert not Need.objects.of(place).exists()


def test_an_unknown_kind_leads_back_to_the_kinds(desk, home):
    answer = raised(desk, home, kind="moon")
    assert answer.status_code == 200
    assert "?kind=medicine" in words(answer)


def test_two_taps_on_one_button_are_one_need(desk, home, place):
    key = str(uuid.uuid4())
    first, second = (raised(desk, home, key=key) for _ in range(2))
    assert first.url == second.url
    assert Need.objects.of(place).count() == 1


def test_a_home_that_withdrew_is_refused_in_words(desk, home, duty, place):
    consent = Consent.objects.of(place).get()
    consent_withdraw(consent=consent, said_by="王奶奶", by=duty, now=NOON)
    answer = raised(desk, home, urgency="everyday")
    assert answer.status_code == 422
    assert "left in peace" in words(answer)
    assert raised(desk, home, urgency="urgent").status_code == 302


def test_a_volunteer_speaks_only_for_homes_of_their_rounds(client, li, home, place):
    other = b.watched(place, "3-2-402")
    client.force_login(li.user)
    page = words(client.get(reverse("care:home_choose")))
    assert home.address in page
    assert other.address not in page
    assert raised(client, other).status_code == 404
    assert raised(client, home).url == reverse("care:needs")
    assert Need.objects.of(place).get().opened_by == li


def test_a_home_no_longer_kept_has_no_new_needs(desk, home):
    home.archived_at = NOON
    home.save()
    assert raised(desk, home).status_code == 404


# --- moved on -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "name", "given", "told"),
    [
        ("new", "offer", {"who": ""}, "This field is required"),
        ("new", "offer", {"who": "99999"}, "Select a valid choice"),
        ("new", "cancel", {}, "Say why"),
        ("new", "hand_on", {"office": "物业"}, "This field is required"),
        (
            "new",
            "hand_on",
            {"office": "物业", "chase_on": "2026-03-01"},
            "from tomorrow on",
        ),
        (
            "new",
            "hand_on",
            {"office": "物业", "chase_on": "9999-12-31"},
            "less than or equal",
        ),
        ("done", "right", {}, "Say how she was asked"),
        ("done", "wrong", {"asked": "phone"}, "Say what was not right"),
    ],
)
def test_what_is_missing_is_told_on_the_page_of_the_need(
    desk, need, duty, stage, name, given, told
):
    if stage == "done":
        for step in (Act.TAKE, Act.FINISH):
            need_move(need=need, move=MoveIn(act=step), by=duty, now=NOON)
    answer = act(desk, need, name, **given)
    assert answer.status_code == 422
    assert told in words(answer)
    need.refresh_from_db()
    assert need.stage == stage


def test_the_second_is_told_who_has_it(client, need, duty, li):
    need_move(need=need, move=MoveIn(act=Act.OFFER, who=li), by=duty, now=NOON)
    need_move(need=need, move=MoveIn(act=Act.TAKE), by=duty, now=NOON)
    client.force_login(li.user)
    answer = client.post(
        reverse("care:need_act", args=[need.pk, "take"]),
        headers={"accept-language": "en"},
        follow=True,
    )
    assert answer.redirect_chain == [(reverse("care:needs"), 302)]
    assert "duty has taken it already" in words(answer)
    assert "灯坏了" not in words(answer)


def test_an_office_is_asked_again_at_nine_of_its_day(desk, need, place):
    given = {"office": "物业", "number": "W-1", "chase_on": "2026-03-05"}
    assert act(desk, need, "hand_on", **given).status_code == 302
    assert HandOver.objects.of(place).get().chase_at == b.hour("81:00")
    page = words(desk.get(reverse("care:need", args=[need.pk])))
    assert "W-1" in page


def test_somebody_is_noted_as_having_said_yes(desk, need, li):
    act(desk, need, "take", who=li.pk)
    need.refresh_from_db()
    assert (need.stage, need.taken_by) == ("taken", li)


@pytest.mark.parametrize("name", ["open", "change", "fly", "RIGHT"])
def test_an_act_that_is_none_is_not_there(desk, need, name):
    assert act(desk, need, name).status_code == 404


@pytest.mark.parametrize(
    "name", ["offer", "cancel", "right", "wrong", "hand_on", "chase", "take_back"]
)
def test_what_the_desk_decides_is_not_there_for_others(client, need, duty, li, name):
    need_move(need=need, move=MoveIn(act=Act.OFFER, who=li), by=duty, now=NOON)
    client.force_login(li.user)
    assert act(client, need, name).status_code == 404
    page = words(client.get(reverse("care:need", args=[need.pk])))
    assert f"/{name}" not in page


def test_a_volunteer_cannot_take_it_in_somebody_elses_name(client, need, duty, li):
    need_move(need=need, move=MoveIn(act=Act.OFFER, who=li), by=duty, now=NOON)
    client.force_login(li.user)
    act(client, need, "take", who=duty.pk)
    need.refresh_from_db()
    assert need.taken_by == li


def test_a_need_of_another_is_not_there(client, need, li):
    client.force_login(li.user)
    for name in ("take", "begin", "finish", "give_back", "decline"):
        assert act(client, need, name).status_code == 404
    assert client.get(reverse("care:need", args=[need.pk])).status_code == 404


def test_the_form_that_puts_right_shows_the_day_as_it_was_typed(desk, home, place):
    raised(desk, home, wanted_on="2026-03-02")
    row = Need.objects.of(place).get()
    page = words(desk.get(reverse("care:need_change", args=[row.pk])))
    assert 'value="2026-03-02"' in page
    past = {"kind": "meal", "urgency": "urgent", "wanted_on": "2026-02-01"}
    answer = desk.post(reverse("care:need_change", args=[row.pk]), past)
    assert answer.status_code == 422
    assert "This time is past" in words(answer)


# --- the board ----------------------------------------------------------------------


def test_the_board_keeps_what_was_chosen_and_nonsense_chooses_nothing(desk, need):
    url = reverse("care:needs")
    for query in ("", "?urgency=difficult&kind=repair&building=3", "?urgency=odd"):
        assert "灯坏了" in words(desk.get(url + query))
    for query in ("?urgency=urgent", "?kind=meal", "?building=9", "?mine=1"):
        assert "灯坏了" not in words(desk.get(url + query))


def test_a_spreadsheet_of_needs_runs_nothing(desk, home, duty):
    for text in ('=HYPERLINK("x")', "+1", "@SUM(A1)", "-2", "3-2"):
        draft = NeedDraft(kind="repair", urgency="difficult", words=text + "\x07")
        need_open(home=home, draft=draft, by=duty, now=b.hour("11:00"))
    answer = desk.get(reverse("care:export"))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    column = [cell.value for cell in sheet["F"]][1:]
    assert sorted(column) == sorted(['=HYPERLINK("x")', "+1", "@SUM(A1)", "-2", "3-2"])


# --- own kinds ----------------------------------------------------------------------


def test_a_coordinator_adds_renames_and_ends_a_kind(desk, home, place):
    desk.post(reverse("care:kind_add"), {"name": "擦窗户"})
    kind = NeedKindRow.objects.of(place).get()
    raised(desk, home, kind=kind.kind)
    desk.post(reverse("care:kind_change", args=[kind.pk]), {"name": "擦玻璃"})
    assert "擦玻璃" in words(desk.get(reverse("care:needs")))
    desk.post(reverse("care:kind_end", args=[kind.pk]))
    page = words(desk.get(reverse("care:need_add", args=[home.pk])))
    assert "擦玻璃" not in page
    assert "擦玻璃" in words(desk.get(reverse("care:needs")))


@pytest.mark.parametrize("name", ["", "   ", "擦窗户", "haircut", "x" * 41])
def test_a_kind_needs_a_name_of_its_own(desk, place, name):
    desk.post(reverse("care:kind_add"), {"name": "擦窗户"})
    answer = desk.post(reverse("care:kind_add"), {"name": name})
    assert answer.status_code == 422
    assert NeedKindRow.objects.of(place).count() == 1


# --- the API ------------------------------------------------------------------------


def test_a_program_writes_a_need_down_once_and_moves_it(place, home):
    told = machine(place, "duty_officer")
    body = {
        "home": home.pk,
        "kind": "medicine",
        "urgency": "urgent",
        "source": "phone",
        "key": str(uuid.uuid4()),
    }
    status, first = told.post("/needs", body)
    assert (status, first["stage"], first["due_why"]) == (201, "new", "untaken")
    assert told.post("/needs", body)[1]["id"] == first["id"]
    path = f"/needs/{first['id']}"
    for sent in ({"act": "take"}, {"act": "finish"}):
        assert told.post(f"{path}/move", sent)[0] == 200
    status, answer = told.post(f"{path}/move", {"act": "right"})
    assert (status, answer["error"]["code"]) == (422, "say_how_asked")
    told.post(f"{path}/move", {"act": "right", "asked": "phone"})
    status, story = told.get(path)
    assert [row["act"] for row in story["moves"]] == ["open", "take", "finish", "right"]
    assert told.get("/needs")[1]["items"] == []
    assert len(told.get("/needs", state="closed")[1]["items"]) == 1


def test_a_program_of_a_volunteer_sees_and_moves_what_is_theirs(place, home, need):
    theirs = machine(place, "volunteer")
    assert theirs.get("/needs")[1]["items"] == []
    assert theirs.get(f"/needs/{need.pk}")[0] == 404
    status, answer = theirs.post(f"/needs/{need.pk}/move", {"act": "take"})
    assert (status, answer["error"]["code"]) == (404, "unknown_need")
    body = {"home": home.pk, "kind": "meal", "urgency": "urgent"}
    assert theirs.post("/needs", body)[0] == 404
    far = machine(b.community("槐树社区"), "coordinator")
    assert far.get("/needs", home=home.pk)[0] == 404


def test_a_need_that_is_done_says_who_did_it(desk, need, duty):
    for name, told in ((Act.TAKE, "In whose hands"), (Act.FINISH, "Who did it")):
        need_move(need=need, move=MoveIn(act=name), by=duty, now=NOON)
        page = words(desk.get(reverse("care:need", args=[need.pk])))
        said = {one for one in ("In whose hands", "Who did it") if one in page}
        assert said == {told}
