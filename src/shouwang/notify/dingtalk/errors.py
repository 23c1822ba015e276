"""What DingTalk's robot says, inside HTTP 200."""

from __future__ import annotations

from datetime import timedelta

from shouwang.notify.message import Cause, SendingError
from shouwang.notify.refusals import Refusal, refused

_TOO_FAST = Refusal(
    cause=Cause.TOO_FAST,
    words="more than DingTalk takes",
    blocked_for=timedelta(minutes=10),
)
_NO_KEY = Refusal(
    cause=Cause.WRONG_KEY, words="DingTalk knows no robot of this key", permanent=True
)
_OFF = Refusal(
    cause=Cause.SWITCHED_OFF,
    words="the robot is switched off, or its group is gone",
    permanent=True,
)
_CONTENT = Refusal(
    cause=Cause.CONTENT, words="DingTalk does not like the words", permanent=True
)
_FORM = Refusal(
    cause=Cause.REFUSED, words="DingTalk cannot read the message", permanent=True
)

REFUSALS = {
    "-1": Refusal(cause=Cause.BUSY, words="DingTalk is busy"),
    "40035": _FORM,
    "43004": _FORM,
    "90030": _TOO_FAST,
    "130101": _TOO_FAST,
    "300001": _NO_KEY,
    "300005": _NO_KEY,
    "302033": _TOO_FAST,
    "400013": _OFF,
    "400101": _NO_KEY,
    "400102": _OFF,
    "400105": _FORM,
    "400106": _NO_KEY,
    "410100": _TOO_FAST,
    "430101": _CONTENT,
    "430102": _CONTENT,
    "430103": _CONTENT,
    "430104": _CONTENT,
    "460101": Refusal(
        cause=Cause.TOO_LONG,
        words="DingTalk found the message too long",
        permanent=True,
    ),
}

# One code for everything the robot's security settings refuse; its words tell which.
UNSAFE = "310000"
_UNSAFE_BY_WORD = {
    "timestamp": Refusal(cause=Cause.CLOCK, words="our clock is an hour off"),
    "sign": Refusal(
        cause=Cause.WRONG_SIGNATURE, words="the robot's secret is wrong", permanent=True
    ),
    "keyword": Refusal(
        cause=Cause.KEYWORD, words="the robot asks for another keyword", permanent=True
    ),
    "ip": Refusal(
        cause=Cause.SENDER_NOT_ALLOWED,
        words="the robot does not take messages from our address",
        permanent=True,
    ),
}
_UNSAFE_UNKNOWN = Refusal(
    cause=Cause.REFUSED,
    words="the robot's security settings refuse it",
    permanent=True,
)


def refusal(code: str, words: str) -> SendingError:
    """Return what a refusal means; ``words`` are DingTalk's own."""
    if code != UNSAFE:
        return refused(REFUSALS, code)
    for word, meant in _UNSAFE_BY_WORD.items():
        if word in words.lower():
            return meant.error(code)
    return _UNSAFE_UNKNOWN.error(code)
