"""A drill played beside the program: a process of its own, and an end to waiting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shouwang.common.errors import RefusedError, UnavailableError

# A drill takes some seconds; one that takes longer than this is not waited for.
PATIENCE_SECONDS = 60.0
# Each takes a processor for its seconds: the watch must not wait for a rehearsal.
AT_ONCE = 2
_PLACES = threading.BoundedSemaphore(AT_ONCE)
_PROGRAM = "from shouwang.cli import main; main()"


@dataclass(frozen=True, kw_only=True)
class Played:
    """What a drill told, a line each, as ``shouwang drill --json`` prints it."""

    lines: tuple[dict[str, Any], ...]


def drill_run(
    text: str, *, language: str, patience_seconds: float = PATIENCE_SECONDS
) -> Played:
    """Play a drill file and return what happened; nothing of ours is touched.

    The process has a folder, a database and an environment of its own, and none of our
    settings or keys.

    Raises
    ------
    UnavailableError
        ``drills_running`` when ``AT_ONCE`` are being played, ``drill_too_long``.
    RefusedError
        ``drill_refused``: the file cannot be played; the words say why.
    """
    if not _PLACES.acquire(blocking=False):
        words = _("Other drills are being played just now. Try again in a minute.")
        raise UnavailableError("drills_running", words)
    try:
        with tempfile.TemporaryDirectory(prefix="shouwang-drill-") as folder:
            return _run(Path(folder), text, language, patience_seconds)
    finally:
        _PLACES.release()


def _run(folder: Path, text: str, language: str, patience_seconds: float) -> Played:
    path = folder / "drill.yaml"
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", _PROGRAM, "drill", str(path), "--json"]
    try:
        done = subprocess.run(  # noqa: S603 -- our own program on a file of ours
            [*command, "--language", language],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        words = _(
            "The drill took too long and was stopped; nothing was changed. "
            "Play the file with “shouwang drill” instead."
        )
        raise UnavailableError("drill_too_long", words) from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        words = _("The drill could not be played: %(why)s")
        raise RefusedError("drill_refused", words % {"why": " ".join(told[-3:])})
    lines = done.stdout.decode("utf-8").splitlines()
    return Played(lines=tuple(json.loads(row) for row in lines))


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(row for row in sys.path if row),
        "HOME": str(folder),
        "SHOUWANG_DATA_DIR": str(folder),
    }
