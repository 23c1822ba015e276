"""What ntfy says: an HTTP status, and a finer code in the body."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.notify.message import Cause, SendingError
from shouwang.notify.outgoing import Answer
from shouwang.notify.refusals import code_in, require_taken

# Used up for today; asking every minute would not give more.
_USED_UP = {"42905", "42908"}


def require_published(answer: Answer, *, now: datetime) -> None:
    """Raise ``SendingError``, with ntfy's finer code, unless it took the message."""
    try:
        require_taken(answer, now=now)
    except SendingError as error:
        error.code = _code(answer)
        if error.code in _USED_UP:
            error.blocked_for = timedelta(hours=1)
        elif error.cause is Cause.REFUSED and answer.status == 404:
            error.cause = Cause.WRONG_KEY
        raise


def _code(answer: Answer) -> str:
    try:
        return code_in(answer, "code")
    except SendingError:
        return str(answer.status)
