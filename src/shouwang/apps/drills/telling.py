"""A drill's lines as a timeline for people, with the names that its ids stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shouwang.apps.alerts.words import did_words, kind_words, numbers_words
from shouwang.apps.watch.words import status_words
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Did

# What a reader must not overlook.
LOUD = frozenset({Did.NOBODY_TOLD.value, Did.EXHAUSTED.value})


@dataclass(kw_only=True)
class Moment:
    """Something that happened, at ``at`` (aware); ``told`` are those it was told to."""

    at: datetime
    words: str
    told: list[str] = field(default_factory=list)
    is_loud: bool = False
    is_of_window: bool = False


Line = Mapping[str, Any]


def timeline(lines: Iterable[Line], names: Mapping[str, str]) -> list[Moment]:
    """Return what happened, each message with the step that it belongs to."""
    found: list[Moment] = []
    for line in lines:
        moment = _moment(line)
        if moment is None:
            continue
        if line["kind"] == "message":
            last = found[-1] if found else None
            if last is not None and last.at == moment.at and not last.is_of_window:
                moment = found.pop()
            moment.told.append(names.get(line["to"], line["to"]))
        found.append(moment)
    return found


def _moment(line: Line) -> Moment | None:
    at = datetime.fromisoformat(line["at"])
    match line["kind"]:
        case "alert":
            return _alert(at, line)
        case "message":
            return Moment(at=at, words=_message_words(line))
        case "status":
            values = {"status": status_words()[line["to"]]}
            words = _("The window: %(status)s") % values
            return Moment(at=at, words=words, is_of_window=True)
        case "refused":
            return Moment(at=at, words=line["why"], is_loud=True)
        case _:
            return None  # the sum at the end: the timeline has told it


def _alert(at: datetime, line: Line) -> Moment:
    did = did_words()[line["did"]]
    if line["did"] in {Did.OPENED.value, Did.JOINED.value}:
        values = {"did": did, "what": kind_words()[line["type"]]}
        words = _("Alert %(did)s: %(what)s") % values
    elif line["step"]:
        step = numbers_words([line["step"]])
        words = _("Step %(step)s: %(did)s") % {"step": step, "did": did}
    else:
        words = did
    return Moment(at=at, words=words, is_loud=line["did"] in LOUD)


def _message_words(line: Line) -> str:
    if line["about"] in set(AlertKind):
        return kind_words()[line["about"]]
    return _("told")
