"""What a window looks like: its signal as it was seen, and what that is worth.

Every status has a shape of its own, so that nothing hangs on colour (look.md). All
drawings lie in a box of 40 by 34 units whose corner is (0, 0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

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


_CURTAINS = {
    "open": "M1 1h9q-1 18-9 26zM39 1h-9q1 18 9 26z",
    "partly": "M1 1h14q-2 20-14 31zM39 1h-12v32h12z",
    "closed": "M1 1h18.500v32H1zM20.500 1H39v32H20.500z",
    "half": "M1 1h14q-2 20-14 31zM39 1H25q2 20 14 31z",
}
_FOLDS = '<path class="fold" d="M7 2v30M13 2v30M27 2v30M33 2v30"/>'
_LAMP = (
    '<path class="lamp" d="M20 1v6"/>'
    '<path class="lamp lamp-shade" d="M14 13l3-6h6l3 6z"/>'
)
_FACE = '<circle class="face" cx="20" cy="17" r="12"/>'
_EYES = '<path class="face-line" d="M15.500 13v3M24.500 13v3"/>'
_PICTURES: dict[tuple[str, str], str] = {
    ("curtain", "closed"): f'<path class="curtain" d="{_CURTAINS["closed"]}"/>{_FOLDS}',
    ("curtain", "open"): f'<path class="curtain" d="{_CURTAINS["open"]}"/>',
    ("curtain", "partly"): f'<path class="curtain" d="{_CURTAINS["partly"]}"/>',
    ("light", "on"): f'<circle class="glow" cx="20" cy="13" r="11"/>{_LAMP}',
    ("light", "off"): _LAMP,
    ("board", "smile"): '<path class="card-in-window" d="M7 4h26v26H7z"/>'
    f'{_FACE}{_EYES}<path class="face-line" d="M13.500 20q6.500 7 13 0"/>',
    ("board", "nothing_hung"): '<path class="hook" d="M20 1v6M9 7h22"/>',
    ("token", "out"): '<path class="token" d="M14 32V7l14 5-14 6"/>',
    ("token", "in"): '<path class="hook" d="M14 32v-6"/>',
}
_CRY = f'{_FACE}{_EYES}<path class="face-line" d="M13.500 24q6.500-7 13 0"/>'
_HALF = f'<path class="curtain" d="{_CURTAINS["half"]}"/>'
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
    "help": _CRY,
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
    fallback = _PICTURES["curtain", usual] if seen.signal in {"", "curtain"} else ""
    return _PICTURES.get((seen.signal, seen.state), fallback)


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
