"""The copy of a photo that may leave the desk tells nothing but the agreed windows."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageChops
from tests.apps.facades import SIZE, facade_jpeg, window_box

from shouwang.apps.watch.blurring import BLOCKS, forwardable, window_crop

SIDE = 100
WHOLE = SIDE * BLOCKS


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def without_loss(picture):
    """Return a picture as bytes that hold every pixel as it is."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def noise(seed):
    chance = random.Random(seed)
    picture = Image.new("RGB", (WHOLE, WHOLE))
    picture.putdata(
        [
            (chance.randrange(256), chance.randrange(256), chance.randrange(256))
            for _ in range(WHOLE * WHOLE)
        ]
    )
    return picture


def shuffled(picture, seed, *, untouched=None):
    """Return a picture of the same block means: the pixels of every block moved.

    Blocks of which a part lies in ``untouched`` stay as they are.
    """
    chance, made = random.Random(seed), picture.copy()
    for left in range(0, WHOLE, SIDE):
        for top in range(0, WHOLE, SIDE):
            edges = (left, top, left + SIDE, top + SIDE)
            if untouched and overlap(edges, untouched):
                continue
            block = picture.crop(edges)
            pixels = list(block.get_flattened_data())
            chance.shuffle(pixels)
            block.putdata(pixels)
            made.paste(block, (left, top))
    return made


def overlap(edges, box):
    left, top, right, bottom = (edge / WHOLE for edge in edges)
    across = min(right, box.x + box.width) - max(left, box.x)
    return across > 0 and min(bottom, box.y + box.height) > max(top, box.y)


def test_another_original_with_the_same_block_means_gives_the_same_copy():
    one = noise(1)
    other = shuffled(one, 2)
    assert ImageChops.difference(one, other).getbbox() == (0, 0, WHOLE, WHOLE)
    assert forwardable(without_loss(one), []) == forwardable(without_loss(other), [])


def test_nothing_around_a_sharp_window_tells_one_original_from_another():
    one, box = noise(1), window_box(3, 4)
    other = shuffled(one, 2, untouched=box.padded())
    assert ImageChops.difference(one, other).getbbox() is not None
    copy = forwardable(without_loss(one), [box])
    assert copy == forwardable(without_loss(other), [box])
    assert copy != forwardable(without_loss(one), [])


def test_a_window_stays_as_it_is_and_everything_else_is_changed():
    photo, box = facade_jpeg(), window_box(3, 4)
    before, after = opened(photo), opened(forwardable(photo, [box]))
    edges = (
        round(box.x * SIZE[0]),
        round(box.y * SIZE[1]),
        round((box.x + box.width) * SIZE[0]),
        round((box.y + box.height) * SIZE[1]),
    )
    inside = ImageChops.difference(before.crop(edges), after.crop(edges))
    assert inside.convert("L").point(lambda value: value >= 40).getbbox() is None
    for floor, column in ((3, 3), (3, 5), (2, 4), (4, 4), (1, 1), (6, 8)):
        assert contrast(before, floor, column) > 80
        assert contrast(after, floor, column) < 30


def contrast(picture, floor, column):
    """Return how far apart the brightest and the darkest of a window are."""
    box = window_box(floor, column)
    window = picture.convert("L").crop(
        (
            round(box.x * SIZE[0]),
            round(box.y * SIZE[1]),
            round((box.x + box.width) * SIZE[0]),
            round((box.y + box.height) * SIZE[1]),
        )
    )
    least, most = window.getextrema()
    return most - least


def test_a_copy_carries_no_metadata():
    picture = opened(facade_jpeg())
    words = Image.Exif()
    words[0x010E] = "3-2-401"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=words)
    assert b"3-2-401" in out.getvalue()
    for made in (
        forwardable(out.getvalue(), [window_box(1, 1)]),
        window_crop(out.getvalue(), window_box(1, 1)),
    ):
        assert b"3-2-401" not in made
        assert not Image.open(io.BytesIO(made)).getexif()


@pytest.mark.parametrize("size", [(1, 1), (3, 1600), (17, 16), (1600, 40)])
def test_a_picture_of_any_shape_is_blurred(size):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG")
    made = opened(forwardable(out.getvalue(), [window_box(6, 8)]))
    assert made.size == size


def test_a_crop_is_small_and_is_the_window_with_little_around_it():
    made = opened(window_crop(facade_jpeg(), window_box(3, 4)))
    assert max(made.size) <= 360
    assert abs(made.width / made.height - 110 / 120) < 0.03
