"""YAML read with its lines, so that every error says where it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import yaml

MINUTES_MOST = 7 * 24 * 60
Value = TypeVar("Value")


@dataclass(kw_only=True)
class Problems:
    """Everything wrong with a file, by line."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, words: str) -> None:
        """Note that something is wrong on ``line`` (from 1)."""
        self.found.append((line, words))

    def lines(self) -> list[str]:
        """Return the problems in the order of the file."""
        return [f"line {line}: {words}" for line, words in sorted(self.found)]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One node of the file."""

    node: yaml.Node | None
    line: int
    problems: Problems

    def refuse(self, words: str) -> None:
        """Note that this item is not what was expected."""
        self.problems.add(self.line, words)

    @property
    def is_given(self) -> bool:
        """Return whether the file has it, with a value."""
        return self.node is not None and self.node.tag != "tag:yaml.org,2002:null"

    def mapping(
        self, allowed: Collection[str], needed: Collection[str] = ()
    ) -> Mapping[str, Item]:
        """Return the values by key; every allowed key is there, given or not."""
        found: dict[str, Item] = {}
        if isinstance(self.node, yaml.MappingNode):
            for key, value in self.node.value:
                found[key.value] = self._child(value, key)
                if key.value not in allowed:
                    found[key.value].refuse(
                        f"unknown key '{key.value}'; expected one of: "
                        + ", ".join(sorted(allowed))
                    )
        else:
            self.refuse("expected keys and values: " + ", ".join(sorted(allowed)))
        for name in needed:
            if name not in found:
                self.refuse(f"'{name}' is missing")
        return {name: found.get(name, self._nothing()) for name in allowed}

    def pairs(self) -> Iterator[tuple[str, Item]]:
        """Yield the keys and values of free keys."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("expected keys and values")
            return
        for key, value in self.node.value:
            yield key.value, self._child(value, key)

    def items(self) -> list[Item]:
        """Return the items of a list; of nothing, none."""
        if not self.is_given:
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("expected a list")
            return []
        return [self._child(node, node) for node in self.node.value]

    def text(self, default: str = "") -> str:
        """Return a scalar as it is written."""
        if not self.is_given:
            return default
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse("expected a single value")
            return default
        return str(self.node.value)

    def parsed(
        self, parse: Callable[[str], Value], default: Value, wanted: str
    ) -> Value:
        """Return the parsed scalar; refuses what ``parse`` does not take."""
        if not self.is_given:
            return default
        try:
            return parse(self.text())
        except (ValueError, KeyError):
            self.refuse(f"'{self.text()}' is not understood; expected {wanted}")
            return default

    def minutes(self, default: float) -> float:
        """Return a span in minutes, from none to a week."""
        return self.parsed(_minutes, default, f"minutes, from 0 to {MINUTES_MOST}")

    def one_of(self, allowed: Collection[str], default: str = "") -> str:
        """Return a scalar that must be one of ``allowed``."""
        text = self.text(default)
        if text not in allowed and self.is_given:
            self.refuse(
                f"'{text}' is not known; expected one of: " + ", ".join(sorted(allowed))
            )
        return text

    def flag(self, *, default: bool) -> bool:
        """Return a boolean."""
        return self.parsed(_boolean, default, "true or false")

    def _child(self, node: yaml.Node, at: yaml.Node) -> Item:
        return Item(node=node, line=at.start_mark.line + 1, problems=self.problems)

    def _nothing(self) -> Item:
        return Item(node=None, line=self.line, problems=self.problems)


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 <= minutes <= MINUTES_MOST:  # not a number is outside, too
        raise ValueError(text)
    return minutes


def _boolean(text: str) -> bool:
    return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
