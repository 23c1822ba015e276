"""A drawing becomes a PNG, without a browser."""

from __future__ import annotations

from importlib.resources import as_file, files

import resvg_py

FONT = "Noto Sans SC"
FONT_FILE = files("shouwang.apps.reports") / "data" / "noto-sans-sc-subset.ttf"


def png_of(svg: str) -> bytes:
    """Return a drawing of ours as a PNG of its own size.

    The letters are those of a font that comes along; a rare character that it lacks is
    taken from the fonts of this machine, if they have it.
    """
    with as_file(FONT_FILE) as font:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                font_files=[str(font)],
                font_family=FONT,
                sans_serif_family=FONT,
            )
        )
