"""Pages of volunteers: what is wrong stands beside it, and who may not see finds nothing."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.apps import building as b
from tests.apps.api.machines import Machine
from tests.apps.volunteers.people import cells, draft, sheet, volunteer

from shouwang.apps.communities.models import Community, Member
from shouwang.apps.volunteers.models import (
    HoursRow,
    SignUp,
    SignUpLink,
    Team,
    Volunteer,
)
from shouwang.apps.volunteers.services import (
    HoursDraft,
    hours_say,
    link_make,
    volunteer_keep,
)

pytestmark = pytest.mark.django_db
NOON = b.hour("12:00")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def place() -> Community:
    return b.community()


@pytest.fixture
def boss(place: Community) -> Member:
    return b.member(place, "周主任", "coordinator")


@pytest.fixture
def desk(client: Client, boss: Member) -> Client:
    assert boss.user is not None
    client.force_login(boss.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def link(boss: Member) -> SignUpLink:
    return link_make(name="students", team=None, by=boss, now=NOON)


def own(client: Client, who: Member) -> Client:
    assert who.user is not None
    client.force_login(who.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_volunteer_is_written_down_with_ticks_and_exact_times(
    desk: Client, place: Community
) -> None:
    flat = b.home(place)
    given = {
        "name": "林小雨",
        "phone": "000-0000-0001",
        "skills": ["barber"],
        "parts": ["0-morning", "0-afternoon"],
        "exactly": "Tue 14:00-17:00",
        "season": "7.1-8.31",
        "a_week": 2,
        "buildings": [flat.building_id],
        "homes": "3-2-401",
        "consent_on": "2026-03-01",
        "consent_paper": "1",
    }
    answer = desk.post(reverse("volunteers:volunteer_add"), given)
    row = Volunteer.objects.of(place).get()
    assert answer.headers["Location"] == reverse("volunteers:volunteer", args=[row.pk])
    assert [(one["weekday"], one["from"], one["to"]) for one in row.times] == [
        (0, "08:00", "18:00"),
        (1, "14:00", "17:00"),
    ]
    page = desk.get(answer.headers["Location"]).content.decode()
    for words in ("cutting hair", "Tue 14:00-17:00", "7.1–8.31", "3-2-401"):
        assert words in page
    form = desk.get(reverse("volunteers:volunteer_change", args=[row.pk]))
    assert form.context["form"]["parts"].value() == ["0-morning", "0-afternoon"]
    assert form.context["form"]["exactly"].value() == "Tue 14:00-17:00"


def test_every_wrong_field_is_told_at_once_and_what_was_typed_stays(
    desk: Client, place: Community
) -> None:
    given = {
        "name": "",
        "exactly": "Tue sometimes",
        "season": "summer",
        "homes": "9-9-999",
        "a_week": 99,
        "consent_on": "1026-03-02",
    }
    answer = desk.post(reverse("volunteers:volunteer_add"), given)
    assert answer.status_code == 422
    wrong = set(answer.context["form"].errors)
    assert wrong == {"name", "exactly", "season", "homes", "a_week", "consent_on"}
    assert "Tue sometimes" in answer.content.decode()
    assert not Volunteer.objects.of(place).exists()


def test_a_paper_without_its_day_is_told_beside_the_day(
    desk: Client, boss: Member
) -> None:
    given = {"name": "林小雨", "consent_paper": "1"}
    answer = desk.post(reverse("volunteers:volunteer_add"), given)
    assert list(answer.context["form"].errors) == ["consent_on"]


def test_who_has_no_consent_on_file_is_marked(desk: Client, boss: Member) -> None:
    volunteer(boss, consent_on=None)
    page = desk.get(reverse("volunteers:volunteers")).content.decode()
    assert "not asked: no consent on file" in page
    assert "first aid: not yet" in page


def test_420_volunteers_are_listed_with_few_questions(
    desk: Client, boss: Member, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    content = sheet(*([f"志愿者{n}", f"138{n:08}", "一队", "理发"] for n in range(420)))
    file = SimpleUploadedFile("v.xlsx", content)
    preview = desk.post(reverse("volunteers:sheet"), {"file": file}).headers["Location"]
    digest = desk.get(preview).context["preview"].digest
    desk.post(preview + "apply", {"digest": digest})
    with django_assert_max_num_queries(25):
        page = desk.get(reverse("volunteers:volunteers")).content.decode()
    assert page.count("志愿者4") >= 20
    found = desk.get(reverse("volunteers:volunteers"), {"q": "13800000419"})
    assert [one["row"].member.display_name for one in found.context["rows"]] == [
        "志愿者419"
    ]


@pytest.mark.parametrize("state", ["", "now", "not_now", "lacking", "left", "nonsense"])
def test_the_list_can_be_narrowed_by_anything_in_its_address(
    desk: Client, state: str
) -> None:
    asked = {"state": state, "team": "9" * 30, "skill": "nonsense", "q": "%' OR 1=1"}
    assert desk.get(reverse("volunteers:volunteers"), asked).status_code == 200


def test_somebody_signs_up_and_is_told_the_same_whether_known_or_not(
    client: Client, boss: Member, link: SignUpLink
) -> None:
    volunteer(boss, phone="138-0000-0001")
    url = reverse("volunteers:join", args=[link.code])
    given = {"name": "林小雨", "skills": ["barber"], "parts": ["5-morning"]}
    answers = [
        client.post(url, {**given, "phone": phone, "agrees": "on"}, follow=True)
        for phone in ("13800000001", "13800000002")
    ]
    bodies = [re.sub(r"csrf\S+ value=\S+", "", one.content.decode()) for one in answers]
    assert bodies[0] == bodies[1]
    assert SignUp.objects.of(boss.community).count() == 2


def test_without_a_tick_nothing_is_kept(client: Client, link: SignUpLink) -> None:
    url = reverse("volunteers:join", args=[link.code])
    answer = client.post(url, {"name": "林小雨", "phone": "x"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"agrees", "phone"}
    assert not SignUp.objects.of(link.community_id).exists()


def test_the_public_page_names_nobody(
    client: Client, boss: Member, link: SignUpLink
) -> None:
    volunteer(boss)
    page = client.get(reverse("volunteers:join", args=[link.code])).content.decode()
    assert "林小雨" not in page
    assert "周主任" not in page
    assert client.get(reverse("volunteers:join", args=["guessed"])).status_code == 404


def test_who_waits_is_taken_in_or_joined_to_who_they_are(
    desk: Client, boss: Member, link: SignUpLink
) -> None:
    here = volunteer(boss, "林老师", "138-0000-0001")
    url = reverse("volunteers:join", args=[link.code])
    for name, phone in (("林小雨", "13800000001"), ("赵大海", "13800000002")):
        desk.post(url, {"name": name, "phone": phone, "agrees": "on"})
    page = desk.get(reverse("volunteers:waiting")).content.decode()
    assert "Already here as 林老师" in page
    lin, zhao = SignUp.objects.of(boss.community).order_by("pk")
    act = {"act": "join", "member": here.member_id}
    desk.post(reverse("volunteers:sign_up_act", args=[lin.pk]), act)
    desk.post(reverse("volunteers:sign_up_act", args=[zhao.pk]), {"act": "approve"})
    assert Volunteer.objects.of(boss.community).count() == 2
    again = desk.post(
        reverse("volunteers:sign_up_act", args=[zhao.pk]),
        {"act": "approve"},
        follow=True,
    )
    assert "settled this already" in again.content.decode()
    assert Volunteer.objects.of(boss.community).count() == 2


def test_nobody_is_joined_to_a_person_of_another_community(
    desk: Client, boss: Member, link: SignUpLink
) -> None:
    stranger = b.member(b.community("隔壁"), "别人", "volunteer")
    url = reverse("volunteers:join", args=[link.code])
    desk.post(url, {"name": "林小雨", "phone": "13800000001", "agrees": "on"})
    row = SignUp.objects.of(boss.community).get()
    act = {"act": "join", "member": stranger.pk}
    answer = desk.post(reverse("volunteers:sign_up_act", args=[row.pk]), act)
    assert answer.status_code == 404


def test_a_link_is_made_printed_and_ended(desk: Client, place: Community) -> None:
    page = desk.post(reverse("volunteers:links"), {"name": "students"}, follow=True)
    row = SignUpLink.objects.of(place).get()
    assert row.code in page.content.decode()
    assert "<svg" in page.content.decode()
    desk.post(reverse("volunteers:link_end", args=[row.pk]))
    assert desk.get(reverse("volunteers:join", args=[row.code])).status_code == 404


def test_the_page_and_the_file_of_a_month_agree(desk: Client, boss: Member) -> None:
    row = volunteer(boss)
    for minutes in (20, 40, 65):
        said = HoursDraft(on=b.TODAY, minutes=minutes, what=f"{minutes}")
        hours_say(member=row.member, draft=said, by=boss, now=NOON)
    month = {"month": "2026-03"}
    shown = desk.get(reverse("volunteers:hours"), month).context["total"]
    file = desk.get(reverse("volunteers:hours_export"), month)
    lines = cells(file.content)
    assert shown == Decimal("2.08")
    assert sum(Decimal(str(line[-1])) for line in lines[1:-1]) == shown
    assert Decimal(str(lines[-1][-1])) == shown


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "x"])
def test_a_month_there_is_not_shows_this_one(desk: Client, month: str) -> None:
    page = desk.get(reverse("volunteers:hours"), {"month": month})
    assert f"{page.context['month']}" == "2026-03-01"


def test_hours_are_written_down_corrected_and_taken_back(
    desk: Client, boss: Member
) -> None:
    row = volunteer(boss)
    given = {"on": "2026-03-02", "hours": 1, "minutes": 30, "what": "cut hair"}
    desk.post(reverse("volunteers:hours_add", args=[row.pk]), given)
    first = HoursRow.objects.of(boss.community).get()
    url = reverse("volunteers:hours_correct", args=[first.pk])
    assert desk.get(url).context["form"]["minutes"].value() == 30
    desk.post(url, {**given, "hours": 2})
    second = HoursRow.objects.of(boss.community).get(replaces=first)
    desk.post(reverse("volunteers:hours_correct", args=[second.pk]), {"take_back": "1"})
    assert desk.get(reverse("volunteers:hours")).context["total"] == 0
    assert HoursRow.objects.of(boss.community).count() == 3


def test_no_length_and_a_day_to_come_are_told_beside_their_fields(
    desk: Client, boss: Member
) -> None:
    url = reverse("volunteers:hours_add", args=[volunteer(boss).pk])
    nothing = desk.post(url, {"on": "2026-03-02", "what": "x"})
    assert list(nothing.context["form"].errors) == ["minutes"]
    later = desk.post(url, {"on": "2026-03-03", "hours": 1, "what": "x"})
    assert list(later.context["form"].errors) == ["on"]


def test_a_volunteer_says_what_they_can_pauses_and_writes_their_hours(
    client: Client, place: Community
) -> None:
    lin = b.member(place, "林师傅", "volunteer")
    page = own(client, lin)
    assert "What I can do" in page.get(reverse("volunteers:own")).content.decode()
    given = {"skills": ["company"], "parts": ["2-evening"]}
    assert page.post(reverse("volunteers:own_change"), given).status_code == 422
    page.post(reverse("volunteers:own_change"), {**given, "agrees": "on"})
    row = Volunteer.objects.of(place).get()
    assert (row.skills, row.consent_on) == (["company"], b.TODAY)
    page.post(
        reverse("volunteers:pause_add", args=[row.pk]),
        {"from_on": "2026-03-02", "until_on": "2026-03-09"},
    )
    page.post(
        reverse("volunteers:hours_add", args=[row.pk]),
        {"on": "2026-03-01", "hours": 2, "what": "sat with her"},
    )
    shown = page.get(reverse("volunteers:own")).content.decode()
    for words in ("pauses until 2026-03-09", "sat with her", "2.00"):
        assert words in shown


def test_a_volunteer_finds_nothing_of_another(client: Client, boss: Member) -> None:
    other = volunteer(boss)
    said = HoursDraft(on=b.TODAY, minutes=60, what="x")
    hours = hours_say(member=other.member, draft=said, by=boss, now=NOON)
    page = own(client, b.member(boss.community, "林师傅", "volunteer"))
    for name, pk in (
        ("pause_add", other.pk),
        ("hours_add", other.pk),
        ("hours_correct", hours.pk),
        ("volunteer", other.pk),
    ):
        answer = page.get(reverse(f"volunteers:{name}", args=[pk]))
        assert answer.status_code == 404, name


def test_a_duty_officer_sees_volunteers_and_writes_nothing_of_them(
    client: Client, boss: Member
) -> None:
    row = volunteer(boss)
    page = own(client, b.member(boss.community, "值班", "duty_officer"))
    assert page.get(reverse("volunteers:volunteer", args=[row.pk])).status_code == 200
    assert page.get(reverse("volunteers:hours_add", args=[row.pk])).status_code == 404


def test_bad_cells_are_shown_with_their_place_and_cannot_be_brought_in(
    desk: Client, place: Community
) -> None:
    file = SimpleUploadedFile("v.xlsx", sheet(["林小雨", "x", "", "飞行"]))
    preview = desk.post(reverse("volunteers:sheet"), {"file": file}).headers["Location"]
    page = desk.get(preview).content.decode()
    assert "<code>B2</code>" in page
    assert "<code>D2</code>" in page
    assert "Bring in 1" not in page
    told = desk.post(preview + "apply", {"digest": "x"}, follow=True)
    assert "nothing was written" in told.content.decode()
    strange = SimpleUploadedFile("v.xlsx", b"no workbook")
    assert desk.post(reverse("volunteers:sheet"), {"file": strange}).status_code == 422


def test_a_team_and_a_skill_are_made_changed_and_ended(
    desk: Client, boss: Member
) -> None:
    given = {
        "name": "大学生",
        "kind": "students",
        "lead": boss.pk,
        "season": "7.1-8.31",
    }
    desk.post(reverse("volunteers:team_add"), given)
    team = Team.objects.of(boss.community).get()
    assert (team.season_from, team.lead) == ("07-01", boss)
    twice = desk.post(reverse("volunteers:team_add"), given)
    assert list(twice.context["form"].errors) == ["name"]
    desk.post(reverse("volunteers:team_end", args=[team.pk]))
    assert "takes nobody new" in desk.get(reverse("volunteers:teams")).content.decode()
    desk.post(reverse("volunteers:skill_add"), {"name": "修鞋"})
    assert "修鞋" in desk.get(reverse("volunteers:skills")).content.decode()


def test_the_api_tells_volunteers_and_hours_and_takes_hours_down(boss: Member) -> None:
    row = volunteer(boss, skills=frozenset({"barber"}))
    api = Machine(boss)
    status, found = api.get("/volunteers", skill="barber")
    [one] = found["items"]
    assert (status, one["name"], one["may_be_asked"]) == (200, "林小雨", True)
    assert one["lacking"] == ["confidentiality", "first_aid"]
    assert api.get(f"/volunteers/{row.pk}") == (200, one)
    given = {"on": "2026-03-02", "minutes": 90, "what": "cut hair"}
    status, made = api.post(f"/volunteers/{row.pk}/hours", given)
    assert (status, made["hours"]) == (201, "1.50")
    _status, month = api.get("/volunteer-hours", month="2026-03-15")
    assert (len(month["items"]), month["hours"]) == (1, "1.50")


def test_the_api_tells_a_volunteer_themselves_and_a_supervisor_nothing(
    boss: Member,
) -> None:
    other = volunteer(boss)
    lin = b.member(boss.community, "林师傅", "volunteer")
    volunteer_keep(member=lin, draft=draft(), now=NOON)
    api = Machine(lin)
    _status, found = api.get("/volunteers")
    assert [one["name"] for one in found["items"]] == ["林师傅"]
    assert api.get(f"/volunteers/{other.pk}")[0] == 404
    assert api.get("/volunteer-hours", month="2026-03-01")[0] == 404
    street = Machine(b.member(boss.community, "街道", "supervisor"))
    assert street.get("/volunteers")[0] == 404
