"""What every test stands on: the test settings, no network, and nothing by chance."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.db import transaction
from hypothesis import HealthCheck, settings as hypothesis_settings

from shouwang.notify.channels import RECORDING

Writing = Callable[[], AbstractContextManager[None]]

# Two slow cores take their time; a deadline would fail tests by chance.
hypothesis_settings.register_profile(
    "shouwang", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("shouwang")


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
