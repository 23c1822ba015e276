"""A provider on 127.0.0.1 that notes what it takes, and answers as it is told.

The first part of an address says how it answers: see ``ANSWERS``. What was taken stands
in a file before the answer goes out, a line for each, so that a sender that was killed
meanwhile is found out.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SLOW_SECONDS = 8
# Of a flaky provider, one message in so many is refused for now.
FLAKY_ONE_IN = 8
# Status and body by the first part of the address; "lost" hangs up without an answer.
ANSWERS: Mapping[str, tuple[int, bytes]] = {
    "ok": (200, b'{"errcode": 0}'),
    "slow": (200, b'{"errcode": 0}'),
    "flaky": (503, b"later"),
    "broken": (500, b"broken"),
    "no": (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}'),
    "garbage": (200, b"<html>\xff\x00"),
    "lost": (0, b""),
}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message that reached the provider; ``at`` is the machine's own count of seconds.

    ``child`` tells the senders apart that were killed; ``status`` 200 is a yes.
    """

    at: float
    how: str
    to: str
    child: int
    key: str
    status: int


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        address = urlsplit(self.path)
        _, how, to, *_rest = address.path.split("/")
        key = unquote(self.headers.get("webhook-id", "")) or _content(body)
        status, answer = ANSWERS[how]
        if how == "flaky" and zlib.crc32(key.encode()) % FLAKY_ONE_IN:
            status = 200
        child = int(parse_qs(address.query).get("child", ["0"])[0])
        server: _Server = self.server  # type: ignore[assignment]  # ours
        if how == "slow":
            time.sleep(SLOW_SECONDS)
        server.note(
            at=time.monotonic(), how=how, to=to, child=child, key=key, status=status
        )
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: it would cost what is measured."""


def _content(body: bytes) -> str:
    """Return what tells a message apart whose channel gives it no key: its words."""
    return str(json.loads(body).get("text", {}).get("content", ""))


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def __init__(self, kept: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._file = kept.open("a", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()

    def note(self, **taken: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(taken) + "\n")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that senders are killed in the middle is the purpose."""


@dataclass(frozen=True, kw_only=True)
class Sink:
    """The provider as those see it who measure."""

    port: int
    kept: Path

    def url(self, how: str, to: str) -> str:
        """Return the address of a receiver that is answered so."""
        return f"http://127.0.0.1:{self.port}/{how}/{to}"

    def taken(self) -> list[Taken]:
        """Return everything that was taken by now, in order."""
        text = self.kept.read_text("utf-8") if self.kept.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        return [Taken(**json.loads(line)) for line in whole.splitlines()]

    def forget(self) -> None:
        """Begin anew."""
        # Cut, not replaced: the provider goes on appending to it.
        with self.kept.open("w"):
            pass


@contextmanager
def sink(folder: Path) -> Iterator[Sink]:
    """Run a provider in a process of its own."""
    kept = folder / "taken.jsonl"
    command = [sys.executable, "-m", "benchmarks.parts.sink", str(kept)]
    with subprocess.Popen(  # noqa: S603 -- ourselves
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError(command)
        try:
            yield Sink(port=int(process.stdout.readline()), kept=kept)
        finally:
            process.kill()


def port_unused() -> int:
    """Return a port of 127.0.0.1 where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def main() -> None:
    """Serve until our parent hangs up."""
    server = _Server(Path(sys.argv[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
