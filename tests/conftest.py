"""What every test stands on: the test settings, no network, and nothing by chance."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models.signals import post_migrate
from django.utils import translation
from hypothesis import HealthCheck, settings as hypothesis_settings

from shouwang.notify.channels import RECORDING

HERE = Path(__file__).parent
LONGEST = {"benchmarks", "browser", "cli", "scenarios"}
Writing = Callable[[], AbstractContextManager[None]]

# Two slow cores take their time; a deadline would fail tests by chance.
hypothesis_settings.register_profile(
    "shouwang", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("shouwang")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what asks the tests' database, and put the folders that take longest first.

    Only what asks it differs from server to server. Workers take files in this order:
    a long one that came last would be waited for alone. Within and after them, the
    order stays as random as it was.
    """
    for item in items:
        asked = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if asked or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
    # In between the marks are chosen from, and the order is shuffled.
    yield
    items.sort(key=lambda item: _folder(item) not in LONGEST)


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0]


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """Begin every test in the language of the installation, whatever the last one spoke."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not _stays_here(self.family, address):
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_permissions() -> None:
    """Keep Django from filling its table of permissions, which nothing here reads.

    It would do so anew after each test that empties the database, as each test in a
    browser does.
    """
    permissions = "django.contrib.auth.management.create_permissions"
    assert post_migrate.disconnect(dispatch_uid=permissions)


@pytest.fixture(autouse=True)
def _channel_that_works() -> None:
    """Begin with a recording channel that works: a rehearsal may have left it failing."""
    RECORDING.clear()


def _stays_here(family: int, address: Any) -> bool:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="module")
def kept_rows(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[Writing]:
    """Return what lets a module's fixtures write rows once, for all of the module.

    ``with kept_rows(): ...`` writes them. Each test marked ``django_db`` sees them, and
    what it changes is undone down to them; after the module they are gone. No test of
    such a module may ask for ``transactional_db``: it would wait for this transaction.
    """
    with django_db_blocker.unblock():
        holding = transaction.atomic()
        # As Django's TestCase marks its own: durable blocks may begin inside it.
        holding._from_testcase = True  # type: ignore[attr-defined]  # no other way
        holding.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        holding.__exit__(None, None, None)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file that has gone through every migration, and holds no rows.

    Made once for all workers, in a process of its own; copy it, never write to it.
    """
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    made = folder / "migrated.sqlite3"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            # A journal beside the file would have to be copied with it.
            part = made.with_suffix(".part")
            migrate(f"sqlite:///{part}")
            with closing(sqlite3.connect(part)) as whole:
                whole.execute("PRAGMA journal_mode=DELETE")
            part.rename(made)
    return made


def migrate(url: str) -> None:
    """Go through every migration in the empty database at ``url``."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shouwang.config.settings.serve",
            "SHOUWANG_DATABASE_URL": url,
        },
        check=True,
    )


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path) -> Path:
    """Return a data folder whose database is made already, for a program to begin on."""
    shutil.copy(migrated, tmp_path / "shouwang.sqlite3")
    return tmp_path


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Put SQLite into a file when a browser comes along.

    A server and a test beside it write at once, which the shared in-memory database
    answers with errors instead of waiting. A file in WAL mode is what people run.
    """
    if not any(item.get_closest_marker("browser") for item in request.session.items):
        return
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
        # It is forgotten afterwards, so it need not wait for the disk.
        database["OPTIONS"]["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        )
