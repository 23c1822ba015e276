"""The console: every message is a line of the log. For trying out, and for one desk."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt
from shouwang.notify.settings import Reaches, Setting, Wrong

logger = logging.getLogger(__name__)


class ConsoleChannel:
    """Writes messages to the log."""

    kind = "console"
    reaches = Reaches.ANYBODY
    settings: Sequence[Setting] = ()
    limits: Sequence[Limit] = ()
    speed = 1000
    takes_pictures = False

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return nothing: there is nothing to set up."""
        return ()

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Write ``message`` as one line."""
        link = f" {message.link}" if message.link else ""
        logger.info("→ %s: %s%s", message.to_name, message.text, link)
        return Receipt()
