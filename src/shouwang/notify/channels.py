"""What a channel is, and where to find one by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from shouwang.notify.console.channel import ConsoleChannel
from shouwang.notify.message import Message
from shouwang.notify.recording.channel import RecordingChannel


class Channel(Protocol):
    """Delivers one message, or raises ``SendingError``."""

    def send(self, message: Message) -> None:
        """Deliver ``message`` at least once; its key makes a repeat harmless."""


@dataclass(frozen=True, kw_only=True)
class UnknownChannelError(Exception):
    """No channel has this name."""

    name: str


CONSOLE = ConsoleChannel()
RECORDING = RecordingChannel()
_CHANNELS: Mapping[str, Channel] = {"console": CONSOLE, "recording": RECORDING}


def channel_named(name: str) -> Channel:
    """Return the channel called ``name``; raises ``UnknownChannelError``."""
    try:
        return _CHANNELS[name]
    except KeyError as error:
        raise UnknownChannelError(name=name) from error
