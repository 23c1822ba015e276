"""Copies the data folder into one verified archive, and back: ``script/backup``."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from shouwang.common import clock

ROOT = Path(__file__).resolve().parents[2]
SQLITE_HEADER = b"SQLite format 3\0"
# SQLite's own notes beside a database; a copied database does not need them.
SQLITE_COMPANIONS = ("-wal", "-shm", "-journal")


class BackupError(Exception):
    """Something people must put right; the message says what."""


def data_folder() -> Path:
    return Path(os.environ.get("SHOUWANG_DATA_DIR") or ROOT / "var")


# --- making one -----------------------------------------------------------------------


def back_up(source: Path, into: Path) -> Path:
    """Write a verified archive of ``source`` into the folder ``into``; return it."""
    databases = [path for path in files_in(source) if is_database(path)]
    if not databases:
        raise BackupError(
            f"Nothing to keep: no database in {source}.\n"
            "Set SHOUWANG_DATA_DIR if the data lies elsewhere; on PostgreSQL use pg_dump."
        )
    into.mkdir(parents=True, exist_ok=True)
    archive = into / f"shouwang-{clock.now():%Y-%m-%d-%H%M%SZ}.tar.gz"
    if archive.exists():
        raise BackupError(f"{archive} is there already. Wait a second and try again.")
    part = archive.with_suffix(".part")
    try:
        write_archive(part, source=source, databases=databases)
        verify(part)
        part.rename(archive)
    finally:
        part.unlink(missing_ok=True)
    return archive


def files_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(SQLITE_COMPANIONS):
            yield path


def is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER


def write_archive(part: Path, *, source: Path, databases: list[Path]) -> None:
    """Write the databases first, so that every photo they speak of comes along."""
    part.touch(mode=0o600)
    with tarfile.open(part, "w:gz") as tar, TemporaryDirectory() as room:
        for number, database in enumerate(databases):
            copy = Path(room) / str(number)
            copy_database(database, copy)
            tar.add(copy, arcname=str(database.relative_to(source)))
        for path in files_in(source):
            if path not in databases:
                tar.add(path, arcname=str(path.relative_to(source)))


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be written to meanwhile, as it is at one moment."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
    target.chmod(0o600)


def verify(archive: Path) -> None:
    """Unpack ``archive`` into a room of its own and ask each database if it is whole."""
    with TemporaryDirectory() as room:
        unpack(archive, Path(room))
        for path in files_in(Path(room)):
            if is_database(path):
                check_integrity(path, path.relative_to(room))


def check_integrity(database: Path, name: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise BackupError(f"The database {name} is damaged: {answer}")


# --- and back -------------------------------------------------------------------------


def restore(archive: Path, into: Path) -> None:
    """Put a verified ``archive`` into the data folder ``into``, which must be empty."""
    if into.exists() and any(into.iterdir()):
        raise BackupError(
            f"{into} is not empty; nothing was changed.\n"
            "Stop the program, move that folder aside, and try again."
        )
    verify(archive)
    into.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=into.parent) as room:
        whole = Path(room) / "whole"
        unpack(archive, whole)
        whole.chmod(0o700)
        if into.exists():
            into.rmdir()
        shutil.move(whole, into)


def unpack(archive: Path, into: Path) -> None:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(into, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"{archive} cannot be read as a backup: {error}") from error


# --- the command ----------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for; return the exit status."""
    options = parse(arguments)
    try:
        if options.restore:
            restore(options.restore, data_folder())
            tell(f"Restored into {data_folder()}.")
        else:
            archive = back_up(data_folder(), options.to)
            tell(f"{archive} ({archive.stat().st_size:,} bytes, verified)")
    except (BackupError, OSError, sqlite3.Error) as error:
        sys.stderr.write(f"backup: {error}\n")
        return 1
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/backup")
    parser.add_argument("--to", type=Path, default=ROOT / "backups", metavar="FOLDER")
    parser.add_argument("--restore", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
