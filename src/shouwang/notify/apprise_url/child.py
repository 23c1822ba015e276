"""Runs Apprise for one message, in a process that may do nothing else.

Apprise knows some hundred services, and many take the name of a file, a machine or a
desktop in their address. So it runs apart: no environment, no network but the outside
(unless allowed), no files but the program's own, no other programs. Python itself tells
us of every such attempt before it happens. The process ends after one message, and the
memory it took goes with it.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.attachment.memory import AttachMemory
from apprise.manager_plugins import NotificationManager

from shouwang.notify.inside import is_inside

_SERVICE_SECONDS = 20
_PROGRAMS = ("subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn")
_READABLE = tuple(
    os.path.realpath(row) + os.sep
    for row in (sys.prefix, sys.base_prefix, "/usr/share/zoneinfo")
)


@dataclass(kw_only=True)
class Guard:
    """Refuses what a message needs not; remembers what was tried."""

    may_be_inside: bool
    refused: set[str] = field(default_factory=set)
    has_connected: bool = False

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        """Look at one event of Python's audit."""
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._connect(given[1])
        elif (
            event == "open" and not _may_be_read(given[0], given[2])
        ) or event.startswith(_PROGRAMS):
            self._refuse("this_machine")

    def _connect(self, address: Any) -> None:
        if not isinstance(address, tuple):
            # A socket in the file system, or one already connected.
            return None if address is None else self._refuse("this_machine")
        if not self.may_be_inside and _is_inside(str(address[0])):
            return self._refuse("inside")
        self.has_connected = True
        return None

    def _refuse(self, why: str) -> None:
        self.refused.add(why)
        raise PermissionError(why)


def _is_inside(host: str) -> bool:
    try:
        return is_inside(host)
    except ValueError:
        # A name that would be looked up out of our sight.
        return True


def _may_be_read(path: Any, flags: Any) -> bool:
    if isinstance(path, int):
        return True
    whole = os.path.realpath(os.fsdecode(path))
    is_written = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
    return whole == os.devnull or (whole.startswith(_READABLE) and not is_written)


def outcome_of(order: Mapping[str, Any]) -> str:
    """Send one message; return in one word what became of it."""
    guard = _prepared(bool(order["may_be_inside"]))
    sys.addaudithook(guard)
    service = Apprise.instantiate(order["url"], asset=_asset())
    if service is not None:
        sender = Apprise(asset=_asset())
        sender.add(service)
        if sender.notify(
            body=order["body"],
            title=order["title"],
            body_format=NotifyFormat.TEXT,
            attach=_picture(order),
        ):
            return "sent"
    for why in guard.refused:
        return why
    if service is None:
        return "unknown"
    return "not_sent" if guard.has_connected else "not_connected"


def _prepared(may_be_inside: bool) -> Guard:
    """Load all that is loaded from files before files are watched."""
    mimetypes.init()
    manager = NotificationManager()  # type: ignore[no-untyped-call]
    manager.load_modules()  # type: ignore[no-untyped-call]
    return Guard(may_be_inside=may_be_inside)


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Shouwang",
        app_desc="",
        app_url="",
        async_mode=False,
        http_redirects=False,
        storage_mode="memory",
        allow_templates=False,
        service_timeout=_SERVICE_SECONDS,
    )


def _picture(order: Mapping[str, Any]) -> AttachMemory | None:
    if not order["picture"]:
        return None
    kind = order["media_type"]
    return AttachMemory(  # type: ignore[no-untyped-call]
        content=base64.b64decode(order["picture"]),
        name=f"shouwang{mimetypes.guess_extension(kind) or ''}",
        mimetype=kind,
    )


if __name__ == "__main__":
    sys.stdout.write(outcome_of(json.load(sys.stdin)))
