"""The whole program from the command line: it starts, refuses, and ends cleanly."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import OperationalError

from shouwang import cli

SHOUWANG = Path(sys.executable).parent / "shouwang"
# How long a machine with other work may take before we call it stuck.
PATIENCE_SECONDS = 300


def environment(folder, **more):
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SHOUWANG_", "DJANGO_"))
    }
    return {**kept, "SHOUWANG_DATA_DIR": str(folder), "LANG": "C.UTF-8", **more}


def run(folder, *words, **more):
    return subprocess.run(
        [SHOUWANG, *words],
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path)
        answer = link.getresponse()
        answer.read()
    finally:
        link.close()
    return answer.status, answer


def wait_for(port, process):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, process.stderr.read()
        try:
            if ask(port, "/healthz")[0] == 200:
                return
        except OSError:
            # It has its migrations to go through; asking without a pause would take
            # one of two processors from it.
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
    pytest.fail("the program did not answer")


@pytest.fixture
def served(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [SHOUWANG, "serve", "--port", str(port)],
        env=environment(tmp_path / "data"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(port, process)
        yield port, process
    finally:
        process.kill()
        process.communicate()


def test_a_fresh_start_leads_to_the_first_page_and_ends_on_sigterm(served):
    port, process = served
    status, answer = ask(port, "/login/")
    assert (status, answer.headers["Location"]) == (302, "/start/")
    assert ask(port, "/static/vendor/htmx-2.0.8.min.js")[0] == 200
    assert ask(port, "/static/nothing.js")[0] == 404
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert "Shouwang is watching" in out
    assert process.returncode == 0
    assert "Warning" not in err
    assert "Traceback" not in err


def test_a_port_in_use_is_refused_with_what_to_do(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = run(tmp_path / "file" / "data", "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "SHOUWANG_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_none_is_refused_and_left_alone(tmp_path):
    spoiled = tmp_path / "shouwang.sqlite3"
    spoiled.write_text("no database at all " * 100)
    done = run(tmp_path, "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert spoiled.read_text().startswith("no database")


def test_the_doctor_says_what_is_missing(tmp_path):
    done = run(tmp_path / "nowhere", "doctor")
    assert done.returncode == 1
    assert "script/run" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import", "nothing.xlsx"], "cannot be read"),
        (["export", "roster.pdf"], ".xlsx or .csv"),
        (["drill", "nothing.yaml"], "nothing.yaml"),
        (["token", "revoke", "1"], "no database"),
        (["rebuild", "--check"], "no database"),
        (["serve", "--port", "0"], "port"),
    ],
)
def test_bad_input_is_told_in_words(tmp_path, words, told):
    done = run(tmp_path, *words)
    assert done.returncode != 0
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_locked_database_is_told_in_words_and_nothing_is_written(monkeypatch, capsys):
    def locked():
        raise OperationalError("database is locked")

    monkeypatch.setattr(cli, "app", locked)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "locked by another program" in capsys.readouterr().err
