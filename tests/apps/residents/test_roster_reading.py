from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from tests.apps.residents.rosters import HEAD, WANG, xlsx

from shouwang.apps.residents.roster import cells
from shouwang.apps.residents.roster.columns import HEADINGS, Column, column_of
from shouwang.apps.residents.roster.reading import FORMULA, read_table
from shouwang.common.errors import RefusedError

# What a spreadsheet makes of "3-2".
BY_EXCEL = datetime.combine(date(2026, 3, 2), time())


def refusal(content, name="roster.xlsx"):
    with pytest.raises(RefusedError) as caught:
        read_table(content, name)
    return caught.value.code


def test_every_heading_of_either_language_names_its_column():
    for column, heading in HEADINGS.items():
        for words in (*heading.zh, *heading.en):
            assert column_of(words) is column


@pytest.mark.parametrize("words", ["＊姓名", "姓 名(必填)", "Name *", "姓名："])
def test_stars_brackets_and_spaces_in_a_heading_do_not_matter(words):
    assert column_of(words) is Column.NAME


def test_a_title_above_the_headings_and_blank_rows_below_are_passed_over():
    def change(sheet):
        sheet.insert_rows(1, 2)
        sheet["A1"] = "梧桐里社区独居老人名册"
        sheet.merge_cells("A1:H1")
        sheet.cell(row=900, column=1, value="  ")

    table = read_table(xlsx(WANG, change=change), "r.xlsx")
    assert [row.number for row in table.rows] == [4]
    assert table.reference(table.rows[0], Column.NAME) == "D4"


def test_a_building_merged_over_several_rows_stands_in_each():
    def change(sheet):
        sheet.merge_cells("A2:A3")

    table = read_table(
        xlsx(WANG, (None, "2", "402", "李福贵"), change=change), "r.xlsx"
    )
    assert [row.cells[Column.BUILDING] for row in table.rows] == ["3", "3"]


def test_a_heading_merged_over_three_columns_says_whose_they_are():
    def change(sheet):
        sheet.insert_rows(1)
        sheet["E1"] = "联系人"
        sheet.merge_cells("E1:G1")

    head = ("楼栋", "单元", "房号", "姓名", "姓名", "关系", "电话")
    row = ("3", "2", "401", "王桂兰", "李玉珍", "女儿", "000-1")
    table = read_table(xlsx(row, head=head, change=change), "r.xlsx")
    assert table.rows[0].cells[Column.NAME] == "王桂兰"
    assert table.rows[0].cells[Column.CONTACT] == "李玉珍"
    assert table.rows[0].cells[Column.CONTACT_PHONE] == "000-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_of_chinese_offices(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in (HEAD, WANG))
    table = read_table(text.encode(encoding), "名册.CSV")
    assert table.rows[0].cells[Column.NAME] == "王桂兰"


def test_a_column_nobody_knows_is_named_and_left_out():
    table = read_table(xlsx((*WANG, "白猫"), head=(*HEAD, "宠物")), "r.xlsx")
    assert table.ignored == ("宠物",)


def test_a_formula_is_never_taken_for_its_result():
    table = read_table(xlsx(("=1+2", *WANG[1:])), "r.xlsx")
    assert table.rows[0].cells[Column.BUILDING] is FORMULA
    with pytest.raises(cells.CellError):
        cells.text_of(FORMULA)


def test_a_sheet_without_the_headings_is_refused():
    assert refusal(xlsx(("a", "b"), head=("x", "y"))) == "roster_no_header"


@pytest.mark.parametrize(
    "content", [b"", b"nothing of the kind", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_workbook_is_refused(content):
    assert refusal(content) == "roster_unreadable"


@pytest.mark.parametrize("name", ["r.xls", "r.pdf", "r", "r.ods"])
def test_other_kinds_of_file_are_refused(name):
    assert refusal(xlsx(WANG), name) == "roster_unreadable"


def test_a_zip_bomb_is_refused_before_it_is_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "")
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(70):
                sheet.write(b" " * 1024 * 1024)
    assert refusal(out.getvalue()) == "roster_too_large"


def test_a_file_of_more_than_ten_megabytes_is_refused():
    assert refusal(b"0" * (10 * 1024 * 1024 + 1)) == "roster_too_large"


def test_a_hundred_thousand_rows_are_refused():
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(HEAD))
    for number in range(100_000):
        sheet.append([number])
    out = io.BytesIO()
    workbook.save(out)
    assert refusal(out.getvalue()) == "roster_too_many_rows"


def test_a_damaged_workbook_is_refused_without_a_trace():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook")
    assert refusal(out.getvalue()) == "roster_unreadable"


def test_a_building_that_excel_made_a_date_is_a_building_again():
    found = cells.place_of(BY_EXCEL)
    assert (found.text, bool(found.note)) == ("3-2", True)


def test_a_whole_address_that_became_a_date_is_refused():
    with pytest.raises(cells.CellError):
        cells.address_text(BY_EXCEL)


@pytest.mark.parametrize(
    ("value", "text"),
    [(13800000000.0, "13800000000"), (401, "401"), ("４０１ ", "401"), (0.5, "0.5")],
)
def test_numbers_are_read_as_they_were_typed(value, text):
    assert cells.text_of(value).text == text


@pytest.mark.parametrize(
    "written",
    [
        "07:00-09:00",
        "7:00～9:00",
        "7点-9点",
        "7-9",
        "７：００－９：００",
        "7点到9点",
        "7时至9时",
    ],
)
def test_a_window_is_read_as_people_write_it(written):
    assert cells.window_of(written) == (time(7), time(9))


def test_half_past_is_thirty_minutes():
    assert cells.window_of("6点半到8点半") == (time(6, 30), time(8, 30))


@pytest.mark.parametrize("written", ["morning", "25:00-26:99", "7:00", "07:61-09:00"])
def test_what_is_no_window_is_refused(written):
    with pytest.raises(cells.CellError):
        cells.window_of(written)


@pytest.mark.parametrize(
    "value",
    [date(2026, 3, 2), BY_EXCEL, "2026.3.2", "2026年3月2日", 20260302],
)
def test_a_day_is_read_as_people_write_it(value):
    assert cells.date_of(value) == date(2026, 3, 2)


@pytest.mark.parametrize("value", ["yesterday", "2026-13-40", "3.2"])
def test_what_is_no_day_is_refused(value):
    with pytest.raises(cells.CellError):
        cells.date_of(value)


@pytest.mark.parametrize(
    "value", [1943, 1943.0, "1943年", "1943-05-01", date(1943, 5, 1)]
)
def test_a_year_of_birth_is_read_from_a_year_or_a_day(value):
    assert cells.birth_year_of(value) == 1943


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (cells.birth_year_of, "old"),
        (cells.risk_of, "?"),
        (cells.yes_or_no, "maybe"),
        (cells.grace_of, "-5"),
        (cells.grace_of, 601),
        (lambda value: cells.signal_of(value, {}), "烟囱"),
    ],
)
def test_a_word_nobody_knows_is_refused(read, value):
    with pytest.raises(cells.CellError):
        read(value)
