"""A provider on this machine, so that what we send can be looked at."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer
from ssl import SSLContext
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Request:
    """What reached the provider."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


# Status, body and perhaps headers; None hangs up without an answer.
Answered = tuple[int, bytes] | tuple[int, bytes, Mapping[str, str]] | None


@dataclass(kw_only=True)
class Provider:
    url: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def serving(
    answer: Callable[[Request], Answered], *, tls: SSLContext | None = None
) -> Iterator[Provider]:
    """Serve on a free port of 127.0.0.1; ``answer`` says what each request gets."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            request = Request(
                path=self.path,
                headers=dict(self.headers),
                body=self.rfile.read(length),
            )
            provider.requests.append(request)
            given = answer(request)
            if given is None:
                self.close_connection = True
                return
            status, body = given[0], given[1]
            self.send_response(status)
            for name, value in (given[2] if len(given) == 3 else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    provider = Provider(url=f"{scheme}://127.0.0.1:{server.server_address[1]}/hook")
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dripping(begin: bytes, *, every: float = 0.02) -> Iterator[str]:
    """Answer with ``begin`` and then a byte every few moments, for ever."""
    over = threading.Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(begin)
            while not over.wait(every):
                try:
                    self.request.sendall(b"x")
                except OSError:
                    return

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
