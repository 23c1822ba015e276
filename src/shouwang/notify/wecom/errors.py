"""What WeCom's robot says, inside HTTP 200."""

from __future__ import annotations

from shouwang.notify.message import Cause
from shouwang.notify.refusals import A_MINUTE, Refusal

_NO_KEY = Refusal(
    cause=Cause.WRONG_KEY, words="WeCom knows no robot of this key", permanent=True
)
_PICTURE = Refusal(
    cause=Cause.PICTURE, words="WeCom refused the picture", permanent=True
)
_FORM = Refusal(
    cause=Cause.REFUSED, words="WeCom cannot read the message", permanent=True
)

REFUSALS = {
    "-1": Refusal(cause=Cause.BUSY, words="WeCom is busy"),
    "40008": _FORM,
    "40009": _PICTURE,
    "40058": Refusal(
        cause=Cause.TOO_LONG, words="WeCom found the message too long", permanent=True
    ),
    "44004": Refusal(
        cause=Cause.CONTENT, words="WeCom takes no empty message", permanent=True
    ),
    "45009": Refusal(
        cause=Cause.TOO_FAST, words="more than WeCom takes", blocked_for=A_MINUTE
    ),
    "93000": _NO_KEY,
    "301019": _PICTURE,
}
