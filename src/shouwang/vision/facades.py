"""What is known of a facade before a photo of it comes: its pictures and its windows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]
"""Shares of a picture's width and height, from its upper left corner: (0, 0) to (1, 1)."""

Corners = tuple[Point, Point, Point, Point]
"""A window clockwise from its upper left corner, as one sees it."""


class SignalKind(StrEnum):
    """What is read in a window."""

    CURTAIN = "curtain"
    LIGHT = "light"
    BOARD = "board"


STATES = {
    SignalKind.CURTAIN: ("open", "partly", "closed"),
    SignalKind.LIGHT: ("on", "off"),
    SignalKind.BOARD: ("smile", "cry", "none"),
}
"""What a window of each kind can be read as."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """An agreed window on a reference picture."""

    id: str
    reads: SignalKind
    corners: Corners


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A picture of the facade whose windows a person has marked.

    ``picture`` is the file, JPEG or PNG, upright. Several references of one facade (by
    night, in winter, from another phone) mark the same windows, or some of them.
    """

    id: str
    picture: bytes
    windows: tuple[Window, ...]


@dataclass(frozen=True, kw_only=True)
class Facade:
    """All that is known of one facade, seen from one standpoint."""

    references: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier picture of one window (a crop, JPEG) whose state a person has said."""

    crop: bytes
    state: str
