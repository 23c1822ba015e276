"""What every provider of text messages needs: the number, the parameters, their room.

In China a text message is a template that a provider has approved, with the sender's
sign before it; only its parameters are ours. Up to 70 characters, sign and template
included, it is one message; beyond that several are paid for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from shouwang.notify.message import Message, SendingError
from shouwang.notify.settings import Fault, Kind, Setting, Wrong, is_number, missing

CHARACTERS_MOST = 70
# A parameter that is cut keeps at least this much, however long the whole becomes.
_LEAST = 4
_NOTHING = "—"
_NEVER_CUT = frozenset({"link", "link_tail"})
_NAME = re.compile(r"(?:\w+=)?[a-z_]+", re.ASCII)
_PLACE = re.compile(r"\$\{\w+\}|\{\d+\}", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-9]\d{6,7}")

TEMPLATE_SETTINGS: Sequence[Setting] = (
    Setting(name="key_id"),
    Setting(name="key_secret", is_secret=True),
    Setting(name="sign"),
    Setting(name="template"),
    Setting(name="parameters", default="place,words,asked,link_tail"),
    Setting(name="template_text", is_required=False),
)


def longest_setting(default: int) -> Setting:
    """Return the setting for the longest parameter the provider grants."""
    return Setting(
        name="longest", kind=Kind.NUMBER, is_required=False, default=str(default)
    )


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What a provider's code means for us; see ``SendingError``."""

    words: str
    permanent: bool = True
    blocked_for: timedelta | None = None
    may_have_arrived: bool = False

    def error(self, code: str) -> SendingError:
        """Return it as an error with the provider's code."""
        return SendingError(
            self.words,
            permanent=self.permanent,
            code=code,
            blocked_for=self.blocked_for,
            may_have_arrived=self.may_have_arrived,
        )


UNREAD = Refusal(
    words="the answer cannot be read", permanent=False, may_have_arrived=True
)


def mobile_of(address: str) -> str:
    """Return a Chinese mobile number as ``+8613…``, however it was typed.

    Raises
    ------
    SendingError
        ``landline`` or ``not_a_mobile``, permanent; the number is not in the words.
    """
    digits = re.sub(r"[\s().·-]", "", unicodedata.normalize("NFKC", address))
    digits = re.sub(r"^(\+86|0086|86(?=\d{11}$))", "", digits)
    if _MOBILE.fullmatch(digits):
        return f"+86{digits}"
    if _LANDLINE.fullmatch(digits):
        raise SendingError(
            "a landline takes no text message", permanent=True, code="landline"
        )
    raise SendingError("not a mobile number", permanent=True, code="not_a_mobile")


def filled(message: Message, settings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the template's parameters by name, in order, short enough for one message.

    A link is never cut and takes its room first; the provider judges its length.
    """
    wanted = _wanted(settings["parameters"])
    values = _values(message)
    given = [(name, ours, values.get(ours) or _NOTHING) for name, ours in wanted]
    fixed = len(settings["sign"]) + 2 + len(_PLACE.sub("", settings["template_text"]))
    fixed += sum(len(value) for _, ours, value in given if ours in _NEVER_CUT)
    each = int(settings["longest"])
    cut = [value for _, ours, value in given if ours not in _NEVER_CUT]
    most = _share(cut, each=each, room=CHARACTERS_MOST - fixed)
    return [
        (name, value if ours in _NEVER_CUT else _shortened(value, most))
        for name, ours, value in given
    ]


def wrong_of(wanted: Sequence[Setting], given: Mapping[str, str]) -> tuple[Wrong, ...]:
    """Return what is wrong with the settings of a template, defaults filled in."""
    found = list(missing(wanted, given))
    if not _fits(given["parameters"], given["template_text"]):
        found.append(Wrong(name="parameters", fault=Fault.UNKNOWN_FORM))
    if not is_number(given["longest"], least=_LEAST, most=500):
        found.append(Wrong(name="longest", fault=Fault.NOT_A_NUMBER))
    return tuple(found)


def _fits(parameters: str, template_text: str) -> bool:
    rows = [row.strip() for row in parameters.split(",")]
    if not all(_NAME.fullmatch(row) for row in rows):
        return False
    places = len(set(_PLACE.findall(template_text)))
    return not template_text.strip() or places == len(rows)


def _wanted(parameters: str) -> list[tuple[str, str]]:
    """Return (the template's name, ours) of each; ``a=place`` names both."""
    rows = [row.strip() for row in parameters.split(",") if row.strip()]
    return [(row.split("=")[0], row.split("=")[-1]) for row in rows]


def _values(message: Message) -> dict[str, str]:
    link = message.values.get("link") or message.link
    whole = {
        "title": message.title,
        "text": message.text,
        "name": message.to_name,
        **message.values,
        "link": link,
        # Providers refuse addresses in parameters: the template holds the address of
        # our server, the parameter what comes after it.
        "link_tail": _tail(link),
    }
    return {name: _plain(value) for name, value in whole.items()}


def _tail(link: str) -> str:
    parts = urlsplit(link)
    return parts._replace(scheme="", netloc="").geturl().lstrip("/")


def _plain(value: str) -> str:
    # Only the sign may stand in these brackets.
    return " ".join(value.split()).replace("【", "[").replace("】", "]")


def _share(values: Sequence[str], *, each: int, room: int) -> int:
    """Return the most characters of each value, so that together they fit ``room``."""
    most = each
    while most > _LEAST and sum(min(len(row), most) for row in values) > room:
        most -= 1
    return most


def _shortened(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"
