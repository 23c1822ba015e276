"""One picture for the group: every watched window as a drawing, exceptions first.

It stands by itself, colours and photos and all, so that whatever reads SVG can make a
PNG of it. Drawings, so that nobody sees into a room, nor the windows of neighbours;
where the desk asks for it, the agreed window of an exception as it was photographed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shouwang.apps.desk.glass import (
    HEIGHT as HEIGHT_OF_GLASS,
    WIDTH as WIDTH_OF_GLASS,
    Glass,
    glass,
)

WIDTH = 1080
EDGE = 40
LARGE, SMALL = 3, 9
_LARGE_SCALE, _SMALL_SCALE = 3.2, 2.2
_HEAD, _LINE = 110, 40
# Between a drawing and its photo, half of it on each side; and the line below the photo.
_GAP, _TAKEN = 8, 24
_SUMMARY_EMS = 35
# A Latin letter is about half as wide as a Chinese character.
_NARROW = 0.55


@dataclass(frozen=True, kw_only=True)
class Cutting:
    """The agreed window alone, as it was photographed (JPEG), and when, for people."""

    jpeg: bytes
    words: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One window: its drawing, whose it is, and what is the matter, if anything is.

    ``cutting`` stands beside the drawing of a named one.
    """

    glass: Glass
    title: str
    words: str = ""
    cutting: Cutting | None = None


def contact_sheet_svg(
    *, title: str, summary: str, named: Sequence[Cell], others: Sequence[Cell]
) -> SafeString:
    """Return the picture: ``named`` large with their words, ``others`` small."""
    lines = _lines(summary)
    upper, top = _grid(named, LARGE, scale=_LARGE_SCALE, top=_HEAD + _LINE * len(lines))
    lower, height = _grid(others, SMALL, scale=_SMALL_SCALE, top=top)
    return format_html(
        '<svg class="contact-sheet" xmlns="http://www.w3.org/2000/svg" '
        'viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{summary}"><style>{style}</style>'
        '<rect class="sheet-ground" width="{w}" height="{h}"/>'
        '<text class="sheet-title" x="{edge}" y="66">{title}</text>'
        "{lines}{upper}{lower}</svg>",
        w=WIDTH,
        h=height + EDGE,
        edge=EDGE,
        title=title,
        summary=summary,
        style=_style(),
        lines=format_html_join(
            "",
            '<text class="sheet-summary" x="{}" y="{}">{}</text>',
            ((EDGE, 112 + place * _LINE, line) for place, line in enumerate(lines)),
        ),
        upper=upper,
        lower=lower,
    )


def _lines(text: str) -> list[str]:
    """Return a text in lines that fit: SVG does not break them by itself."""
    lines, width = [""], 0.0
    for word in re.findall(r"[^\s，、；：]+[，、；：]?\s*|\s+", text):
        ems = sum(_NARROW if row.isascii() else 1 for row in word)
        if lines[-1] and width + ems > _SUMMARY_EMS:
            lines.append("")
            width = 0.0
        lines[-1] += word
        width += ems
    return [line.strip() for line in lines]


def _grid(
    cells: Sequence[Cell], columns: int, *, scale: float, top: int
) -> tuple[SafeString, int]:
    """Return the cells as rows from ``top`` on, and where the next may begin."""
    if not cells:
        return SafeString(""), top
    across = (WIDTH - 2 * EDGE) / columns
    is_large = columns == LARGE
    down = int(34 * scale) + (86 if is_large else 44)
    drawn = format_html_join(
        "",
        '<g class="window window-{}" transform="translate({} {})">'
        '<g transform="translate({} 0) scale({})">{}</g>'
        '<text class="{}" x="{}" y="{}">{}</text>{}{}</g>',
        (
            (
                cell.glass.shown,
                f"{EDGE + place % columns * across:.1f}",
                top + place // columns * down,
                f"{_left(cell, across, scale):.1f}",
                scale,
                glass(cell.glass),
                "sheet-name" if is_large else "sheet-label",
                f"{across / 2:.1f}",
                int(34 * scale) + (34 if is_large else 24),
                cell.title,
                _matter(cell, across, scale),
                _cutting(cell, across, scale),
            )
            for place, cell in enumerate(cells)
        ),
    )
    rows = -(-len(cells) // columns)
    return drawn, top + rows * down + 16


def _left(cell: Cell, across: float, scale: float) -> float:
    """Return where the drawing begins: in the middle, or left of a photo."""
    drawn = WIDTH_OF_GLASS * scale
    return (across - drawn) / 2 if cell.cutting is None else across / 2 - drawn - _GAP


def _cutting(cell: Cell, across: float, scale: float) -> SafeString:
    if cell.cutting is None:
        return SafeString("")
    # As large as the drawing; its whole self, whatever its shape.
    return format_html(
        '<image href="data:image/jpeg;base64,{}" x="{}" y="0" width="{}" height="{}"/>'
        '<text class="sheet-taken" x="{}" y="{}">{}</text>',
        base64.b64encode(cell.cutting.jpeg).decode(),
        f"{across / 2 + _GAP:.1f}",
        f"{WIDTH_OF_GLASS * scale:.1f}",
        f"{HEIGHT_OF_GLASS * scale - _TAKEN:.1f}",
        f"{across / 2 + _GAP + WIDTH_OF_GLASS * scale / 2:.1f}",
        f"{HEIGHT_OF_GLASS * scale - 4:.1f}",
        cell.cutting.words,
    )


def _matter(cell: Cell, across: float, scale: float) -> SafeString:
    if not cell.words:
        return SafeString("")
    return format_html(
        '<text class="sheet-words" x="{}" y="{}">{}</text>',
        f"{across / 2:.1f}",
        int(34 * scale) + 64,
        cell.words,
    )


@cache
def _style() -> SafeString:
    """Return the colours of the drawings, by day, with every name resolved."""
    tokens = _read("css/tokens.css").split("@media")[0]
    values = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", tokens))
    own = (
        ".sheet-ground{fill:var(--color-ground)}"
        "text{font-family:var(--font);fill:var(--color-ink)}"
        ".sheet-title{font-size:40px;font-weight:700}.sheet-summary{font-size:28px}"
        ".sheet-name,.sheet-words,.sheet-label{text-anchor:middle}"
        ".sheet-name{font-size:28px;font-weight:700}"
        ".sheet-words{font-size:24px;fill:var(--color-missed)}"
        ".sheet-label{font-size:19px}.sheet-taken{font-size:18px;text-anchor:middle}"
    )
    drawings = re.sub(r"@keyframes.*", "", _read("css/facade.css"), flags=re.DOTALL)
    text = re.sub(r"var\((--[\w-]+)\)", lambda found: values[found[1]], drawings + own)
    # Only our own files are in it; what closes an element is in none of them.
    return SafeString(text.replace("<", ""))


def _read(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
