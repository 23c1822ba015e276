"""A practice file becomes a practice, or a list of everything wrong with it.

The file is YAML, or JSON, which is YAML too. It comes from strangers: it is small, flat,
without references (with which a few lines become gigabytes), and every key is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from typing import Annotated, Any, Literal

import yaml
from django.utils.translation import get_language, gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from shouwang.common.errors import RefusedError
from shouwang.domain.alerts import AlertKind
from shouwang.domain.ladder import Ask, Risk
from shouwang.domain.signals import BUILT_IN, Meaning, Nature
from shouwang.domain.visits import QuestionKind

FORMAT = "shouwang-practice"
VERSION = 1
BYTES_MOST = 64 * 1024
NODES_MOST = 2000
DEPTH_MOST = 8
# What a form at the door takes at most; see visits.
QUESTIONS_MOST = 20
CHOICES_MOST = 8
LANGUAGES = ("zh-hans", "en")
TELLS = (
    "walker_of_round",
    "duty_officer",
    "coordinator",
    "walker",
    "volunteer",
    "keyholder",
    "family",
)
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Tell = Literal[
    "walker_of_round",
    "duty_officer",
    "coordinator",
    "walker",
    "volunteer",
    "keyholder",
    "family",
]


def _storable(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        message = "control signs"
        raise ValueError(message)
    text.encode()
    return text


def _clock(text: str) -> str:
    time.fromisoformat(text)
    return text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(_storable),
]
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_storable),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_storable),
]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,28}$")]
Clock = Annotated[
    str, StringConstraints(pattern=r"^\d\d:\d\d$"), AfterValidator(_clock)
]
Days = Annotated[list[Day], Field(min_length=1, max_length=7)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LineText(_Part):
    """A short text in one language or both."""

    zh: Line | None = Field(default=None, alias="zh-hans")
    en: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:
        return _in_one_language(given)

    @model_validator(mode="after")
    def _said(self) -> LineText:
        _require_said(self)
        return self

    def __str__(self) -> str:
        return said(self)


class ProseText(_Part):
    """A longer text in one language or both."""

    zh: Prose | None = Field(default=None, alias="zh-hans")
    en: Prose | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:
        return _in_one_language(given)

    @model_validator(mode="after")
    def _said(self) -> ProseText:
        _require_said(self)
        return self

    def __str__(self) -> str:
        return said(self)


def _in_one_language(given: Any) -> Any:
    """Read a bare text as it is: shown to everybody, whatever their language."""
    return {"zh-hans": given, "en": given} if isinstance(given, str) else given


def _require_said(text: LineText | ProseText) -> None:
    if text.zh is None and text.en is None:
        message = "no text"
        raise ValueError(message)


def said(text: LineText | ProseText) -> str:
    """Return a text in the reader's language, else in the other."""
    first, second = (text.en, text.zh)
    if (get_language() or "").startswith("zh"):
        first, second = second, first
    return first or second or ""


class StatePart(_Part):
    """One state of an own kind."""

    code: Code
    name: LineText
    meaning: Meaning


class KindPart(_Part):
    """An own kind of signal."""

    code: Code
    name: LineText
    states: Annotated[list[StatePart], Field(min_length=2, max_length=8)]


class WindowPart(_Part):
    """One window of time; ``grace`` in minutes."""

    label: LineText
    opens: Clock
    due: Clock
    grace: Annotated[int, Field(ge=0, le=240)] = 10
    days: Days = Field(default=[*DAYS])
    well: Annotated[list[Code], Field(min_length=1, max_length=8)]


class StepPart(_Part):
    """One step of a ladder: roles only, never a person."""

    tell: Annotated[list[Tell], Field(min_length=1, max_length=7)]
    ask: Ask
    wait: Annotated[int, Field(ge=0, le=24 * 60)]


class PolicyPart(_Part):
    """A ladder."""

    name: LineText
    kinds: Annotated[list[AlertKind], Field(min_length=1, max_length=10)]
    risks: Annotated[list[Risk], Field(max_length=3)] = []
    steps: Annotated[list[StepPart], Field(min_length=1, max_length=20)]


class RoundPart(_Part):
    """A walk: when, without anybody who walks it or whom it passes."""

    name: LineText
    at: Clock
    days: Days = Field(default=[*DAYS])


class QuestionPart(_Part):
    """A question at visits: how it is answered, and the answers where one is chosen."""

    text: LineText
    kind: QuestionKind = QuestionKind.TEXT
    choices: Annotated[list[LineText], Field(max_length=CHOICES_MOST)] = []
    required: bool = False

    @model_validator(mode="after")
    def _can_be_answered(self) -> QuestionPart:
        if (len(self.choices) >= 2) != (self.kind is QuestionKind.CHOICE):
            message = "two answers or more go with a choice, and only with it"
            raise ValueError(message)
        return self


class Practice(_Part):
    """What a community does, so that another can do it too."""

    format: Literal["shouwang-practice"]
    version: Literal[1]
    name: LineText
    source: Line | None = None
    purpose: ProseText
    how: ProseText
    proves: ProseText
    proves_not: ProseText
    signal: Code
    kind: KindPart | None = None
    require_change: bool = False
    windows: Annotated[list[WindowPart], Field(min_length=1, max_length=12)]
    policy: PolicyPart | None = None
    rounds: Annotated[list[RoundPart], Field(max_length=6)] = []
    questions: Annotated[list[QuestionPart], Field(max_length=QUESTIONS_MOST)] = []

    @model_validator(mode="after")
    def _fits(self) -> Practice:
        states = self.states
        unknown = {code for row in self.windows for code in row.well} - set(states)
        if unknown:
            message = f"unknown states: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return self

    @property
    def states(self) -> list[str]:
        """Return the codes of the states of its signal, in order."""
        if self.kind is not None:
            if self.kind.code != self.signal or self.signal in BUILT_IN:
                message = "kind and signal differ"
                raise ValueError(message)
            return [row.code for row in self.kind.states]
        built_in = BUILT_IN.get(self.signal)
        if built_in is None or built_in.nature is Nature.MARK:
            message = f"unknown signal: {self.signal}"
            raise ValueError(message)
        return [*built_in.states]


def practice_read(content: bytes) -> Practice:
    """Return the practice of a file.

    Raises
    ------
    RefusedError
        ``file_too_big``, ``not_text``, ``not_yaml``, ``references``, ``too_deep``,
        ``not_a_practice``, ``unknown_version`` or ``practice_wrong``, the last with
        everything that is wrong in its words.
    """
    if len(content) > BYTES_MOST:
        raise _refused("file_too_big", _("A practice file has 64 KB at most."))
    given = _loaded(_text(content))
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise _refused("not_a_practice", _("This file is not a practice of Shouwang."))
    if given.get("version") != VERSION or isinstance(given.get("version"), bool):
        words = _(
            "This practice was saved in version %(version)s; here version 1 is read."
        )
        raise _refused("unknown_version", words % {"version": given.get("version")})
    try:
        return Practice.model_validate(given)
    except ValidationError as error:
        raise _refused("practice_wrong", " ".join(_problems(error))) from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = _("This is not a text file (UTF-8).")
        raise _refused("not_text", words) from error


def _loaded(text: str) -> Any:
    try:
        _require_plain(text)
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- a safe loader of ours
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = _("This file cannot be read: line %(line)s is neither YAML nor JSON.")
        line = mark.line + 1 if mark else 1
        raise _refused("not_yaml", words % {"line": line}) from error
    except (ValueError, RecursionError) as error:
        words = _("This file cannot be read: line %(line)s is neither YAML nor JSON.")
        raise _refused("not_yaml", words % {"line": 1}) from error


class _PlainLoader(yaml.SafeLoader):
    """Reads keys, texts, whole numbers and yes or no; times and dates stay texts."""


# A lamp that is "on" is no boolean, and 07:00 is no number of the base sixty.
_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"]
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]{0,8})$"), [*"0123456789"]
)


def _require_plain(text: str) -> None:
    """Refuse references and depth before anything is built from the file."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            words = _("A practice file has no references (& and *).")
            raise _refused("references", words)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MOST or count > NODES_MOST:
            raise _refused("too_deep", _("This file holds more than a practice does."))


def _problems(error: ValidationError) -> Iterator[str]:
    for row in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in row["loc"]) or FORMAT
        yield _("%(where)s: %(what)s.") % {
            "where": where,
            "what": _problem_words(row["type"], row["msg"]),
        }


def _problem_words(kind: str, message: str) -> str:
    words = {
        "missing": _("is missing"),
        "extra_forbidden": _("is not known here"),
        "literal_error": _("is none of what can stand here"),
        "enum": _("is none of what can stand here"),
        "too_short": _("has too few"),
        "too_long": _("has too many"),
        "string_too_short": _("is empty"),
        "string_too_long": _("is too long"),
        "string_pattern_mismatch": _("is not written as it must be"),
    }
    # What the parser says beyond that is for whoever wrote the file.
    return words.get(kind, message.removeprefix("Value error, "))


def _refused(code: str, words: str) -> RefusedError:
    return RefusedError(code, words, fields={"file": [words]})
