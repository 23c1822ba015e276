"""The invented estate from above: twelve buildings in three rows, drawn as a picture."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (1400, 900)
COLUMNS = 4
_GROUND, _GREEN, _PATH = "#eef0e6", "#cfdcc0", "#faf6ee"
_WALL, _INK = "#e6cfb8", "#26302f"
_LONG, _DEEP = 250, 90
_FIRST, _STEP = (70, 90), (340, 280)


def estate_jpeg() -> bytes:
    """Return the plan as a JPEG."""
    picture = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(40)
    for row in range(3):
        top = _FIRST[1] + row * _STEP[1]
        pen.rectangle((0, top + 175, SIZE[0], top + 205), fill=_PATH)
    pen.rectangle((SIZE[0] // 2 - 16, 0, SIZE[0] // 2 + 16, SIZE[1]), fill=_PATH)
    for number in range(1, 13):
        left, top = _corner(number)
        pen.rounded_rectangle(
            (left + 20, top + 105, left + _LONG - 20, top + 150), 20, fill=_GREEN
        )
        pen.rectangle((left, top, left + _LONG, top + _DEEP), fill=_WALL, outline=_INK)
        middle = (left + _LONG / 2, top + _DEEP / 2)
        pen.text(middle, str(number), fill=_INK, font=font, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def before_building(number: int) -> tuple[float, float]:
    """Return where one stands south of a building, as shares of the plan."""
    left, top = _corner(number)
    return (left + _LONG / 2) / SIZE[0], (top + 190) / SIZE[1]


def _corner(number: int) -> tuple[int, int]:
    row, column = divmod(number - 1, COLUMNS)
    return _FIRST[0] + column * _STEP[0], _FIRST[1] + row * _STEP[1]
