"""A building drawn as people see it from downstairs, as SVG.

The drawing never depends on colour alone: each state has its own shape (look.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

CELL_WIDTH = 56
CELL_HEIGHT = 52
MARGIN = 22
ROOF = 14
GROUND = 34


@dataclass(frozen=True, kw_only=True)
class Window:
    """One watched window; ``place`` is its column from 0, ``floor`` counts from 1."""

    floor: int
    place: int
    label: str
    words: str
    shown: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Facade:
    """A building with its watched windows; the others are plain paper."""

    label: str
    floors: int
    columns: int
    windows: tuple[Window, ...]


def facade_svg(facade: Facade) -> SafeString:
    """Return the drawing; every watched window is a link with its words."""
    width = 2 * MARGIN + facade.columns * CELL_WIDTH
    height = ROOF + facade.floors * CELL_HEIGHT + GROUND
    watched = {(row.floor, row.place): row for row in facade.windows}
    plain = [
        _corner(facade, floor, place)
        for floor in range(1, facade.floors + 1)
        for place in range(facade.columns)
        if (floor, place) not in watched
    ]
    return format_html(
        '<svg class="facade" viewBox="0 0 {w} {h}" role="group" aria-label="{label}">'
        '<rect class="facade-wall" x="{m}" y="{roof}" width="{ww}" height="{wh}"/>'
        '<path class="facade-roof" d="M{m0} {roof}H{m1}l-8 -10H{m2}z"/>'
        "{plain}{watched}"
        '<rect class="facade-door" x="{dx}" y="{dy}" width="22" height="26"/>'
        '<text class="facade-number" x="{nx}" y="{ny}">{label}</text></svg>',
        w=width,
        h=height,
        label=facade.label,
        m=MARGIN,
        roof=ROOF,
        ww=facade.columns * CELL_WIDTH,
        wh=height - ROOF - 8,
        m0=MARGIN - 6,
        m1=width - MARGIN + 6,
        m2=MARGIN + 2,
        plain=format_html_join(
            "",
            '<rect class="window-plain" x="{}" y="{}" width="40" height="36" rx="2"/>',
            ((x + 8, y + 8) for x, y in plain),
        ),
        watched=format_html_join("", "{}", _drawn(facade)),
        dx=width // 2 - 11,
        dy=height - 34,
        nx=width // 2 + 20,
        ny=height - 15,
    )


def _corner(facade: Facade, floor: int, place: int) -> tuple[int, int]:
    return (
        MARGIN + place * CELL_WIDTH,
        ROOF + (facade.floors - floor) * CELL_HEIGHT,
    )


def _drawn(facade: Facade) -> Sequence[tuple[SafeString]]:
    return [(_window(facade, row),) for row in facade.windows]


def _window(facade: Facade, row: Window) -> SafeString:
    x, y = _corner(facade, row.floor, row.place)
    return format_html(
        '<a href="{url}" class="window window-{shown}" aria-label="{label}: {words}">'
        '<g transform="translate({x} {y})"><title>{label}: {words}</title>'
        '<rect class="window-frame" x="8" y="6" width="40" height="34" rx="2"/>'
        "{mark}"
        '<text class="window-label" x="28" y="50">{label}</text></g></a>',
        url=row.url,
        shown=row.shown,
        label=row.label,
        words=row.words,
        x=x,
        y=y,
        mark=format_html("{}", _MARKS.get(row.shown, _MARKS["scheduled"])),
    )


_ASIDE = '<path class="curtain" d="M9 7h9q-1 18-9 26zM47 7h-9q1 18 9 26z"/>'
_SHUT = (
    '<path class="curtain" d="M9 7h18.500v32H9zM28.500 7H47v32H28.500z"/>'
    '<path class="fold" d="M15 7v32M21 7v32M34 7v32M41 7v32"/>'
)
_HALF = '<path class="curtain" d="M9 7h14q-2 20-14 31zM47 7H33q2 20 14 31z"/>'
_MARKS: dict[str, SafeString] = {
    name: SafeString(drawing)
    for name, drawing in {
        "well": _ASIDE + '<path class="mark" d="M21 24l5 5 9-11"/>',
        "presumed": _ASIDE + '<path class="mark dotted" d="M21 24l5 5 9-11"/>',
        "open": _HALF,
        "scheduled": '<path class="fold" d="M28 7v32M9 23h38"/>',
        "grace": _HALF + '<path class="mark" d="M28 15a9 9 0 1 1 -9 9"/>',
        "missed": _SHUT,
        "unproven": _ASIDE
        + '<circle class="mark" cx="28" cy="23" r="9"/>'
        + '<path class="mark" d="M28 17v6h4M19 32l18-18"/>',
        "not_looked": '<path class="hatch" d="M10 20l12-12M10 34l26-26M18 39l28-28'
        'M32 39l14-14"/>',
        "unclear": '<path class="fog" d="M12 15h32M12 31h32"/>'
        '<text class="question" x="28" y="31">?</text>',
        "help": '<circle class="face" cx="28" cy="23" r="13"/>'
        '<path class="face-line" d="M23 19v3M33 19v3M21 31q7-8 14 0"/>',
        "excused": '<rect class="mark" x="18" y="18" width="20" height="14" rx="2"/>'
        '<path class="mark" d="M24 18v-4h8v4"/>',
    }.items()
}
