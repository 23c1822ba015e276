"""The group report says how everyone is, exceptions first."""

from __future__ import annotations

import pytest

from shouwang.domain.digest import HomeLine, Part, digest_of
from shouwang.domain.status import Status


def of(*rows):
    return digest_of(
        [
            HomeLine(key=key, status=status, is_visited=visited)
            for key, (status, visited) in enumerate(rows)
        ]
    )


def test_exceptions_come_first_and_keep_their_order():
    made = of(
        ("well", False),
        ("not_looked", False),
        ("missed", False),
        ("excused", False),
        ("help", True),
        ("unproven", False),
    )
    assert made.parts == (
        (2, Part.NEEDS),
        (5, Part.NEEDS),
        (4, Part.VISITED),
        (1, Part.UNSEEN),
        (3, Part.AWAY),
        (0, Part.WELL),
    )
    assert [key for key, _part in made.named] == [2, 5, 4, 1]
    assert (made.counts[Part.NEEDS], made.counts[Part.WAITING]) == (2, 0)


@pytest.mark.parametrize(
    ("status", "is_left_out"),
    [("well", False), ("excused", False), ("missed", False)]
    + [(row, True) for row in ("not_looked", "unclear", "open", "grace", "scheduled")],
)
def test_nobody_is_left_out_only_when_everybody_was_looked_at(status, is_left_out):
    assert of(("well", False), (status, False)).is_nobody_left_out is not is_left_out


def test_a_visit_never_hides_that_somebody_is_well_or_away():
    made = of(("well", True), ("excused", True), ("open", True))
    assert dict(made.parts) == {0: Part.WELL, 1: Part.AWAY, 2: Part.VISITED}


def test_who_is_not_watched_stands_in_no_report():
    assert of(("unwatched", False)).parts == ()


def test_every_status_has_its_part():
    assert len(of(*[(status.value, False) for status in Status]).parts) == len(Status)
