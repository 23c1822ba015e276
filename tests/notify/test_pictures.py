from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image

from shouwang.notify.message import Picture
from shouwang.notify.pictures import PictureError, fitted

ORIENTATION = 0x0112


def noise(width: int, height: int, form: str = "PNG", **given: Any) -> bytes:
    dice = random.Random(7)
    image = Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))
    into = io.BytesIO()
    image.save(into, form, **given)
    return into.getvalue()


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize(
    ("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg")]
)
def test_what_fits_stays_byte_by_byte(form, kind):
    content = noise(40, 30, form)
    # Named by what it is, whatever it was called.
    assert fitted(Picture(content=content), len(content)) == Picture(
        content=content, media_type=kind
    )


def test_a_png_too_large_becomes_a_jpeg_of_the_same_size():
    found = fitted(Picture(content=noise(400, 300)), 120_000)
    assert len(found.content) <= 120_000
    assert (opened(found).format, opened(found).size) == ("JPEG", (400, 300))


def test_when_quality_is_not_enough_it_becomes_smaller():
    found = fitted(Picture(content=noise(400, 300)), 12_000)
    assert len(found.content) <= 12_000
    assert opened(found).width < 400
    assert opened(found).width / opened(found).height == pytest.approx(4 / 3, rel=0.05)


def test_another_kind_of_picture_becomes_a_jpeg():
    found = fitted(Picture(content=noise(40, 30, "WEBP")), 1_000_000)
    assert found.media_type == "image/jpeg"


def test_a_photo_is_turned_upright_and_says_no_longer_where_it_was_taken():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    found = fitted(Picture(content=noise(400, 300, "JPEG", exif=exif)), 60_000)
    assert opened(found).size == (300, 400)
    assert not opened(found).getexif()


def test_what_one_can_see_through_is_white():
    into = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(into, "TIFF")
    found = fitted(Picture(content=into.getvalue()), 100_000)
    assert opened(found).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"<html>", noise(40, 30)[:200]])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(PictureError):
        fitted(Picture(content=content), 1_000_000)


def test_a_picture_that_cannot_fit_is_refused():
    with pytest.raises(PictureError):
        fitted(Picture(content=noise(80, 80)), 50)


@pytest.mark.parametrize("side", [9_000, 14_000])
def test_a_small_file_that_unfolds_to_a_huge_picture_is_not_opened(side):
    into = io.BytesIO()
    Image.new("1", (side, side)).save(into, "PNG")
    with pytest.raises(PictureError, match="too large"):
        fitted(Picture(content=into.getvalue()), 1_000_000)
