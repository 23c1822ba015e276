"""What a window looks like: its signal as it was seen, and what that is worth.

Every status has a shape of its own, so that nothing hangs on colour (look.md). All
drawings lie in a box of 40 by 34 units whose corner is (0, 0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from shouwang.apps.residents.pictures import CURTAINS, signal_picture

WIDTH, HEIGHT = 40, 34
CLOCK_RADIUS = 9
# Statuses in which the window shows what was last seen of its signal.
SEEN = frozenset({"well", "presumed", "unproven", "missed"})


@dataclass(frozen=True, kw_only=True)
class Glass:
    """A window: ``shown`` is its status, ``signal`` and ``state`` what was last seen.

    ``left`` (0..1) is the share of the grace that is left; ``going_minutes`` how long
    somebody on the way still has.
    """

    shown: str
    signal: str = ""
    state: str = ""
    left: float = 0.0
    going_minutes: int | None = None


_HALF = f'<path class="curtain" d="{CURTAINS["half"]}"/>'
_TICK = '<path class="tick-ground" d="M25 20h14v13H25z"/><path class="{}" d="M28 26l3 3 6-7"/>'
_MARKS: dict[str, str] = {
    "well": _TICK.format("tick"),
    "presumed": _TICK.format("tick dotted"),
    "unproven": '<circle class="mark" cx="20" cy="17" r="9"/>'
    '<path class="mark" d="M20 11v6h4M11 26l18-18"/>',
    "missed": '<path class="mark grave-mark" d="M34 21v6M34 30.500v.5"/>',
    "open": _HALF,
    "scheduled": '<path class="fold" d="M20 1v32M1 17h38"/>',
    "not_looked": '<path class="hatch" d="M2 14l12-12M2 28l26-26M10 33l28-28M24 33l14-14"/>',
    "unclear": '<path class="fog" d="M4 9h32M4 25h32"/>'
    '<text class="question" x="20" y="26">?</text>',
    "help": signal_picture("board", "cry"),
    "excused": '<rect class="mark" x="10" y="12" width="20" height="14" rx="2"/>'
    '<path class="mark" d="M16 12V8h8v4"/>',
    "unwatched": "",
}


def glass(seen: Glass) -> SafeString:
    """Return the drawing of one window, in its own box."""
    return format_html(
        '<rect class="window-frame" x="0" y="0" width="{}" height="{}" rx="2"/>{}{}{}',
        WIDTH,
        HEIGHT,
        SafeString(_picture(seen)),
        _mark(seen),
        _walking(seen.going_minutes),
    )


def _picture(seen: Glass) -> str:
    if seen.shown not in SEEN:
        return ""
    usual = "closed" if seen.shown == "missed" else "open"
    drawn = signal_picture(seen.signal, seen.state)
    if drawn or seen.signal not in {"", "curtain"}:
        return drawn
    return signal_picture("curtain", usual)


def _mark(seen: Glass) -> SafeString:
    if seen.shown == "grace":
        return format_html("{}{}", SafeString(_HALF), _clock_arc(seen.left))
    return SafeString(_MARKS[seen.shown])


def _clock_arc(left: float) -> SafeString:
    """Return the clock that runs down: the share of the circle that is left."""
    share = min(max(left, 0.02), 0.98)
    angle = 2 * math.pi * share
    x = 20 + CLOCK_RADIUS * math.sin(angle)
    y = 17 - CLOCK_RADIUS * math.cos(angle)
    return format_html(
        '<circle class="clock" cx="20" cy="17" r="{r}"/>'
        '<path class="mark" d="M20 {top}A{r} {r} 0 {large} 1 {x} {y}"/>',
        r=CLOCK_RADIUS,
        top=17 - CLOCK_RADIUS,
        large=int(share > 0.5),
        x=f"{x:.1f}",
        y=f"{y:.1f}",
    )


def _walking(minutes: int | None) -> SafeString:
    if minutes is None:
        return SafeString("")
    return format_html(
        '<g class="going"><rect x="14" y="-7" width="32" height="19" rx="8"/>'
        '<circle cx="22" cy="-3" r="2"/>'
        '<path d="M22 -1v5l-3 5M22 4l4 5M18 3l4-3 4 3"/>'
        '<text x="36" y="7">{}</text></g>',
        minutes,
    )


def mini(
    shown: str, *, words: str = "", signal: str = "", state: str = ""
) -> SafeString:
    """Return a small window for a list, a calendar or the legend.

    Without ``words`` it is decoration beside text that says the same.
    """
    label = format_html('role="img" aria-label="{}"', words) if words else ""
    return format_html(
        '<svg class="mini window-{}" viewBox="-2 -2 44 38" {}>{}</svg>',
        shown,
        label or SafeString('aria-hidden="true"'),
        glass(Glass(shown=shown, signal=signal, state=state)),
    )
