"""The benchmark measures what it says; how fast is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = {
    "record": "sightings a second",
    "tick-one": "decided, alerts opened, told",
    "board": "p95",
    "rebuild": "checks a second",
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_measures_what_it_says(part, data_dir):
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SHOUWANG_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.watch", "--here", "--small", "--only", part],
        cwd=ROOT,
        env={
            **kept,
            "SHOUWANG_DATA_DIR": str(data_dir),
            "SHOUWANG_CHANNEL": "recording",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert any(PARTS[part] in row["name"] for row in figures)
    assert all(row["value"] > 0 for row in figures)


def test_an_unknown_part_is_told_which_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.watch", "--only", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "tick-one" in done.stderr
