"""The audit of plans finds each kind of fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.estates import NINE, SEVEN, street, walker_of

from shouwang.planning.checking import plan_faults, walked
from shouwang.planning.plans import Plan, Stop, Walk

ESTATE = street(nodes=3, sees={1: (1,), 2: (2,)})
FIRST = Stop(node=1, start_s=SEVEN, homes=(1,))
SECOND = Stop(node=2, start_s=SEVEN + 28 + 60, homes=(2,))


def plan_of(*stops, unlooked=(), walker=0):
    return Plan(walks=(Walk(walker=walker, stops=stops),), unlooked=unlooked)


def test_a_good_plan_has_no_fault():
    plan = plan_of(FIRST, SECOND)
    assert plan_faults(ESTATE, plan) == []
    (out,) = walked(ESTATE, plan)
    assert (out.walk_s, out.out_s) == (60 + 60 + 120, 60 + 28 + 60 + 28 + 120)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(FIRST, replace(SECOND, start_s=SEVEN + 87)), "too_soon"),
        (plan_of(replace(FIRST, start_s=NINE + 1), unlooked=(2,)), "outside_window"),
        (plan_of(replace(FIRST, start_s=SEVEN - 1), unlooked=(2,)), "outside_window"),
        (plan_of(replace(FIRST, node=2), unlooked=(2,)), "not_seen_from_here"),
        (plan_of(FIRST), "forgotten"),
        (plan_of(FIRST, SECOND, unlooked=(2,)), "named_though_looked_at"),
        (plan_of(FIRST, replace(SECOND, homes=())), "empty_stop"),
        (plan_of(FIRST, SECOND, walker=7), "unknown_walker"),
        (plan_of(FIRST, SECOND, unlooked=(9,)), "unknown_home"),
        (plan_of(FIRST, replace(FIRST, start_s=SEVEN + 28), SECOND), "looked_twice"),
        (
            Plan(
                walks=(Walk(walker=0, stops=(FIRST, SECOND)), Walk(walker=0)),
                unlooked=(),
            ),
            "walker_twice",
        ),
    ],
)
def test_a_fault_is_named(plan, code):
    assert code in {fault.code for fault in plan_faults(ESTATE, plan)}


def test_a_walk_outside_the_shift_is_a_fault():
    late = replace(ESTATE, walkers=(walker_of(0, from_s=SEVEN),))
    plan = plan_of(FIRST, SECOND)
    assert [one.code for one in plan_faults(late, plan)] == ["before_shift"]
    short = replace(ESTATE, walkers=(walker_of(0, to_s=SEVEN + 28 + 60 + 28 + 119),))
    assert [one.code for one in plan_faults(short, plan)] == ["after_shift"]


def test_where_no_path_leads_nobody_walks():
    cut = replace(ESTATE, paths=ESTATE.paths[:1])
    codes = {fault.code for fault in plan_faults(cut, plan_of(FIRST, SECOND))}
    assert codes == {"no_way"}
