"""What is missing or misconfigured, in words."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from shouwang.apps.watch.selectors import heartbeat

FREE_LEAST = 500 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    is_well: bool
    words: str


def examine(*, now: datetime) -> list[Finding]:
    """Look at everything the program needs."""
    return [*_machine(), *_database(now)]


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(is_well=True, words=f"Python {version}")
    folder: Path = settings.DATA_DIR
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    words = f"The data folder {folder} can be written to."
    if not writable:
        words = f"The data folder {folder} is missing or not yours: run script/run."
    yield Finding(is_well=writable, words=words)
    if folder.is_dir():
        free = shutil.disk_usage(folder).free
        yield Finding(
            is_well=free >= FREE_LEAST, words=f"{free // 2**20} MB free on its disk."
        )
    compiled = all(
        path.with_suffix(".mo").is_file()
        for path in Path(__file__).parents[1].rglob("*.po")
    )
    words = (
        "Translations are compiled."
        if compiled
        else "Run script/setup: translations are not compiled."
    )
    yield Finding(is_well=compiled, words=words)


def _database(now: datetime) -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(is_well=False, words=f"The database cannot be read: {error}")
        return
    words = f"The database ({connection.vendor}) is up to date."
    if missing:
        words = f"{len(missing)} database changes are waiting: run script/run."
    yield Finding(is_well=not missing, words=words)
    if not missing:
        heart = heartbeat(now=now)
        words = "The watch is awake."
        if heart["stale"]:
            words = "The heart has not beaten for a minute: is the program running?"
        yield Finding(is_well=not heart["stale"], words=words)
