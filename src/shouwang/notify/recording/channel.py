"""A channel that only records: for rehearsals and tests."""

from __future__ import annotations

from shouwang.notify.message import Message, SendingError


class RecordingChannel:
    """Keeps what was sent; can be told to fail."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self._fails = False

    def fail(self, fails: bool) -> None:
        """From now on fail, or no longer."""
        self._fails = fails

    def clear(self) -> None:
        """Forget what was sent, and work."""
        self.sent.clear()
        self._fails = False

    def send(self, message: Message) -> None:
        """Keep ``message``; raises ``SendingError`` while told to fail."""
        if self._fails:
            raise SendingError("the channel was told to fail")
        self.sent.append(message)
