"""An ntfy that publishes exactly what its documentation says."""

from __future__ import annotations

import json
from typing import Any

from tests.notify.serving import Answered, Request

TOPIC = "watch_7f3kq2"
TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"


class Ntfy:
    def __init__(self) -> None:
        self.took: list[Any] = []
        self.refuses: tuple[int, int] | None = None

    def __call__(self, request: Request) -> Answered:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._no(401, 40101, "unauthorized")
        if self.refuses:
            return self._no(*self.refuses, "limit reached")
        body = request.json()
        if request.path != "/" or body["topic"] != TOPIC:
            return self._no(403, 40301, "forbidden")
        if len(body["message"].encode()) > 4096:
            # Turned into a file to download: nobody would read it.
            return self._no(413, 41301, "attachment too large")
        if body["priority"] not in range(1, 6):
            return self._no(400, 40007, "invalid priority parameter")
        self.took.append(body)
        return 200, json.dumps({"id": f"m{len(self.took)}", **body}).encode()

    def _no(self, status: int, code: int, words: str) -> Answered:
        said = {"code": code, "http": status, "error": words}
        return status, json.dumps(said).encode()
