"""Where the agreed windows are on a picture, and what is no mark of a window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# Of the picture's side: on 1,600 pixels sixteen, fewer than which nobody can look into.
SIDE_LEAST = 0.01
# Of the picture's area: whoever marks more has not marked a window.
AREA_MOST = 0.5
# Two marks that share this much of what both cover are the same window twice.
SAME_FROM = 0.8
# A hand is not exact; a little of the wall around helps to know the window again.
PADDING = 0.1
# Sums of shares that were rounded to hundredths may come out this much over one.
_ROUNDING = 1e-9


class Fault(StrEnum):
    """Why a box is no mark of a window."""

    OUTSIDE = "outside"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A part of a picture, in shares (0..1) of its sides, from the left and the top."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Return the share of the picture that it covers."""
        return self.width * self.height

    def padded(self) -> Box:
        """Return the box a tenth larger on every side, cut off at the picture's edge."""
        across, down = self.width * PADDING, self.height * PADDING
        left, top = max(0.0, self.x - across), max(0.0, self.y - down)
        return Box(
            x=left,
            y=top,
            width=min(1.0, self.x + self.width + across) - left,
            height=min(1.0, self.y + self.height + down) - top,
        )


def faults_of(boxes: Mapping[int, Box]) -> Mapping[int, Fault]:
    """Return, for each home whose box is no mark of a window, the first reason why.

    Of two homes with the same box both are named.
    """
    found = {key: fault for key, box in boxes.items() if (fault := _fault(box))}
    sound = [key for key in boxes if key not in found]
    same = {
        key: Fault.SAME
        for key in sound
        if any(_is_same(boxes[key], boxes[row]) for row in sound if row != key)
    }
    return {**found, **same}


def _fault(box: Box) -> Fault | None:
    ends = (box.x + box.width, box.y + box.height)
    # Written so that "not a number" is outside as well.
    if not (box.x >= 0 and box.y >= 0 and all(end <= 1 + _ROUNDING for end in ends)):
        return Fault.OUTSIDE
    if not (box.width >= SIDE_LEAST and box.height >= SIDE_LEAST):
        return Fault.TOO_SMALL
    return Fault.TOO_LARGE if box.area > AREA_MOST else None


def _is_same(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, across) * max(0.0, down)
    return shared >= SAME_FROM * (one.area + other.area - shared)
