"""The copy of a photo that may leave the desk: only agreed windows can be recognised."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable

from PIL import Image, ImageFilter

from shouwang.domain.marks import Box

# Along the longer side. What is left of everything else is one colour for each block: a
# blur alone can be undone in part, a mean of tens of thousands of pixels cannot.
BLOCKS = 6
QUALITY = 85
CROP_SIDE = 360


def forwardable(jpeg: bytes, boxes: Iterable[Box]) -> bytes:
    """Return a JPEG in which everything outside ``boxes`` is beyond recognition.

    Outside, the picture depends on nothing but the mean colours of at most 6 by 6
    blocks. The boxes, slightly padded and cut off at the edge, stay as they are.
    """
    with Image.open(io.BytesIO(jpeg)) as opened:
        picture = opened.convert("RGB")
    copy = _blurred(picture)
    for box in boxes:
        edges = _pixels(box.padded(), picture)
        copy.paste(picture.crop(edges), edges[:2])
    return _jpeg(copy)


def window_crop(jpeg: bytes, box: Box) -> bytes:
    """Return the window in ``box`` alone, as a JPEG of at most 360 pixels a side."""
    with Image.open(io.BytesIO(jpeg)) as opened:
        picture = opened.convert("RGB")
    crop = picture.crop(_pixels(box.padded(), picture))
    crop.thumbnail((CROP_SIDE, CROP_SIDE))
    return _jpeg(crop)


def _blurred(picture: Image.Image) -> Image.Image:
    side = math.ceil(max(picture.size) / BLOCKS)
    coarse = picture.reduce(side)
    smooth = coarse.resize(picture.size, Image.Resampling.BICUBIC)
    return smooth.filter(ImageFilter.GaussianBlur(side / 2))


def _pixels(box: Box, picture: Image.Image) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom in pixels, never empty."""
    left = min(math.floor(box.x * picture.width), picture.width - 1)
    top = min(math.floor(box.y * picture.height), picture.height - 1)
    return (
        left,
        top,
        max(
            left + 1, min(picture.width, math.ceil((box.x + box.width) * picture.width))
        ),
        max(
            top + 1,
            min(picture.height, math.ceil((box.y + box.height) * picture.height)),
        ),
    )


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
