"""Invented photos: a facade with lit windows and curtains, drawn, never photographed."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from shouwang.domain.marks import Box

SIZE = (1600, 1200)
COLUMNS, FLOORS = 8, 6
_WIDE, _TALL = 110, 120


def facade_jpeg(*, shift: int = 0) -> bytes:
    """Return a photo of six floors; ``shift`` (pixels) moves where one stands."""
    picture = Image.new("RGB", SIZE, "#c9d6e2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((80 + shift, 60, 1520 + shift, 1120), fill="#d9c3a9")
    pen.rectangle((0, 1120, *SIZE), fill="#7d8a6a")
    for floor in range(1, FLOORS + 1):
        for column in range(1, COLUMNS + 1):
            _window(pen, floor, column, shift)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def window_box(floor: int, column: int) -> Box:
    """Return where a window is on the photo; both count from 1."""
    x, y = _corner(floor, column)
    return Box(
        x=x / SIZE[0], y=y / SIZE[1], width=_WIDE / SIZE[0], height=_TALL / SIZE[1]
    )


def _corner(floor: int, column: int) -> tuple[int, int]:
    return 130 + (column - 1) * 175, 90 + (FLOORS - floor) * 170


def _window(pen: ImageDraw.ImageDraw, floor: int, column: int, shift: int) -> None:
    x, y = _corner(floor, column)
    x += shift
    pen.rectangle(
        (x, y, x + _WIDE, y + _TALL), fill="#3b4a57", outline="#f3eee2", width=8
    )
    cloth = ("#b55d4c", "#6d8f5e", "#caa24a", "#7a6aa0")[(floor + column) % 4]
    if (floor * column) % 3:
        pen.rectangle((x + 8, y + 8, x + 34, y + _TALL - 8), fill=cloth)
        pen.rectangle((x + _WIDE - 34, y + 8, x + _WIDE - 8, y + _TALL - 8), fill=cloth)
    else:
        pen.rectangle((x + 8, y + 8, x + _WIDE - 8, y + _TALL - 8), fill=cloth)
