"""The one process: web, runner and sender together."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import warnings
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn
from django.core.management import call_command
from django.db import DatabaseError, connection

from shouwang.apps.outbox.sender import SenderThread
from shouwang.apps.watch.runner import Runner

GRACE_SECONDS = 3
Say = Callable[[str], None]


class CannotServeError(Exception):
    """The program cannot start; the message says why and what to do."""


def prepare_data(data_dir: Path) -> None:
    """Make the data folder and bring the database up to date."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotServeError(
            f"The data folder {data_dir} cannot be made: {error.strerror}. "
            "Set SHOUWANG_DATA_DIR to a folder that is yours."
        ) from error
    if not os.access(data_dir, os.W_OK):
        raise CannotServeError(
            f"The data folder {data_dir} cannot be written to. Nothing was changed. "
            "Make it yours, or set SHOUWANG_DATA_DIR to another."
        )
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CannotServeError(
            f"The database cannot be written: {error}. Nothing was changed. "
            "Is it read-only, locked by another program, or the disk full?"
        ) from error
    finally:
        connection.close()


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket, or say why there cannot be one."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise CannotServeError(_socket_words(host, port, error)) from error
    return listening


def _socket_words(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use, perhaps by another Shouwang. "
            f"Stop that one, or choose another: --port {port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights. Choose one above 1023: --port 8000"
    return f"Cannot listen on {host} port {port}: {error.strerror or error}"


def gc_settle() -> None:
    """Leave what the program itself is made of out of every later garbage collection.

    Walking through all of it takes 70 ms, in the middle of somebody's page.
    """
    gc.collect()
    gc.freeze()


def serve(listening: socket.socket, *, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; then finish what is being written and end."""
    config = uvicorn.Config(
        "shouwang.config.asgi:application",
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    # Whitenoise hands out small files by a plain iterator; reading one at once is right.
    warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous")
    server = uvicorn.Server(config)

    def end(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # Uvicorn raises a signal again once it has ended; without a handler of ours that
    # would kill the runner in the middle of its tick.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, end)
    runner, sender = Runner(), SenderThread()
    gc_settle()
    runner.start()
    sender.start()
    announce()
    try:
        server.run(sockets=[listening])
    finally:
        runner.stop()
        sender.stop()
