"""What a channel needs to be told before it can be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reaches(StrEnum):
    """Whom a channel finds, and by what."""

    GROUP = "group"
    PHONE = "phone"
    EMAIL = "email"
    PUSH = "push"
    # Whoever reads where it is written: the console of the program.
    ANYBODY = "anybody"


class Kind(StrEnum):
    """How a setting is filled in."""

    TEXT = "text"
    ADDRESS = "address"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One thing to fill in. A secret is kept unreadable and never shown again."""

    name: str
    kind: Kind = Kind.TEXT
    is_secret: bool = False
    is_required: bool = True
    default: str = ""


class Fault(StrEnum):
    """What can be wrong with a setting."""

    MISSING = "missing"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_A_NUMBER = "not_a_number"
    NOT_SECURE = "not_secure"
    UNKNOWN_FORM = "unknown_form"
    OTHER_PROVIDER = "other_provider"
    INSIDE = "inside"
    # We have a channel of our own for it, which knows when it was refused.
    HAS_OWN_CHANNEL = "has_own_channel"
    # It would reach for this machine itself.
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A setting, and what is wrong with it."""

    name: str
    fault: Fault


def missing(wanted: Sequence[Setting], given: Mapping[str, str]) -> tuple[Wrong, ...]:
    """Return the required settings that are empty."""
    return tuple(
        Wrong(name=row.name, fault=Fault.MISSING)
        for row in wanted
        if row.is_required and not given.get(row.name, "").strip()
    )


def text_of(given: Mapping[str, str], name: str) -> str:
    """Return a setting without the spaces around it; empty where it is not given."""
    return given.get(name, "").strip()


def is_on(given: Mapping[str, str], name: str) -> bool:
    """Return whether a setting of ``Kind.FLAG`` is switched on."""
    return text_of(given, name).lower() in {"1", "true", "on", "yes"}


def filled_in(wanted: Sequence[Setting], given: Mapping[str, str]) -> dict[str, str]:
    """Return every setting without spaces around it, its default where it is empty."""
    return {row.name: given.get(row.name, "").strip() or row.default for row in wanted}


def is_number(text: str, *, least: int, most: int) -> bool:
    """Return whether ``text`` is a whole number between both bounds (included)."""
    return text.isascii() and text.isdigit() and least <= int(text) <= most
