"""A PostgreSQL of our own in a temporary folder, which waits for the disk as yours does."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")


class NoPostgresqlError(Exception):
    """There is no PostgreSQL to measure with."""


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server that is forgotten afterwards; yields the URL of an empty database.

    Raises
    ------
    NoPostgresqlError
        Debian's ``postgresql`` is not installed, or we are root without its user.
    """
    found = sorted(PROGRAMS.glob("*/bin"), key=lambda row: int(row.parent.name))
    if not found:
        words = "Install Debian's postgresql, or name a database: --database URL"
        raise NoPostgresqlError(words)
    folder = Path(tempfile.mkdtemp(prefix="shouwang-bench-pg-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data = str(folder / "data")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    try:
        _as_owner(
            [found[-1] / "initdb", "-D", data, "-U", "shouwang", "-A", "trust"],
            ["-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
        )
        _as_owner(
            [found[-1] / "pg_ctl", "-D", data, "-l", folder / "log", "-w"],
            ["-o", options, "start"],
        )
        _as_owner(
            [found[-1] / "createdb", "-h", "127.0.0.1", "-p", port],
            ["-U", "shouwang", "shouwang"],
        )
        yield f"postgres://shouwang@127.0.0.1:{port}/shouwang"
    finally:
        _as_owner(
            [found[-1] / "pg_ctl", "-D", data, "-m", "immediate"],
            ["stop"],
            is_needed=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(
    command: list[object], more: list[object], *, is_needed: bool = True
) -> None:
    """Run one of its programs; as root, which it refuses, as its own user."""
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(  # noqa: S603 -- its own programs
        [*who, *map(str, [*command, *more])],
        cwd="/",
        check=is_needed,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if not is_needed else None,
    )
