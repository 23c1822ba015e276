"""A channel that only records: for rehearsals and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt, SendingError
from shouwang.notify.settings import Reaches, Setting, Wrong


class RecordingChannel:
    """Keeps what was sent; can be told to fail."""

    kind = "recording"
    reaches = Reaches.ANYBODY
    settings: Sequence[Setting] = ()
    limits: Sequence[Limit] = ()
    speed = 1000
    takes_pictures = True

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

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return nothing: there is nothing to set up."""
        return ()

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Keep ``message``; raises ``SendingError`` while told to fail."""
        if self._fails:
            raise SendingError("the channel was told to fail")
        self.sent.append(message)
        return Receipt()
