"""Estates from files: what is right is read, and each fault is named by its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from shouwang.planning.errors import EstateError
from shouwang.planning.reading import estate_read

GOOD: dict[str, Any] = {
    "footpaths": {"nodes": [[0, 0], [30.5, 0]], "edges": [[0, 1, 30.5]]},
    "standpoints": [{"node": 1, "sees": [7]}],
    "homes": [{"id": 7, "building": 3, "floor": 2, "window_s": [25200, 32400]}],
    "walkers": [{"id": 1, "start": 0, "shift_s": [23400, 36000]}],
    "look_s": 8,
    "stop_s": 20,
    "speed_m_s": 1.1,
}


def changed(path, value):
    data = copy.deepcopy(GOOD)
    *way, last = path
    place: Any = data
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


def test_a_file_is_read():
    estate = estate_read(json.loads(json.dumps(GOOD)))
    assert estate.homes[0].opens_s == 25200
    assert estate.walkers[0].end == estate.walkers[0].start == 0
    assert estate.standpoints[0].sees == (7,)


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        (["footpaths"], None, "missing", "estate.footpaths"),
        (["homes"], None, "missing", "estate.homes"),
        (["homes"], {}, "not_a_list", "estate.homes"),
        (["homes", 0], 5, "not_an_object", "homes[0]"),
        (
            ["homes", 0, "window_s"],
            [2, 1],
            "ends_before_it_begins",
            "homes[0].window_s",
        ),
        (["homes", 0, "window_s"], [1], "not_a_list", "homes[0].window_s"),
        (["homes", 0, "id"], "7", "not_a_number", "homes[0].id"),
        (["homes", 0, "need"], float("nan"), "out_of_range", "homes[0]"),
        (["standpoints", 0, "sees"], [8], "no_such_home", "standpoints[0]"),
        (["standpoints", 0, "node"], 2, "no_such_node", "standpoints[0]"),
        (["footpaths", "edges", 0], [0, 9, 1], "no_such_node", "footpaths.edges[0]"),
        (["footpaths", "edges", 0], [0, 1, -1], "out_of_range", "footpaths.edges[0]"),
        (
            ["footpaths", "edges", 0],
            [0, 1, float("nan")],
            "out_of_range",
            "footpaths.edges[0]",
        ),
        (["footpaths", "nodes", 0], [0, "x"], "not_a_number", "footpaths.nodes[0]"),
        (["walkers", 0, "start"], -1, "no_such_node", "walkers[0]"),
        (["walkers", 0, "shift_s"], [1, 10**9], "out_of_range", "walkers[0].shift_s"),
        (["speed_m_s"], 0, "out_of_range", "speed_m_s"),
        (["look_s"], True, "not_a_number", "estate.look_s"),
    ],
)
def test_a_fault_is_named_by_its_place(path, value, code, where):
    with pytest.raises(EstateError) as caught:
        estate_read(changed(path, value))
    assert (caught.value.code, caught.value.where) == (code, where)


def test_two_homes_of_one_number_are_refused():
    with pytest.raises(EstateError) as caught:
        estate_read(changed(["homes"], GOOD["homes"] * 2))
    assert caught.value.code == "named_twice"


@pytest.mark.parametrize("nothing", [None, [], 3, "estate"])
def test_what_is_no_estate_is_refused(nothing):
    with pytest.raises(EstateError):
        estate_read(nothing)
