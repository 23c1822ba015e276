"""A text that goes out as several messages of its channel, one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from shouwang.notify.message import Receipt, SendingError


def send_parts(
    parts: Sequence[str], skip: int, send: Callable[[int, str], Receipt]
) -> Receipt:
    """Send the parts of a text in their order, but for the first ``skip``.

    ``send`` gets the place of a part, from 0, and the part. The receipt is that of the
    last; an error carries how many parts have arrived. The last part always goes: to
    find all of them gone, the text must have become shorter since, and twice is better
    than never.
    """
    receipt, first = Receipt(), min(skip, len(parts) - 1)
    for index in range(first, len(parts)):
        try:
            receipt = send(index, parts[index])
        except SendingError as error:
            error.delivered_count = index
            raise
    return replace(receipt, sent_count=len(parts) - first)
