"""The benchmark of own times measures what it says; how well is no test's business."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.parts.own_times_drawing import calibration_draw, trade_draw
from tests.routines.days import invented

from shouwang.routines.evaluation import evaluate

ROOT = Path(__file__).parents[2]


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.routines", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_mornings_looks_and_speed_are_measured(tmp_path):
    known = invented(20, 5)
    rows = zip(known.home, known.weekday, known.minute, strict=True)
    lines = [f"h{home},{weekday},ok,{minute}" for home, weekday, minute in rows]
    file = tmp_path / "days.csv"
    file.write_text("\n".join(["home,weekday,status,first_activity_min", *lines]))
    done = run("--small", "--days", str(file))
    assert done.returncode == 0, done.stderr
    figures = {row["name"]: row["value"] for row in json.loads(done.stdout)}
    assert 1 <= figures["personal looks, looks a home a morning"] <= 2
    assert figures["fixed passes, looks a home a morning"] <= 4
    assert figures["a day of 2,000 homes learned"] > 0
    assert "all homes, the same, own times" in figures


def test_without_days_it_says_what_to_name():
    done = run("--small", "--days", "no-such-file.csv")
    assert done.returncode == 2
    assert "--days" in done.stderr


def test_what_was_seen_is_drawn(tmp_path):
    days = invented(20, 5)
    found = evaluate(days, passes=(435, 480, 530), seed=1)
    trade_draw(found, days, tmp_path / "trade.svg")
    calibration_draw(found, tmp_path / "calibration.svg")
    assert "each home its own time" in (tmp_path / "trade.svg").read_text()
    assert "1 in 60" in (tmp_path / "calibration.svg").read_text()
