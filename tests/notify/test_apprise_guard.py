from __future__ import annotations

import os
import sys

import pytest

from shouwang.notify.apprise_url.child import Guard


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("socket.connect", (None, ("10.0.0.1", 80))),
        ("socket.connect", (None, ("169.254.169.254", 80))),
        ("socket.connect", (None, ("::1", 80, 0, 0))),
        ("socket.connect", (None, ("::ffff:192.168.0.1", 80, 0, 0))),
        ("socket.connect", (None, ("localhost", 80))),
        ("socket.connect", (None, "/run/dbus/system_bus_socket")),
        ("socket.sendto", (None, ("127.0.0.1", 514))),
        ("subprocess.Popen", ("sh", ["sh"], None, None)),
        ("os.system", (b"true",)),
        ("os.posix_spawn", ("sh", [], {})),
        ("open", ("/etc/passwd", "r", os.O_RDONLY)),
        ("open", (f"{sys.prefix}/../secret", "r", os.O_RDONLY)),
        ("open", (f"{sys.prefix}/made", "w", os.O_WRONLY | os.O_CREAT)),
    ],
)
def test_what_a_message_needs_not_is_refused(event, given):
    guard = Guard(may_be_inside=False)
    with pytest.raises(PermissionError):
        guard(event, given)
    assert guard.refused
    assert not guard.has_connected


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("socket.connect", (None, ("8.8.8.8", 443))),
        ("socket.sendto", (None, ("2001:4860:4860::8888", 443, 0, 0))),
        ("open", (f"{sys.prefix}/pyvenv.cfg", "r", os.O_RDONLY)),
        ("open", (3, "r", os.O_RDONLY)),
        ("open", (os.devnull, "w", os.O_WRONLY)),
        ("import", ("json", None, None, None, None)),
    ],
)
def test_what_a_message_needs_is_let_through(event, given):
    guard = Guard(may_be_inside=False)
    guard(event, given)
    assert not guard.refused


def test_what_is_allowed_inside_still_reaches_no_file_or_program():
    guard = Guard(may_be_inside=True)
    guard("socket.connect", (None, ("127.0.0.1", 80)))
    assert guard.has_connected
    with pytest.raises(PermissionError):
        guard("socket.connect", (None, "/dev/log"))
