from __future__ import annotations

from hypothesis import given, strategies as st

from shouwang.apps.outbox.bundling import bundled


def bundle(rows, room):
    """Rows are (person told, home, building, question)."""
    return bundled(
        rows,
        room=room,
        same=lambda row: (row[1], row[3]),
        alike=lambda row: (row[2], row[3]),
        akin=lambda row: row[3],
    )


WANG = ("lin", "401", "3", "missed")
WANG_TOO = ("ma", "401", "3", "missed")
LI = ("lin", "402", "3", "missed")
SUN = ("lin", "501", "12", "missed")
CRY = ("lin", "601", "12", "help")


def test_one_thing_told_to_several_is_one_message():
    assert bundle([WANG, CRY, WANG_TOO], None) == ([[WANG, WANG_TOO], [CRY]], [])


def test_while_there_is_room_each_home_has_its_own_message():
    assert bundle([WANG, LI, SUN], 3) == ([[WANG], [LI], [SUN]], [])


def test_near_the_end_a_building_is_told_together():
    assert bundle([WANG, SUN, LI], 2) == ([[WANG, LI], [SUN]], [])


def test_the_last_place_carries_all_who_are_asked_the_same():
    assert bundle([CRY, WANG, SUN, LI], 2) == ([[CRY], [WANG, LI, SUN]], [])


def test_what_is_asked_otherwise_waits_for_the_next_place():
    assert bundle([WANG, CRY, SUN], 1) == ([[WANG, SUN]], [CRY])


def test_without_room_everything_waits():
    assert bundle([WANG, SUN], 0) == ([], [WANG, SUN])


ROWS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from("1234567"),
        st.sampled_from("xy"),
        st.sampled_from(["help", "missed"]),
    ),
    unique=True,
    max_size=30,
)


@given(rows=ROWS, room=st.none() | st.integers(0, 12))
def test_nothing_is_lost_doubled_or_above_the_room(rows, room):
    going, waiting = bundle(rows, room)
    told = [row for group in going for row in group]
    assert sorted([*told, *waiting]) == sorted(rows)
    assert room is None or len(going) <= room
    assert bool(going) == bool(rows and room != 0)


@given(rows=ROWS, room=st.integers(1, 12))
def test_the_most_urgent_goes_first(rows, room):
    going, _waiting = bundle(rows, room)
    assert not rows or going[0][0] == rows[0]
