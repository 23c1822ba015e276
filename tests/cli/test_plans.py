"""``shouwang plan evaluate``: a plan for machines and for people, and clear refusals."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from tests.planning.estates import estate_by_chance
from typer.testing import CliRunner

from shouwang.cli import app
from shouwang.planning.checking import plan_faults, walked
from shouwang.planning.plans import Plan, Stop, Walk
from shouwang.planning.reading import estate_read

RUN = CliRunner()


def as_file(estate):
    return {
        "footpaths": {"nodes": estate.places, "edges": estate.paths},
        "standpoints": [asdict(one) for one in estate.standpoints],
        "homes": [
            {"id": one.id, "window_s": [one.opens_s, one.closes_s]}
            for one in estate.homes
        ],
        "walkers": [
            {"id": one.id, "start": one.start, "shift_s": [one.from_s, one.to_s]}
            for one in estate.walkers
        ],
        "look_s": estate.look_s,
        "stop_s": estate.stop_s,
        "speed_m_s": estate.speed_m_s,
    }


@pytest.fixture
def estate_file(tmp_path):
    file = tmp_path / "estate.json"
    file.write_text(json.dumps(as_file(estate_by_chance(1))))
    return file


def evaluate(file, *options):
    return RUN.invoke(app, ["plan", "evaluate", str(file), *options])


def test_a_machine_gets_every_stop_and_what_it_costs(estate_file):
    told = evaluate(estate_file, "--json", "--iterations", "200", "--seed", "3")
    assert told.exit_code == 0
    said = json.loads(told.stdout)
    plan = Plan(
        walks=tuple(
            Walk(
                walker=row["id"],
                stops=tuple(
                    Stop(**{**stop, "homes": tuple(stop["homes"])})
                    for stop in row["stops"]
                ),
            )
            for row in said["walkers"]
        ),
        unlooked=tuple(said["unlooked"]),
    )
    estate = estate_read(json.loads(estate_file.read_text()))
    assert plan_faults(estate, plan) == []
    outs = walked(estate, plan)
    assert said["walk_s"] == sum(one.walk_s for one in outs)
    assert said["longest_s"] == max(one.out_s for one in outs)
    assert said["cpu_s"] > 0


def test_the_same_seed_tells_the_same(estate_file):
    once, again = (
        json.loads(evaluate(estate_file, "--json", "--iterations", "100").stdout)
        for _ in range(2)
    )
    assert {**once, "cpu_s": 0} == {**again, "cpu_s": 0}


def test_people_get_a_table_and_who_is_left(tmp_path):
    estate = as_file(estate_by_chance(1))
    estate["homes"].append({"id": 999, "window_s": [25200, 26000]})
    file = tmp_path / "estate.json"
    file.write_text(json.dumps(estate))
    told = evaluate(file, "--iterations", "50").stdout
    assert "Walking in all" in told
    assert "Nobody looks at 1" in told
    assert "999" in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"{}", "estate.footpaths is missing"),
        (b'{"footpaths": {"nodes": [[0, 0]], "edges": [[0, 5, 1]]}}', "missing"),
    ],
)
def test_what_is_no_estate_is_refused_in_words(tmp_path, content, words):
    file = tmp_path / "estate.json"
    file.write_bytes(content)
    told = evaluate(file)
    assert told.exit_code == 1
    assert words in " ".join(told.stderr.split())
    assert "Traceback" not in told.stderr


def test_a_file_that_is_not_there_is_named(tmp_path):
    told = evaluate(tmp_path / "none.json")
    assert told.exit_code == 1
    assert "cannot be read" in " ".join(told.stderr.split())
