"""The whole program in a process of its own, as people run it."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE_SECONDS = 180


@contextlib.contextmanager
def served(*options: str) -> Iterator[int]:
    """Run ``shouwang serve`` on the data of this process; yield its port."""
    with started(*options) as (port, _process):
        yield port


@contextlib.contextmanager
def started(*options: str) -> Iterator[tuple[int, int]]:
    """Like ``served``; yield the port and the id of the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shouwang = Path(sys.executable).parent / "shouwang"
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [shouwang, "serve", "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    message = f"the program did not answer on port {port}"
    raise RuntimeError(message)


def peak_mb(process_id: int) -> float:
    """Return the most memory a process has held, in MB (Linux)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")
