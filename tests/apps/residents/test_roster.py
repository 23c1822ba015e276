"""A roster is compared, brought in whole or not at all, and written out again."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps import building as b
from tests.apps.residents.rosters import HEAD, WANG, xlsx

from shouwang.apps.residents import services
from shouwang.apps.residents.models import (
    Agreement,
    Building,
    ContactPerson,
    Home,
    Resident,
    RosterUpload,
)
from shouwang.apps.residents.services import StateDraft
from shouwang.apps.watch.models import Check
from shouwang.apps.watch.services import checks_make_ahead
from shouwang.common import clock
from shouwang.common.errors import ConflictError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return b.community()


def previewed(place, content):
    return services.roster_preview(
        community=place, content=content, filename="r.xlsx", now=b.DAWN
    )


def applied(place, content):
    return services.roster_apply(
        community=place,
        content=content,
        filename="r.xlsx",
        expected=previewed(place, content).digest,
        by=None,
        now=b.DAWN,
    )


def refused(place, *row, head=HEAD):
    """Return the references of the refused cells of one row."""
    found = previewed(place, xlsx(row, head=head))
    assert found.counts["refused"] == 1
    return [note.reference for note in found.rows[0].notes if note.is_refusal]


def test_a_preview_writes_nothing(place):
    assert previewed(place, xlsx(WANG)).counts["new"] == 1
    assert not Home.objects.of(place).exists()


def test_a_home_is_brought_in_and_watched_tomorrow(place):
    applied(place, xlsx(WANG))
    checks_make_ahead(now=b.DAWN)
    home = Home.objects.of(place).get()
    assert (home.address, home.floor, home.column) == ("3-2-401", 4, 1)
    assert Resident.objects.of(place).get().name == "王桂兰"
    tomorrow = Check.objects.of(place).filter(on=b.TODAY + timedelta(days=1))
    assert {row.well[0] for row in tomorrow} == {"open", "closed"}


def test_bringing_it_in_twice_changes_nothing(place):
    applied(place, xlsx(WANG))
    assert previewed(place, xlsx(WANG)).counts["unchanged"] == 1
    assert applied(place, xlsx(WANG)).changed_count == 0
    assert Agreement.objects.of(place).count() == 1


def test_an_empty_cell_changes_nothing(place):
    applied(place, xlsx(WANG))
    row = ("3", "2", "401", None, None, None, None, None)
    assert previewed(place, xlsx(row)).counts["unchanged"] == 1


def test_what_differs_is_shown_field_by_field_and_written(place):
    head = (
        "楼栋",
        "单元",
        "房号",
        "称呼",
        "风险等级",
        "联系人",
        "持钥匙",
        "联系人电话",
    )
    applied(
        place,
        xlsx(("3", "2", "401", "王奶奶", "一般", "李玉珍", "否", 1390), head=head),
    )
    later = xlsx(("3", "2", "401", "王奶奶", "高", "李玉珍", "是", None), head=head)
    changes = previewed(place, later).rows[0].changes
    assert [(row.column.value, row.old, row.new) for row in changes] == [
        ("risk", "general", "high"),
        ("key", "否", "是"),
    ]
    applied(place, later)
    contact = ContactPerson.objects.of(place).get()
    assert (contact.is_keyholder, contact.phone) == (True, "1390")
    assert Home.objects.of(place).get().risk == "high"


def test_other_windows_make_the_next_version_from_tomorrow(place):
    applied(place, xlsx(WANG))
    head = (*HEAD, "早间时段", "宽限")
    applied(place, xlsx((*WANG, "6:30-8:30", 15), head=head))
    running = Agreement.objects.of(place).get(ended_at__isnull=True)
    assert running.version == 2
    assert running.valid_from == b.TODAY + timedelta(days=1)
    spans = [(row.opens.hour, row.grace_minutes) for row in running.expectations.all()]
    assert spans == [(6, 15), (18, 15)]


def test_an_own_signal_is_known_by_its_name(place):
    states = (
        StateDraft(name="挂出", meaning="well"),
        StateDraft(name="收", meaning="neutral"),
    )
    draft = services.SignalKindDraft(kind="flag", name="小旗", states=states)
    services.signal_kind_add(community=place, draft=draft)
    applied(place, xlsx((*WANG[:4], "小旗", *WANG[5:])))
    assert Agreement.objects.of(place).get().signal == "flag"


def test_a_building_and_unit_that_became_a_date_are_read_and_mentioned(place):
    head = ("楼栋", "房号")
    content = xlsx((date(2026, 3, 2), 401), head=head)
    row = previewed(place, content).rows[0]
    assert row.address == "3-2-401"
    assert row.notes[0].reference == "A2"


@pytest.mark.parametrize(
    ("change", "references"),
    [
        ({4: "烟囱"}, ["E2"]),
        ({5: None}, ["F2"]),
        ({5: None, 6: None, 7: None}, ["F2", "G2", "H2"]),
        ({6: "2027-01-01"}, ["G2"]),
        ({6: "someday"}, ["G2"]),
        ({0: None}, ["A2"]),
        ({2: "=1+1"}, ["C2"]),
        ({3: "王" * 81}, ["D2"]),
        ({4: "sticker"}, ["E2"]),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(place, change, references):
    row = [change.get(position, cell) for position, cell in enumerate(WANG)]
    assert refused(place, *row)[: len(references)] == references


@pytest.mark.parametrize("window", ["7:00-7:00", "23:30"])
def test_a_window_that_cannot_be_watched_is_refused(place, window):
    assert "I2" in refused(place, *WANG, window, head=(*HEAD, "早间时段"))


def test_windows_that_overlap_are_refused(place):
    head = (*HEAD, "早间时段", "晚间时段")
    assert refused(place, *WANG, "7:00-20:00", "18:00-20:00", head=head)


def test_an_address_twice_is_refused(place):
    found = previewed(place, xlsx(WANG, WANG))
    assert [row.outcome for row in found.rows] == ["new", "refused"]


def test_one_refused_row_keeps_the_whole_roster_out(place):
    content = xlsx(WANG, ("4", "1", "101", "李福贵", "烟囱"))
    with pytest.raises(RefusedError):
        applied(place, content)
    assert not Home.objects.of(place).exists()


def test_what_changed_since_the_preview_is_not_overwritten(place):
    content = xlsx(WANG)
    digest = previewed(place, content).digest
    services.home_add(
        community=place, draft=services.HomeDraft(address="3-2-401"), now=b.DAWN
    )
    with pytest.raises(ConflictError):
        services.roster_apply(
            community=place,
            content=content,
            filename="r.xlsx",
            expected=digest,
            by=None,
            now=b.DAWN,
        )


def test_the_building_grows_with_its_flats(place):
    rows = [("3", "1", "101"), ("3", "2", "1203"), ("3", "2", "102")]
    applied(place, xlsx(*rows, head=("楼栋", "单元", "房号")))
    building = Building.objects.of(place).get()
    assert building.floors == 12
    assert building.units == [
        {"label": "1", "columns": 2},
        {"label": "2", "columns": 3},
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_written_out_comes_in_unchanged(place, kind):
    head = (*HEAD, "称呼", "电话", "联系人", "持钥匙", "备注")
    rows = [
        (*WANG, "王奶奶", 13900000000, "李玉珍", "是", "耳背"),
        (
            "12",
            None,
            "101",
            "李福贵",
            "灯",
            "李福贵",
            "2026-02-01",
            "2",
            None,
            None,
            None,
            None,
            "-",
        ),
    ]
    applied(place, xlsx(*rows, head=head))
    content = services.roster_export(community=place, as_csv=kind == "csv", now=b.DAWN)
    found = services.roster_preview(
        community=place, content=content, filename=f"r.{kind}", now=b.DAWN
    )
    assert found.counts["unchanged"] == 2


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@x"])
def test_nothing_written_out_becomes_a_formula(place, evil):
    draft = services.HomeDraft(address="3-2-401", at_the_door=evil)
    services.home_add(community=place, draft=draft, now=b.DAWN)
    export = services.roster_export
    sheet = load_workbook(
        io.BytesIO(export(community=place, as_csv=False, now=b.DAWN))
    ).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    text = export(community=place, as_csv=True, now=b.DAWN).decode("utf-8-sig")
    assert f",'{evil}" in text


def test_the_template_can_be_filled_in_and_brought_in(place):
    workbook = load_workbook(io.BytesIO(services.roster_template()))
    sheet = workbook.worksheets[0]
    assert sheet["A2"].number_format == "@"
    heads = [cell.value for cell in sheet[1]]
    for name, value in zip(HEAD, WANG, strict=True):
        sheet.cell(row=2, column=heads.index(name) + 1, value=value)
    out = io.BytesIO()
    workbook.save(out)
    assert applied(place, out.getvalue()).new_count == 1


# --- the pages ---------------------------------------------------------------------


@pytest.fixture
def coordinator(client, place):
    client.force_login(b.member(place, "lin", "coordinator").user)
    return client


def sent(client, content, name="名册.xlsx"):
    return client.post(
        reverse("residents:roster"), {"file": SimpleUploadedFile(name, content)}
    )


def test_a_coordinator_looks_and_then_brings_it_in(coordinator, place):
    with clock.set_to(b.DAWN):
        page = coordinator.get(sent(coordinator, xlsx(WANG)).url)
        assert "3-2-401" in page.content.decode()
        upload = RosterUpload.objects.of(place).get()
        url = reverse("residents:roster_apply", args=[upload.pk])
        coordinator.post(url, {"digest": page.context["preview"].digest})
    assert Home.objects.of(place).get().address == "3-2-401"
    assert not RosterUpload.objects.of(place).exists()


def test_a_page_that_is_old_brings_nothing_in(coordinator, place):
    with clock.set_to(b.DAWN):
        sent(coordinator, xlsx(WANG))
        upload = RosterUpload.objects.of(place).get()
        url = reverse("residents:roster_apply", args=[upload.pk])
        answer = coordinator.post(url, {"digest": "old"}, follow=True)
    assert answer.status_code == 200
    assert not Home.objects.of(place).exists()


def test_a_file_that_is_no_roster_is_refused_on_the_page(coordinator, place):
    answer = sent(coordinator, b"nothing", "r.xlsx")
    assert answer.status_code == 422
    assert not RosterUpload.objects.of(place).exists()


def test_another_communitys_roster_is_not_there(client, coordinator, place):
    with clock.set_to(b.DAWN):
        sent(coordinator, xlsx(WANG))
    upload = RosterUpload.objects.of(place).get()
    outsider = b.member(b.community("槐树社区"), "outsider", "coordinator")
    client.force_login(outsider.user)
    url = reverse("residents:roster_preview", args=[upload.pk])
    assert client.get(url).status_code == 404


def test_an_upload_is_forgotten_after_a_day(coordinator, place):
    with clock.set_to(b.DAWN):
        sent(coordinator, xlsx(WANG))
    with clock.set_to(b.DAWN + timedelta(days=2)):
        sent(coordinator, xlsx(WANG))
    assert RosterUpload.objects.of(place).count() == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_roster_and_its_template_are_handed_out(coordinator, kind):
    answer = coordinator.get(reverse("residents:roster_export", args=[kind]))
    assert "attachment" in answer["Content-Disposition"]
    assert coordinator.get(reverse("residents:roster_template")).status_code == 200
