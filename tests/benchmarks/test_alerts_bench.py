"""The benchmark of alerts measures what it says; how fast is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.parts.killing import repeats
from benchmarks.parts.sink import Taken

ROOT = Path(__file__).parents[2]
SIZES = ("--homes", "40", "--kills", "3")
# What a part must have seen, by a piece of the figure's name.
PARTS = {
    "flood-sqlite": {"alerts opened": 4, "nobody was told of": 0, "taken twice": 0},
    "kills": {"times killed": 3, "lost": 0, "unsent": 0, "without such a reason": 0},
    "pairs-sqlite": {"alerts opened": 4, "two alerts": 0, "made twice": 0},
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_measures_what_it_says(part, data_dir):
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SHOUWANG_", "DJANGO_"))
    }
    command = [sys.executable, "-m", "benchmarks.alerts", "--here", "--only", part]
    done = subprocess.run(
        [*command, *SIZES],
        cwd=ROOT,
        env={
            **kept,
            "SHOUWANG_DATA_DIR": str(data_dir),
            "SHOUWANG_CHANNEL": "recording",
            "SHOUWANG_LOG_LEVEL": "CRITICAL",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = {row["name"]: row["value"] for row in json.loads(done.stdout)}
    for piece, value in PARTS[part].items():
        found = [seen for name, seen in figures.items() if piece in name]
        assert found, piece
        assert set(found) == {value}, (piece, figures)


def test_an_unknown_part_is_told_which_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.alerts", "--only", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "flood-sqlite" in done.stderr


def taken(key, child):
    return Taken(at=0, how="ok", to="first", child=child, key=key, status=200)


def test_a_repeat_is_explained_only_by_an_answer_that_was_lost():
    noted = {1: frozenset({"noted"}), 2: frozenset()}
    took = [
        taken("noted", 1),
        taken("lost+2", 1),
        taken("once", 2),
        taken("noted", 2),
        taken("lost+1", 2),
        taken("once", 2),
    ]
    found = [(row.key, is_explained) for row, is_explained in repeats(took, noted)]
    assert found == [("noted", False), ("lost+1", True), ("once", False)]
