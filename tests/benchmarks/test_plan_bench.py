"""The bench of plans measures what it says: its estates, and its rivals' plans."""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.parts.estates import estate_draw
from benchmarks.parts.planned import cover_then_route, number_order
from benchmarks.plan import app
from typer.testing import CliRunner

from shouwang.planning.checking import plan_faults
from shouwang.planning.estates import NO_WAY, travel_seconds
from shouwang.planning.rounds import Effort, plan_rounds


def draw(seed=1):
    return estate_draw(homes=60, slabs=10, walkers=2, seed=seed)


def test_the_same_seed_draws_the_same_estate():
    assert draw(3) == draw(3)
    assert draw(3) != draw(4)


@pytest.mark.parametrize("seed", range(3))
def test_every_home_of_a_drawn_estate_can_be_seen_and_reached(seed):
    estate = draw(seed).estate
    plan = plan_rounds(estate, effort=Effort(iterations=50))
    assert plan.blind == ()
    assert plan_faults(estate, plan) == []
    nodes = [estate.walkers[0].start, *(one.node for one in estate.standpoints)]
    assert np.all(travel_seconds(estate, nodes)[0] < NO_WAY)


def test_the_rivals_look_at_every_home_too():
    drawn = draw()
    textbook = cover_then_route(drawn.estate, seconds=0.2, seed=1)
    assert textbook.missed == 0
    assert 0 < textbook.walk_s < number_order(drawn).walk_s


def test_a_quick_try_tells_figures_and_writes_none():
    told = CliRunner().invoke(app, ["--small"])
    assert told.exit_code == 0
    names = {row["name"] for row in json.loads(told.stdout)}
    assert "60 homes, of building after building" in names
    assert "replan after a drop-out (CPU, the slowest)" in names


def test_a_folder_without_estates_is_refused(tmp_path):
    told = CliRunner().invoke(app, ["--small", "--estates", str(tmp_path)])
    assert told.exit_code == 2
    assert "no estate" in told.stderr
