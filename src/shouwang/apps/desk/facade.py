"""A building drawn as people see it from downstairs, as SVG."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shouwang.apps.desk.glass import Glass, glass

CELL_WIDTH = 56
CELL_HEIGHT = 62
MARGIN = 20
ROOF = 14
GROUND = 40
# Who may not open a home sees its window, and no way into it.
_UNLINKED = SafeString('g role="img"')


@dataclass(frozen=True, kw_only=True)
class Window:
    """One watched window; ``place`` is its column from 0, ``floor`` counts from 1.

    ``is_aside`` fades a window that the reader filtered out.
    """

    floor: int
    place: int
    label: str
    words: str
    url: str
    glass: Glass
    is_aside: bool = False


@dataclass(frozen=True, kw_only=True)
class Facade:
    """A building with its watched windows; the others are plain paper.

    ``name`` says which building, for those who do not see the drawing.
    """

    label: str
    name: str
    floors: int
    columns: int
    windows: tuple[Window, ...]


def facade_svg(facade: Facade) -> SafeString:
    """Return the drawing; every watched window is a link with its words."""
    width = 2 * MARGIN + facade.columns * CELL_WIDTH
    height = ROOF + facade.floors * CELL_HEIGHT + GROUND
    return format_html(
        '<svg class="facade" viewBox="0 0 {w} {h}" role="group" aria-label="{name}">'
        '<rect class="facade-wall" x="{m}" y="{roof}" width="{ww}" height="{wh}"/>'
        '<path class="facade-roof" d="M{m0} {roof}H{m1}l-8 -10H{m2}z"/>'
        "{plain}{watched}"
        '<path class="facade-ground" d="M0 {gy}H{w}"/>'
        '<rect class="facade-door" x="{dx}" y="{dy}" width="24" height="30"/>'
        '<text class="facade-number" x="{nx}" y="{ny}">{label}</text></svg>',
        w=width,
        h=height,
        name=facade.name,
        label=facade.label,
        m=MARGIN,
        roof=ROOF,
        ww=width - 2 * MARGIN,
        wh=height - ROOF - 4,
        m0=MARGIN - 6,
        m1=width - MARGIN + 6,
        m2=MARGIN + 2,
        plain=format_html_join(
            "",
            '<rect class="window-plain" x="{}" y="{}" width="40" height="34" rx="2"/>',
            _plain(facade),
        ),
        watched=format_html_join(
            "", "{}", ((_window(facade, row),) for row in facade.windows)
        ),
        gy=height - 4,
        dx=width // 2 - 26,
        dy=height - 34,
        nx=width // 2 + 8,
        ny=height - 12,
    )


def _plain(facade: Facade) -> list[tuple[int, int]]:
    watched = {(row.floor, row.place) for row in facade.windows}
    return [
        _corner(facade, floor, place)
        for floor in range(1, facade.floors + 1)
        for place in range(facade.columns)
        if (floor, place) not in watched
    ]


def _corner(facade: Facade, floor: int, place: int) -> tuple[int, int]:
    return (
        MARGIN + place * CELL_WIDTH + 8,
        ROOF + (facade.floors - floor) * CELL_HEIGHT + 8,
    )


def _window(facade: Facade, row: Window) -> SafeString:
    x, y = _corner(facade, row.floor, row.place)
    return format_html(
        '<{tag} class="window window-{shown}{aside}" '
        'aria-label="{label}: {words}"><g transform="translate({x} {y})">'
        "<title>{label}: {words}</title>{drawn}"
        '<text class="window-label" x="20" y="48" aria-hidden="true">{label}</text>'
        "</g></{end}>",
        tag=format_html('a href="{}"', row.url) if row.url else _UNLINKED,
        end="a" if row.url else "g",
        shown=row.glass.shown,
        aside=" window-aside" if row.is_aside else "",
        label=row.label,
        words=row.words,
        x=x,
        y=y,
        drawn=glass(row.glass),
    )
