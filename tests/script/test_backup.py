"""``script/backup``: what was recorded can be had back, whole, or is refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

BACKUP = Path(__file__).parents[2] / "script" / "lib" / "backup.py"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "the data"
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "window.jpg").write_bytes(b"a photo")
    (folder / "secret_key").write_text("a secret")
    with closing(sqlite3.connect(folder / "shouwang.sqlite3")) as connection:
        connection.execute("CREATE TABLE sighting (id TEXT)")
        connection.execute("INSERT INTO sighting VALUES ('curtain open')")
        connection.commit()
    return folder


def backup(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BACKUP, *arguments],
        env=os.environ | {"SHOUWANG_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def archive_of(data: Path, into: Path) -> Path:
    done = backup(data, "--to", into)
    assert done.returncode == 0, done.stderr
    (archive,) = into.iterdir()
    return archive


def sightings_in(folder: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(folder / "shouwang.sqlite3")) as connection:
        return connection.execute("SELECT id FROM sighting").fetchall()


def test_what_was_backed_up_comes_back_whole(data: Path, tmp_path: Path) -> None:
    archive = archive_of(data, tmp_path / "kept")
    elsewhere = tmp_path / "a new place" / "var"

    assert backup(elsewhere, "--restore", archive).returncode == 0

    assert sightings_in(elsewhere) == [("curtain open",)]
    assert (elsewhere / "photos" / "window.jpg").read_bytes() == b"a photo"
    assert (elsewhere / "secret_key").read_text() == "a secret"


def test_what_the_running_program_just_committed_is_in_the_backup(
    data: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(data / "shouwang.sqlite3")) as running:
        running.execute("PRAGMA journal_mode=WAL")
        running.execute("INSERT INTO sighting VALUES ('just now')")
        running.commit()
        running.execute("INSERT INTO sighting VALUES ('not committed')")
        archive = archive_of(data, tmp_path / "kept")
    elsewhere = tmp_path / "restored"
    backup(elsewhere, "--restore", archive)

    assert sightings_in(elsewhere) == [("curtain open",), ("just now",)]


def test_only_its_owner_can_read_a_backup(data: Path, tmp_path: Path) -> None:
    archive = archive_of(data, tmp_path / "kept")

    assert archive.stat().st_mode & 0o077 == 0


def test_an_empty_data_folder_is_refused(tmp_path: Path) -> None:
    done = backup(tmp_path / "nothing here", "--to", tmp_path / "kept")

    assert done.returncode == 1
    assert "Nothing to keep" in done.stderr
    assert not (tmp_path / "kept").exists()


def test_a_restore_never_touches_a_folder_with_data(data: Path, tmp_path: Path) -> None:
    archive = archive_of(data, tmp_path / "kept")
    (data / "secret_key").write_text("newer")

    done = backup(data, "--restore", archive)

    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert (data / "secret_key").read_text() == "newer"


def test_a_torn_archive_is_refused_and_leaves_nothing(
    data: Path, tmp_path: Path
) -> None:
    archive = archive_of(data, tmp_path / "kept")
    archive.write_bytes(archive.read_bytes()[:200])
    elsewhere = tmp_path / "restored"

    done = backup(elsewhere, "--restore", archive)

    assert done.returncode == 1
    assert "cannot be read as a backup" in done.stderr
    assert not elsewhere.exists()


def test_a_damaged_database_makes_no_backup(data: Path, tmp_path: Path) -> None:
    database = data / "shouwang.sqlite3"
    whole = bytearray(database.read_bytes())
    whole[4096:4200] = b"\xff" * 104
    database.write_bytes(whole)

    done = backup(data, "--to", tmp_path / "kept")

    assert done.returncode == 1
    assert list((tmp_path / "kept").iterdir()) == []
