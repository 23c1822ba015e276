"""Every other way of telling people: one address for Apprise."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt, SendingError
from shouwang.notify.settings import (
    Fault,
    Kind,
    Reaches,
    Setting,
    Wrong,
    is_on,
    missing,
)

SECONDS = 30.0
# These report success when the provider answered an error inside HTTP 200.
OWN = frozenset({"wecombot", "dingtalk", "feishu", "lark"})
# These reach for this machine: its desktop, its log, its files.
OF_THIS_MACHINE = frozenset(
    {"blink1", "dbus", "file", "gio", "glib", "gnome", "kde", "macosx", "memory", "qt"}
    | {"syslog", "vapid", "windows"}
)
_KIND = re.compile(r"([a-z0-9]{1,20})://[^\s]+", re.IGNORECASE)

_ERRORS: Mapping[str, SendingError] = {
    "unknown": SendingError(
        "Apprise does not know this address", permanent=True, code="unknown"
    ),
    "inside": SendingError(
        "the address is inside our own network", permanent=True, code="inside"
    ),
    "this_machine": SendingError(
        "the address reaches for this machine", permanent=True, code="not_allowed"
    ),
}


class AppriseChannel:
    """Hands a message to Apprise in a process of its own; see ``child``."""

    kind = "apprise"
    reaches = Reaches.GROUP
    settings: Sequence[Setting] = (
        Setting(name="url", is_secret=True),
        Setting(name="inside", kind=Kind.FLAG, is_required=False),
    )
    limits: Sequence[Limit] = ()
    speed = 60
    takes_pictures = True

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return everything that is wrong with how it is set up."""
        fault = _fault(settings.get("url", "").strip())
        found = missing(self.settings, settings)
        return (*found, *([Wrong(name="url", fault=fault)] if fault else ()))

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Send ``message`` once; raises ``SendingError``.

        Apprise says yes or no, never why, so that a no may hide a message that went.
        """
        url = settings["url"].strip()
        if fault := _fault(url):
            raise SendingError(
                "this address is not for Apprise", permanent=True, code=fault.value
            )
        outcome = _asked(_order(message, url, is_inside=is_on(settings, "inside")))
        if outcome == "sent":
            return Receipt()
        if outcome in _ERRORS:
            raise _again(_ERRORS[outcome])
        raise SendingError(
            "it was not sent", may_have_arrived=outcome != "not_connected"
        )


def _fault(url: str) -> Fault | None:
    found = _KIND.fullmatch(url)
    if not url:
        return None
    if found is None:
        return Fault.UNKNOWN_FORM
    kind = found[1].lower()
    if kind in OWN:
        return Fault.HAS_OWN_CHANNEL
    return Fault.NOT_ALLOWED if kind in OF_THIS_MACHINE else None


def _order(message: Message, url: str, *, is_inside: bool) -> dict[str, Any]:
    picture = message.picture
    return {
        "url": url,
        "title": message.title,
        "body": "\n".join(filter(None, (message.text, message.link))),
        "may_be_inside": is_inside,
        "media_type": picture.media_type if picture else "",
        "picture": base64.b64encode(picture.content).decode() if picture else "",
    }


def _asked(order: Mapping[str, Any]) -> str:
    """Return what became of it, in the one word the child says."""
    # Isolated (-I): no variable of the environment, no folder of the user's, decides
    # what is loaded or which proxy is asked. The order is not among the arguments,
    # which everybody on the machine may read.
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-m", _CHILD]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, fixed words
            command,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "not_sent"
    except OSError:
        return "not_connected"
    return done.stdout.decode(errors="replace").strip()


def _again(error: SendingError) -> SendingError:
    return SendingError(str(error), permanent=error.permanent, code=error.code)


_CHILD = "shouwang.notify.apprise_url.child"
