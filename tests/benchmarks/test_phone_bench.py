"""The benchmark of the phone measures what it says; how fast is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser


def test_the_phone_is_walked_and_nothing_is_lost(data_dir):
    kept = {
        key: value
        for key, value in os.environ.items()
        if key == "SHOUWANG_CHROMIUM" or not key.startswith(("SHOUWANG_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.phone", "--here", "--small"],
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
    figures = {row["name"]: row["value"] for row in json.loads(done.stdout)}
    assert figures["queued without a network"] == 26
    assert figures["looks stored more or less than once"] == 0
    assert figures["photos stored more or less than once"] == 0
    assert figures["taps a home, photos"] > figures["taps a home, window by window"]
