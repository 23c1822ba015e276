"""A picture made small enough for a provider."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps

from shouwang.notify.message import Picture

_QUALITIES = (90, 80, 70, 55, 40)
_SHRINK = 0.75
_SIDE_LEAST = 64
# A small file can unfold to a picture that fills the memory.
_PIXELS_MOST = 80_000_000
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class PictureError(ValueError):
    """What came is no picture, or cannot be made small enough."""


def fitted(picture: Picture, bytes_most: int) -> Picture:
    """Return ``picture`` as a PNG or JPEG of at most ``bytes_most``.

    A PNG or JPEG that fits stays as it is, byte by byte. Else it becomes a JPEG, upright
    and without what a camera writes into it, first of less quality, then of less size.

    Raises
    ------
    PictureError
        Not a picture, one too large to open, or one that will not fit.
    """
    opened = _opened(picture.content)
    media_type = _MEDIA_TYPES.get(opened.format or "")
    if media_type and len(picture.content) <= bytes_most:
        return Picture(content=picture.content, media_type=media_type)
    for content in _smaller_and_smaller(_flat(opened)):
        if len(content) <= bytes_most:
            return Picture(content=content, media_type="image/jpeg")
    raise PictureError("the picture will not fit")


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # The limit of pixels below is ours, and stricter.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content))
            if opened.width * opened.height <= _PIXELS_MOST:
                opened.load()
                return opened
    except Image.DecompressionBombError:
        pass
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureError("not a picture") from error
    raise PictureError("the picture is too large to open")


def _flat(image: Image.Image) -> Image.Image:
    """Return the image upright, on white where one can see through it."""
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    return flat


def _smaller_and_smaller(image: Image.Image) -> Iterator[bytes]:
    for quality in _QUALITIES:
        yield _jpeg(image, quality)
    while min(image.size) * _SHRINK >= _SIDE_LEAST:
        image = image.resize(
            (int(image.width * _SHRINK), int(image.height * _SHRINK)),
            Image.Resampling.LANCZOS,
        )
        yield _jpeg(image, _QUALITIES[-1])


def _jpeg(image: Image.Image, quality: int) -> bytes:
    into = io.BytesIO()
    image.save(into, "JPEG", quality=quality, optimize=True)
    return into.getvalue()
