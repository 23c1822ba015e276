"""Reading what people paste: a robot's whole address, or only its key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from shouwang.notify.inside import looks_inside
from shouwang.notify.message import Cause, SendingError
from shouwang.notify.settings import Fault, Wrong

_QUOTES = "\"'“”‘’<>《》「」`"
_ADDRESS = re.compile(r"[A-Za-z]+://[^\s\"'“”<>，。；]+")


@dataclass(frozen=True, kw_only=True)
class RobotForm:
    """How the addresses of a provider's robots look.

    ``parameter`` is where the key stands in the query; where it is empty the key is
    what follows ``path``. ``key`` matches a whole key.
    """

    host: str
    path: str
    parameter: str
    key: re.Pattern[str]


def robot_key(pasted: str, form: RobotForm) -> str | Fault:
    """Return the key in what somebody pasted, or what is wrong with it."""
    text = _tidied(pasted)
    if not text:
        return Fault.MISSING
    if "/" not in text:
        return _key(text.removeprefix(f"{form.parameter}="), form)
    address = _split(text if "://" in text else f"https://{text}")
    if address is None:
        return Fault.NOT_AN_ADDRESS
    if (address.hostname or "") != form.host:
        return Fault.OTHER_PROVIDER
    if address.scheme != "https":
        return Fault.NOT_SECURE
    return _key_of(address, form)


def required_key(pasted: str, form: RobotForm) -> str:
    """Return the key in what somebody pasted; raises ``SendingError`` if it is none."""
    found = robot_key(pasted, form)
    if isinstance(found, Fault):
        raise SendingError(
            "the robot is not set up", permanent=True, cause=Cause.WRONG_KEY
        )
    return found


def address_fault(pasted: str, *, may_be_inside: bool) -> Fault | None:
    """Return what is wrong with an address of somebody's own.

    Inside our own network it may be plain http; elsewhere anybody on the way could read
    it.
    """
    address = _split(_tidied(pasted))
    if address is None or not address.hostname:
        return Fault.NOT_AN_ADDRESS
    if may_be_inside:
        return None
    if looks_inside(address.hostname):
        return Fault.INSIDE
    if address.scheme != "https":
        return Fault.NOT_SECURE
    return None


def address_in(pasted: str) -> str:
    """Return the address in what somebody pasted."""
    return _tidied(pasted)


def form_fault(text: str, form: re.Pattern[str]) -> Fault | None:
    """Return whether an optional setting has another form than it can have."""
    return None if not text or form.fullmatch(text) else Fault.UNKNOWN_FORM


def all_wrong(rows: Iterable[tuple[str, str | Fault | None]]) -> tuple[Wrong, ...]:
    """Return the faults among what was read, each under its setting's name."""
    return tuple(
        Wrong(name=name, fault=row) for name, row in rows if isinstance(row, Fault)
    )


def _tidied(pasted: str) -> str:
    """Return the address in the sentence or quotes it was copied with."""
    found = _ADDRESS.search(pasted)
    return found[0] if found else pasted.strip().strip(_QUOTES).strip()


def _split(text: str) -> SplitResult | None:
    try:
        address = urlsplit(text)
        # Reading the port judges it.
        usable = address.scheme in {"http", "https"} and address.port != 0
    except ValueError:
        return None
    return address if usable and not address.username else None


def _key_of(address: SplitResult, form: RobotForm) -> str | Fault:
    if not form.parameter:
        if not address.path.startswith(form.path):
            return Fault.UNKNOWN_FORM
        return _key(address.path.removeprefix(form.path).rstrip("/"), form)
    if address.path.rstrip("/") != form.path:
        return Fault.UNKNOWN_FORM
    found = parse_qs(address.query).get(form.parameter, [])
    return _key(found[0], form) if len(found) == 1 else Fault.UNKNOWN_FORM


def _key(text: str, form: RobotForm) -> str | Fault:
    return text if form.key.fullmatch(text) else Fault.UNKNOWN_FORM
