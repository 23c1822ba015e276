from __future__ import annotations

import pytest

from shouwang.apps.residents.addresses import parse_address


@pytest.mark.parametrize(
    ("written", "text", "floor", "column"),
    [
        ("3-2-401", "3-2-401", 4, 1),
        ("３－２－４０１", "3-2-401", 4, 1),
        (" 3 - 2 - 401 ", "3-2-401", 4, 1),
        ("3号楼2单元401", "3-2-401", 4, 1),
        ("3号楼2单元401室", "3-2-401", 4, 1),
        ("12-1-1203", "12-1-1203", 12, 3),
        ("3栋401", "3-401", 4, 1),
        ("3-401", "3-401", 4, 1),
        ("A-1-101", "A-1-101", 1, 1),
        ("5-1-东户", "5-1-东户", None, None),
    ],
)
def test_an_address_is_understood_as_people_write_it(written, text, floor, column):
    parts = parse_address(written)
    assert parts is not None
    assert (parts.text, parts.floor, parts.column) == (text, floor, column)


@pytest.mark.parametrize("written", ["", "401", "3--401", "a-b-c-d", "-", "3-"])
def test_what_names_no_building_and_flat_is_no_address(written):
    assert parse_address(written) is None
