"""Text as people type and count it."""

from __future__ import annotations

from shouwang.common.text import by_number


def test_people_count_two_before_ten():
    labels = ["10", "2", "甲", "2A", "10 号楼南", "2 号楼南", ""]
    assert sorted(labels, key=by_number) == [
        "",
        "2",
        "2 号楼南",
        "2A",
        "10",
        "10 号楼南",
        "甲",
    ]
