"""Phone numbers as providers in China compare them."""

from __future__ import annotations

from collections.abc import Iterable

_DIGITS, _CHINA = 11, "86"
# Calling more people at once is calling nobody, and would crowd out the words.
CALLED_MOST = 50


def mobiles(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers as digits, without +86, each once, in their order.

    At most the first 50.
    """
    digits = ("".join(filter(str.isdecimal, row)) for row in numbers)
    return tuple(dict.fromkeys(_short(row) for row in digits if row))[:CALLED_MOST]


def _short(digits: str) -> str:
    digits = digits.removeprefix("00")
    if len(digits) == len(_CHINA) + _DIGITS:
        return digits.removeprefix(_CHINA)
    return digits
