"""The benchmark of a day's assignment measures what it says."""

from __future__ import annotations

import pytest
from benchmarks.assignment import gini, measured

from shouwang.planning.days import Day, Hand


def test_a_small_day_equals_the_proven_optimum():
    figures = {row.name: row for row in measured(20, 12, days=1, seed=3)}
    assert figures["days equal to the proven optimum"].verdict == "holds"
    assert figures["needs in all"].value == 12


@pytest.mark.parametrize(("loads", "expected"), [([1, 1, 1], 0.0), ([0, 0, 3], 2 / 3)])
def test_how_unequal_a_load_is(loads, expected):
    hands = [Hand(key=n, carried=load) for n, load in enumerate(loads, start=1)]
    day = Day(given=(), left=(), is_optimal=True)
    assert gini(day, hands) == pytest.approx(expected)
