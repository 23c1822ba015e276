"""What the refusals of providers mean: later, never, or set it up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from shouwang.notify.message import Cause, SendingError
from shouwang.notify.outgoing import Answer

A_MINUTE = timedelta(minutes=1)
# Whatever an address asks for, it is asked again within the hour.
_BLOCKED_MOST = timedelta(hours=1)
# Taken, perhaps, by a machine behind the one that answered.
_LOST_STATUSES = frozenset({500, 502, 504})
_LATER_STATUSES = frozenset({408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What one code of a provider means.

    ``permanent`` and ``blocked_for`` are those of ``SendingError``.
    """

    cause: Cause
    words: str
    permanent: bool = False
    blocked_for: timedelta | None = None

    def error(self, code: str) -> SendingError:
        """Return it as an error that keeps the provider's code.

        The provider's own words are left out: they may repeat the key.
        """
        return SendingError(
            self.words,
            permanent=self.permanent,
            code=code,
            blocked_for=self.blocked_for,
            cause=self.cause,
        )


# A code nobody wrote down is tried again: giving up is what cannot be made good.
_UNKNOWN = Refusal(cause=Cause.UNKNOWN, words="refused for a reason we do not know")


def refused(known: Mapping[str, Refusal], code: str) -> SendingError:
    """Return what the refusal with this code means."""
    return known.get(code, _UNKNOWN).error(code)


def code_in(answer: Answer, *names: str) -> str:
    """Return the code a provider put into its answer, under the first of the names.

    Raises
    ------
    SendingError
        There is none: this is somebody else's answer, and the message may have arrived.
    """
    found = answer.json()
    for name in names:
        code = found.get(name)
        if isinstance(code, int | str) and not isinstance(code, bool):
            return str(code)
    raise SendingError(
        "the answer cannot be read",
        code=str(answer.status),
        may_have_arrived=True,
        cause=Cause.NO_ANSWER,
    )


def require_taken(answer: Answer, *, now: datetime) -> None:
    """Raise ``SendingError`` unless the HTTP status is a yes.

    410 and all other refusals of the 400s are final, but for those that mean later
    (408, 425, 429); a redirect is final too, since nobody follows it. ``Retry-After`` is
    honoured, within an hour. ``now`` is what a date in it is compared with.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    is_later = status in _LATER_STATUSES or status >= 500
    blocked_for = retry_after(answer, now=now) if is_later else None
    if status == 429:
        blocked_for = blocked_for or A_MINUTE
    raise SendingError(
        f"the address answered {status}",
        permanent=not is_later,
        code=str(status),
        blocked_for=blocked_for,
        may_have_arrived=status in _LOST_STATUSES,
        cause=_cause(status, is_later=is_later),
    )


def retry_after(answer: Answer, *, now: datetime) -> timedelta | None:
    """Return how long an answer asks to wait, at most an hour; ``None`` if it does not."""
    given = answer.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdecimal():
        # Beyond seven digits it is the hour anyway, and a number may have a thousand.
        wait = timedelta(seconds=int(given[:7]))
    else:
        try:
            wait = parsedate_to_datetime(given) - now
        except (ValueError, TypeError):
            return None
    return min(wait, _BLOCKED_MOST) if wait > timedelta(0) else None


def _cause(status: int, *, is_later: bool) -> Cause:
    match status:
        case 401 | 403:
            return Cause.WRONG_KEY
        case 410:
            return Cause.SWITCHED_OFF
        case 413:
            return Cause.TOO_LONG
        case 429:
            return Cause.TOO_FAST
        case _:
            return Cause.BUSY if is_later else Cause.REFUSED
