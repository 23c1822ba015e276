"""The heart-beat told outside never holds up the watch."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from datetime import timedelta

import pytest
from tests.apps import building as b

from shouwang.apps.watch.runner import Runner
from shouwang.apps.watch.telling import AT_ONCE_MOST, Outside, may_be_told
from shouwang.common.metrics import REGISTRY

NOW = b.hour("09:00")
PATIENCE = 10


class Monitor(http.server.ThreadingHTTPServer):
    """A dead man's switch on this machine."""

    daemon_threads = True

    def __init__(self, status=200, *, hangs=False, to=""):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.to, self.heard = status, to, []
        self.let_go = threading.Event()
        if not hangs:
            self.let_go.set()
        self.url = f"http://127.0.0.1:{self.server_port}/ping/secret"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Monitor

    def do_GET(self):
        self.server.heard.append(self.path)
        self.server.let_go.wait()
        self.send_response(self.server.status)
        if self.server.to:
            self.send_header("Location", self.server.to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def monitor():
    made = []

    def make(*words, **more):
        server = Monitor(*words, **more)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(server)
        return server

    yield make
    for server in made:
        server.let_go.set()
        server.shutdown()
        server.server_close()


def results():
    return [
        REGISTRY.get_sample_value(
            "shouwang_heartbeat_outside_total", {"result": result}
        )
        or 0
        for result in ("answered", "failed")
    ]


def told(outside, now=NOW):
    before = results()
    outside.beat(now=now)
    outside.wait(PATIENCE)
    return [after - row for after, row in zip(results(), before, strict=True)]


def test_it_is_told_once_a_minute(monitor):
    server = monitor()
    outside = Outside(server.url)
    assert told(outside) == [1, 0]
    assert told(outside, NOW + timedelta(seconds=59)) == [0, 0]
    assert told(outside, NOW + timedelta(seconds=60)) == [1, 0]
    assert server.heard == ["/ping/secret"] * 2


def test_a_clock_set_back_does_not_silence_it(monitor):
    outside = Outside(monitor().url)
    told(outside)
    assert told(outside, NOW - timedelta(hours=1)) == [1, 0]


def test_an_error_outside_is_noted_without_the_address(monitor, caplog):
    assert told(Outside(monitor(500).url)) == [0, 1]
    assert "500" in caplog.text
    assert "secret" not in caplog.text


def test_nobody_there_is_noted(caplog):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert told(Outside(f"http://127.0.0.1:{port}/")) == [0, 1]
    assert "did not answer" in caplog.text


def test_one_that_hangs_holds_nobody_up_and_takes_few_threads(monitor):
    server = monitor(hangs=True)
    outside = Outside(server.url)
    began = time.perf_counter()
    for minute in range(10):
        outside.beat(now=NOW + timedelta(minutes=minute))
    assert time.perf_counter() - began < 2
    assert len(outside._threads) == AT_ONCE_MOST
    server.let_go.set()
    outside.wait(PATIENCE)
    assert told(outside, NOW + timedelta(hours=1))[0] == 1


def test_a_redirection_to_a_file_is_not_followed(monitor, tmp_path):
    (tmp_path / "secret").write_text("x")
    assert told(Outside(monitor(302, to=f"file://{tmp_path}/secret").url)) == [0, 1]


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://example.org/ping", True),
        ("http://127.0.0.1:8000/", True),
        ("file:///etc/passwd", False),
        ("ftp://example.org/", False),
        ("example.org/ping", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_the_web_is_told(url, may):
    assert may_be_told(url) is may


def test_another_scheme_is_said_once_and_never_opened(caplog, tmp_path):
    outside = Outside(f"file://{tmp_path}/x")
    assert "no http or https address" in caplog.text
    assert told(outside) == [0, 0]


@pytest.mark.django_db
def test_outside_hears_only_while_all_was_decided_in_time(monitor, settings):
    server = monitor()
    settings.HEARTBEAT_URL = server.url
    runner = Runner()
    runner.passes, runner.audits = [], [lambda now: ["alert 1: next step overdue"]]
    assert runner.tick(now=NOW) is False
    runner._outside.wait(PATIENCE)
    assert server.heard == []
    runner.audits = []
    assert runner.tick(now=NOW) is True
    runner._outside.wait(PATIENCE)
    assert server.heard == ["/ping/secret"]
