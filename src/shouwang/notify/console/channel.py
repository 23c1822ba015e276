"""The console: every message is a line of the log. For trying out, and for one desk."""

from __future__ import annotations

import logging

from shouwang.notify.message import Message

logger = logging.getLogger(__name__)


class ConsoleChannel:
    """Writes messages to the log."""

    def send(self, message: Message) -> None:
        """Write ``message`` as one line."""
        logger.info("→ %s: %s", message.to_name, message.text)
