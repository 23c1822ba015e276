"""A message as channels see it, and the errors of sending."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Message:
    """Words for one person; ``key`` is the same whenever it is sent again."""

    key: str
    to_name: str
    to_phone: str
    text: str


class SendingError(Exception):
    """A message did not go out. ``permanent`` means that trying again is no use."""

    def __init__(self, words: str, *, permanent: bool = False) -> None:
        super().__init__(words)
        self.permanent = permanent
