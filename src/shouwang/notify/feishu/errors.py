"""What Feishu's robot says, inside HTTP 200."""

from __future__ import annotations

from datetime import timedelta

from shouwang.notify.message import Cause, SendingError
from shouwang.notify.refusals import Refusal, refused

# Five a second is soon over; so is the crowd of robots at each full and half hour.
_TOO_FAST = Refusal(
    cause=Cause.TOO_FAST,
    words="more than Feishu takes",
    blocked_for=timedelta(seconds=10),
)
_FORM = Refusal(
    cause=Cause.REFUSED, words="Feishu cannot read the message", permanent=True
)

REFUSALS = {
    "9499": _FORM,
    "11232": _TOO_FAST,
    "19001": Refusal(
        cause=Cause.WRONG_KEY, words="Feishu knows no robot of this key", permanent=True
    ),
    "19002": _FORM,
    # The same code says that our clock is an hour off, and clocks are set right again.
    "19021": Refusal(
        cause=Cause.WRONG_SIGNATURE,
        words="the robot's secret is wrong, or our clock is an hour off",
    ),
    "19022": Refusal(
        cause=Cause.SENDER_NOT_ALLOWED,
        words="the robot does not take messages from our address",
        permanent=True,
    ),
    "19024": Refusal(
        cause=Cause.KEYWORD, words="the robot asks for another keyword", permanent=True
    ),
}


def refusal(code: str, words: str) -> SendingError:
    """Return what a refusal means; ``words`` are Feishu's own."""
    # Its code for a bad request also stands for too many.
    if code == "9499" and "too many" in words.lower():
        return _TOO_FAST.error(code)
    return refused(REFUSALS, code)
