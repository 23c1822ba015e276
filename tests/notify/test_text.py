from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st
from tests.notify.letters import a_message

from shouwang.notify.text import json_size, parts, utf8_size, whole

# A family, the flags of Scotland and China, an accent, a skin tone, a Korean syllable.
ONES = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "\U0001f1e8\U0001f1f3",
    "e\u0301",
    "\U0001f44d\U0001f3fd",
    "\u1100\u1161\u11a8",
    "\r\n",
)
SIZES = {"utf8": utf8_size, "json": json_size}


def without_numbers(rows: tuple[str, ...]) -> str:
    if len(rows) == 1:
        return rows[0]
    return "".join(re.sub(r"^\(\d+/\d+\) ", "", row, count=1) for row in rows)


def test_a_text_that_fits_has_no_number():
    assert parts("平安", 40) == ("平安",)


def test_a_text_that_just_fits_has_no_number():
    assert len(parts("好" * 20, 60)) == 1
    assert len(parts("好" * 20 + "a", 60)) == 2


def test_4500_bytes_of_chinese_are_three_messages_of_2048():
    text = "三号楼四零一的灯昨晚没有亮，请去看一看。" * 75
    assert utf8_size(text) == 4500
    cut = parts(text, 2048)
    assert [row[:6] for row in cut] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert without_numbers(cut) == text
    assert max(map(utf8_size, cut)) <= 2048


def test_a_part_ends_after_a_line_before_a_sentence_before_a_word():
    words = "ab cd. " * 20
    assert parts("好" * 30 + "。\n" + "好" * 30, 120)[0].endswith("。\n")
    assert parts("好" * 33 + "。" + "好 好好" * 30, 120)[0].endswith("。")
    assert parts(words, 60)[0].endswith(" ")


def test_a_line_end_far_before_the_end_of_a_part_makes_no_short_part():
    assert len(parts("好\n" + "好" * 60, 100)[0].encode()) > 75


def test_ten_parts_and_more_have_room_for_their_numbers():
    cut = parts("好" * 200, 60)
    assert len(cut) > 9
    assert cut[0].startswith(f"(1/{len(cut)}) ")
    assert max(map(utf8_size, cut)) <= 60


@pytest.mark.parametrize("one", ONES)
@pytest.mark.parametrize("before", range(30))
def test_what_is_drawn_as_one_stays_together(one, before):
    text = "a" * before + one * 12
    for row in parts(text, 70)[:-1]:
        shown = without_numbers((row, "")).lstrip("a")
        assert shown == one * (len(shown) // len(one))


def test_a_character_larger_than_a_part_is_cut_rather_than_lost():
    text = "a" + "\u0301" * 200
    cut = parts(text, 60)
    assert without_numbers(cut) == text
    assert max(map(utf8_size, cut)) <= 60


@given(
    text=st.text(
        st.one_of(
            st.characters(exclude_categories=["Cs"]),
            st.sampled_from('好。\n "\\\x01\u200d\U0001f469\U0001f1e8\u0301'),
        ),
        max_size=400,
    ),
    limit=st.integers(40, 300),
    size=st.sampled_from(sorted(SIZES)),
)
def test_the_parts_are_the_text_and_none_is_too_long(text, limit, size):
    cut = parts(text, limit, size=SIZES[size])
    assert without_numbers(cut) == text
    assert all(SIZES[size](row) <= limit for row in cut)


def test_a_limit_that_leaves_no_room_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="limit"):
        parts("好" * 100, 39)


def test_the_whole_text_is_title_text_and_link():
    message = a_message("没人应门", title="6号楼302", link="https://sw.example/a/1")
    assert whole(message) == "6号楼302\n没人应门\nhttps://sw.example/a/1"
    assert whole(a_message("没人应门")) == "没人应门"


def test_half_a_surrogate_pair_stops_no_message():
    assert whole(a_message("灯\ud83d亮")) == "灯?亮"
