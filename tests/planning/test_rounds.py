"""Plans of rounds: short, feasible by another's eyes, honest about what they leave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.estates import (
    NINE,
    SEVEN,
    TEN,
    estate_by_chance,
    home_of,
    street,
    walker_of,
)
from tests.planning.exact import least_cost

from shouwang.planning.checking import plan_faults, walked
from shouwang.planning.estates import Standpoint
from shouwang.planning.replanning import replan, what_is_left
from shouwang.planning.rounds import Effort, Wishes, plan_rounds, plans_ever_better

SHORT = Effort(iterations=200)


def walk_s(estate, plan):
    return sum(one.walk_s for one in walked(estate, plan))


def looked(plan):
    return sorted(plan.walker_of())


@pytest.mark.parametrize("seed", range(6))
def test_every_plan_passes_the_audit(seed):
    estate = estate_by_chance(seed)
    for plan in plans_ever_better(
        estate, effort=Effort(iterations=150, seed=seed), wishes=Wishes(balance=0.5)
    ):
        assert plan_faults(estate, plan) == []
    assert plan.unlooked == ()


@pytest.mark.parametrize("seed", range(10))
def test_fifteen_homes_are_walked_in_the_best_way_there_is(seed):
    estate = estate_by_chance(seed, side=6, homes=15, walkers=1, one_window=True)
    plan = plan_rounds(estate, effort=Effort(seed=seed))
    assert plan_faults(estate, plan) == []
    stops = sum(len(walk.stops) for walk in plan.walks)
    stop_s = int(Wishes().stop_s)
    assert walk_s(estate, plan) + stop_s * stops == least_cost(estate, stop_s)


def test_the_same_seed_gives_the_same_plan_and_another_may_not():
    estate = estate_by_chance(3)
    plans = [
        plan_rounds(estate, effort=Effort(iterations=120, seed=seed))
        for seed in (5, 5, 6)
    ]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_more_turns_never_make_it_worse():
    estate = estate_by_chance(4)
    costs = [
        walk_s(estate, plan) + 6 * sum(len(walk.stops) for walk in plan.walks)
        for plan in plans_ever_better(
            estate, effort=Effort(iterations=400), wishes=Wishes(stop_s=6)
        )
    ]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]


def test_a_usable_plan_comes_before_any_turn_and_it_can_be_enough():
    estate = estate_by_chance(5)
    asked = []

    def enough():
        asked.append(True)
        return True

    plan = plan_rounds(estate, effort=Effort(iterations=10_000, enough=enough))
    assert asked == [True]
    assert plan_faults(estate, plan) == []
    assert plan.unlooked == ()


def test_one_stop_serves_all_that_it_sees():
    estate = street(sees={2: (1, 2, 3)})
    plan = plan_rounds(estate, effort=SHORT)
    (stop,) = plan.walks[0].stops
    assert (stop.node, stop.homes) == (2, (1, 2, 3))
    assert walk_s(estate, plan) == 4 * 60


def test_who_sets_out_waits_at_home_and_not_in_the_street():
    estate = street(sees={4: (4,)}, windows={4: (8 * 3600, NINE)})
    (stop,) = plan_rounds(estate, effort=SHORT).walks[0].stops
    assert stop.start_s == 8 * 3600
    (out,) = walked(estate, plan_rounds(estate, effort=SHORT))
    assert out.out_s == 240 + 28 + 240


def test_a_window_bounds_when_looking_begins_not_when_it_ends():
    late = street(
        sees={1: (1,)},
        windows={1: (SEVEN, SEVEN)},
        walkers=[walker_of(0, from_s=SEVEN - 60)],
    )
    plan = plan_rounds(late, effort=SHORT)
    assert plan.walks[0].stops[0].start_s == SEVEN
    a_second_short = replace(late, walkers=(walker_of(0, from_s=SEVEN - 59),))
    assert plan_rounds(a_second_short, effort=SHORT).unlooked == (1,)


def test_a_shift_too_short_leaves_the_least_need_unlooked():
    windows = dict.fromkeys(range(1, 5), (SEVEN, NINE))
    estate = street(
        windows=windows, walkers=[walker_of(0, from_s=SEVEN, to_s=SEVEN + 320)]
    )
    homes = tuple(replace(one, need=float(one.id)) for one in estate.homes)
    plan = plan_rounds(replace(estate, homes=homes), effort=SHORT)
    assert plan_faults(replace(estate, homes=homes), plan) == []
    assert plan.unlooked
    assert list(plan.unlooked) == sorted(plan.unlooked, reverse=True)


def test_where_time_is_short_at_one_stop_the_greatest_need_is_looked_at():
    homes = tuple(home_of(one, need=1.0 + one) for one in range(6))
    estate = replace(
        street(sees={0: tuple(range(6))}),
        homes=homes,
        walkers=(walker_of(0, from_s=SEVEN, to_s=SEVEN + 20 + 3 * 8),),
    )
    plan = plan_rounds(estate, effort=SHORT)
    assert looked(plan) == [3, 4, 5]
    assert plan.unlooked == (2, 1, 0)


def test_a_home_that_nobody_can_see_is_named():
    estate = street(windows={9: (SEVEN, NINE)})
    plan = plan_rounds(estate, effort=SHORT)
    assert plan.unlooked == plan.blind == (9,)
    assert plan_faults(estate, plan) == []


def test_a_standpoint_without_a_path_is_not_used():
    estate = street(nodes=4)
    island = replace(
        estate,
        places=(*estate.places, (900.0, 900.0)),
        standpoints=(*estate.standpoints, Standpoint(node=4, sees=(9,))),
        homes=(*estate.homes, home_of(9)),
    )
    plan = plan_rounds(island, effort=SHORT)
    assert plan.blind == (9,)
    assert plan_faults(island, plan) == []


@pytest.mark.parametrize(
    "lacking", [{"walkers": ()}, {"standpoints": ()}, {"homes": (), "standpoints": ()}]
)
def test_without_walkers_standpoints_or_homes_there_is_an_honest_plan(lacking):
    estate = replace(street(), **lacking)
    plan = plan_rounds(estate, effort=SHORT)
    assert plan_faults(estate, plan) == []
    assert set(plan.unlooked) == {home.id for home in estate.homes}


def test_balance_shares_the_work():
    estate = estate_by_chance(1, homes=60, walkers=3)
    far, fair = (
        plan_rounds(
            estate, effort=Effort(iterations=600), wishes=Wishes(balance=weight)
        )
        for weight in (0.0, 1.0)
    )

    def longest(plan):
        return max(one.out_s for one in walked(estate, plan))

    assert longest(fair) < longest(far)


def _dropping(seed=2):
    estate = estate_by_chance(seed, homes=60, walkers=4)
    plan = plan_rounds(
        estate, effort=Effort(iterations=400), wishes=Wishes(balance=0.5)
    )
    gone = max(plan.walks, key=lambda walk: len(walk.stops)).walker
    return estate, plan, gone


def test_when_a_walker_drops_out_others_take_over_and_little_else_changes():
    estate, plan, gone = _dropping()
    now_s = SEVEN + 900
    new = replan(estate, plan, now_s=now_s, gone={gone})
    assert plan_faults(estate, new) == []
    before, after = plan.walker_of(), new.walker_of()
    assert set(before) == set(after)
    stayed = [home for home, who in before.items() if who != gone]
    moved = [home for home in stayed if after[home] != before[home]]
    assert len(moved) <= len(stayed) / 5
    walks = {walk.walker: walk.stops for walk in new.walks}
    assert all(stop.start_s <= now_s for stop in walks[gone])


def test_what_was_begun_stays_as_it_was():
    estate, plan, gone = _dropping()
    new = replan(estate, plan, now_s=SEVEN + 1800, gone={gone})
    after = {walk.walker: walk.stops for walk in new.walks}
    for walk in plan.walks:
        begun = [stop for stop in walk.stops if stop.start_s <= SEVEN + 1800]
        assert list(after[walk.walker][: len(begun)]) == begun


def test_who_is_on_the_way_still_goes_there():
    estate = street(sees={4: (4,)})
    plan = plan_rounds(estate, effort=SHORT)
    stop = plan.walks[0].stops[0]
    rest = what_is_left(estate, plan, now_s=stop.start_s - 30)
    assert rest.begun == {0: (stop,)}
    assert rest.estate.homes == ()
    assert rest.estate.walkers[0].start == 4


def test_replanning_without_anybody_gone_changes_nothing_for_the_worse():
    estate, plan, _gone = _dropping()
    new = replan(estate, plan, now_s=SEVEN - 3600)
    assert plan_faults(estate, new) == []
    assert walk_s(estate, new) <= walk_s(estate, plan) + 60


def test_when_all_drop_out_what_is_left_is_named():
    estate, plan, _gone = _dropping()
    everybody = {walk.walker for walk in plan.walks}
    new = replan(estate, plan, now_s=SEVEN - 3600, gone=everybody)
    assert plan_faults(estate, new) == []
    assert set(new.unlooked) == {home.id for home in estate.homes}


def test_a_window_over_midnight_is_planned_like_any_other():
    estate = street(
        sees={1: (1,)},
        windows={1: (86_000, 87_000)},
        walkers=[walker_of(0, from_s=85_000, to_s=90_000)],
    )
    plan = plan_rounds(estate, effort=SHORT)
    assert 86_000 <= plan.walks[0].stops[0].start_s <= 87_000
    assert plan.walks[0].stops[0].start_s < TEN + 86_400
